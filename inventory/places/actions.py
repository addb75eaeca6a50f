"""Writes of places: a new polling place, a changed one. Venues are chosen, made or mended with them."""

from sqlalchemy import select

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.places.rules import PlaceDraft, VenueDraft, problems
from inventory.receipts import Entry
from inventory.tables.area import Area
from inventory.tables.place import Place, Venue
from inventory.vocabulary import PositionSource
from inventory.wording import fold


@database.action
def create(actor: Actor, campaign: CampaignSeen, draft: PlaceDraft, entry: Entry) -> Outcome:
    """Add a polling place. `Done.subject` is its id."""
    if not sees(actor, draft.area_id):
        raise Unseen("area", draft.area_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    area = db.session.get_one(Area, draft.area_id, with_for_update=True)
    wrong = (*problems(draft), *_taken(campaign, draft, None))
    if wrong:
        return Refused(wrong)
    venue = _venue(draft, None)
    if isinstance(venue, Refused):
        return venue
    row = Place(campaign_id=campaign.id, area_id=area.id, venue_id=venue.id, version=0)
    row.code = _code(campaign, area.code, draft.number)
    _fill(row, venue, draft)
    db.session.add(row)
    db.session.flush()
    return _done(actor, campaign, row, entry, "place.created")


@database.action
def amend(
    actor: Actor,
    campaign: CampaignSeen,
    place_id: int,
    draft: PlaceDraft,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Change a polling place and its venue; somebody else's save in between answers Stale."""
    row = db.session.get(Place, place_id, with_for_update=True, populate_existing=True)
    if row is None or row.campaign_id != campaign.id or not sees(actor, row.area_id):
        raise Unseen("place", place_id)
    stored = receipts.known(entry)
    if stored is not None:
        return Done(stored.subject_id, stored.version, again=True)
    if row.version != base_version:
        return Stale(row.version, _changed(row, draft))
    wrong = (*problems(draft), *_taken(campaign, draft, row.id))
    if wrong:
        return Refused(wrong)
    venue = _venue(draft, row.venue_id)
    if isinstance(venue, Refused):
        return venue
    row.venue_id = venue.id
    _fill(row, venue, draft)
    return _done(actor, campaign, row, entry, "place.amended")


def _taken(campaign: CampaignSeen, draft: PlaceDraft, own: int | None) -> tuple[Problem, ...]:
    holder = db.session.scalar(
        select(Place.id).where(
            Place.campaign_id == campaign.id,
            Place.area_id == draft.area_id,
            Place.number == draft.number,
            Place.id != (own or 0),
        )
    )
    if holder is None:
        return ()
    return (Problem("number_taken", "Phường, xã này đã có khu vực bỏ phiếu mang số đó.", "number"),)


def _code(campaign: CampaignSeen, area_code: str, number: int) -> str:
    """The ward's code and the number; a letter more where an import used that name for another."""
    base = f"{area_code}-{number:02d}"
    taken = set(
        db.session.scalars(
            select(Place.code).where(Place.campaign_id == campaign.id, Place.code.startswith(base))
        )
    )
    return next(code for code in (base, *(f"{base}-{n}" for n in range(2, 1000))) if code not in taken)


def _venue(draft: PlaceDraft, own: int | None) -> Venue | Refused:
    """The place's own venue, mended; another known one, as it is; or a new one."""
    said = draft.venue
    if said.id is None:
        row = Venue(area_id=draft.area_id, source=draft.source, licence=draft.licence, version=0)
        db.session.add(row)
    else:
        found = db.session.get(Venue, said.id, with_for_update=True, populate_existing=True)
        if found is None or found.area_id != draft.area_id:
            return refuse("venue_unknown", "Địa điểm này không thuộc phường, xã đã chọn.", "venue")
        if found.id != own or not said.name:
            return found
        row = found
    _describe(row, said)
    db.session.flush()
    return row


def _describe(row: Venue, said: VenueDraft) -> None:
    point = (row.lat, row.lon)
    before = (row.name, row.kind, row.address, *point)
    row.name, row.folded = said.name, fold(said.name)
    row.kind, row.address = said.kind, said.address
    row.lat, row.lon = said.point or (None, None)
    if (row.lat, row.lon) != point:
        row.position_source = PositionSource.MAP if said.point else None
    if (row.name, row.kind, row.address, row.lat, row.lon) != before:
        row.version += 1


def _fill(row: Place, venue: Venue, draft: PlaceDraft) -> None:
    row.number = draft.number
    row.name = draft.name or f"Khu vực bỏ phiếu số {draft.number:02d}"
    row.folded = fold(f"{row.name} {venue.name}")[:400]
    row.voters = draft.voters
    row.opens_at, row.closes_at = draft.opens_at, draft.closes_at
    row.restricted = draft.restricted
    row.source, row.licence = draft.source, draft.licence
    row.version += 1


def _done(actor: Actor, campaign: CampaignSeen, row: Place, entry: Entry, act: str) -> Done:
    db.session.flush()
    receipts.keep(entry, actor.person_id, act, row.id, row.version)
    facts_moved(campaign.id, row.area_id)
    trail.record(act, "place", row.id, row.area_id, {"number": row.number, "version": row.version})
    return Done(str(row.id), row.version)


def _changed(row: Place, draft: PlaceDraft) -> tuple[tuple[str, object, object], ...]:
    """What differs between the row now and what was typed, by the form's fields."""
    pairs = (
        ("number", row.number, draft.number),
        ("name", row.name, draft.name or row.name),
        ("voters", row.voters, draft.voters),
        ("opens_at", row.opens_at, draft.opens_at),
        ("closes_at", row.closes_at, draft.closes_at),
        ("restricted", row.restricted, draft.restricted),
        ("source", row.source, draft.source),
        ("licence", row.licence, draft.licence),
    )
    return tuple((name, theirs, mine) for name, theirs, mine in pairs if theirs != mine)
