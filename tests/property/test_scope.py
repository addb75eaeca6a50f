"""`sees` and `where` say the same of every row, whatever the tree, its dates and the grants (claim 24)."""

from datetime import date, timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from inventory.access.permissions import Actor
from inventory.access.scope import areas_below, sees, where
from inventory.database import db
from inventory.tables.area import Area, AreaParent
from inventory.tables.place import Venue
from inventory.vocabulary import AreaKind, Role, VenueKind

FIRST = date(2020, 1, 1)
DAYS = st.integers(0, 40)
#: (parent's position or None, from day, length in days or None): an edge of a dated tree; cycles may arise.
EDGES = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), DAYS, st.none() | st.integers(1, 40)), max_size=14
)


def plain(granted: set[int], edges: list[tuple[int, int, int, int | None]], day: int) -> set[int]:
    """The rule in words: the granted areas, and whatever hangs below one of them on the day."""
    found = set(granted)
    while True:
        more = {
            child
            for child, parent, begin, length in edges
            if parent in found and begin <= day and (length is None or day < begin + length)
        }
        if more <= found:
            return found
        found |= more


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edges=EDGES, granted=st.sets(st.integers(0, 7), max_size=3), day=DAYS)
def test_the_check_and_the_condition_agree(
    app: Flask, edges: list[tuple[int, int, int, int | None]], granted: set[int], day: int
) -> None:
    edges = list(
        {(child, begin): (child, parent, begin, length) for child, parent, begin, length in edges}.values()
    )
    with app.app_context():
        areas = [
            Area(code=f"a{n}", kind=AreaKind.XA, name=f"Xã {n}", folded=f"xa {n}", valid_from=FIRST)
            for n in range(8)
        ]
        db.session.add_all(areas)
        db.session.flush()
        for child, parent, begin, length in edges:
            start = FIRST + timedelta(days=begin)
            end = start + timedelta(days=length) if length else None
            edge = AreaParent(
                child_id=areas[child].id, parent_id=areas[parent].id, valid_from=start, valid_to=end
            )
            db.session.add(edge)
        venues = [
            Venue(area_id=area.id, name="Nơi", folded="noi", kind=VenueKind.OTHER, synthetic=True)
            for area in areas
        ]
        db.session.add_all(venues)
        db.session.flush()
        ids = frozenset(areas[n].id for n in granted)
        today = FIRST + timedelta(days=day)
        closure = areas_below(db.session(), ids, today)
        actor = Actor(1, "x", "X", Role.WARD_STAFF, 1, ids, closure, today)
        answered = set(db.session.scalars(select(Venue.id).where(where(actor, Venue.area_id))))
        checked = {venue.id for venue in venues if sees(actor, venue.area_id)}
        expected = {venues[n].id for n in plain(granted, edges, day)}
        db.session.rollback()
    assert answered == checked == expected
