"""Gives a campaign the shipped parameters as rows of its own, so that its office can change them."""

from typing import Any

from inventory.database import db
from inventory.snapshot import read_kinds
from maps.reach import defaults
from maps.reach.defaults import Sourced
from maps.reach.queries import KIND_COLUMNS, is_stored
from maps.tables.reach import NoiseLimitRow, ReachFigure, ReachKind, ReachSurroundings

_AROUND = ("code", "name_vi", "name_en", "ambient", "loss")
_LIMIT = ("regulation", "in_force_from", "site", "hour_from", "hour_until")


def load(campaign_id: int) -> int:
    """Write the shipped parameters in the current transaction; how many rows, 0 where there are some.

    Wards get no rows: until somebody says otherwise they have the surroundings of their kind.
    """
    if is_stored(db.session(), campaign_id):
        return 0
    known = {kind.code for kind in read_kinds(db.session())}
    rows: list[object] = [
        ReachFigure(code=code, value=one.value, **_own(campaign_id, one))
        for code, one in defaults.scalar_texts().items()
    ]
    rows += [
        ReachSurroundings(**_named(one, _AROUND), **_own(campaign_id, one)) for one in defaults.surroundings()
    ]
    rows += [
        ReachKind(kind_code=one.value.code, **_named(one, KIND_COLUMNS), **_own(campaign_id, one))
        for one in defaults.kinds()
        if one.value.code in known
    ]
    rows += [
        NoiseLimitRow(limit_db=one.value.limit, **_named(one, _LIMIT), **_own(campaign_id, one))
        for one in defaults.limits()
    ]
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)


def _own(campaign_id: int, one: Sourced[Any]) -> dict[str, Any]:
    return {"campaign_id": campaign_id, "source": one.source, "guess": one.guess}


def _named(one: Sourced[Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a parameter that have the names of columns."""
    return {name: getattr(one.value, name) for name in names}
