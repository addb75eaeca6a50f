"""The floor stands: the service starts, errors have their sentences, nobody gets in without signing in."""

from datetime import date, timedelta

from flask import Flask, Response

from inventory import trail
from inventory.clock import campaign_now, day_of, now
from inventory.database import db
from tests.city import TODAY, City
from tests.conftest import VisitorMaker


def test_the_chain_holds_and_the_table_refuses_changes(app: Flask, city: City) -> None:
    with app.app_context():
        for number in range(3):
            trail.record("tried", "test", number)
        db.session.commit()
        assert trail.verify(db.session()) is None
        assert trail.head(db.session())[0] == 3


def test_the_campaigns_clock_ends_with_its_request(app: Flask, city: City, visit: VisitorMaker) -> None:
    told: list[date] = []

    @app.after_request
    def _note(response: Response) -> Response:
        told.append(day_of(campaign_now()))
        return response

    visitor = visit("ward_staff")
    for address, status in (("/places", 200), ("/places/999999", 404)):
        told.clear()
        visitor.get(address, status)
        assert told == [TODAY]  # the pinned day, inside the request
        assert abs(campaign_now() - now()) < timedelta(minutes=1)  # the real one after it, in the same thread
