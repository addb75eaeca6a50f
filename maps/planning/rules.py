"""What each row of the inputs may hold, against what the campaign has: kinds, wards, places. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import singledispatch

from inventory.geodesy import distance_outside_m, in_vietnam, looks_swapped
from inventory.outcomes import Problem
from inventory.vocabulary import WARD_KINDS, AreaKind, VenueKind
from inventory.wording import number
from maps.planning.inputs import ForKinds, Fund, PlanZone, Row, Site, Supply, ZoneRule
from maps.planning.weights import LEAST_FACTOR, MOST_FACTOR, Weight, WeightOn

#: Money lies between nothing and a million billion đồng: beyond it somebody's finger slipped.
MOST_MONEY = 10**15
MOST_DAYS = 365
LONGEST_LIFE = 50
MOST_UNITS = 1_000_000
MOST_THINGS = 1_000
MOST_POSITION = 99
#: The lines of wards are for reference: a site may lie this far outside its own.
TOLERANCE_M = 200.0


@dataclass(frozen=True)
class Ground:
    """What rows may name, as one person sees it.

    Kinds by code, wards by id with their names and lines (GeoJSON text; empty where nobody asked for
    them), places by id with their ward and name. `whole`: the person sees the whole campaign.
    """

    kinds: frozenset[str]
    wards: Mapping[int, str]
    lines: Mapping[int, str]
    places: Mapping[int, tuple[int, str]]
    whole: bool = True


def visible(row: Row, ground: Ground) -> bool:
    """Whether the person may know the row: what hangs on a ward or a place, only where they see it."""
    if ground.whole:
        return True
    if isinstance(row, Site):
        return row.area_id in ground.wards
    return not isinstance(row, Weight) or row.on not in _OF_GROUND or _names_something(row, ground)


_OF_GROUND = frozenset({WeightOn.PLACE, WeightOn.AREA})


@singledispatch
def problems(row: Row, ground: Ground) -> tuple[Problem, ...]:  # noqa: ARG001 -- each kind of row below
    """Why the row cannot be kept; nothing is wrong with it when the answer is empty."""
    raise TypeError(f"no row of the inputs: {type(row).__name__}")


def _known_kinds(row: ForKinds, ground: Ground) -> list[Problem]:
    if set(row.kinds) <= ground.kinds:
        return []
    return [Problem("kind", "Có loại không còn trong danh mục.", "kinds")]


@problems.register
def _site(row: Site, ground: Ground) -> tuple[Problem, ...]:
    found = _known_kinds(row, ground)
    if row.area_id not in ground.wards:
        found.append(Problem("area", "Hãy chọn một phường, xã của cuộc bầu cử.", "area_id"))
    if looks_swapped(row.lat, row.lon):
        found.append(Problem("swapped", "Vĩ độ và kinh độ bị đổi chỗ cho nhau.", "lat"))
    elif not (math.isfinite(row.lat) and math.isfinite(row.lon) and in_vietnam(row.lat, row.lon)):
        found.append(Problem("abroad", "Vị trí nằm ngoài Việt Nam.", "lat"))
    elif row.area_id in ground.lines:
        metres = distance_outside_m(ground.lines[row.area_id], row.lat, row.lon)
        if metres > TOLERANCE_M:
            found.append(
                Problem(
                    "outside_ward",
                    "Vị trí nằm ngoài ranh giới tham khảo của %(ward)s khoảng %(metres)s m;"
                    " hãy xem lại vị trí hoặc phường, xã.",
                    "lat",
                    (("ward", ground.wards[row.area_id]), ("metres", number(metres))),
                )
            )
    return tuple(found)


@problems.register
def _zone(row: PlanZone, ground: Ground) -> tuple[Problem, ...]:
    found = _known_kinds(row, ground)
    if row.rule is ZoneRule.MUST and not 1 <= row.minimum <= MOST_THINGS:
        found.append(
            Problem("minimum", "Vùng bắt buộc cần số công trình ít nhất, từ 1 đến 1.000.", "minimum")
        )
    if ground.lines and not _meets(row.boundary, ground):
        found.append(Problem("outside", "Vùng này không nằm trên phường, xã nào của cuộc bầu cử.", "corners"))
    return tuple(found)


def _meets(boundary: str, ground: Ground) -> bool:
    import shapely

    area = shapely.from_geojson(boundary)
    return any(shapely.intersects(shapely.from_geojson(line), area) for line in ground.lines.values())


@problems.register
def _weight(row: Weight, ground: Ground) -> tuple[Problem, ...]:
    found = []
    if not _names_something(row, ground):
        found.append(Problem("subject", "Hãy chọn một mục trong danh sách.", "subject"))
    if not LEAST_FACTOR <= row.factor <= MOST_FACTOR:
        found.append(Problem("factor", "Hệ số ưu tiên phải từ 0,1 đến 10.", "factor"))
    return tuple(found)


def _names_something(row: Weight, ground: Ground) -> bool:
    match row.on:
        case WeightOn.PLACE:
            return row.subject in {str(place) for place in ground.places}
        case WeightOn.AREA:
            return row.subject in {str(area) for area in ground.wards}
        case WeightOn.VENUE_KIND:
            return row.subject in set(VenueKind)
        case WeightOn.AREA_KIND:
            return row.subject in {AreaKind(kind) for kind in WARD_KINDS}


@problems.register
def _fund(row: Fund, ground: Ground) -> tuple[Problem, ...]:
    found = _known_kinds(row, ground)
    if row.cap is not None and not 0 <= row.cap <= MOST_MONEY:
        found.append(Problem("cap", "Số tiền phải từ 0 đến 1.000.000.000.000.000 đồng.", "cap"))
    if not set(row.areas) <= ground.wards.keys():
        found.append(Problem("area", "Có phường, xã không thuộc cuộc bầu cử.", "areas"))
    if not 1 <= row.position <= MOST_POSITION:
        found.append(Problem("position", "Thứ tự dùng phải từ 1 đến 99.", "position"))
    return tuple(found)


@problems.register
def _supply(row: Supply, ground: Ground) -> tuple[Problem, ...]:
    found = []
    if row.kind not in ground.kinds:
        found.append(Problem("kind", "Loại này không có trong danh mục.", "kind"))
    if row.lead_days is not None and not 0 <= row.lead_days <= MOST_DAYS:
        found.append(
            Problem("lead_days", "Số ngày từ đặt hàng đến treo xong phải từ 0 đến 365.", "lead_days")
        )
    if row.life is not None and not 1 <= row.life <= LONGEST_LIFE:
        found.append(Problem("life", "Thời gian dùng phải từ 1 đến 50.", "life"))
    if row.most is not None and not 0 <= row.most <= MOST_UNITS:
        found.append(Problem("most", "Số lượng nhiều nhất phải từ 0 đến 1.000.000.", "most"))
    return tuple(found)
