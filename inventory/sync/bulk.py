"""A run of new installations in one pass: decided by the same rules, written in one insert for each table.

What is unusual goes one by one (push.py): a refusal, a place that is gone, an id that is taken, evidence of
a position, answers about neighbours, something that waits for it. Both ways come to the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db, insert_many, table_of
from inventory.directory import restricted_venue
from inventory.installations import rules, surroundings
from inventory.installations.bulk import New, write_new
from inventory.installations.fixes import evidence_of
from inventory.installations.rules import Accepted, Surroundings, VenueSeen
from inventory.surveys import queries
from inventory.surveys.queries import Target
from inventory.sync import things
from inventory.sync.said import Decoded, RecordSaid
from inventory.sync.verdicts import Answer
from inventory.tables.area import Area
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from inventory.tables.place import Place, Venue
from inventory.vocabulary import EntryOutcome


@dataclass(frozen=True)
class Bringing:
    """Who brings them: the columns that all entries of a batch share."""

    person_id: int
    device_id: str | None
    imported_by: int | None


def is_plain(entry: Decoded) -> bool:
    """Whether an entry is a new installation at a place with nothing to keep beside it."""
    said = entry.said
    if not isinstance(said, RecordSaid) or said.place is None or said.near:
        return False
    position = said.position
    return evidence_of(position.fix, position.tap, position.reason) is None


def take(
    actor: Actor, campaign: CampaignSeen, entries: Sequence[Decoded], bringing: Bringing
) -> dict[str, Answer]:
    """Store those that can be stored at once; the answers by entry id. The others are not touched."""
    accepted = _decide(actor, campaign, entries)
    if not accepted:
        return {}
    moment = now()
    write_new(actor, campaign, [new for _entry, new in accepted])
    rows = [_row(campaign, entry, new, bringing, moment) for entry, new in accepted]
    insert_many(table_of(FieldEntry), rows)
    return {entry.id: _answer(entry, new.id) for entry, new in accepted}


def _answer(entry: Decoded, subject: str) -> Answer:
    return Answer(entry.id, entry.sha256, EntryOutcome.STORED.value, subject=subject, version=1)


def _row(
    campaign: CampaignSeen, entry: Decoded, new: New, bringing: Bringing, moment: object
) -> dict[str, object]:
    return {
        "id": entry.id,
        "sha256": entry.sha256,
        "act": entry.act,
        "person_id": bringing.person_id,
        "device_id": bringing.device_id,
        "campaign_id": campaign.id,
        "area_id": new.record.area_id,
        "body": entry.body,
        "about": entry.about,
        "outcome": EntryOutcome.STORED,
        "code": "",
        "field": "",
        "subject_id": new.id,
        "version": 1,
        "made_at": entry.made_at,
        "received_at": moment,
        "imported_by": bringing.imported_by,
        "settled_how": "",
    }


def _decide(actor: Actor, campaign: CampaignSeen, entries: Sequence[Decoded]) -> list[tuple[Decoded, New]]:
    """Those that the rules accept, with what is written for them."""
    said = {entry.id: entry.said for entry in entries if isinstance(entry.said, RecordSaid)}
    targets = _targets(campaign, {one.place for one in said.values() if one.place is not None})
    taken = _taken([one.installation for one in said.values()])
    kinds = surroundings.kinds({str(one.fields.get("kind_code")) for one in said.values()})
    texts = surroundings.slogans_by_id(
        {number for one in said.values() if isinstance(number := one.fields.get("slogan_id"), int)}
    )
    accepted: list[tuple[Decoded, New]] = []
    for entry in entries:
        one = said[entry.id]
        here = targets.get(one.place or 0)
        if here is None or not sees(actor, here.area_id) or one.installation in taken:
            continue
        taken.add(one.installation)
        record = things.record_of(here, one, kinds)
        around = Surroundings(
            campaign_id=campaign.id, venue=_venue(here), slogan=texts.get(record.slogan_id or 0)
        )
        decided = rules.decide_record(record, kinds.get(record.kind_code), around)
        if isinstance(decided, Accepted):
            new = New(one.installation, decided.record, entry.id, device_at=entry.made_at)
            accepted.append((entry, new))
    return accepted


def _venue(here: Target) -> VenueSeen:
    return VenueSeen(here.venue_id or 0, here.area_id, here.venue_name, here.point, here.venue_kind)


def _targets(campaign: CampaignSeen, places: set[int]) -> dict[int, Target]:
    rows = db.session.execute(
        select(
            *(Place, Venue, Area.name.label("area"), Area.kind.label("area_kind")),
            restricted_venue(campaign.id).label("restricted"),
        )
        .join(Venue, and_(Venue.id == Place.venue_id, Venue.area_id == Place.area_id))
        .join(Area, Area.id == Place.area_id)
        .where(Place.id.in_(sorted(places)), Place.campaign_id == campaign.id)
    )
    return {row.Place.id: queries.target_of(row) for row in rows}


def _taken(ids: Sequence[str]) -> set[str]:
    return set(db.session.scalars(select(Installation.id).where(Installation.id.in_(sorted(set(ids))))))
