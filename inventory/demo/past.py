"""The demo's past: visits, the office's decisions and a run a week ago, in the order of time.

Every step is one transaction through the action that a person's button calls, at its own moment.
"""

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from sqlalchemy import select

from inventory.access.permissions import Actor
from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen
from inventory.clock import HA_NOI, at_moment
from inventory.database import db
from inventory.demo import world
from inventory.demo.world import Stop, Visit
from inventory.demo_steps import STEPS
from inventory.identity import uuid7
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.installations.writes import Origin
from inventory.outcomes import Done, Outcome
from inventory.receipts import Entry, entry_of
from inventory.reviews import actions as reviews
from inventory.surveys import actions as surveys
from inventory.surveys import queries
from inventory.surveys.checklist import Item, choices
from inventory.surveys.numbers import Details, Sent
from inventory.surveys.presses import ItemSent, Submission
from inventory.surveys.spots import Spot
from inventory.tables.installation import Installation, InstallationEvent, Review
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place
from inventory.tables.slogan import Slogan
from inventory.vocabulary import Condition, Lifecycle, PositionSource, ReviewState

#: What some wards still keep in store from earlier years: kind and how many.
_STORE = (("FLAG_NATIONAL", 12), ("FLAG_DECOR", 60), ("PANEL_SMALL", 1), ("BANNER_H", 1))


@dataclass
class Told:
    """What was recorded."""

    visits: int = 0
    installations: int = 0


@dataclass
class _Story:
    """What the steps share; entry ids come from the seed too, so the same seed writes the same."""

    campaign: CampaignSeen
    random: Random
    staff: Mapping[int, Actor]
    office: tuple[Actor, ...]
    slogans: tuple[int, ...]
    told: Told = field(default_factory=Told)

    def entry(self, moment: datetime) -> Entry:
        """A fresh entry at a moment."""
        number = uuid7(int(moment.timestamp() * 1000), self.random.randbytes(10))
        return entry_of(number, {"demo": number})


Step = Callable[[_Story, datetime], "Iterator[tuple[datetime, Step]]"]


def record(
    campaign: CampaignSeen, people: Mapping[str, int], wards: Mapping[str, int], random: Random
) -> Told:
    """Tell the whole past; returns what was recorded."""
    story = _Story(campaign, random, *_actors(campaign, people), _slogans(campaign))
    order = count()
    queue: list[tuple[datetime, int, Step]] = []
    for visit in world.visits(tuple(wards.values()), _stops(campaign, wards), random):
        heapq.heappush(queue, (visit.at, next(order), _visit(visit)))
    heapq.heappush(queue, (_at(12, 8), next(order), _compute))
    for turn, area in enumerate(wards.values()):
        if turn % 4 == 0:
            heapq.heappush(queue, (_at(2, 15) + timedelta(minutes=turn), next(order), _store(area)))
    last = datetime.combine(world.LAST_DAY, time(7, 0), tzinfo=HA_NOI)
    while queue:
        moment, _number, step = heapq.heappop(queue)
        if moment > last:
            break
        with at_moment(moment):
            for later, following in step(story, moment):
                heapq.heappush(queue, (later, next(order), following))
            db.session.commit()
    return story.told


def _at(day: int, hour: int) -> datetime:
    return datetime(2021, 4, day, hour, 0, tzinfo=HA_NOI)


def _actors(campaign: CampaignSeen, people: Mapping[str, int]) -> tuple[dict[int, Actor], tuple[Actor, ...]]:
    session = db.session()
    rows = session.execute(
        select(Person, PersonArea.area_id)
        .join(PersonArea, PersonArea.person_id == Person.id)
        .where(Person.id.in_(people.values()))
        .order_by(Person.id)
    )
    staff, office = {}, []
    for person, area in rows:
        granted = frozenset({area})
        actor = Actor(
            person_id=person.id,
            username=person.username,
            name=person.name,
            role=person.role,
            session_id=0,
            granted=granted,
            areas=areas_below(session, granted, campaign.tree_date),
            tree_date=campaign.tree_date,
        )
        if person.role.value == "ward_staff":
            staff[area] = actor
        elif person.role.value == "culture_office":
            office.append(actor)
    return staff, tuple(office)


def _slogans(campaign: CampaignSeen) -> tuple[int, ...]:
    query = select(Slogan.id).where(Slogan.campaign_id == campaign.id, Slogan.withdrawn_on.is_(None))
    return tuple(db.session.scalars(query.order_by(Slogan.number)))


def _stops(campaign: CampaignSeen, wards: Mapping[str, int]) -> tuple[Stop, ...]:
    rows = db.session.execute(
        select(Place.area_id, Place.id, Place.number)
        .where(Place.campaign_id == campaign.id)
        .order_by(Place.area_id, Place.number)
    )
    own_pages = [Stop(area, None, 0) for area in wards.values()]
    return (*own_pages, *(Stop(*row) for row in rows))


def _visit(visit: Visit) -> Step:
    def step(story: _Story, moment: datetime) -> Iterator[tuple[datetime, Step]]:
        session, actor = db.session(), story.staff[visit.stop.area_id]
        target = (
            queries.place(session, actor, story.campaign, visit.stop.place_id)
            if visit.stop.place_id
            else queries.ward(session, actor, story.campaign, visit.stop.area_id)
        )
        sheet = queries.sheet(session, actor, story.campaign, target)
        items = tuple(_item(story, visit, item, target.point) for item in sheet.items)
        submission = Submission(items=items, finish=True, synthetic=True)
        done = _must(surveys.save(actor, story.campaign, target, submission, story.entry(moment)))
        story.told.visits += 1
        event = InstallationEvent
        made = db.session.scalars(
            select(event.installation_id)
            .where(event.survey_id == done.subject, event.act == "recorded")
            .order_by(event.id)
        ).all()
        story.told.installations += len(made)
        for number in made:
            later = moment + timedelta(
                days=story.random.choice((1, 1, 2, 3)), minutes=story.random.randrange(90)
            )
            yield later, _decide(number)

    return step


def _item(story: _Story, visit: Visit, item: Item, point: tuple[float, float] | None) -> ItemSent:
    kind, random = item.kind, story.random
    broken = [one for one in choices(kind) if not kind.works(one) and one is not Condition.MISSING]
    seen = world.find(kind.code, item.needed, kind.bulk, broken, visit.quality, random)
    if seen.found == 0:
        return ItemSent("", item.key, Sent(quick="none", found=0))
    details = Details(
        slogan_id=random.choice(story.slogans) if kind.texted and random.random() < 0.85 else None,
        azimuth=float(random.randrange(0, 360, 15)) if kind.directional else None,
    )
    near = world.fix(*point, random) if point else None
    fix = Spot(near[0], near[1], PositionSource.DEVICE, near[2], 1.0) if near else None
    condition = seen.condition if seen.condition is not Condition.GOOD else None
    sent = Sent(kind=kind.code, found=seen.found, working=seen.working, condition=condition, details=details)
    return ItemSent("", item.key, sent, fix=fix)


def _decide(installation_id: str) -> Step:
    def step(story: _Story, moment: datetime) -> Iterator[tuple[datetime, Step]]:
        choice = world.decision(story.random)
        row = db.session.get_one(Installation, installation_id)
        review = db.session.get_one(Review, (installation_id, story.campaign.id))
        officer = story.random.choice(story.office)
        entry = story.entry(moment)
        if review.state is ReviewState.SUBMITTED and choice == "verify":
            _must(reviews.verify(officer, story.campaign, row.id, row.version, entry))
        elif review.state is ReviewState.SUBMITTED and choice == "return":
            reason = story.random.choice(("no_photo", "wrong_position", "wrong_count"))
            _must(reviews.give_back(officer, story.campaign, row.id, row.version, reason, "", entry))
        yield from ()

    return step


def _store(area_id: int) -> Step:
    def step(story: _Story, moment: datetime) -> Iterator[tuple[datetime, Step]]:
        kind, amount = story.random.choice(_STORE)
        thing = Record(
            kind, area_id, quantity=amount, working=amount, lifecycle=Lifecycle.STORED, note="Kho phường, xã"
        )
        actor = story.staff[area_id]
        origin = Origin(synthetic=True, source="demo")
        done = _must(installations.record(actor, story.campaign, thing, story.entry(moment), origin))
        story.told.installations += 1
        yield moment + timedelta(days=3), _decide(done.subject)

    return step


def _compute(story: _Story, _moment: datetime) -> Iterator[tuple[datetime, Step]]:
    if STEPS.compute:
        STEPS.compute(story.campaign)
    yield from ()


def _must(outcome: Outcome) -> Done:
    if not isinstance(outcome, Done):
        raise TypeError(f"the demo's step was not taken: {outcome}")
    return outcome
