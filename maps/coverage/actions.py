"""A coverage run: read the facts at one moment, compute every gap, store them with their version.

The computing holds no lock; only the rows are written in the transaction of the request. The same
facts, standard and day lead to the same gaps, so such a run is stored once and answered again.
"""

from dataclasses import fields
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inventory import database, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import day_of
from inventory.errors import Unseen
from inventory.facts import Facts
from inventory.identity import new_id
from inventory.outcomes import Done, Outcome, refuse
from inventory.snapshot import read_facts
from maps.coverage.gaps import Gap
from maps.coverage.rules import gaps, stock
from maps.tables.coverage import CoverageGap, CoverageRun

#: Two people who press at the same moment take the same number; the second tries again.
ATTEMPTS = 5
_COLUMNS = tuple(field.name for field in fields(Gap))


def run(actor: Actor | None, campaign: CampaignSeen) -> Outcome:
    """Compute and store the gaps of a campaign; `again` says that these facts (or later ones) had been.

    `actor` is None for the command. Refused while the campaign has no standard in force.
    """
    database.release()
    with database.snapshot() as session:
        try:
            facts = read_facts(session, campaign.id)
        except Unseen:
            return refuse("no_standard", "Chưa có tiêu chuẩn nào đang áp dụng nên chưa tính được.")
        known = _same(session, facts, campaign)
    if known is not None:
        return Done(known, again=True)
    begun = perf_counter()
    found = gaps(facts)
    seconds = perf_counter() - begun
    for _ in range(ATTEMPTS - 1):
        try:
            return _store(actor, campaign, facts, found, seconds)
        except IntegrityError:
            continue
    return _store(actor, campaign, facts, found, seconds)


@database.action
def _store(
    actor: Actor | None, campaign: CampaignSeen, facts: Facts, found: tuple[Gap, ...], seconds: float
) -> Outcome:
    session = database.db.session()
    known = _same(session, facts, campaign) or _newer(session, facts, campaign)
    if known is not None:
        return Done(known, again=True)
    last = session.scalar(select(func.max(CoverageRun.number)).where(CoverageRun.campaign_id == campaign.id))
    row = CoverageRun(
        id=new_id(),
        campaign_id=campaign.id,
        number=(last or 0) + 1,
        standard_id=facts.standard.id,
        facts_version=facts.version,
        area_versions={str(area): version for area, version in facts.area_versions},
        store=[[area, kind, units] for (area, kind), units in sorted(stock(facts).items())],
        read_at=facts.read_at,
        campaign_day=day_of(facts.read_at),
        person_id=actor.person_id if actor else None,
        seconds=seconds,
    )
    session.add(row)
    session.flush()
    if found:
        session.execute(insert(CoverageGap), [_row(row.id, gap) for gap in found])
    trail.record(
        "coverage.run",
        "coverage_run",
        row.id,
        detail={"number": row.number, "facts": facts.version, "gaps": len(found)},
    )
    return Done(row.id)


def _same(session: Session, facts: Facts, campaign: CampaignSeen) -> str | None:
    """The run that was computed from these very facts, for this day."""
    return session.scalar(
        select(CoverageRun.id)
        .where(
            CoverageRun.campaign_id == campaign.id,
            CoverageRun.facts_version == facts.version,
            CoverageRun.standard_id == facts.standard.id,
            CoverageRun.campaign_day == day_of(facts.read_at),
        )
        .order_by(CoverageRun.number.desc())
        .limit(1)
    )


def _newer(session: Session, facts: Facts, campaign: CampaignSeen) -> str | None:
    """A run of later facts that somebody stored meanwhile: an older picture must not become the newest."""
    return session.scalar(
        select(CoverageRun.id)
        .where(CoverageRun.campaign_id == campaign.id, CoverageRun.facts_version > facts.version)
        .order_by(CoverageRun.number.desc())
        .limit(1)
    )


def _row(run_id: str, gap: Gap) -> dict[str, Any]:
    """The columns of a gap; their names are those of its fields."""
    row = {name: getattr(gap, name) for name in _COLUMNS}
    row["run_id"] = run_id
    row["broken"] = [list(item) for item in gap.broken]
    return row
