"""Facts of a past day: computed from the events, they are what was read live at that day's end."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

import pytest
from flask import Flask

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import HA_NOI, at_moment, day_of, end_of
from inventory.database import db
from inventory.errors import Unseen
from inventory.facts import Facts
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.lifecycle import next_steps
from inventory.installations.record import Record
from inventory.outcomes import Done, Outcome
from inventory.past import read_facts_on
from inventory.receipts import entry_of
from inventory.reviews import actions as reviews
from inventory.snapshot import read_facts
from inventory.tables.campaign import Campaign
from inventory.tables.installation import Installation
from inventory.tables.standard import Standard
from inventory.tables.survey import Answer, Survey
from inventory.vocabulary import Condition, PositionSource, Zone
from tests.city import City
from tests.web.furnished import acting

DAYS = tuple(date(2021, 4, 10) + timedelta(days=number) for number in range(5))
KINDS = ("BANNER_H", "FLAG_DECOR", "SPK_CLUSTER_FM", "PANEL_SMALL")


class Story:
    """People at work: each `step` is one random press, which may as well be refused."""

    def __init__(self, city: City, seed: int) -> None:
        self.city, self.random = city, Random(seed)
        self.ward: Actor
        self.ward, self.campaign = acting(city.people["ward_staff"])
        self.office: Actor = acting(city.people["culture_office"])[0]
        self.things: list[str] = []

    def step(self, campaign: CampaignSeen) -> str:
        """One press; what was pressed."""
        acts = ("record", "amend", "amend", "move", "confirm", "revert", "verify", "verify", "back", "visit")
        act = self.random.choice(acts) if self.things else "record"
        outcome = getattr(self, act)(campaign)
        return act if isinstance(outcome, Done) else ""

    def record(self, campaign: CampaignSeen) -> Outcome:
        """A new thing, with all that reach depends on."""
        random = self.random
        kind = random.choice(KINDS)
        spot = random.random() < 0.7
        thing = Record(
            kind,
            self.city.ward_a,
            venue_id=random.choice((None, *self.city.venues_a)),
            zone=random.choice((Zone.GATE, Zone.PUBLIC)),
            quantity=5 if kind == "FLAG_DECOR" else 1,
            working=5 if kind == "FLAG_DECOR" else 1,
            lat=20.95 + random.random() / 100 if spot else None,
            lon=107.01 if spot else None,
            accuracy_m=random.choice((None, 4.0, 30.0)) if spot else None,
            position_source=PositionSource.DEVICE if spot else None,
            azimuth=random.choice((None, 0.0, 135.0)) if kind != "FLAG_DECOR" else None,
        )
        done = installations.record(self.ward, campaign, thing, entry_of(new_id(), {}))
        if isinstance(done, Done):
            self.things.append(done.subject)
        return done

    def _thing(self) -> Installation:
        return db.session.get_one(Installation, self.random.choice(self.things), populate_existing=True)

    def amend(self, campaign: CampaignSeen) -> Outcome:
        """Another condition, another spot."""
        row = self._thing()
        bulk = row.kind_code == "FLAG_DECOR"
        wanted = {
            "condition": self.random.choice((Condition.GOOD, Condition.TORN)),
            "venue_id": self.random.choice((None, *self.city.venues_a)),
            **(
                {"working": self.random.randrange(5)}
                if bulk
                else {"width_m": float(self.random.randint(1, 6))}
            ),
        }
        return installations.amend(self.ward, campaign, row.id, wanted, row.version, entry_of(new_id(), {}))

    def move(self, campaign: CampaignSeen) -> Outcome:
        """The next step of its life."""
        row = self._thing()
        step = self.random.choice(next_steps(row.lifecycle) or (row.lifecycle,))
        return installations.move(self.ward, campaign, row.id, step, row.version, entry_of(new_id(), {}))

    def confirm(self, campaign: CampaignSeen) -> Outcome:
        """Still as recorded."""
        row = self._thing()
        return installations.confirm(self.ward, campaign, row.id, row.version, entry_of(new_id(), {}))

    def revert(self, campaign: CampaignSeen) -> Outcome:
        """Back to before an event."""
        row, number = self._thing(), self.random.randint(1, 4)
        entry = entry_of(new_id(), {})
        return installations.revert(self.ward, campaign, row.id, number, row.version, entry)

    def verify(self, campaign: CampaignSeen) -> Outcome:
        """The office verifies."""
        row = self._thing()
        return reviews.verify(self.office, campaign, row.id, row.version, entry_of(new_id(), {}))

    def back(self, campaign: CampaignSeen) -> Outcome:
        """The office returns."""
        row, entry = self._thing(), entry_of(new_id(), {})
        return reviews.give_back(self.office, campaign, row.id, row.version, "no_photo", "", entry)

    def visit(self, campaign: CampaignSeen) -> Outcome:
        """A visit with an answer, finished or still open."""
        place = self.random.choice((None, *self.city.places_a))
        finished = self.random.random() < 0.7
        ends = at(day_of(self.moment), 23, 58) if finished else None
        zone = Zone.GATE if place else Zone.PUBLIC
        visited(self.city, place, zone, self.random.choice(KINDS), self.moment, ends)
        return Done("")

    moment: datetime


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), HA_NOI)


def visited(
    city: City, place: int | None, zone: Zone, kind: str, moment: datetime, ends: datetime | None
) -> None:
    """One visit with one answer."""
    visit = Survey(
        id=new_id(),
        campaign_id=city.campaign,
        area_id=city.ward_a,
        place_id=place,
        standard_id=city.standard,
        person_id=city.people["ward_staff"],
        started_at=moment,
        finished_at=ends,
    )
    db.session.add(visit)
    db.session.flush()
    db.session.add(Answer(survey_id=visit.id, zone=zone, kind_code=kind, found=1, at=moment))
    db.session.flush()


def recorded(facts: Facts) -> tuple[object, ...]:
    """What a day has of its own."""
    return facts.installations, facts.answers, facts.standard


@pytest.mark.parametrize("seed", range(3))
def test_each_day_is_what_was_read_live_at_its_end(app: Flask, city: City, seed: int) -> None:
    with app.app_context():
        story, live, done = Story(city, seed), {}, set()
        for day in DAYS:
            for minute in sorted(story.random.sample(range(24 * 60 - 3), 16)):
                story.moment = at(day, minute // 60, minute % 60)
                with at_moment(story.moment):
                    done.add(story.step(story.campaign))
                    db.session.commit()
            with at_moment(end_of(day) - timedelta(seconds=1)):
                live[day] = read_facts(db.session(), city.campaign)
        assert done >= {"record", "amend", "move", "confirm", "verify", "back", "visit"}
        for day, facts in live.items():
            then = read_facts_on(db.session(), city.campaign, day)
            assert recorded(then) == recorded(facts)
            assert day_of(then.read_at) == day
        told = [one for facts in live.values() for one in facts.installations]
        assert {one.reported is None for one in told} == {True, False}
        assert any(one.verified and one.verified != one.reported for one in told)
        assert any(one.reported and one.reported.azimuth == 135.0 for one in told)


def test_days_before_anything_and_today(app: Flask, city: City) -> None:
    with app.app_context():
        ward, campaign = acting(city.people["ward_staff"])
        thing = Record("BANNER_H", city.ward_a, venue_id=city.venues_a[0], zone=Zone.GATE)
        with at_moment(at(DAYS[0], 23, 59)):
            assert isinstance(installations.record(ward, campaign, thing, entry_of(new_id(), {})), Done)
        before = read_facts_on(db.session(), city.campaign, DAYS[0] - timedelta(days=1))
        assert (before.installations, before.answers) == ((), ())
        assert len(before.places) == 4
        (now,) = read_facts_on(db.session(), city.campaign, DAYS[0]).installations
        assert now.reported is not None
        assert now.verified is None
        future = read_facts_on(db.session(), city.campaign, date(2999, 1, 1))
        with at_moment(at(DAYS[1], 12)):
            today = read_facts_on(db.session(), city.campaign, DAYS[1])
            live = read_facts(db.session(), city.campaign)
            assert timedelta(0) <= live.read_at - today.read_at < timedelta(minutes=1)
            assert replace(today, read_at=live.read_at) == live
        assert recorded(future) == recorded(today)


def test_another_campaigns_decisions_are_not_this_ones(app: Flask, city: City) -> None:
    """The state is the latest whoever wrote it; the review is each campaign's own."""
    with app.app_context():
        ward, campaign = acting(city.people["ward_staff"])
        office, _campaign = acting(city.people["culture_office"])
        other = db.session.get_one(Campaign, city.campaign)
        second = Campaign(
            code="thu-2",
            name="Cuộc thứ hai",
            election_day=other.election_day,
            tree_date=other.tree_date,
            decoration_deadline=other.decoration_deadline,
            root_area_id=other.root_area_id,
            open=False,
        )
        db.session.add(second)
        db.session.flush()
        elsewhere = replace(campaign, id=second.id)
        thing = Record("BANNER_H", city.ward_a, venue_id=city.venues_a[0], zone=Zone.GATE)
        with at_moment(at(DAYS[0], 8)):
            made = installations.record(ward, campaign, thing, entry_of(new_id(), {}))
            assert isinstance(made, Done)
            wanted = {"condition": Condition.TORN}
            installations.amend(ward, elsewhere, made.subject, wanted, 1, entry_of(new_id(), {}))
            assert isinstance(
                reviews.verify(office, elsewhere, made.subject, 2, entry_of(new_id(), {})), Done
            )
        db.session.commit()
        (fact,) = read_facts_on(db.session(), city.campaign, DAYS[0]).installations
        assert fact.verified is None
        assert fact.reported is not None
        assert fact.reported.condition is Condition.TORN
        assert (fact,) == read_facts(db.session(), city.campaign).installations


def test_the_standard_is_the_one_in_force_on_that_day(app: Flask, city: City) -> None:
    with app.app_context():
        second = Standard(
            campaign_id=city.campaign,
            number=2,
            name="Bản hai",
            in_force_from=DAYS[2],
            created_at=at(DAYS[0], 8),
        )
        db.session.add(second)
        db.session.flush()
        numbers = [read_facts_on(db.session(), city.campaign, day).standard.number for day in DAYS]
        assert numbers == [1, 1, 2, 2, 2]
        with pytest.raises(Unseen):
            read_facts_on(db.session(), city.campaign, date(2021, 2, 28))
        with pytest.raises(Unseen):
            read_facts_on(db.session(), 999_999, DAYS[0])
