"""Where an entry belongs: the ward that the server knows, whatever the phone says of it."""

from dataclasses import dataclass

from sqlalchemy import select

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.errors import Unseen
from inventory.surveys import queries
from inventory.surveys.queries import Target
from inventory.sync.said import AnswerSaid, Decoded, FinishSaid, RecordSaid
from inventory.sync.verdicts import Verdict, held
from inventory.tables.area import Area
from inventory.tables.installation import Installation
from inventory.tables.place import Place


@dataclass
class Context:
    """How an entry is applied: whose it is and from which phone.

    Who settles a case may say `newest` (the base is what stands now, so that the phone's values win),
    another `place` than the one that is gone, and only some `fields` of an amendment.
    """

    person_id: int
    device_id: str | None = None
    newest: bool = False
    place: int | None = None
    fields: frozenset[str] | None = None


def target(
    actor: Actor, campaign: CampaignSeen, place_id: int | None, area_id: int | None
) -> Target | Verdict:
    """The place, or the whole ward where none is named; held when it is gone or no longer the person's."""
    session = db.session()
    if place_id is not None:
        place = session.get(Place, place_id)
        if place is None or place.campaign_id != campaign.id:
            return held("place_gone", known_area(area_id))
        area_id = place.area_id
    if not sees(actor, area_id):
        return held("moved_away", known_area(area_id))
    try:
        if place_id is not None:
            return queries.place(session, actor, campaign, place_id)
        return queries.ward(session, actor, campaign, area_id or 0)
    except Unseen:
        return held("place_gone", known_area(area_id))


def known_area(area_id: int | None) -> int | None:
    """The area that a phone named, if there is one of that id."""
    if area_id is None or area_id < 1:
        return None
    return db.session.scalar(select(Area.id).where(Area.id == area_id))


def area_of(entry: Decoded) -> int | None:
    """The ward that an undecided entry belongs to: of its place, of its installation, else as it says."""
    said = entry.said
    found: int | None = None
    if isinstance(said, AnswerSaid | FinishSaid | RecordSaid) and said.place is not None:
        found = db.session.scalar(select(Place.area_id).where(Place.id == said.place))
    installation = getattr(said, "installation", None)
    if found is None and installation is not None:
        found = db.session.scalar(select(Installation.area_id).where(Installation.id == installation))
    return found if found is not None else known_area(entry.area_id)
