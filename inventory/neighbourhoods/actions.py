"""Writes of neighbourhoods: a change by hand. Files are written by import_actions.py."""

from sqlalchemy import select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.database import db
from inventory.errors import Unseen
from inventory.neighbourhoods.rules import Draft, problems
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale
from inventory.receipts import Entry
from inventory.tables.neighbourhood import Neighbourhood
from inventory.tables.place import Place
from inventory.wording import fold


@database.action
def amend(
    actor: Actor,
    campaign: CampaignSeen,
    neighbourhood_id: int,
    draft: Draft,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Change a neighbourhood; somebody else's save in between answers Stale."""
    row = db.session.get(Neighbourhood, neighbourhood_id, with_for_update=True, populate_existing=True)
    if row is None or row.campaign_id != campaign.id or not sees(actor, row.area_id):
        raise Unseen("neighbourhood", neighbourhood_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    changed = _changed(row, draft)
    if row.version != base_version and changed:
        return Stale(row.version, changed)
    wrong = (*problems(draft), *_taken(row, draft), *_elsewhere(row, draft))
    if wrong:
        return Refused(wrong)
    row.name, row.folded, row.place_id = draft.name, fold(draft.name)[:200], draft.place_id
    row.households, row.voters = draft.households, draft.voters
    row.lat, row.lon = draft.position or (None, None)
    row.source, row.licence = draft.source, draft.licence
    row.version += 1
    db.session.flush()
    receipts.keep(entry, actor.person_id, "neighbourhood.amended", row.id, row.version)
    facts_moved(campaign.id, row.area_id)
    detail = {"fields": [name for name, _was, _now in changed], "version": row.version}
    trail.record("neighbourhood.amended", "neighbourhood", row.id, row.area_id, detail)
    return Done(str(row.id), row.version)


def _taken(row: Neighbourhood, draft: Draft) -> tuple[Problem, ...]:
    holder = db.session.scalar(
        select(Neighbourhood.id).where(
            Neighbourhood.campaign_id == row.campaign_id,
            Neighbourhood.area_id == row.area_id,
            Neighbourhood.folded == fold(draft.name)[:200],
            Neighbourhood.id != row.id,
        )
    )
    return (Problem("name_taken", "Phường, xã này đã có khu phố, thôn tên đó.", "name"),) if holder else ()


def _elsewhere(row: Neighbourhood, draft: Draft) -> tuple[Problem, ...]:
    if draft.place_id is None:
        return ()
    place = db.session.get(Place, draft.place_id)
    if place is not None and place.campaign_id == row.campaign_id and place.area_id == row.area_id:
        return ()
    return (Problem("place_unknown", "Nơi bỏ phiếu này không thuộc phường, xã đó.", "place_id"),)


def _changed(row: Neighbourhood, draft: Draft) -> tuple[tuple[str, object, object], ...]:
    """What differs between the row now and what was typed, by the form's fields."""
    lat, lon = draft.position or (None, None)
    pairs = (
        ("name", row.name, draft.name),
        ("place_id", row.place_id, draft.place_id),
        ("households", row.households, draft.households),
        ("voters", row.voters, draft.voters),
        ("lat", row.lat, lat),
        ("lon", row.lon, lon),
        ("source", row.source, draft.source),
        ("licence", row.licence, draft.licence),
    )
    return tuple((name, theirs, mine) for name, theirs, mine in pairs if theirs != mine)
