"""What can become of a case (phản ánh, kiến nghị): its states, and who may move it where.

    new → triaged → assigned → in_progress → answered → closed
                                                 └─ not satisfied, once → reopened → assigned …

Aside of this road: need_info waits for the reporter and goes back to where it came from;
transferred, duplicate and rejected end the work here, and a supervisor can take each of them back.
A case is closed when it was answered or when its reporter withdrew it, and never because it is
"not ours": then it is transferred to a body with a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from bot.feedback.errors import Forbidden, IllegalMove


class State(Enum):
    """Where a case stands (trạng thái)."""

    NEW = "new"  # mới tiếp nhận
    TRIAGED = "triaged"  # đã phân loại
    ASSIGNED = "assigned"  # đã giao người xử lý
    IN_PROGRESS = "in_progress"  # đang xử lý
    NEED_INFO = "need_info"  # chờ người phản ánh bổ sung
    ANSWERED = "answered"  # đã trả lời
    REOPENED = "reopened"  # mở lại vì người phản ánh chưa hài lòng
    CLOSED = "closed"  # đã kết thúc
    TRANSFERRED = "transferred"  # đã chuyển cơ quan có thẩm quyền
    DUPLICATE = "duplicate"  # trùng với phản ánh khác
    REJECTED = "rejected"  # không tiếp nhận, có lý do


class Role(Enum):
    """As whom somebody moves a case."""

    REPORTER = "reporter"  # người phản ánh, or a volunteer on their behalf
    SUPERVISOR = "supervisor"  # cán bộ giám sát
    LEAD = "lead"  # trưởng nhóm
    CLOCK = "clock"  # the program itself, when a time has run out
    # These move no case; they stand in events of accounts, exports and the desk.
    VOLUNTEER = "volunteer"  # tình nguyện viên
    ADMIN = "admin"  # quản trị
    OPERATOR = "operator"  # whoever runs the program, on its command line
    STRANGER = "stranger"  # somebody who has not signed in


class Need(Enum):
    """What a move must bring along."""

    NOTE = "a note that says why, or what the reporter is told"
    ASSIGNEE = "the person who takes the case"
    BODY = "the name of the body that is in charge"
    ORIGINAL = "the number of the case that it repeats"
    REASON = "one of the named reasons for rejecting"


class Rejection(Enum):
    """The only reasons for not taking a case up; the reporter reads which. None is "not ours"."""

    EMPTY = "empty"  # không có nội dung
    JUNK = "junk"  # quảng cáo, thử máy, đùa
    UNINTELLIGIBLE = "unintelligible"  # đã hỏi lại mà vẫn không hiểu được


class Move(Enum):
    """What somebody can do with a case."""

    TRIAGE = "triage"
    ASSIGN = "assign"
    START = "start"
    ASK = "ask"
    REPLY = "reply"
    RESUME = "resume"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    TRANSFER = "transfer"
    MERGE = "merge"
    REJECT = "reject"
    TAKE_BACK = "take_back"


@dataclass(frozen=True)
class Rule:
    """From where a move starts, who may make it, what it needs and where it leads."""

    sources: frozenset[State]
    roles: frozenset[Role]
    target: State | None  # None: back to where the case was before it waited
    needs: frozenset[Need] = frozenset()


_STAFF = frozenset({Role.SUPERVISOR, Role.LEAD})
_REPORTER = frozenset({Role.REPORTER})
_AT_WORK = frozenset({State.TRIAGED, State.ASSIGNED, State.IN_PROGRESS, State.REOPENED})
OPEN = _AT_WORK | {State.NEW, State.NEED_INFO}
FINISHED = frozenset(State) - OPEN


def _from(*sources: State) -> frozenset[State]:
    return frozenset(sources)


def _with(*needs: Need) -> frozenset[Need]:
    return frozenset(needs)


RULES: dict[Move, Rule] = {
    Move.TRIAGE: Rule(_from(State.NEW), _STAFF, State.TRIAGED),
    # From assigned or in_progress: it is handed on to somebody else.
    Move.ASSIGN: Rule(_AT_WORK, _STAFF, State.ASSIGNED, _with(Need.ASSIGNEE)),
    Move.START: Rule(_from(State.ASSIGNED), _STAFF, State.IN_PROGRESS),
    Move.ASK: Rule(_AT_WORK | {State.NEW}, _STAFF, State.NEED_INFO, _with(Need.NOTE)),
    Move.REPLY: Rule(_from(State.NEED_INFO), _REPORTER, None),
    # The reporter did not answer, or the answer came by another way.
    Move.RESUME: Rule(_from(State.NEED_INFO), _STAFF | {Role.CLOCK}, None),
    # From transferred: the answer of the other body is passed on.
    Move.ANSWER: Rule(
        _from(State.IN_PROGRESS, State.TRANSFERRED), _STAFF, State.ANSWERED, _with(Need.NOTE)
    ),
    Move.CLOSE: Rule(_from(State.ANSWERED), _STAFF | {Role.REPORTER, Role.CLOCK}, State.CLOSED),
    Move.REOPEN: Rule(_from(State.ANSWERED, State.CLOSED), _REPORTER, State.REOPENED),
    Move.WITHDRAW: Rule(OPEN, _REPORTER, State.CLOSED),
    Move.TRANSFER: Rule(_AT_WORK, _STAFF, State.TRANSFERRED, _with(Need.BODY, Need.NOTE)),
    Move.MERGE: Rule(OPEN, _STAFF, State.DUPLICATE, _with(Need.ORIGINAL)),
    Move.REJECT: Rule(
        _from(State.NEW, State.TRIAGED, State.NEED_INFO),
        _STAFF,
        State.REJECTED,
        _with(Need.REASON, Need.NOTE),
    ),
    Move.TAKE_BACK: Rule(
        _from(State.TRANSFERRED, State.DUPLICATE, State.REJECTED),
        _STAFF,
        State.TRIAGED,
        _with(Need.NOTE),
    ),
}


@dataclass(frozen=True)
class Status:
    """Where a case stands, and what of its past decides where it may go."""

    state: State = State.NEW
    resume_to: State | None = None  # while it waits: the state to which it goes back
    reopened: bool = False  # once, ever


def apply(status: Status, move: Move) -> Status:
    """Return where the move leads; raises IllegalMove, for whoever makes it."""
    rule = RULES[move]
    if status.state not in rule.sources:
        raise IllegalMove(
            Forbidden.STATE,
            f"a case that is {status.state.value} cannot be moved by {move.value}; "
            f"that starts from {_listed(rule.sources)}",
        )
    if move is Move.REOPEN and status.reopened:
        raise IllegalMove(
            Forbidden.ONCE, "this case was reopened before, and that is possible once"
        )
    waits = rule.target is State.NEED_INFO
    return Status(
        state=_target(rule, status),
        resume_to=status.state if waits else None,
        reopened=status.reopened or move is Move.REOPEN,
    )


def _target(rule: Rule, status: Status) -> State:
    if rule.target is not None:
        return rule.target
    if status.resume_to is None:
        raise IllegalMove(
            Forbidden.STATE, "nothing is kept of where this case was before it waited"
        )
    return status.resume_to


def check_role(move: Move, role: Role) -> None:
    """Raise IllegalMove when this is not the role's to do."""
    allowed = RULES[move].roles
    if role not in allowed:
        raise IllegalMove(
            Forbidden.ROLE, f"{move.value} is not for the {role.value}, only for {_listed(allowed)}"
        )


def check_needs(move: Move, brought: Iterable[Need]) -> None:
    """Raise IllegalMove when something that the move must bring along is missing."""
    missing = RULES[move].needs - set(brought)
    if missing:
        what = "; ".join(sorted(need.value for need in missing))
        raise IllegalMove(Forbidden.MISSING, f"{move.value} needs {what}")


def moves_from(status: Status, role: Role) -> frozenset[Move]:
    """Return what somebody may do with the case now: the buttons of a page."""
    return frozenset(
        move
        for move, rule in RULES.items()
        if status.state in rule.sources
        and role in rule.roles
        and not (move is Move.REOPEN and status.reopened)
    )


def replay(moves: Iterable[Move]) -> Status:
    """Return where a new case stands after these moves; raises IllegalMove."""
    status = Status()
    for move in moves:
        status = apply(status, move)
    return status


def _listed(some: Iterable[State] | Iterable[Role]) -> str:
    return ", ".join(sorted(one.value for one in some))
