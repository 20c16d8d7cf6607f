"""Procedures for tests, with true defaults: small records of our own, in real Vietnamese.

Each builder is one shape that a record can have; a test names only what it is about.
"""

from datetime import date
from typing import Any

from msgspec import structs

from bot.procedures.procedure import (
    Component,
    ComponentGroup,
    Duration,
    Fee,
    FeeKind,
    Form,
    Kind,
    LegalBasis,
    Level,
    Method,
    Origin,
    Procedure,
    Step,
    Term,
    TimeUnit,
    Way,
)


def a_procedure(**changes: Any) -> Procedure:
    """Build birth registration: a commune procedure with every aspect filled in."""
    return structs.replace(
        Procedure(
            code="1.001193",
            name="Đăng ký khai sinh",
            kind=Kind.STANDARD,
            origin=Origin.OFFICIAL,
            record_on=date(2026, 4, 15),
            portal_id="019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7",
            field="Hộ tịch",
            publisher="Bộ Tư pháp",
            levels=(Level.COMMUNE,),
            deciding_agencies=("Ủy ban nhân dân cấp xã",),
            ways=(
                Way(Method.DIRECT, Duration(1, TimeUnit.WORKING_DAY), fees=(a_fee(),)),
                Way(Method.ONLINE, Duration(2, TimeUnit.WORKING_DAY), fees=(a_fee(),)),
            ),
            component_groups=(
                ComponentGroup(
                    name="Giấy tờ phải nộp",
                    components=(
                        Component("Giấy chứng sinh", originals=1),
                        Component("Tờ khai đăng ký khai sinh", 1, forms=(a_form(),)),
                    ),
                    notes=("Không có Giấy chứng sinh thì nộp văn bản của người làm chứng.",),
                ),
            ),
            steps=(Step("Nộp hồ sơ.\nNhận giấy hẹn."), Step("Nhận Giấy khai sinh.")),
            conditions="Người đi đăng ký mang giấy tờ tùy thân.",
            legal_bases=(LegalBasis("60/2014/QH13", "Luật Hộ tịch"),),
            results=("Giấy khai sinh",),
            decision="163/QĐ-BTP",
            decided_on=date(2026, 1, 20),
        ),
        **changes,
    )


def a_procedure_with_cases(**changes: Any) -> Procedure:
    """Build residence registration: which papers depends on the case."""
    return a_procedure(
        **{
            "code": "1.004222",
            "name": "Đăng ký thường trú",
            "component_groups": (
                ComponentGroup(
                    "Trường hợp chỗ ở thuộc quyền sở hữu của mình",
                    alternative=True,
                    components=(Component("Giấy tờ chứng minh chỗ ở hợp pháp", copies=1),),
                ),
                ComponentGroup(
                    "Trường hợp thuê, mượn, ở nhờ",
                    alternative=True,
                    components=(Component("Văn bản đồng ý của chủ sở hữu", originals=1),),
                ),
                ComponentGroup("Giấy tờ chung", components=(Component("Tờ khai CT01", 1),)),
            ),
            **changes,
        }
    )


def a_silent_procedure(**changes: Any) -> Procedure:
    """Build a record that says nothing but its name."""
    return structs.replace(
        Procedure(
            code="2.000001",
            name="Xác nhận thông tin",
            kind=Kind.STANDARD,
            origin=Origin.OFFICIAL,
            record_on=date(2026, 5, 2),
        ),
        **changes,
    )


def an_obsolete_procedure(**changes: Any) -> Procedure:
    """Build a record of 2021 that still sends people to the district tier."""
    return a_procedure(
        **{
            "code": "1.010533",
            "name": "Trợ cấp tai nạn cho lực lượng xung kích",
            "levels": (Level.PROVINCE,),
            "deciding_agencies": ("Ủy ban nhân dân huyện", "Sở Nông nghiệp và Môi trường"),
            "receiving_places": ("Bộ phận một cửa Ủy ban nhân dân cấp huyện", "Phòng Tư pháp"),
            "decided_on": date(2021, 6, 1),
            "names_district": True,
            **changes,
        }
    )


def a_fee(amount: float | None = 8000.0, **changes: Any) -> Fee:
    """Build a charge (lệ phí) of 8.000 đồng."""
    return Fee(FeeKind.CHARGE, amount, **changes)


def a_form() -> Form:
    """Build a blank form."""
    return Form("019d-form-01", "Mau to khai dang ky khai sinh.docx")


def in_case(name: str, amount: float, unit: TimeUnit = TimeUnit.WORKING_DAY) -> Term:
    """Build the term of one case."""
    return Term(name, Duration(amount, unit))
