"""Showing: a record's fields and changes in the words of the field, for pages.

Values come as JSON holds them (from events) and leave as text in the reader's language.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from inventory import wording
from inventory.installations import surroundings
from inventory.installations.fixes import Evidence, FixReason
from inventory.installations.history import EventSeen
from inventory.installations.queries import ReviewSeen
from inventory.installations.record import POSITION, Record, worded
from inventory.installations.rules import KindSeen
from inventory.labels import label
from inventory.pages import in_language, language
from inventory.vocabulary import PhotoRole, PositionSource, ReturnReason, WithdrawReason

_l = lazy_gettext

FIELD_LABELS: Mapping[str, Any] = {
    "kind_code": _l("Loại"),
    "area_id": _l("Phường, xã"),
    "venue_id": _l("Nơi bỏ phiếu"),
    "zone": _l("Chỗ đặt"),
    "quantity": _l("Đang có"),
    "working": _l("Dùng tốt"),
    "lifecycle": _l("Bước"),
    "condition": _l("Tình trạng"),
    "lat": _l("Vĩ độ"),
    "lon": _l("Kinh độ"),
    "position": _l("Vị trí"),
    "accuracy_m": _l("Độ chính xác (m)"),
    "position_source": _l("Nguồn vị trí"),
    "position_age_s": _l("Tuổi của vị trí (giây)"),
    "azimuth": _l("Hướng (độ)"),
    "width_m": _l("Rộng (m)"),
    "height_m": _l("Cao (m)"),
    "sides": _l("Số mặt"),
    "horns": _l("Số loa"),
    "watts": _l("Công suất (W)"),
    "slogan_id": _l("Khẩu hiệu"),
    "shown_text": _l("Chữ trên thực tế"),
    "serial": _l("Số hiệu"),
    "note": _l("Ghi chú"),
}

SOURCE_LABELS: Mapping[PositionSource, Any] = {
    PositionSource.DEVICE: _l("máy đo"),
    PositionSource.MAP: _l("chỉ trên bản đồ hoặc nhập tay"),
    PositionSource.VENUE: _l("lấy theo nơi bỏ phiếu"),
    PositionSource.IMPORT: _l("từ tệp nhập"),
}

FIX_REASON_LABELS: Mapping[FixReason, Any] = {
    FixReason.INDOORS: _l("trong nhà"),
    FixReason.COVERED: _l("trời mây hoặc bị che khuất"),
    FixReason.SILENT: _l("máy không định vị được"),
    FixReason.OTHER: _l("lý do khác"),
}

ACT_LABELS: Mapping[str, Any] = {
    "recorded": _l("Ghi mới"),
    "amended": _l("Sửa"),
    "moved": _l("Chuyển bước"),
    "reverted": _l("Hoàn tác"),
    "submitted": _l("Báo cáo lại, không đổi"),
    "verified": _l("Xác minh"),
    "returned": _l("Đề nghị bổ sung"),
    "photo_withdrawn": _l("Rút một ảnh"),
}

ROLE_LABELS: Mapping[PhotoRole, Any] = {
    PhotoRole.OVERVIEW: _l("Toàn cảnh"),
    PhotoRole.CLOSE_UP: _l("Chụp gần"),
    PhotoRole.DEFECT: _l("Chỗ hỏng"),
    PhotoRole.LABEL: _l("Nhãn, số hiệu"),
}

#: The eight winds, clockwise from north: people say these, not degrees.
_WINDS = (
    _l("bắc"),
    _l("đông bắc"),
    _l("đông"),
    _l("đông nam"),
    _l("nam"),
    _l("tây nam"),
    _l("tây"),
    _l("tây bắc"),
)


@dataclass(frozen=True)
class Names:
    """What ids are called: kinds by code; areas, venues and slogans (their numbers) by id."""

    kinds: Mapping[str, KindSeen]
    areas: Mapping[int, str]
    venues: Mapping[int, str]
    slogans: Mapping[int, str]


@dataclass(frozen=True)
class Line:
    """One change in words: what, what it was, what it became."""

    label: str
    old: str
    new: str


def names_of(states: Iterable[Mapping[str, Any]], kinds: Mapping[str, KindSeen] | None = None) -> Names:
    """Look up every id that these {field: values} mention; values may be single or [old, new]."""
    ids: dict[str, set[int]] = {"area_id": set(), "venue_id": set(), "slogan_id": set()}
    for state in states:
        for field, found in ids.items():
            value = state.get(field)
            found.update(one for one in (value if isinstance(value, list) else [value]) if one is not None)
    areas, venues, slogans = surroundings.names(ids["area_id"], ids["venue_id"], ids["slogan_id"])
    return Names(kinds or surroundings.kinds(), areas, venues, slogans)


def value_words(field: str, value: Any, names: Names) -> str:
    """One field's value in words; a dash where there is none."""
    if value is None or value == "":
        return wording.UNKNOWN
    if field == "kind_code":
        return in_language(names.kinds[value]) if value in names.kinds else str(value)
    if field in {"area_id", "venue_id"}:
        return (names.areas if field == "area_id" else names.venues).get(value, wording.UNKNOWN)
    if field == "slogan_id":
        return str(gettext("số %(number)s", number=names.slogans.get(value, "?")))
    if field == "position_source":
        return str(SOURCE_LABELS[PositionSource(value)])
    if field in {"zone", "lifecycle", "condition"}:
        return label(worded(field, value))
    if field in {"lat", "lon"}:
        return degrees(value)
    if isinstance(value, int | float):
        return wording.number(value, 2, language())
    return str(value)


def degrees(value: float) -> str:
    """A coordinate to five decimals, about one metre."""
    return wording.number(value, 5, language())


def position_words(record: Record) -> str:
    """Where, how exact, from what and how old: "20,953; 107,021 · ± 8 m · máy đo · 12 giây"."""
    if record.position is None:
        return str(gettext("chưa rõ"))
    parts = [f"{degrees(record.position[0])}; {degrees(record.position[1])}"]
    if record.accuracy_m is not None:
        parts.append(f"±{wording.NBSP}{wording.metres(record.accuracy_m, language())}")
    if record.position_source is not None:
        parts.append(str(SOURCE_LABELS[record.position_source]))
    if record.position_age_s is not None:
        seconds = wording.number(record.position_age_s, 0, language())
        parts.append(gettext("đo trước đó %(seconds)s giây", seconds=seconds))
    return " · ".join(parts)


def evidence_lines(found: Evidence | None, another: Iterable[tuple[str, str]] = ()) -> tuple[str, ...]:
    """How a position came about, and who said that a near neighbour is another thing; one sentence each."""
    told = []
    if found is not None and found.fix is not None and found.tap is not None and found.apart_m is not None:
        parts = [f"{degrees(found.fix.lat)}; {degrees(found.fix.lon)}"]
        if found.fix.accuracy_m is not None:
            parts.append(f"±{wording.NBSP}{wording.metres(found.fix.accuracy_m, language())}")
        apart = wording.metres(found.apart_m, language())
        told.append(
            gettext(
                "Máy đo %(fix)s; điểm chỉ trên bản đồ cách đó %(apart)s.", fix=" · ".join(parts), apart=apart
            )
        )
    if found is not None and found.reason:
        told.append(gettext("Lý do vị trí kém chính xác: %(reason)s.", reason=fix_reason_words(found.reason)))
    told += [
        gettext("%(who)s đã xem thứ cùng loại gần đó và ghi: khác, không phải một thứ.", who=who)
        for who in dict.fromkeys(who for _other, who in another)
    ]
    return tuple(str(line) for line in told)


def fix_reason_words(reason: str) -> str:
    """Why a poor position was taken: the chip's words and the person's own."""
    code, _, text = reason.partition(": ")
    if code not in set(FixReason):
        return reason
    said = FixReason(code)
    words = [] if said is FixReason.OTHER and text else [str(FIX_REASON_LABELS[said])]
    return ": ".join([*words, *([text] if text else [])])


def review_words(review: ReviewSeen | None) -> str:
    """Where the review stands; none is "not surveyed in this campaign"."""
    return label(review.state) if review else str(gettext("chưa khảo sát lần này"))


def reason_words(code: str, text: str) -> str:
    """Why the office returned it: the chip's words and its own line."""
    said = label(ReturnReason(code)) if code in set(ReturnReason) else ""
    return ": ".join(part for part in (said, text) if part)


def _withdrawal_words(note: str) -> str:
    code, _, text = note.partition(": ")
    said = label(WithdrawReason(code)) if code in set(WithdrawReason) else code
    return ": ".join(part for part in (said, text) if part)


def note_words(event: EventSeen) -> str:
    """An event's note; that of a return or of a withdrawn photo begins with the code of its reason."""
    if event.act == "returned":
        code, _, text = event.note.partition(": ")
        return reason_words(code, text) or event.note
    if event.act == "photo_withdrawn":
        return _withdrawal_words(event.note)
    if event.act == "reverted":
        number = event.note.removeprefix("↶ ")
        return str(gettext("Trở về như trước lần %(number)s.", number=number))
    return event.note


def direction_words(azimuth: float | None) -> str:
    """A direction as people say it, with its degrees."""
    if azimuth is None:
        return wording.UNKNOWN
    wind = _WINDS[round(azimuth / 45) % 8]
    return f"{wind} ({wording.number(azimuth, 0, language())}°)"


def lines(event: EventSeen, names: Names, with_position: bool = True) -> tuple[Line, ...]:
    """An event's changes in words; the parts of a position are told as one."""
    told = [
        Line(str(FIELD_LABELS[field]), value_words(field, old, names), value_words(field, new, names))
        for field, (old, new) in event.changes.items()
        if field not in POSITION and field in FIELD_LABELS
    ]
    if with_position and any(field in event.changes for field in ("lat", "lon")):
        told.append(Line(str(FIELD_LABELS["position"]), _spot(event, 0), _spot(event, 1)))
    return tuple(told)


def _spot(event: EventSeen, side: int) -> str:
    values = [event.changes[field][side] for field in ("lat", "lon") if field in event.changes]
    known = [degrees(value) for value in values if value is not None]
    return "; ".join(known) if known else wording.UNKNOWN
