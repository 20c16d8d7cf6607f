"""One administrative procedure (thủ tục hành chính, TTHC), with the traps of its source resolved.

Both sources end here: the portal's records through the importer, and the built-in catalogue
through its YAML files. Whoever answers a citizen reads only this shape: an empty tuple, an empty
string or None always means that the record is silent, never "none needed" or "free".
"""

from datetime import date
from enum import Enum

from msgspec import Struct


class Kind(Enum):
    """For whom a procedure was published."""

    STANDARD = "standard"
    PROVINCIAL = "provincial"  # one province's own version (đặc thù); the portal says SPECIFIC
    INTERNAL = "internal"  # between agencies; never offered to citizens first


class Origin(Enum):
    """Where the record comes from."""

    OFFICIAL = "official"  # Cổng Dịch vụ công quốc gia
    BUILTIN = "builtin"  # this repository's own summary of the official record


class Level(Enum):
    """Which tier of the administration handles it; a procedure may name several."""

    COMMUNE = "commune"
    PROVINCE = "province"
    MINISTRY = "ministry"
    VERTICAL = "vertical"  # ngành dọc: công an, thuế, bảo hiểm xã hội …
    OTHER = "other"


class Audience(Enum):
    """Who may file it (đối tượng thực hiện)."""

    CITIZEN = "citizen"
    OVERSEAS_VIETNAMESE = "overseas_vietnamese"
    FOREIGNER = "foreigner"
    ENTERPRISE = "enterprise"
    FOREIGN_ENTERPRISE = "foreign_enterprise"
    COOPERATIVE = "cooperative"
    ORGANISATION = "organisation"
    FOREIGN_ORGANISATION = "foreign_organisation"
    OFFICIAL = "official"  # cán bộ, công chức, viên chức
    OTHER = "other"


class Method(Enum):
    """A way to file (cách thức thực hiện)."""

    DIRECT = "direct"
    POSTAL = "postal"
    ONLINE = "online"


class TimeUnit(Enum):
    """Working days (ngày làm việc) and calendar days (ngày) are never mixed."""

    HOUR = "hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class FeeKind(Enum):
    """Phí, lệ phí and priced services are three different things in Vietnamese law."""

    FEE = "fee"  # phí
    CHARGE = "charge"  # lệ phí
    PRICE = "price"  # giá dịch vụ


class Duration(Struct, frozen=True, forbid_unknown_fields=True):
    """A published term (thời hạn giải quyết)."""

    amount: float
    unit: TimeUnit


class Fee(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One published fee line; several lines are alternatives, never a sum.

    ``amount`` is None when no trustworthy figure is published; ``text`` holds what the record
    says in words. A fee of 0 without words never becomes a Fee: it means "not published".
    """

    kind: FeeKind
    amount: float | None = None
    currency: str = "VND"
    text: str = ""
    conflicting: bool = False  # words and figure disagree: show the words, advise to confirm


class Way(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One way to file, with its own term and fees.

    ``duration_text`` tells the term in words where no figure is published. A record may hold the
    same method several times, for different cases: ``remark`` (where to send it, for which case)
    then tells them apart. The portal's remarks are sometimes pasted from another procedure.
    """

    method: Method
    duration: Duration | None = None
    duration_text: str = ""
    fees: tuple[Fee, ...] = ()
    remark: str = ""


class Term(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The term of one case (trường hợp) of the procedure; an empty name is the general case."""

    name: str = ""
    duration: Duration | None = None


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """A blank form (mẫu đơn, tờ khai) belonging to a paper; ``id`` is the portal's file id."""

    id: str
    file_name: str


class Component(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One paper of the dossier (thành phần hồ sơ).

    ``originals`` and ``copies`` are counts; both 0 means that the record gives no quantity.
    """

    name: str
    originals: int = 0
    copies: int = 0
    forms: tuple[Form, ...] = ()


class ComponentGroup(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Papers under one heading.

    ``alternative`` groups are cases of which one applies to the citizen ("Trường hợp …"); the
    others are sections that all apply ("Giấy tờ phải nộp", "Giấy tờ phải xuất trình"). ``notes``
    are the record's remarks and conditions that stood among the papers.
    """

    name: str = ""
    alternative: bool = False
    components: tuple[Component, ...] = ()
    notes: tuple[str, ...] = ()


class Step(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One step of the published order (trình tự thực hiện)."""

    text: str
    name: str = ""


class LegalBasis(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A legal text (căn cứ pháp lý); the code ("123/2015/NĐ-CP") is more reliable than the name."""

    code: str
    name: str = ""


class Procedure(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One procedure, complete.

    ``code`` is the national code (mã TTHC, "1.001193"); ``portal_id`` the UUID of its page on the
    portal. ``record_on`` is the day the source last touched the record, ``decision`` the number
    of the decision that published it (quyết định công bố), ``decided_on`` its date.
    """

    code: str
    name: str
    kind: Kind
    origin: Origin
    record_on: date
    portal_id: str = ""
    field: str = ""  # lĩnh vực: "Hộ tịch"
    summary: str = ""  # one plain sentence; only the built-in catalogue writes it
    publisher: str = ""  # who published it: a ministry, or the province of a provincial version
    publisher_code: str = ""  # G15, H26 …
    levels: tuple[Level, ...] = ()
    audiences: tuple[Audience, ...] = ()
    fully_online: bool = False  # trực tuyến toàn trình
    # Said to be accepted anywhere (phi địa giới); False is silence, not "only where you live".
    non_territorial: bool = False
    deciding_agencies: tuple[str, ...] = ()  # cơ quan thực hiện
    receiving_places: tuple[str, ...] = ()  # nơi tiếp nhận hồ sơ
    ways: tuple[Way, ...] = ()
    terms: tuple[Term, ...] = ()
    component_groups: tuple[ComponentGroup, ...] = ()
    steps: tuple[Step, ...] = ()
    conditions: str = ""
    legal_bases: tuple[LegalBasis, ...] = ()
    results: tuple[str, ...] = ()
    decision: str = ""
    decided_on: date | None = None
    keywords: tuple[str, ...] = ()
    note: str = ""
    names_district: bool = False  # still names a district body, abolished on 1 July 2025
