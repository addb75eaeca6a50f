"""What the page shows of a file: entries by what became of them, and the words for what cannot be read."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext, lazy_gettext

from inventory import wording
from inventory.pages import say
from inventory.rescue.reading import Lost, Rescue
from inventory.rescue.rules import Compared
from inventory.vocabulary import EntryOutcome

_l = lazy_gettext
MOST_LINES = 200

OUTCOMES: dict[str, Any] = {
    EntryOutcome.STORED.value: _l("Đã lưu"),
    EntryOutcome.MERGED.value: _l("Đã lưu, ghép với sửa đổi của người khác"),
    EntryOutcome.PARKED.value: _l("Chờ việc khác tới trước"),
    EntryOutcome.HELD.value: _l("Giữ lại chờ quyết định"),
    EntryOutcome.CONFLICT.value: _l("Hai người sửa cùng một chỗ, chờ quyết định"),
    EntryOutcome.REFUSED.value: _l("Không nhận được, phải sửa trên máy"),
}
_LOST: dict[str, Any] = {
    "entry": _l("Việc ở dòng %(name)s"),
    "draft": _l("Bản nháp ở dòng %(name)s"),
    "photo": _l("Ảnh %(name)s"),
    "list": _l("Danh sách %(name)s"),
}
_WHY: dict[str, Any] = {
    "cut": _l("tệp bị cắt ở đây"),
    "hash": _l("nội dung đã bị thay đổi hoặc hỏng"),
    "form": _l("không đúng mẫu"),
    "missing": _l("không có trong tệp"),
}


@dataclass(frozen=True)
class Shown:
    """`made_at`: the phone's own time, None where it told none; `lost` are (what, why) in words."""

    made_at: datetime | None
    outcomes: tuple[tuple[str, int], ...]
    refused: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]
    lost_total: int


def of(rescue: Rescue, compared: Compared) -> Shown:
    """The lines of the page."""
    counted = Counter(known.outcome for _entry, known in compared.here)
    refused = [
        (wording.moment(_moment(entry.made_at)), say(known.problem) if known.problem else "")
        for entry, known in compared.here
        if known.outcome == EntryOutcome.REFUSED.value
    ]
    return Shown(
        made_at=_moment(rescue.made_at),
        outcomes=tuple((str(words), counted[code]) for code, words in OUTCOMES.items() if counted[code]),
        refused=tuple(refused[:MOST_LINES]),
        lost=tuple(_lost(one) for one in rescue.lost[:MOST_LINES]),
        lost_total=len(rescue.lost),
    )


def _lost(one: Lost) -> tuple[str, str]:
    name = one.name or gettext("cuối")
    return str(_LOST[one.what]) % {"name": name}, str(_WHY[one.code])


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    # The first and the last year that there are cannot be told in another zone.
    return found if found.tzinfo and 1 < found.year < 9999 else None
