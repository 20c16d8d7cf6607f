"""Builders of portal records, in our own words, with true defaults."""

from typing import Any

A_DAY = 1_780_000_000_000  # 2026-05-29 in Vietnam, in milliseconds


def a_record(code: str = "1.000001", **fields: Any) -> dict[str, Any]:
    """The detail of a small, sound record."""
    number = "".join(c for c in (code or "") if c.isdigit())
    return {
        "id": f"00000000-0000-7000-8000-{number.zfill(12)}",
        "code": code,
        "name": "Thủ tục mẫu",
        "type": "STANDARD",
        "updatedAt": A_DAY,
        "isWard": True,
        "executingAgencies": "",
        "unitGroupsExecuting": [{"id": "u", "name": "Ủy ban nhân dân cấp xã"}],
        "executionMethods": [a_method()],
        "executionSteps": [{"name": "", "description": "Nộp hồ sơ."}],
        "executionCases": [a_case("", a_paper("Tờ khai"))],
        "cases": [],
        "subjectTypesDetails": [{"id": "s", "code": "ĐT1", "name": "Công dân Việt Nam"}],
        "procedureProposal": {"proposalNumber": "01/QĐ-BTP", "decisionDate": A_DAY - 86_400_000},
        **fields,
    }


def a_method(method: str = "DIRECT", **fields: Any) -> dict[str, Any]:
    """A way to file that takes three working days."""
    return {
        "submissionMethod": method,
        "processingTime": 3,
        "processingTimeUnit": "WORKING_DAY",
        "description": "",
        "fees": [],
        **fields,
    }


def a_fee(value: float | None = 0, words: str = "", **fields: Any) -> dict[str, Any]:
    """A lệ phí."""
    return {"type": "SERVICE_FEE", "value": value, "description": words, **fields}


def a_case(name: str, *papers: dict[str, Any]) -> dict[str, Any]:
    """A group of papers as the portal keeps it."""
    return {"name": name, "profileComponents": list(papers)}


def a_paper(name: str, originals: int = 1, copies: int = 0, **fields: Any) -> dict[str, Any]:
    """One paper of a dossier."""
    return {
        "name": name,
        "originalQty": originals,
        "copyQty": copies,
        "required": False,
        "attachments": [],
        **fields,
    }


def a_form(form_id: str = "f-1", file_name: str = "Mẫu 01.docx") -> dict[str, Any]:
    """A blank form hanging on a paper."""
    return {"id": form_id, "fileName": file_name, "bucketName": "dvc", "filePath": "x"}
