"""Words of the inputs of planning that people read: duties, rules, levels, and values of a conflict."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from inventory.facts import KindFact
from inventory.labels import label
from inventory.pages import in_language, language
from inventory.vocabulary import AreaKind, Family, VenueKind
from inventory.wording import UNKNOWN, number
from maps.planning.demand import DemandMethod
from maps.planning.inputs import Duty, ForKinds, Fund, LifeIn, Supply, ZoneRule
from maps.planning.rules import Ground
from maps.planning.shapes import corners
from maps.planning.weights import Weight, WeightOn

DUTIES: Mapping[Duty, Any] = {
    Duty.MAY: _l("Có thể đặt"),
    Duty.MUST: _l("Bắt buộc đặt"),
    Duty.MUST_NOT: _l("Không được đặt"),
}

RULES: Mapping[ZoneRule, Any] = {
    ZoneRule.EXCLUSION: _l("Vùng cấm: không đặt mới"),
    ZoneRule.MUST: _l("Vùng bắt buộc: phải đặt mới"),
}

LIVES: Mapping[LifeIn, Any] = {
    LifeIn.CAMPAIGNS: _l("cuộc bầu cử"),
    LifeIn.YEARS: _l("năm"),
}

LEVELS: Mapping[WeightOn, Any] = {
    WeightOn.PLACE: _l("Nơi bỏ phiếu"),
    WeightOn.AREA: _l("Phường, xã"),
    WeightOn.VENUE_KIND: _l("Loại địa điểm"),
    WeightOn.AREA_KIND: _l("Loại đơn vị hành chính"),
}

#: How the points at which voters are reached were found; stands beside each figure made from them.
METHODS: Mapping[DemandMethod, Any] = {
    DemandMethod.AT_PLACE: _l("cử tri tính tại nơi bỏ phiếu"),
    DemandMethod.NEIGHBOURHOODS: _l("cử tri tính tại khu phố, thôn"),
}

_FIXED: Mapping[type[Any], Mapping[Any, Any]] = {Duty: DUTIES, ZoneRule: RULES, LifeIn: LIVES}


def for_kinds(row: ForKinds, kinds: Mapping[str, KindFact]) -> str:
    """The kinds that a row is for, in words."""
    families = [label(family) for family in row.families]
    single = [in_language(kinds[code]) if code in kinds else code for code in row.kinds]
    return "; ".join([*families, *single]) or _("mọi loại")


def subject(row: Weight, ground: Ground) -> str:
    """What a factor is written for, in words; a dash where it is gone."""
    match row.on:
        case WeightOn.AREA_KIND:
            return label(AreaKind(row.subject))
        case WeightOn.VENUE_KIND:
            return label(VenueKind(row.subject))
        case WeightOn.AREA:
            return ground.wards.get(int(row.subject), UNKNOWN)
        case WeightOn.PLACE:
            area_id, name = ground.places.get(int(row.subject), (0, UNKNOWN))
            return f"{name} ({ground.wards[area_id]})" if area_id in ground.wards else name


def areas(row: Fund, ground: Ground) -> str:
    """The areas of a fund, in words."""
    names = [ground.wards.get(area_id, UNKNOWN) for area_id in row.areas]
    return ", ".join(names) or _("mọi phường, xã")


def life(row: Supply) -> str:
    """How long a kind serves, in words."""
    return UNKNOWN if row.life is None else f"{number(row.life, locale=language())} {LIVES[row.life_in]}"


def value(name: str, given: Any, ground: Ground, kinds: Mapping[str, KindFact]) -> str:
    """One value of a row, as a conflict of two people shows it."""
    if name == "boundary":
        return str(_("%(corners)s góc", corners=len(corners(given).splitlines())))
    if name in ("area_id", "areas"):
        ids = given if isinstance(given, tuple) else (given,)
        return ", ".join(ground.wards.get(one, UNKNOWN) for one in ids) or _("mọi phường, xã")
    if isinstance(given, tuple):
        return "; ".join(_one(one, kinds) for one in given) or _("mọi loại")
    if type(given) in _FIXED:
        return str(_FIXED[type(given)][given])
    return _scalar(given)


def _one(given: Any, kinds: Mapping[str, KindFact]) -> str:
    if isinstance(given, Family):
        return label(given)
    return in_language(kinds[given]) if given in kinds else str(given)


def _scalar(given: Any) -> str:
    if isinstance(given, bool):
        return str(_("có") if given else _("không"))
    if isinstance(given, int | float):
        return number(given, places=6, locale=language())
    return str(given) if given else UNKNOWN
