"""Evidence of positions and answers about neighbours: written beside a record, read for its flags.

Writers are called by an action inside its savepoint, after the record's row is there. They ask nothing
where there is nothing to keep. What is kept here moves no fact: it warns a reviewer, or warns no more.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from inventory.clock import campaign_now
from inventory.database import db
from inventory.geodesy import Position
from inventory.identity import is_id
from inventory.installations.fixes import Evidence, Fix, evidence_of
from inventory.tables.field import NearAnswer, PositionEvidence
from inventory.tables.installation import Installation
from inventory.tables.person import Person

__all__ = ["Fix", "answer_near", "keep"]

#: More neighbours than this nobody is asked about.
MOST_ANSWERS = 20


def keep(
    installation_id: str,
    entry_id: str,
    fix: Fix | None,
    tap: Position | None,
    reason: str,
    person_id: int,  # noqa: ARG001 -- the entry tells who; the pair of writers is called alike
) -> None:
    """Keep how a position came about: a fix beside a tap, or the reason of a poor one.

    No row, and no question to the database, where the record alone says it. `fix` and `tap` are degrees;
    `reason` is a word of `fixes.FixReason`, alone or followed by ": " and words. Called again with the
    same entry it writes the same row.
    """
    found = evidence_of(fix, tap, reason)
    if found is None:
        return
    measured = found.fix
    row = PositionEvidence(
        installation_id=installation_id,
        entry_id=entry_id,
        fix_lat=measured.lat if measured else None,
        fix_lon=measured.lon if measured else None,
        fix_accuracy_m=measured.accuracy_m if measured else None,
        fix_age_s=measured.age_s if measured else None,
        tap_lat=found.tap[0] if found.tap else None,
        tap_lon=found.tap[1] if found.tap else None,
        apart_m=found.apart_m,
        reason=found.reason,
        at=campaign_now(),
    )
    db.session.merge(row)
    db.session.flush()


def answer_near(
    installation_id: str, answers: Sequence[tuple[str, bool]], person_id: int, entry_id: str
) -> None:
    """Keep what a person said of things of the kind near by: (the other's id, the same one or not).

    Only others of the same ward count, which whoever may write the one may see; unknown ids and the
    thing itself are passed over. A later answer about the same pair takes the place of the earlier.
    """
    said = {other: same for other, same in answers if is_id(other) and other != installation_id}
    if not said:
        return
    asked = sorted(said)[:MOST_ANSWERS]
    area = select(Installation.area_id).where(Installation.id == installation_id).scalar_subquery()
    known = db.session.scalars(
        select(Installation.id).where(Installation.id.in_(asked), Installation.area_id == area)
    )
    for other in known.all():
        db.session.merge(
            NearAnswer(
                installation_id=installation_id,
                other_id=other,
                same=said[other],
                person_id=person_id,
                entry_id=entry_id,
                at=campaign_now(),
            )
        )
    db.session.flush()


def beside(positions: Mapping[str, Position]) -> dict[str, Evidence]:
    """The evidence of the positions that things have now, by id, in one query; see `Evidence.speaks_of`."""
    if not positions:
        return {}
    row = PositionEvidence
    rows = db.session.scalars(
        select(row).where(row.installation_id.in_(sorted(positions))).order_by(row.at, row.entry_id)
    )
    found: dict[str, Evidence] = {}
    for one in rows:
        told = _evidence(one)
        if told.speaks_of(positions[one.installation_id]):
            found[one.installation_id] = told
    return found


def _evidence(row: PositionEvidence) -> Evidence:
    fix = None
    if row.fix_lat is not None and row.fix_lon is not None:
        fix = Fix(row.fix_lat, row.fix_lon, row.fix_accuracy_m, row.fix_age_s)
    tap = None if row.tap_lat is None or row.tap_lon is None else (row.tap_lat, row.tap_lon)
    return Evidence(fix, tap, row.apart_m, row.reason)


def others(near: Mapping[str, Collection[str]]) -> dict[str, dict[str, str]]:
    """Of whom a person said that they are another thing: {id: {the other's id: who said so}}.

    `near` are the neighbours to ask about, by id. One query; none where nothing has a neighbour. It does
    not matter of which of the two the answer was given; where both were asked, the newest answer counts.
    """
    pairs = {tuple(sorted((one, other))) for one, those in near.items() for other in those}
    if not pairs:
        return {}
    ids = sorted({number for pair in pairs for number in pair})
    row = NearAnswer
    rows = db.session.execute(
        select(row.installation_id, row.other_id, row.same, Person.name)
        .join(Person, Person.id == row.person_id)
        .where(row.installation_id.in_(ids), row.other_id.in_(ids))
        .order_by(row.at)
    )
    newest = {tuple(sorted((one, other))): (same, who) for one, other, same, who in rows}
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for one, those in near.items():
        for other in those:
            same, who = newest.get(tuple(sorted((one, other))), (True, ""))
            if not same:
                told[one][other] = who
    return told
