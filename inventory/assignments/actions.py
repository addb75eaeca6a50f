"""Writes of assignments: a ward's sharing is saved as a whole, or not at all."""

from sqlalchemy import delete, select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.assignments import queries
from inventory.assignments.rules import Given, Plan, Work, problems, version_of
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.receipts import Entry
from inventory.tables.area import Area
from inventory.tables.assignment import Assignment


@database.action
def save(
    actor: Actor, campaign: CampaignSeen, work: Work, plan: Plan, base_version: int, entry: Entry
) -> Outcome:
    """Give and take places of one ward. `base_version` is the version that the person looked at, `work` what
    the plan was made from, read a moment ago; where somebody saved in between the answer is Stale.

    No facts move: who goes where changes no figure.
    """
    if not sees(actor, work.area_id):
        raise Unseen("area", work.area_id)
    # One writer at a time in a ward; rows that refer to the area are not held up.
    db.session.execute(select(Area.id).where(Area.id == work.area_id).with_for_update(key_share=True))
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    rows = queries.of_area(db.session(), actor, campaign, work.area_id)
    version = version_of(rows)
    if not version == base_version == plan.version:
        return Stale(version, _changed(rows, plan))
    wrong = problems(work, plan.holders)
    if wrong:
        return Refused(wrong)
    _write(actor, campaign, rows, plan)
    receipts.keep(entry, actor.person_id, "assignments.saved", work.area_id, 1)
    given = {place: person for place, person in plan.holders.items() if person is not None}
    detail = {
        "given": {
            str(person): sum(one == person for one in given.values()) for person in set(given.values())
        },
        "places": sorted(plan.holders),
        "taken": len(plan.holders) - len(given),
        "team": plan.team,
    }
    trail.record("assignments.saved", "area", work.area_id, work.area_id, detail)
    return Done(str(work.area_id), 1)


def _changed(rows: tuple[Given, ...], plan: Plan) -> tuple[tuple[str, object, object], ...]:
    """Places of the plan that somebody has now: (place id, that person, the person of the plan)."""
    now = {row.place_id: row for row in rows}
    return tuple(
        (str(place), now[place].person, mine)
        for place, mine in sorted(plan.holders.items())
        if place in now and now[place].person_id != mine
    )


def _write(actor: Actor, campaign: CampaignSeen, rows: tuple[Given, ...], plan: Plan) -> None:
    of_ward = {row.place_id for row in rows} | plan.holders.keys()
    known = {
        row.place_id: row
        for row in db.session.scalars(
            select(Assignment).where(
                Assignment.campaign_id == campaign.id, Assignment.place_id.in_(sorted(of_ward))
            )
        )
    }
    gone = [known[place].id for place, person in plan.holders.items() if person is None and place in known]
    if gone:
        db.session.execute(delete(Assignment).where(Assignment.id.in_(gone)))
    for place, person in sorted(plan.holders.items()):
        if person is not None:
            _give(actor, campaign, known.get(place), place, person, plan.team)
    db.session.flush()
    _order(campaign, plan)


def _give(
    actor: Actor, campaign: CampaignSeen, row: Assignment | None, place: int, person: int, team: str
) -> None:
    if row is None:
        row = Assignment(campaign_id=campaign.id, place_id=place, version=0)
        db.session.add(row)
    elif (row.person_id, row.team) == (person, team):
        return
    row.person_id, row.team, row.version = person, team, row.version + 1
    row.assigned_by, row.assigned_at = actor.person_id, now()


def _order(campaign: CampaignSeen, plan: Plan) -> None:
    """Number the places of everybody whose way changed."""
    rows = db.session.scalars(
        select(Assignment).where(
            Assignment.campaign_id == campaign.id,
            Assignment.place_id.in_(sorted(place for order in plan.orders.values() for place in order)),
        )
    )
    position = {place: index for order in plan.orders.values() for index, place in enumerate(order)}
    for row in rows:
        if row.position != position[row.place_id]:
            row.position, row.version = position[row.place_id], row.version + 1
    db.session.flush()
