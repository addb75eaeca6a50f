"""A run of new installations in one pass: decided by the same rules, written in one insert for each table.

What is unusual goes one by one (push.py): a refusal, a place that is gone, an id that is taken, something
that waits for it. Both ways come to the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db, insert_many, table_of
from inventory.directory import restricted_venue
from inventory.installations import evidence, rules, surroundings
from inventory.installations.bulk import New, write_new
from inventory.installations.rules import Accepted, Surroundings, VenueSeen
from inventory.surveys import queries
from inventory.surveys.queries import Target
from inventory.sync import things
from inventory.sync.said import Decoded, RecordSaid
from inventory.sync.verdicts import Answer, Verdict, detail_of
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


def take(
    actor: Actor,
    campaign: CampaignSeen,
    entries: Sequence[Decoded],
    bringing: Bringing,
    apart: Collection[str] = (),
) -> dict[str, Answer]:
    """Store those that can be stored at once; the answers by entry id. The others are not touched.

    Who brings one of the ids in `apart` goes alone: something waits for it.
    """
    entries = [entry for entry in entries if not any(number in apart for number in entry.brings)]
    accepted = _decide(actor, campaign, entries)
    if not accepted:
        return {}
    write_new(actor, campaign, [new for _entry, new in accepted])
    for entry, new in accepted:
        said = entry.said
        assert isinstance(said, RecordSaid)  # noqa: S101 -- runs.is_new_thing
        spot = said.position
        evidence.keep(new.id, entry.id, spot.fix, spot.tap, spot.reason, bringing.person_id)
        evidence.answer_near(new.id, said.near, bringing.person_id, entry.id)
    keep(campaign, bringing, [(entry, _verdict(new)) for entry, new in accepted])
    return {entry.id: _answer(entry, new.id) for entry, new in accepted}


def _verdict(new: New) -> Verdict:
    return Verdict(EntryOutcome.STORED, subject=new.id, version=1, area_id=new.record.area_id)


def _answer(entry: Decoded, subject: str) -> Answer:
    return Answer(entry.id, entry.sha256, EntryOutcome.STORED.value, subject=subject, version=1)


def keep(campaign: CampaignSeen, bringing: Bringing, decided: Sequence[tuple[Decoded, Verdict]]) -> None:
    """Write the entries themselves, with verdicts that are in the records."""
    moment = now()
    rows = [_row(campaign, entry, verdict, bringing, moment) for entry, verdict in decided]
    insert_many(table_of(FieldEntry), rows)


def _row(
    campaign: CampaignSeen, entry: Decoded, verdict: Verdict, bringing: Bringing, moment: datetime
) -> dict[str, object]:
    return {
        "id": entry.id,
        "sha256": entry.sha256,
        "act": entry.act,
        "person_id": bringing.person_id,
        "device_id": bringing.device_id,
        "campaign_id": campaign.id,
        "area_id": verdict.area_id,
        "body": entry.body,
        "about": entry.about,
        "outcome": verdict.outcome,
        "code": "",
        "field": "",
        "detail": detail_of(verdict),
        "subject_id": verdict.subject,
        "version": verdict.version,
        "made_at": entry.made_at,
        "received_at": moment,
        "imported_by": bringing.imported_by,
        "settled_how": "",
    }


def _decide(actor: Actor, campaign: CampaignSeen, entries: Sequence[Decoded]) -> list[tuple[Decoded, New]]:
    """Those that the rules accept, with what is written for them."""
    said = {entry.id: entry.said for entry in entries if isinstance(entry.said, RecordSaid)}
    targets = targets_of(campaign, {one.place for one in said.values() if one.place is not None})
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


def targets_of(campaign: CampaignSeen, places: set[int]) -> dict[int, Target]:
    """Places of the campaign by their ids, in one query."""
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
