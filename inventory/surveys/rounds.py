"""A round of visits written in one pass: items and ends of many visits, one insert for each table.

    round = Round(actor, campaign, ground)
    round.answer(target, told, entry) -> Visited | None     in the order in which they came
    round.finish(target, ended, entry) -> Visited | None
    round.write()                                            inside the caller's savepoint

Each is decided by the rules that decide it alone (offline), against what the ones before it leave. None
means that something is unusual (a refusal, a conflict, a change of a known thing): nothing of it is
written, and the caller takes it alone and everything after it that has to do with the same place.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from inventory import trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.clock import campaign_now
from inventory.database import db, insert_many, table_of, upsert_many
from inventory.identity import new_id
from inventory.installations import evidence, rules, surroundings
from inventory.installations.bulk import Again, New, insert_new, line_of, write_again
from inventory.installations.rules import Accepted, SloganSeen, Surroundings, VenueSeen
from inventory.receipts import Entry
from inventory.surveys import offline
from inventory.surveys.checklist import Standing
from inventory.surveys.ground import Going, Ground
from inventory.surveys.offline import Ended, Told
from inventory.surveys.presses import Decided
from inventory.surveys.queries import Target
from inventory.surveys.writing import Visited, Written, part_entry
from inventory.tables.installation import Installation
from inventory.tables.survey import Answer, Survey
from inventory.trail import Line
from inventory.vocabulary import STANDING


class Round:
    """Entries of visits that are written together."""

    def __init__(
        self, actor: Actor, campaign: CampaignSeen, ground: Ground, told: Sequence[Told | Ended]
    ) -> None:
        self.actor, self.campaign, self.ground = actor, campaign, ground
        said = [one for one in told if isinstance(one, Told)]
        self._slogans = _slogans(said)
        self._taken = _taken(said)
        self._news: list[New] = []
        self._again: list[Again] = []
        self._visits: dict[str, Going] = {}
        self._ends: dict[str, datetime] = {}
        self._notes: dict[str, str] = {}
        self._answers: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._lines: list[Line | tuple[str, str]] = []
        self._told: list[tuple[str, Entry, Told]] = []
        self._areas: set[int] = set()

    def answer(self, target: Target, told: Told, entry: Entry) -> Visited | None:
        """One item."""
        here = self.ground.at(target)
        stood = [here[number] for number in sorted(told.base) if number in here]
        seen = all(thing.version == told.base[thing.id] for thing in stood)
        if not seen or len(stood) < len(told.base) or not self._may_visit(target, told.visit):
            return None
        sheet = self.ground.sheet(target)
        if sheet.standard_id is None:
            return None
        alone = [Standing(one.id, one.version, one.record, one.review) for one in stood]
        decided = offline.decide(sheet, told, alone)
        if not isinstance(decided, Decided):
            return None
        return self._store(target, told, [decided], entry)

    def finish(self, target: Target, ended: Ended, entry: Entry) -> Visited | None:
        """The end of a visit."""
        if not self._may_visit(target, ended.visit):
            return None
        sheet = self.ground.sheet_of_visit(target, self.ground.visits.get(ended.visit))
        if sheet.standard_id is None:
            return None
        decided, note = offline.decide_end(sheet, ended)
        if not decided and not sheet.answered:
            return None
        done = self._store(target, ended, decided, entry)
        return replace(done, notes=(*done.notes, *note)) if done else None

    def _may_visit(self, target: Target, number: str) -> bool:
        known = self.ground.visits.get(number)
        here = (self.campaign.id, target.area_id, target.place_id)
        if known is None:
            return True
        return known.is_own and (known.campaign_id, known.area_id, known.place_id) == here

    def _store(
        self, target: Target, told: Told | Ended, decided: list[Decided], entry: Entry
    ) -> Visited | None:
        """What writing.store comes to; kept for `write`."""
        parts = [self._parts(target, told, one, entry) for one in decided]
        if any(part is None for part in parts):
            return None
        visit = self.ground.visits.get(told.visit) or self.ground.begin(target, told.visit)
        self._visits[visit.id] = visit
        whole, moment = Written({}), campaign_now()
        for one, part in zip(decided, parts, strict=True):
            if part is not None:
                self._keep(target, one, part, whole)
            self._say(visit, one, moment)
        if isinstance(told, Told):
            self._told += [(number, entry, told) for number in whole.created]
        else:
            self._end(visit, told, moment)
        visit.version += 1
        act = "survey.finished" if isinstance(told, Ended) else "survey.saved"
        detail = {"place": target.place_id, "answers": len(decided)}
        self._lines.append(Line(act, "survey", visit.id, target.area_id, detail))
        self._areas.add(target.area_id)
        return Visited(
            *(visit.id, visit.version),
            left=tuple(whole.left.items()),
            created=tuple(whole.created),
            pictured=whole.pictured,
        )

    def _parts(
        self, target: Target, told: Told | Ended, one: Decided, entry: Entry
    ) -> tuple[list[New], list[Again]] | None:
        """What one item writes; None where it is more than new things and confirmed ones."""
        news: list[New] = []
        again: list[Again] = []
        for create in one.decision.creates:
            number = one.came.new_id(create.ordinal) or new_id()
            around = Surroundings(
                self.campaign.id,
                venue=_venue(target),
                slogan=self._slogans.get(create.record.slogan_id or 0),
            )
            judged = rules.decide_record(
                create.record, self.ground.kinds.get(create.record.kind_code), around
            )
            if not isinstance(judged, Accepted) or judged.record.lifecycle not in STANDING:
                return None
            if number in self._taken or any(number == new.id for new in news):
                return None
            part = part_entry(entry, one.item.key, create.ordinal)
            news.append(New(number, judged.record, part.id, told.visit, told.made_at))
        for amend in one.decision.amends:
            thing = amend.thing
            if amend.record != thing.record or any(thing.id == other.id for other in self._again):
                return None
            part = part_entry(entry, one.item.key, thing.id)
            again.append(Again(thing.id, thing.version, thing.record, part.id, told.visit, told.made_at))
        return news, again

    def _keep(
        self, target: Target, one: Decided, part: tuple[list[New], list[Again]], whole: Written
    ) -> None:
        news, again = part
        whole.left |= {thing.id: thing.version for thing in one.item.things}
        whole.pictured = None
        for create, new in zip(one.decision.creates, news, strict=True):
            whole.left[new.id] = 1
            whole.created.append(new.id)
            whole.pictured = new.id if create is one.decision.pictured else whole.pictured
            self.ground.submit(target, Standing(new.id, 1, new.record))
            self._taken.add(new.id)
            self._lines.append(line_of(new))
        if isinstance(one.decision.pictured, Standing):
            whole.pictured = one.decision.pictured.id
        for known in again:
            whole.left[known.id] = known.version
            self.ground.submit(target, self.ground.at(target)[known.id])
            self._lines.append(("again", known.id))
        self._news += news
        self._again += again

    def _say(self, visit: Going, one: Decided, moment: datetime) -> None:
        zone, kind = one.item.zone, one.decision.kind.code
        visit.answers[zone, kind] = one.decision.found
        self._answers[visit.id, zone, kind] = {
            "survey_id": visit.id,
            "zone": zone,
            "kind_code": kind,
            "found": one.decision.found,
            "note": one.came.sent.details.note[:500],
            "at": moment,
        }

    def _end(self, visit: Going, ended: Ended, moment: datetime) -> None:
        if visit.is_open:
            visit.is_open, self._ends[visit.id] = False, moment
        if ended.note:
            self._notes[visit.id] = visit.note = ended.note

    def write(self) -> None:
        """Write what was taken, counters and lines once; objects of what it touches are read again."""
        if not self._visits:
            return
        self._write_visits()
        if self._news:
            insert_new(self.actor, self.campaign, self._news)
        again = {str(line.subject_id): line for line in write_again(self.actor, self.campaign, self._again)}
        upsert_many(table_of(Answer), list(self._answers.values()), ("survey_id", "zone", "kind_code"))
        facts_moved(self.campaign.id, *self._areas)
        trail.record_all([line if isinstance(line, Line) else again[line[1]] for line in self._lines])
        self._write_evidence()
        for held in list(db.session.identity_map.values()):
            if isinstance(held, Survey | Answer):
                db.session.expire(held)

    def _write_visits(self) -> None:
        new = [visit for visit in self._visits.values() if visit.is_new]
        insert_many(table_of(Survey), [self._row(visit) for visit in new])
        for visit in new:
            visit.is_new = False
        for visit in self._visits.values():
            if visit not in new:
                values: dict[str, Any] = {"version": visit.version, "note": visit.note}
                if visit.id in self._ends:
                    values["finished_at"] = self._ends[visit.id]
                db.session.execute(update(table_of(Survey)).where(Survey.id == visit.id).values(values))

    def _row(self, visit: Going) -> dict[str, Any]:
        return {
            "id": visit.id,
            "campaign_id": visit.campaign_id,
            "area_id": visit.area_id,
            "place_id": visit.place_id,
            "standard_id": self.ground.standard_id,
            "person_id": self.actor.person_id,
            "started_at": campaign_now(),
            "finished_at": self._ends.get(visit.id),
            "note": visit.note,
            "synthetic": False,
            "version": visit.version,
        }

    def _write_evidence(self) -> None:
        for number, entry, told in self._told:
            evidence.keep(number, entry.id, told.fix, told.tap, told.reason, self.actor.person_id)
            evidence.answer_near(number, told.near, self.actor.person_id, entry.id)


def _venue(target: Target) -> VenueSeen:
    return VenueSeen(target.venue_id or 0, target.area_id, target.venue_name, target.point, target.venue_kind)


def _slogans(told: Sequence[Told]) -> dict[int, SloganSeen]:
    ids = {one.sent.details.slogan_id for one in told}
    return surroundings.slogans_by_id({number for number in ids if number is not None})


def _taken(told: Sequence[Told]) -> set[str]:
    ids = {number for one in told for number in one.new}
    if not ids:
        return set()
    return set(db.session.scalars(select(Installation.id).where(Installation.id.in_(sorted(ids)))))
