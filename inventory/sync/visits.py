"""Entries of a visit: one item of its checklist, and "Xong nơi này"."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import func, select

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.photos import expecting
from inventory.surveys import offline, queries
from inventory.surveys.offline import Ended, Told
from inventory.surveys.writing import Visited
from inventory.sync.places import Context, target
from inventory.sync.said import AnswerSaid, Decoded, FinishSaid
from inventory.sync.things import receipt
from inventory.sync.verdicts import APPLIED, Verdict, of_outcome, parked
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation
from inventory.tables.survey import Survey
from inventory.vocabulary import EntryAct, EntryOutcome

__all__ = ["answer", "finish", "tell_photos"]


def answer(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> Verdict:
    """One item; parked while a thing of its base, or the own answer before it, is not here."""
    said = entry.said
    assert isinstance(said, AnswerSaid)  # noqa: S101 -- by its act
    here = target(actor, campaign, context.place or said.place, entry.area_id)
    if isinstance(here, Verdict):
        return here
    if context.newest:
        base: Mapping[str, int] | str = {
            thing.id: thing.version for thing in queries.things(db.session(), campaign, here)
        }
    else:
        base = _base(said, context.person_id)
    if isinstance(base, str):
        return parked(base, here.area_id)
    done = offline.answer(actor, campaign, here, told(entry, said, base), receipt(entry))
    verdict = of_outcome(done, here.area_id)
    if not isinstance(done, Visited):
        return verdict
    return replace(verdict, left=done.left, pictured=done.pictured)


def told(entry: Decoded, said: AnswerSaid, base: Mapping[str, int]) -> Told:
    """What the surveys are told of one item, against this base."""
    place = said.position
    return Told(
        visit=said.visit,
        key=said.key,
        sent=said.sent,
        extra=said.extra,
        base=base,
        new=said.new,
        fix=place.fix,
        tap=place.tap,
        reason=place.reason,
        near=said.near,
        made_at=entry.made_at,
    )


def _base(said: AnswerSaid, person_id: int) -> Mapping[str, int] | str:
    """What the phone saw of the item, or the id to wait for."""
    base = dict(said.base)
    if said.after is not None:
        prior = db.session.get(FieldEntry, said.after)
        if prior is None:
            return said.after
        if prior.person_id == person_id:
            if prior.outcome is EntryOutcome.PARKED:
                return said.after
            if prior.outcome in APPLIED:
                base |= (prior.detail or {}).get("left") or {}
    known = set(db.session.scalars(select(Installation.id).where(Installation.id.in_(sorted(base)))))
    missing = sorted(base.keys() - known)
    return missing[0] if missing else base


def finish(actor: Actor, campaign: CampaignSeen, entry: Decoded, context: Context) -> Verdict:
    """The end of a visit; parked while its answers are not here."""
    said = entry.said
    assert isinstance(said, FinishSaid)  # noqa: S101 -- by its act
    here = target(actor, campaign, context.place or said.place, entry.area_id)
    if isinstance(here, Verdict):
        return here
    begun = db.session.get(Survey, said.visit) is not None
    if not context.newest and (_lack(said) or not (begun or said.empty_zones)):
        return parked(said.visit, here.area_id)
    ended = Ended(said.visit, said.empty_zones, said.note, entry.made_at)
    return of_outcome(offline.finish(actor, campaign, here, ended, receipt(entry)), here.area_id)


def _lack(said: FinishSaid) -> bool:
    """Whether answers that the phone counted are still on their way."""
    if not said.answers:
        return False
    came = db.session.scalar(
        select(func.count())
        .select_from(FieldEntry)
        .where(FieldEntry.about == said.visit, FieldEntry.act == EntryAct.ANSWER)
    )
    return (came or 0) < said.answers


def tell_photos(actor: Actor, campaign: CampaignSeen, entry: Decoded) -> None:
    """Photos that were told for this answer know now what they show; its row is written by now."""
    if isinstance(entry.said, AnswerSaid):
        expecting.arrived(actor, campaign, answer_id=entry.id)
