"""A dossier (hồ sơ) as a one-stop system tells it, whatever system that is."""

from datetime import date
from enum import Enum

from msgspec import Struct


class Status(Enum):
    """Where a dossier stands: the national scheme of ten, and what no vocabulary of ours knows."""

    SENT = "sent"  # 1 mới đăng ký: not yet accepted, no deadline runs
    ACCEPTED = "accepted"  # 2 được tiếp nhận
    REFUSED = "refused"  # 3 không được tiếp nhận
    IN_PROGRESS = "in_progress"  # 4 đang xử lý
    NEEDS_PAPERS = "needs_papers"  # 5 yêu cầu bổ sung giấy tờ: the clock stands still
    NEEDS_PAYMENT = "needs_payment"  # 6 yêu cầu thực hiện nghĩa vụ tài chính
    WITHDRAWN = "withdrawn"  # 7 công dân yêu cầu rút hồ sơ
    STOPPED = "stopped"  # 8 dừng xử lý
    READY = "ready"  # 9 đã xử lý xong
    RETURNED = "returned"  # 10 đã trả kết quả
    UNKNOWN = "unknown"  # the source's own words are shown, and nothing is concluded from them


# In these the office works on it, so a due date that has passed means that it is late.
RUNNING = frozenset({Status.ACCEPTED, Status.IN_PROGRESS, Status.NEEDS_PAYMENT})
# Nothing more is to be expected.
AT_REST = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED})


class Dossier(Struct, frozen=True, omit_defaults=True):
    """One dossier; what the source does not say is empty. Dates are dates in Vietnam.

    It holds nothing of the applicant: no name, no number.
    """

    code: str  # mã hồ sơ, as the source writes it
    status: Status
    status_words: str = ""  # tình trạng, in the source's own words
    procedure_code: str = ""  # mã TTHC
    procedure_name: str = ""
    office: str = ""  # where it lies: đơn vị xử lý
    received_on: date | None = None  # ngày tiếp nhận
    due_on: date | None = None  # ngày hẹn trả
    finished_on: date | None = None  # ngày kết thúc xử lý
    returned_on: date | None = None  # ngày trả
    to_do: str = ""  # what the applicant is asked for: nội dung yêu cầu bổ sung
    source: str = ""  # name of the system
    as_of: date | None = None  # day on which the source was last heard
    apologised_on: date | None = None  # recorded by the staff: ngày xin lỗi
    promised_on: date | None = None  # and the new date in it: ngày hẹn lại

    def is_late(self, today: date) -> bool:
        """Tell whether the office has let the promised day pass (quá hạn).

        Finished after its day counts as late too; while the applicant is waited for, nothing does.
        """
        if self.due_on is None:
            return False
        if self.finished_on is not None:
            return self.finished_on > self.due_on
        return self.owed_on is not None and today > self.owed_on

    @property
    def owed_on(self) -> date | None:
        """The promised day, while the office works on it; None while nothing is owed."""
        runs = self.status in RUNNING and self.finished_on is None
        return self.due_on if runs else None

    @property
    def new_day(self) -> date | None:
        """The later day that an apology names; None when none was recorded for this due date."""
        if self.promised_on is None or self.due_on is None or self.promised_on <= self.due_on:
            return None
        return self.promised_on


# All but when it was heard, and what the staff recorded: an import leaves that as it is.
_NOT_OF_THE_SOURCE = ("as_of", "apologised_on", "promised_on")
OF_THE_SOURCE = tuple(name for name in Dossier.__struct_fields__ if name not in _NOT_OF_THE_SOURCE)
