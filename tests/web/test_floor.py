"""The floor stands: the service starts, errors have their sentences, nobody gets in without signing in."""

from flask import Flask

from inventory import trail
from inventory.database import db
from tests.city import City


def test_the_chain_holds_and_the_table_refuses_changes(app: Flask, city: City) -> None:
    with app.app_context():
        for number in range(3):
            trail.record("tried", "test", number)
        db.session.commit()
        assert trail.verify(db.session()) is None
        assert trail.head(db.session())[0] == 3
