"""Entries about one installation: record, amend, confirm, move."""

from dataclasses import replace

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.installations import actions, evidence, rules, surroundings
from inventory.installations.fixes import position_fields
from inventory.installations.record import Record
from inventory.installations.writes import Origin
from inventory.outcomes import Done, Outcome
from inventory.receipts import Entry
from inventory.surveys.presses import blank, venue_spot
from inventory.surveys.queries import Target
from inventory.surveys.spots import Spot, choose_spot
from inventory.sync.bodies import decode
from inventory.sync.places import Context, target
from inventory.sync.said import AmendSaid, Came, ConfirmSaid, Decoded, MoveSaid, Place, RecordSaid
from inventory.sync.verdicts import APPLIED, Verdict, held, of_outcome, parked
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from inventory.vocabulary import EntryOutcome, PositionSource

Changing = AmendSaid | ConfirmSaid | MoveSaid
#: Own entries on one thing that follow each other without a network: more are not looked through.
_LONGEST_CHAIN = 100


def receipt(entry: Decoded) -> Entry:
    """The entry as actions know it."""
    return Entry(entry.id, entry.sha256)


def origin(entry: Decoded, note: str = "") -> Origin:
    """Where a change of a phone comes from; its receipt is the field entry itself."""
    return Origin(device_at=entry.made_at, part=True, offline=True, note=note)


def spot(here: Target, position: Place) -> Spot:
    """Where a new thing stands."""
    fix, tap = position.fix, position.tap
    return choose_spot(
        Spot(fix.lat, fix.lon, PositionSource.DEVICE, fix.accuracy_m, fix.age_s) if fix else None,
        Spot(*tap, PositionSource.MAP) if tap else None,
        venue_spot(here),
    )


def record_of(here: Target, said: RecordSaid, kinds: dict[str, rules.KindSeen]) -> Record:
    """The record that a phone tells, with what follows by itself from its kind."""
    fields = {"kind_code": "", **said.fields}
    thing = replace(blank(here, spot(here, said.position)), **fields)
    kind = kinds.get(thing.kind_code)
    return rules.settled(thing, kind) if kind else thing


def record(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> Verdict:
    """A new installation, under the id that the phone gave it."""
    said = entry.said
    assert isinstance(said, RecordSaid)  # noqa: S101 -- by its act
    here = target(actor, campaign, context.place or said.place, entry.area_id)
    if isinstance(here, Verdict):
        return here
    thing = record_of(here, said, surroundings.kinds())
    done = actions.record(actor, campaign, thing, receipt(entry), origin(entry), said.installation)
    if isinstance(done, Done):
        position = said.position
        evidence.keep(done.subject, entry.id, position.fix, position.tap, position.reason, context.person_id)
        evidence.answer_near(done.subject, said.near, context.person_id, entry.id)
    return of_outcome(done, here.area_id)


def change(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> Verdict:
    """A change of a known installation; parked while that is not here."""
    said = entry.said
    assert isinstance(said, Changing)  # noqa: S101 -- by its act
    row = db.session.get(Installation, said.installation)
    if row is None:
        return parked(said.installation, None)
    if not sees(actor, row.area_id):
        return held("moved_away", row.area_id)
    base = row.version if context.newest else base_of(said, context.person_id)
    if isinstance(base, str):
        return parked(base, row.area_id)
    done = _change(actor, campaign, entry, base, context)
    return of_outcome(done, row.area_id)


def _change(actor: Actor, campaign: CampaignSeen, entry: Decoded, base: int, context: Context) -> Outcome:
    said = entry.said
    if isinstance(said, MoveSaid):
        come = origin(entry, said.note)
        return actions.move(actor, campaign, said.installation, said.step, base, receipt(entry), come)
    come = origin(entry)
    if isinstance(said, ConfirmSaid):
        return actions.confirm(actor, campaign, said.installation, base, receipt(entry), come)
    assert isinstance(said, AmendSaid)  # noqa: S101 -- by its act
    place = said.position
    wanted = {**said.fields, **position_fields(place.fix, place.tap)}
    if context.fields is not None:
        wanted = {name: value for name, value in wanted.items() if name in context.fields}
    done = actions.amend(actor, campaign, said.installation, wanted, base, receipt(entry), come)
    if isinstance(done, Done):
        number = said.installation
        evidence.keep(number, entry.id, place.fix, place.tap, place.reason, context.person_id)
    return done


def base_of(said: Changing, person_id: int) -> int | str:
    """The version that the person was looking at; the id to wait for while it is not known.

    After an own entry it is the state as that one left it. One that is not in the records (a conflict, a
    refusal) left nothing: then it is what that one was based on.
    """
    for _turn in range(_LONGEST_CHAIN):
        if said.after is None:
            return said.base
        prior = left_by(said.after, said.installation, person_id)
        if isinstance(prior, str | int):
            return prior
        earlier = decode(Came(prior.id, prior.sha256, prior.body)).said
        if not isinstance(earlier, Changing):
            return 0
        said = earlier
    return 0


def left_by(entry_id: str, installation_id: str, person_id: int) -> int | str | FieldEntry:
    """The version in which an own earlier entry left a thing; its id while it has to be waited for; the
    row itself when it is not in the records. Somebody else's entry says nothing: version 0."""
    prior = db.session.get(FieldEntry, entry_id)
    if prior is None or (prior.outcome is EntryOutcome.PARKED and prior.person_id == person_id):
        return entry_id
    if prior.person_id != person_id:
        return 0
    if prior.outcome not in APPLIED:
        return prior
    left = (prior.detail or {}).get("left") or {}
    return int(left.get(installation_id) or (prior.version if prior.about == installation_id else 0))
