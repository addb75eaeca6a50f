"""A run of visits in one pass: items and ends of many places, decided one after the other, written together.

What is unusual goes one by one (push.py), and so does everything behind it that has to do with the same
place, visit or thing; other places are not kept from going together. Both ways come to the same.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import func, select

from inventory.access.permissions import Actor
from inventory.access.scope import sees
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.surveys.ground import Ground
from inventory.surveys.offline import Ended, Told
from inventory.surveys.queries import Target
from inventory.surveys.rounds import Round
from inventory.surveys.writing import Visited
from inventory.sync import bulk, visits
from inventory.sync.bulk import Bringing
from inventory.sync.runs import touched
from inventory.sync.said import AnswerSaid, Decoded, FinishSaid
from inventory.sync.things import receipt
from inventory.sync.verdicts import Answer, Verdict, detail_of, notes_of, of_outcome
from inventory.tables.field import ExpectedPhoto, FieldEntry
from inventory.vocabulary import EntryAct


def take(
    actor: Actor,
    campaign: CampaignSeen,
    entries: Sequence[Decoded],
    bringing: Bringing,
    apart: Collection[str] = (),
) -> dict[str, Answer]:
    """Store those that can be stored together; the answers by entry id. The others are not touched.

    `apart` are ids that something else of the batch speaks of: who has to do with them goes alone.
    """
    return _Run(actor, campaign, entries, bringing, apart).take()


class _Run:
    """One run on its way."""

    def __init__(
        self,
        actor: Actor,
        campaign: CampaignSeen,
        entries: Sequence[Decoded],
        bringing: Bringing,
        apart: Collection[str],
    ) -> None:
        self.actor, self.campaign, self.bringing = actor, campaign, bringing
        self.entries = entries
        self.apart = set(apart) | _photographed(entries)
        places = {_place(entry) for entry in entries}
        self.targets = {
            number: here
            for number, here in bulk.targets_of(campaign, places).items()
            if sees(actor, here.area_id)
        }
        self.came = _came(entries)

    def take(self) -> dict[str, Answer]:
        """Decide in order, then write."""
        said = [told for entry in self.entries if (told := _told(entry)) is not None]
        if not self.targets or not said:
            return {}
        ground = Ground.read(
            db.session(),
            self.campaign,
            self.actor.person_id,
            list(self.targets.values()),
            {told.visit for told in said},
        )
        self.round = Round(self.actor, self.campaign, ground, said)
        decided: list[tuple[Decoded, Verdict]] = []
        for entry in self.entries:
            verdict = self._decide(entry)
            if verdict is None:
                self.apart |= self._places(entry) | touched(entry)
            else:
                decided.append((entry, verdict))
        self.round.write()
        bulk.keep(self.campaign, self.bringing, decided)
        return {entry.id: _answer(entry, verdict) for entry, verdict in decided}

    def _places(self, entry: Decoded) -> set[str]:
        """The places of one building, which share what stands there."""
        here = self.targets.get(_place(entry))
        if here is None:
            return set()
        return {
            f"place {number}" for number, other in self.targets.items() if other.venue_id == here.venue_id
        }

    def _decide(self, entry: Decoded) -> Verdict | None:
        here, told = self.targets.get(_place(entry)), _told(entry)
        if here is None or told is None or touched(entry) & self.apart:
            return None
        done = self._apply(entry, here, told)
        if done is None:
            return None
        if isinstance(told, Told):
            self.came[told.visit] = self.came.get(told.visit, 0) + 1
        verdict = of_outcome(done, here.area_id)
        return (
            verdict if isinstance(told, Ended) else replace(verdict, left=done.left, pictured=done.pictured)
        )

    def _apply(self, entry: Decoded, here: Target, told: Told | Ended) -> Visited | None:
        if isinstance(told, Told):
            return self.round.answer(here, told, receipt(entry))
        assert isinstance(entry.said, FinishSaid)  # noqa: S101 -- by its act
        begun = told.visit in self.round.ground.visits
        if self.came.get(told.visit, 0) < (entry.said.answers or 0) or not (begun or told.empty_zones):
            return None
        return self.round.finish(here, told, receipt(entry))


def _place(entry: Decoded) -> int:
    said = entry.said
    return (said.place or 0) if isinstance(said, AnswerSaid | FinishSaid) else 0


def _told(entry: Decoded) -> Told | Ended | None:
    """What the surveys are told; None where an entry follows one whose outcome has to be looked up."""
    said = entry.said
    if isinstance(said, FinishSaid):
        return Ended(said.visit, said.empty_zones, said.note, entry.made_at)
    if not isinstance(said, AnswerSaid) or said.after is not None:
        return None
    return visits.told(entry, said, said.base)


def _photographed(entries: Sequence[Decoded]) -> set[str]:
    """Answers for which photos wait: their bytes are attached when they are stored."""
    ids = sorted(entry.id for entry in entries if isinstance(entry.said, AnswerSaid))
    row = ExpectedPhoto
    found = db.session.scalars(select(row.answer_id).where(row.answer_id.in_(ids), row.photo_id.is_(None)))
    return {number for number in found if number is not None}


def _came(entries: Sequence[Decoded]) -> dict[str, int]:
    """How many answers of the visits that end here came before."""
    ended = sorted({entry.said.visit for entry in entries if isinstance(entry.said, FinishSaid)})
    if not ended:
        return {}
    row = FieldEntry
    rows = db.session.execute(
        select(row.about, func.count())
        .where(row.about.in_(ended), row.act == EntryAct.ANSWER)
        .group_by(row.about)
    )
    return {about: count for about, count in rows if about is not None}


def _answer(entry: Decoded, verdict: Verdict) -> Answer:
    return Answer(
        entry.id,
        entry.sha256,
        verdict.outcome.value,
        subject=verdict.subject,
        version=verdict.version,
        notes=notes_of(detail_of(verdict)),
    )
