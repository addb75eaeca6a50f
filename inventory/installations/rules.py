"""Rules of a record: what is refused, and what is wrong with it in itself.

Pure. `decide_record` looks at one record with its kind and surroundings; the lifecycle has its own
file, and so has what the office is warned of (flags), which never blocks.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from inventory.geodesy import Position, in_vietnam, looks_swapped
from inventory.installations import lifecycle
from inventory.installations.fixes import Evidence
from inventory.installations.limits import limits
from inventory.installations.record import Record
from inventory.outcomes import Problem, Refused
from inventory.vocabulary import AREA_ZONES, PLACE_ZONES, Condition, Family, VenueKind
from inventory.wording import clean

LONGEST_TEXT = 2000
LONGEST_SERIAL = 64


@dataclass(frozen=True)
class KindSeen:
    """A kind as rules and pages need it; `conditions` in their order, each with "works"."""

    code: str
    family: Family
    name_vi: str
    name_en: str
    unit_vi: str
    unit_en: str
    bulk: bool
    directional: bool
    sized: bool
    texted: bool
    horned: bool
    in_use: bool
    near_duplicate_m: float
    default_width_m: float | None
    default_height_m: float | None
    conditions: tuple[tuple[Condition, bool], ...]

    def has(self, condition: Condition) -> bool:
        """Whether a thing of this kind can be in the condition."""
        return any(condition is one for one, _ in self.conditions)

    def works(self, condition: Condition) -> bool:
        """Whether a thing of this kind works in the condition; an unknown one does not."""
        return dict(self.conditions).get(condition, False)


@dataclass(frozen=True)
class VenueSeen:
    """The venue that a thing belongs to; its point is None where it is unknown."""

    id: int
    area_id: int
    name: str
    point: Position | None
    kind: VenueKind = VenueKind.OTHER


@dataclass(frozen=True)
class SloganSeen:
    """A text of the catalogue."""

    id: int
    campaign_id: int
    number: int
    text: str
    withdrawn_on: date | None


@dataclass(frozen=True)
class Neighbour:
    """Another standing thing of the kind in the ward; not of the same venue and zone (counted together)."""

    id: str
    point: Position


@dataclass(frozen=True)
class Surroundings:
    """What is known around a record when it is judged.

    `boundary` is the ward's GeoJSON text, `photos` the pictures of this campaign; `known_area` says
    that the area belongs to the person's areas in the campaign. `evidence` tells how its position came
    about, `another` of which neighbours a person said that they are another thing: (its id, who).
    """

    campaign_id: int
    known_area: bool = True
    venue: VenueSeen | None = None
    boundary: str | None = None
    neighbours: tuple[Neighbour, ...] = ()
    slogan: SloganSeen | None = None
    photos: int = 0
    evidence: Evidence | None = None
    another: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Accepted:
    """The record may be stored as it stands here."""

    record: Record


def decide_record(
    record: Record, kind: KindSeen | None, around: Surroundings, before: Record | None = None
) -> Refused | Accepted:
    """Judge a new record (`before` None) or a changed one; every problem is told at once.

    What was allowed when it was stored is not asked again while it stays: a kind that went out of
    use, a slogan of an earlier campaign.
    """
    record = tidy(record)
    if kind is None:
        return Refused((Problem("kind_unknown", "Chọn một loại trong danh mục.", "kind_code"),))
    problems = (
        *_kind(record, kind, before),
        *_counts(record, kind, before),
        *_where(record, around),
        *_position(record),
        *_build(record, kind),
        *_words(record, around, before),
    )
    return Refused(problems) if problems else Accepted(record)


def tidy(record: Record) -> Record:
    """The record with clean texts; what describes a position goes when there is none."""
    texts = (clean(record.shown_text, lines=True), clean(record.serial), clean(record.note, lines=True))
    if texts != (record.shown_text, record.serial, record.note):
        record = replace(record, shown_text=texts[0], serial=texts[1], note=texts[2])
    if record.lat is None and record.lon is None:
        return replace(record, accuracy_m=None, position_source=None, position_age_s=None)
    return record


def settled(record: Record, kind: KindSeen) -> Record:
    """What follows by itself: a single thing works or not by its condition, and what another kind
    would have (direction, horns) goes."""
    follows: dict[str, Any] = {}
    if not kind.bulk:
        follows |= {"quantity": 1, "working": int(kind.works(record.condition))}
    if not kind.directional:
        follows["azimuth"] = None
    if not kind.horned:
        follows |= {"horns": None, "watts": None}
    if all(getattr(record, name) == value for name, value in follows.items()):
        return record
    return replace(record, **follows)


def _kind(record: Record, kind: KindSeen, before: Record | None) -> Iterator[Problem]:
    if not kind.in_use and (before is None or before.kind_code != kind.code):
        yield Problem("kind_out_of_use", "Loại này không còn dùng; chọn loại khác.", "kind_code")
    if not kind.has(record.condition):
        yield Problem("condition_unknown", "Loại này không có tình trạng đó; chọn lại.", "condition")
    if before is None and record.lifecycle not in lifecycle.FIRST:
        yield Problem("lifecycle_first", "Một thứ mới ghi không thể bắt đầu ở bước này.", "lifecycle")
    if before is not None and record.lifecycle is not before.lifecycle:
        problem = lifecycle.refusal(before.lifecycle, record.lifecycle)
        if problem:
            yield problem


def _counts(record: Record, kind: KindSeen, before: Record | None) -> Iterator[Problem]:
    quantity, working, most = record.quantity, record.working, limits().largest_quantity
    if not kind.bulk and quantity != 1:
        yield Problem("quantity_single", "Loại này ghi từng cái một: số lượng là 1.", "quantity")
    elif quantity < (1 if before is None else 0) or quantity > most:
        least = 1 if before is None else 0
        yield Problem(
            "quantity_range",
            "Số lượng phải từ %(least)s đến %(most)s.",
            "quantity",
            (("least", least), ("most", most)),
        )
    elif not 0 <= working <= quantity:
        yield Problem(
            "working_range", "Số dùng tốt phải từ 0 đến %(most)s.", "working", (("most", quantity),)
        )
    elif quantity and kind.has(record.condition):
        yield from _condition(record, kind)


def _condition(record: Record, kind: KindSeen) -> Iterator[Problem]:
    """The condition describes the part that does not work, so it must be one that does not."""
    works = kind.works(record.condition)
    if record.working == record.quantity and not works:
        yield Problem(
            "condition_contradicts",
            "Tình trạng này là của thứ không dùng được, nhưng tất cả lại ghi là dùng tốt.",
            "condition",
        )
    if record.working < record.quantity and works:
        yield Problem(
            "condition_missing",
            "Có %(broken)s thứ không dùng tốt: chọn tình trạng của chúng.",
            "condition",
            (("broken", record.quantity - record.working),),
        )


def _where(record: Record, around: Surroundings) -> Iterator[Problem]:
    if not around.known_area:
        yield Problem("area_unknown", "Chọn một phường, xã trong địa bàn được giao.", "area_id")
    if record.venue_id is not None and (around.venue is None or around.venue.area_id != record.area_id):
        yield Problem("venue_unknown", "Nơi này không thuộc phường, xã đã chọn.", "venue_id")
    if record.venue_id is None and record.zone in PLACE_ZONES:
        yield Problem("zone_elsewhere", "Khu vực này thuộc một nơi bỏ phiếu; chọn nơi đó.", "zone")
    if record.venue_id is not None and record.zone in AREA_ZONES:
        yield Problem(
            "zone_elsewhere", "Khu vực này là của cả phường, xã, không thuộc một nơi bỏ phiếu.", "zone"
        )


def _position(record: Record) -> Iterator[Problem]:
    lat, lon = record.lat, record.lon
    if lat is None and lon is None:
        return
    if lat is None or lon is None:
        field = "lat" if lat is None else "lon"
        yield Problem("position_half", "Ghi cả vĩ độ và kinh độ, hoặc để trống cả hai.", field)
    elif not (math.isfinite(lat) and math.isfinite(lon)) or not in_vietnam(lat, lon):
        if looks_swapped(lat, lon):
            yield Problem("position_swapped", "Vĩ độ và kinh độ bị đổi chỗ cho nhau.", "lat")
        else:
            yield Problem("position_outside", "Vị trí này nằm ngoài Việt Nam.", "lat")
    elif record.position_source is None:
        yield Problem("position_source", "Cho biết vị trí lấy từ đâu.", "position_source")
    for field, value in (("accuracy_m", record.accuracy_m), ("position_age_s", record.position_age_s)):
        if value is not None and not (math.isfinite(value) and value >= 0):
            yield Problem("fix_unreadable", "Độ chính xác và tuổi của vị trí không được âm.", field)


def _between(value: float | None, most: float) -> bool:
    return value is None or (math.isfinite(value) and 0 < value <= most)


def _build(record: Record, kind: KindSeen) -> Iterator[Problem]:
    most = limits()
    if record.azimuth is not None:
        if not kind.directional:
            yield Problem("azimuth_useless", "Loại này không có hướng.", "azimuth")
        elif not (math.isfinite(record.azimuth) and 0 <= record.azimuth < 360):
            yield Problem("azimuth_range", "Hướng là số độ từ 0 đến dưới 360.", "azimuth")
    for field in ("width_m", "height_m"):
        if not _between(getattr(record, field), most.largest_side_m):
            yield _too_large("size_range", field, most.largest_side_m)
    bounds: tuple[tuple[str, float], ...] = (
        ("sides", most.most_sides),
        ("horns", most.most_horns),
        ("watts", most.most_watts),
    )
    for field, bound in bounds:
        if not _between(getattr(record, field), bound):
            yield _too_large("number_range", field, bound)
    if not kind.horned and (record.horns is not None or record.watts is not None):
        yield Problem("horns_useless", "Loại này không có loa.", "horns")


def _too_large(code: str, field: str, most: float) -> Problem:
    return Problem(code, "Số này phải lớn hơn 0 và không quá %(most)s.", field, (("most", f"{most:g}"),))


def _words(record: Record, around: Surroundings, before: Record | None) -> Iterator[Problem]:
    for field in ("shown_text", "note"):
        if len(getattr(record, field)) > LONGEST_TEXT:
            yield Problem("text_long", "Viết không quá %(most)s ký tự.", field, (("most", LONGEST_TEXT),))
    if len(record.serial) > LONGEST_SERIAL:
        yield Problem("text_long", "Viết không quá %(most)s ký tự.", "serial", (("most", LONGEST_SERIAL),))
    if record.slogan_id is None or (before is not None and before.slogan_id == record.slogan_id):
        return
    if around.slogan is None or around.slogan.campaign_id != around.campaign_id:
        yield Problem("slogan_unknown", "Chọn một khẩu hiệu trong danh mục của cuộc bầu cử này.", "slogan_id")
