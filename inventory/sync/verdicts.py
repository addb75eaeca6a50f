"""What becomes of one entry: a verdict, its stored form, and the answer that every replay gets. Pure.

A sentence is a msgid with its values and is put into the reader's language when it is answered; what is
stored in `FieldEntry.detail` is the verdict's part that has no column:
{"message", "values", "changed": [[field, theirs, mine]], "who", "notes": [[code, message, values]],
"left": {installation id: version}, "pictured": id}.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inventory.outcomes import Done, Outcome, Problem, Refused
from inventory.vocabulary import EntryOutcome

#: What an outcome's code means to a person, where the rule itself said no sentence.
SENTENCES = (
    Problem("moved_away", "Nơi này không còn trong địa bàn được giao; nội dung được giữ ở phòng để xem xét."),
    Problem("disabled", "Tài khoản này đã ngừng dùng; nội dung được giữ ở phòng để xem xét."),
    Problem("place_gone", "Nơi này không còn trong danh sách; nội dung được giữ ở phòng để xem xét."),
    Problem("campaign_closed", "Cuộc bầu cử này không còn mở; nội dung được giữ ở phòng để xem xét."),
    Problem("failed", "Máy chủ chưa ghi được nội dung này vào hồ sơ; nội dung được giữ ở phòng để xem xét."),
    Problem("changed", "Người khác đã sửa cùng một chỗ; cả hai được giữ để người phụ trách quyết định."),
    Problem("gone", "Theo hồ sơ thứ này không còn ở đó; nội dung được giữ để người phụ trách quyết định."),
    Problem("waits", "Đã đến máy chủ, đang chờ một mục gửi trước nó."),
    Problem("unreadable", "Máy chủ không đọc được nội dung này; hãy mở ra, kiểm tra và ghi lại."),
    Problem("damaged", "Nội dung này bị hỏng trên máy hoặc trên đường truyền; hãy mở ra và ghi lại."),
    Problem("id_reused", "Mã của mục này đã dùng cho một nội dung khác; cả hai đều được giữ."),
)
_SENTENCE = {problem.code: problem.message for problem in SENTENCES}
#: Outcomes that are in the records.
APPLIED = frozenset({EntryOutcome.STORED, EntryOutcome.MERGED})
#: Outcomes about which somebody at the office has to decide.
CASES = frozenset({EntryOutcome.HELD, EntryOutcome.CONFLICT})


@dataclass(frozen=True)
class Verdict:
    """What became of an entry; `message` and `values` as in a Problem.

    `waits_for` is the id that a parked one waits for, `left` the versions in which it left its things,
    `pictured` the installation that photos of an answer show, `arrived` ids that others may wait for,
    `area_id` the ward as the server knows it.
    """

    outcome: EntryOutcome
    code: str = ""
    field: str = ""
    message: str = ""
    values: tuple[tuple[str, str | int | float], ...] = ()
    subject: str = ""
    version: int = 0
    changed: tuple[tuple[str, object, object], ...] = ()
    who: str = ""
    notes: tuple[Problem, ...] = ()
    waits_for: str | None = None
    left: tuple[tuple[str, int], ...] = ()
    pictured: str | None = None
    arrived: tuple[str, ...] = ()
    area_id: int | None = None

    @property
    def applied(self) -> bool:
        """Whether it is in the records."""
        return self.outcome in APPLIED


@dataclass(frozen=True)
class Answer:
    """What is answered for one entry; `seen` says that it was known before."""

    id: str
    sha256: str
    outcome: str
    seen: bool = False
    code: str = ""
    field: str = ""
    problem: Problem | None = None
    subject: str = ""
    version: int = 0
    changed: tuple[tuple[str, object, object], ...] = ()
    who: str = ""
    notes: tuple[Problem, ...] = ()


def held(code: str, area_id: int | None = None) -> Verdict:
    """Kept for the office to decide."""
    return Verdict(EntryOutcome.HELD, code, area_id=area_id)


def parked(waits_for: str, area_id: int | None = None) -> Verdict:
    """What it speaks of is not here yet."""
    return Verdict(EntryOutcome.PARKED, "waits", waits_for=waits_for, area_id=area_id)


def refused(problem: Problem, more: tuple[Problem, ...] = ()) -> Verdict:
    """The person has to correct it; further problems are told as notes."""
    return Verdict(
        EntryOutcome.REFUSED, problem.code, problem.field, problem.message, problem.values, notes=more
    )


def of_outcome(outcome: Outcome, area_id: int | None = None) -> Verdict:
    """The verdict that an action's outcome means."""
    if isinstance(outcome, Refused):
        first, *more = outcome.problems
        return refused(first, tuple(more))
    if isinstance(outcome, Done):
        merged = any(note.code == "merged" for note in outcome.notes)
        return Verdict(
            EntryOutcome.MERGED if merged else EntryOutcome.STORED,
            subject=outcome.subject,
            version=outcome.version,
            notes=outcome.notes,
            area_id=area_id,
        )
    return Verdict(
        EntryOutcome.CONFLICT,
        _conflict_code(outcome.changed),
        version=outcome.version,
        changed=outcome.changed,
        who=outcome.who,
        area_id=area_id,
    )


_ENDED = frozenset({"dismantled", "stored", "lost", "disposed", "cancelled"})


def _conflict_code(changed: tuple[tuple[str, object, object], ...]) -> str:
    """ "gone" when what somebody else said is that the thing stands no more."""
    for field, theirs, mine in changed:
        if field == "lifecycle" and str(theirs) in _ENDED and str(mine) not in _ENDED:
            return "gone"
        if field == "condition" and str(theirs) == "missing" and str(mine) != "missing":
            return "gone"
    return "changed"


def detail_of(verdict: Verdict) -> dict[str, Any] | None:
    """What is stored of a verdict beside its columns; None where there is nothing more."""
    detail: dict[str, Any] = {}
    if verdict.message:
        detail["message"], detail["values"] = verdict.message, [list(pair) for pair in verdict.values]
    if verdict.changed:
        detail["changed"] = [list(one) for one in verdict.changed]
    if verdict.who:
        detail["who"] = verdict.who
    if verdict.notes:
        detail["notes"] = [
            [one.code, one.message, [list(pair) for pair in one.values]] for one in verdict.notes
        ]
    if verdict.left:
        detail["left"] = dict(verdict.left)
    if verdict.pictured:
        detail["pictured"] = verdict.pictured
    return detail or None


def problem_of(code: str, detail: Mapping[str, Any] | None, field: str = "") -> Problem | None:
    """The sentence of a stored outcome: the rule's own, else what the code means."""
    stored = detail or {}
    message = stored.get("message") or _SENTENCE.get(code, "")
    if not message:
        return None
    values = tuple((str(name), value) for name, value in stored.get("values") or ())
    return Problem(code, message, field, values)


def notes_of(detail: Mapping[str, Any] | None) -> tuple[Problem, ...]:
    """The notes of a stored outcome."""
    found = (detail or {}).get("notes") or ()
    return tuple(
        Problem(code, message, "", tuple((str(name), value) for name, value in values))
        for code, message, values in found
    )
