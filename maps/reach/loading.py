"""Gives a campaign the shipped parameters as rows of its own, so that its office can change them."""

from sqlalchemy import select

from inventory.database import db
from inventory.snapshot import read_kinds
from maps.reach import defaults
from maps.reach.queries import KIND_COLUMNS
from maps.tables.reach import NoiseLimitRow, ReachFigure, ReachKind, ReachSurroundings


def load(campaign_id: int) -> int:
    """Write the shipped parameters in the current transaction; how many rows, 0 where there are some.

    Wards get no rows: until somebody says otherwise they have the surroundings of their kind.
    """
    if db.session.scalar(select(ReachFigure.id).where(ReachFigure.campaign_id == campaign_id).limit(1)):
        return 0
    known = {kind.code for kind in read_kinds(db.session())}
    rows: list[object] = [
        ReachFigure(campaign_id=campaign_id, code=code, value=one.value, source=one.source, guess=one.guess)
        for code, one in defaults.scalar_texts().items()
    ]
    rows += [
        ReachSurroundings(
            campaign_id=campaign_id,
            code=one.value.code,
            name_vi=one.value.name_vi,
            name_en=one.value.name_en,
            ambient=one.value.ambient,
            loss=one.value.loss,
            source=one.source,
            guess=one.guess,
        )
        for one in defaults.surroundings()
    ]
    rows += [
        ReachKind(
            campaign_id=campaign_id,
            kind_code=one.value.code,
            source=one.source,
            guess=one.guess,
            **{name: getattr(one.value, name) for name in KIND_COLUMNS},
        )
        for one in defaults.kinds()
        if one.value.code in known
    ]
    rows += [
        NoiseLimitRow(
            campaign_id=campaign_id,
            regulation=one.value.regulation,
            in_force_from=one.value.in_force_from,
            site=one.value.site,
            hour_from=one.value.hour_from,
            hour_until=one.value.hour_until,
            limit_db=one.value.limit,
            source=one.source,
            guess=one.guess,
        )
        for one in defaults.limits()
    ]
    db.session.add_all(rows)
    db.session.flush()
    return len(rows)
