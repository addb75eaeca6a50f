"""A case in words: why it is one, what the phone said and what stands, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from inventory import wording
from inventory.cases import rules, showing
from inventory.cases.bodies import Said
from inventory.cases.one_case import Body, CaseSeen
from inventory.cases.queries import CaseLine
from inventory.cases.rules import CaseKind, Way
from inventory.installations import showing as fields
from inventory.installations import surroundings
from inventory.installations.record import FIELDS, POSITION, plain
from inventory.installations.rules import KindSeen
from inventory.installations.showing import ROLE_LABELS, Names
from inventory.labels import label
from inventory.pages import in_language
from inventory.vocabulary import PhotoRole, WithdrawReason, Zone

_l = lazy_gettext

#: Why somebody has to decide, by the code of the outcome; else by the kind.
_WHY: Mapping[str, Any] = {
    "moved_away": _l("Khi mục này về, người ghi không còn được giao địa bàn này."),
    "disabled": _l("Khi mục này về, tài khoản của người ghi đã khóa."),
    "place_gone": _l("Nơi bỏ phiếu mà mục này nói tới không còn trong danh sách."),
    "campaign_closed": _l("Khi mục này về, cuộc bầu cử đã đóng."),
    "failed": _l("Máy chủ chưa ghi được mục này vào hồ sơ."),
    "gone": _l("Thứ này đã được ghi là không còn ở đó trước khi mục sửa này về."),
}
_WHY_KIND: Mapping[CaseKind, Any] = {
    CaseKind.CONFLICT: _l("Hai người cùng sửa một ô. Chưa có gì bị ghi đè."),
    CaseKind.GONE: _WHY["gone"],
    CaseKind.HELD: _l("Mục này được giữ lại để xem xét."),
    CaseKind.ORPHAN: _l("Mục này nói tới thứ chưa về máy chủ sau 5 ngày."),
    CaseKind.REUSED: _l("Hai nội dung khác nhau về cùng một mã. Bản đến trước được ghi; bản sau được giữ."),
}
_WAYS: Mapping[Way, Any] = {
    Way.KEEP: _l("Giữ như đang có"),
    Way.PHONE: _l("Lấy theo điện thoại"),
    Way.ADMIT: _l("Ghi vào hồ sơ"),
    Way.REOPEN: _l("Vẫn còn: mở lại và ghi theo điện thoại"),
    Way.DROP: _l("Không ghi"),
}
_QUICK: Mapping[str, Any] = {
    "same": _l("như lần trước"),
    "enough": _l("đủ, dùng tốt"),
    "none": _l("không có"),
}


@dataclass(frozen=True)
class Line:
    """One thing that the phone said."""

    label: str
    words: str


@dataclass(frozen=True)
class Row:
    """One field of both sides; `differs` when choosing makes a difference."""

    field: str
    label: str
    theirs: str
    mine: str
    differs: bool


@dataclass(frozen=True)
class Told:
    """A case in words."""

    why: str
    what: str
    said: tuple[Line, ...]
    rows: tuple[Row, ...]
    others: tuple[tuple[Body, tuple[Line, ...]], ...]
    asks_place: bool


def why(kind: CaseKind, code: str) -> str:
    """Why somebody has to decide, as one sentence."""
    return str(_WHY.get(code) or _WHY_KIND[kind])


def way_words(way: Way, kind: CaseKind) -> str:
    """What a choice is called."""
    if kind is CaseKind.REUSED:
        return str(_("Giữ bản đến trước"))
    return str(_WAYS[way])


def how(seen: CaseSeen) -> str:
    """How a case was settled; "arrived" is one that what it waited for has solved."""
    if seen.open or not seen.settled_how:
        return ""
    if seen.settled_how not in set(Way):
        return str(_("mục mà nó chờ đã về nên đã ghi vào hồ sơ"))
    settled = seen.detail.get("settled")
    reason = settled.get("reason") if isinstance(settled, dict) else ""
    said = way_words(Way(seen.settled_how), seen.kind)
    return f"{said} – {reason}" if reason else said


def kind_names() -> Mapping[str, KindSeen]:
    """The kinds, to name them."""
    return surroundings.kinds()


def line_words(line: CaseLine, kinds: Mapping[str, KindSeen]) -> str:
    """A case's title: what a person did, with which kind."""
    kind = kinds.get(line.kind_code)
    act = showing.act_label(line.act)
    return f"{act} · {in_language(kind)}" if kind else act


def told(seen: CaseSeen) -> Told:
    """Everything of a case in words."""
    states = [seen.said.values, {name: [old, new] for name, old, new in seen.differing}]
    states += [body.said.values for body in seen.others]
    if seen.standing:
        states.append(seen.standing.record.as_state())
    names = fields.names_of([_hashable(state) for state in states])
    standing = seen.standing.record.kind_code if seen.standing else ""
    kind = names.kinds.get(str(seen.said.values.get("kind_code") or standing))
    act = showing.act_label(seen.act)
    return Told(
        why=why(seen.kind, seen.code),
        what=f"{act} · {in_language(kind)}" if kind else act,
        said=said_lines(seen.said, names),
        rows=tuple(_rows(seen, names)),
        others=tuple((body, said_lines(body.said, names)) for body in seen.others),
        asks_place=rules.needs_place(seen.kind, seen.code),
    )


def _rows(seen: CaseSeen, names: Names) -> list[Row]:
    """Both sides of each field; what stands is read anew, because it may have changed since."""
    found = []
    spot = {name: (theirs, mine) for name, theirs, mine in seen.differing if name in POSITION}
    if spot:
        found.append(_spot(seen, spot))
    for name, theirs, mine in seen.differing:
        if name in POSITION:
            continue
        now = theirs
        if seen.standing is not None and name in FIELDS:
            now = plain(getattr(seen.standing.record, name))
        label = showing.field_words(name) or name
        found.append(
            Row(name, label, value_words(name, now, names), value_words(name, mine, names), now != mine)
        )
    return found


def _spot(seen: CaseSeen, spot: Mapping[str, tuple[Any, Any]]) -> Row:
    """A position is one value, though a record has it in five."""
    record = seen.standing.record if seen.standing else None
    now = [record.lat, record.lon] if record else [spot.get(name, (None, None))[0] for name in ("lat", "lon")]
    mine = [spot.get(name, (None, None))[1] for name in ("lat", "lon")]
    told = [mine[i] if mine[i] is not None else now[i] for i in (0, 1)]
    return Row("position", str(fields.FIELD_LABELS["position"]), _degrees(now), _degrees(told), now != told)


def _degrees(pair: list[Any]) -> str:
    if not all(isinstance(one, int | float) for one in pair):
        return wording.UNKNOWN
    return "; ".join(fields.degrees(one) for one in pair)


def said_lines(said: Said, names: Names) -> tuple[Line, ...]:
    """What a body says; the two halves of a position as one."""
    lines = [Line(str(_("Chỗ đặt")), label(said.zone))] if said.zone else []
    for name, value in said.values.items():
        if name in {"lat", "lon"} or (name == "kind_code" and value not in names.kinds):
            continue
        words = showing.field_words(name) or str(_OWN.get(name, name))
        lines.append(Line(words, value_words(name, value, names)))
    lat, lon = said.values.get("lat"), said.values.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float):
        lines.append(Line(str(_("Vị trí")), f"{fields.degrees(lat)}; {fields.degrees(lon)}"))
    return tuple(lines)


_OWN: Mapping[str, Any] = {"quick": _l("Trả lời nhanh"), "name": _l("Tên tệp"), "text": _l("Viết thêm")}


def value_words(name: str, value: Any, names: Names) -> str:
    """A value in words; what a phone may not say is shown as it is written, never as an error."""
    own = _own_words(name, value)
    if own is not None:
        return own
    try:
        return fields.value_words(name, value, names)
    except (KeyError, ValueError, TypeError):
        return str(value)[:200]


def _own_words(name: str, value: Any) -> str | None:
    """Words of fields that no record has."""
    if name == "empty_zones" and isinstance(value, list):
        known = [zone for zone in Zone if zone in value]
        return ", ".join(label(zone) for zone in known) or wording.UNKNOWN
    if not isinstance(value, str):
        return None
    if name == "quick" and value in _QUICK:
        return str(_QUICK[value])
    if name == "role" and value in set(PhotoRole):
        return str(ROLE_LABELS[PhotoRole(value)])
    if name == "reason" and value in set(WithdrawReason):
        return label(WithdrawReason(value))
    return None


def _hashable(state: Mapping[str, Any]) -> dict[str, Any]:
    """Only ids that can be looked up: a body may hold anything."""
    return {
        name: value
        for name, value in state.items()
        if name in {"area_id", "venue_id", "slogan_id"} and _all_numbers(value)
    }


def _all_numbers(value: Any) -> bool:
    values = value if isinstance(value, list) else [value]
    return all(one is None or (isinstance(one, int) and abs(one) < 2**31) for one in values)
