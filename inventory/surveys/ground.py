"""What the checklists of several places are made of, read at once for entries that come together.

One entry's writing changes the checklist of the next: `Ground` is kept as the records will be once all of
them are written. Its sheets are those of queries.sheet and of one visit (offline).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from inventory.campaigns import CampaignSeen, standard_in_force
from inventory.directory import standard_version
from inventory.facts import RequirementFact
from inventory.installations import surroundings
from inventory.installations.rules import KindSeen
from inventory.standards import place_checklist
from inventory.surveys import queries
from inventory.surveys.checklist import Answered, Standing, build
from inventory.surveys.queries import Sheet, Target
from inventory.tables.installation import Installation
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import PLACE_ZONES, ReviewState, Zone


@dataclass
class Going:
    """A visit as it will be: `rank` orders the open ones, the newest last; `is_new` has no row yet."""

    id: str
    place_id: int | None
    area_id: int
    campaign_id: int
    version: int
    is_open: bool
    is_own: bool
    rank: int
    is_new: bool = False
    note: str = ""
    answers: dict[tuple[Zone, str], int] = field(default_factory=dict)

    def answered(self) -> list[Answered]:
        """Its answers as a checklist takes them."""
        return [Answered(zone, kind, found) for (zone, kind), found in self.answers.items()]


class Ground:
    """Standard, kinds, things and visits of some places; `things` by venue and id."""

    def __init__(self, campaign: CampaignSeen) -> None:
        self.campaign = campaign
        self.standard_id: int | None = None
        self.kinds: dict[str, KindSeen] = {}
        self.things: dict[int, dict[str, Standing]] = {}
        self.visits: dict[str, Going] = {}
        self._rows: tuple[RequirementFact, ...] = ()

    @classmethod
    def read(
        cls,
        session: Session,
        campaign: CampaignSeen,
        person_id: int,
        targets: Collection[Target],
        named: Collection[str],
    ) -> "Ground":
        """Read for these places, in seven queries however many they are; `named` are the visits spoken of."""
        made = cls(campaign)
        made.standard_id = standard_in_force(session, campaign.id, campaign.today)
        if made.standard_id is not None:
            made._rows = standard_version(session, made.standard_id).requirements
        made.kinds = surroundings.kinds()
        venues = {target.venue_id: target.area_id for target in targets if target.venue_id is not None}
        of_places = and_(Installation.venue_id.in_(sorted(venues)), Installation.zone.in_(PLACE_ZONES))
        made.things = {venue: {} for venue in venues}
        for thing in queries.things_of(session, campaign, of_places):
            venue = thing.record.venue_id or 0
            if thing.record.area_id == venues[venue]:
                made.things[venue][thing.id] = thing
        made._read_visits(session, person_id, targets, named)
        return made

    def _read_visits(
        self, session: Session, person_id: int, targets: Iterable[Target], named: Collection[str]
    ) -> None:
        row, places = Survey, sorted({target.place_id or 0 for target in targets})
        mine = and_(
            row.campaign_id == self.campaign.id,
            row.place_id.in_(places),
            row.person_id == person_id,
            row.finished_at.is_(None),
        )
        found = session.execute(
            select(
                *(row.id, row.place_id, row.area_id, row.campaign_id, row.version, row.note),
                *(row.finished_at, row.person_id),
            )
            .where(or_(mine, row.id.in_(sorted(named))))
            .order_by(row.started_at, row.id.desc())
        ).all()
        for one in found:
            is_own = one.person_id == person_id
            self.visits[one.id] = Going(
                *(one.id, one.place_id, one.area_id, one.campaign_id, one.version),
                *(one.finished_at is None, is_own, len(self.visits)),
                note=one.note,
            )
        if self.visits:
            self._read_answers(session)

    def _read_answers(self, session: Session) -> None:
        row = Answer
        columns = select(row.survey_id, row.zone, row.kind_code, row.found)
        for one in session.execute(columns.where(row.survey_id.in_(sorted(self.visits)))):
            self.visits[one.survey_id].answers[one.zone, one.kind_code] = one.found

    def at(self, target: Target) -> dict[str, Standing]:
        """What stands at a place; places of one building share it."""
        return self.things[target.venue_id or 0]

    def sheet(self, target: Target) -> Sheet:
        """The checklist with the answers of the person's newest open visit there."""
        own = [
            visit
            for visit in self.visits.values()
            if visit.is_own and visit.is_open and visit.place_id == target.place_id
        ]
        newest = max(own, key=lambda visit: visit.rank, default=None)
        return self._sheet(target, newest)

    def sheet_of_visit(self, target: Target, visit: Going | None) -> Sheet:
        """The checklist with the answers of one visit, open or not."""
        return self._sheet(target, visit if visit and visit.place_id == target.place_id else None)

    def _sheet(self, target: Target, visit: Going | None) -> Sheet:
        rows = place_checklist(self._rows, target.venue_kind, target.area_kind)
        answers = visit.answered() if visit else []
        things = tuple(self.at(target).values())
        zones = build(target.zones, rows, self.kinds, things, answers, target.voters)
        return Sheet(target, self.standard_id, zones, self.kinds, (), None, None)

    def begin(self, target: Target, number: str) -> Going:
        """A new visit of the person."""
        going = Going(
            *(number, target.place_id, target.area_id, self.campaign.id, 0),
            *(True, True, len(self.visits)),
            is_new=True,
        )
        self.visits[number] = going
        return going

    def submit(self, target: Target, thing: Standing) -> None:
        """A thing is new, or before the office again."""
        stands = replace(thing, review=ReviewState.SUBMITTED, reason_code="", reason_field="", reason_text="")
        self.at(target)[thing.id] = stands
