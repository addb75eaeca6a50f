"""The map's pure parts: the frame, the order of the list, the columns, and Folium without user text."""

import re
from typing import Any

import pytest

from inventory.directory import PlaceName, Ward
from inventory.facts import StateFact
from inventory.positions import PlacePosition, ThingPosition
from inventory.vocabulary import (
    AreaKind,
    Channel,
    Condition,
    Figure,
    GapReason,
    Lifecycle,
    PlaceState,
    VenueKind,
    Zone,
)
from maps.coverage.gaps import Gap
from maps.coverage.summary import SpotSummary
from maps.draw import columns
from maps.draw.frame import Bounds, around, largest_part, least_zoom, round_points
from maps.draw.local_map import Assets, Parts, Tiles, parts
from maps.draw.reaches import DRAWN, legend, reaches, said
from maps.draw.rows import (
    Filters,
    PlaceRow,
    Soundness,
    Unrun,
    by_kind,
    by_voters_affected,
    passes,
    soundness,
    thing_passes,
)
from maps.reach import defaults
from maps.reach.reaching import Reach
from tests.worlds import KINDS, requirement

CITY = Bounds(20.91, 106.83, 21.24, 107.27)
WORDS = {
    word: word
    for word in (
        *("name", "zoom_in", "zoom_out", "tiles", "ground", "wards", "reach", "model", "things", "places"),
        "checks",
    )
}
ASSETS = Assets(("/s/l.js", "/s/c.js"), ("/s/l.css", "/s/c.css"), (("/s/land.geojson", "tq-land"),))
PAYLOADS = (
    "<img src=x onerror=window.__pwn=1>",
    "</script><script>window.__pwn=1</script>",
    "${window.__pwn=1}",
    "`+(window.__pwn=1)+`",
    "javascript:window.__pwn=1",
)


def square(west: float, south: float, side: float) -> list[list[list[float]]]:
    east, north = west + side, south + side
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def place_row(
    number: int, state: PlaceState | None, voters: int | None = 100, hidden: bool = False
) -> PlaceRow:
    place = PlaceName(
        id=number,
        area_id=1,
        number=number,
        name=f"KV {number}",
        venue_id=number,
        venue_name="Nhà",
        venue_kind=VenueKind.SCHOOL,
        voters=voters,
        synthetic=True,
    )
    spot = state and SpotSummary(number, 1, state, PlaceState.NONE, 4, 4, 3, 0, 1, 4, voters)
    at = PlacePosition(number, number, None if hidden else (20.95, 107.05), hidden, "")
    return PlaceRow(place, Ward(1, "06649", "Phường", AreaKind.PHUONG), at, spot or None, (gap(number),))


def gap(place: int) -> Gap:
    return Gap(
        *(place, 1, 7, True, True, 2, False, 1, 1, 0, 1, 2, GapReason.BROKEN, GapReason.WAITING, "x", 123.4),
        *(0, 0, (), 100),
    )


def thing(standing: int = 1, working: int = 1, **changes: Any) -> ThingPosition:
    made = ThingPosition("id", 1, 1, "banner_h", standing, working, Condition.GOOD, (20.95, 107.05), False)
    return made._replace(**changes)


def chart(**changes: object) -> Parts:
    values: dict[str, object] = {"words": WORDS, "assets": ASSETS, "credit": ("Ranh giới tham khảo",)}
    return parts(CITY, CITY.wider(), **{**values, **changes})  # type: ignore[arg-type]


def test_the_map_opens_at_the_mainland_and_not_at_the_islets() -> None:
    ward = {"type": "MultiPolygon", "coordinates": [square(107.4, 20.5, 0.001), square(107.0, 20.9, 0.1)]}
    assert around([ward, None]) == Bounds(20.9, 107.0, 21.0, 107.1)
    assert around([None]) is None


def test_largest_part_of_a_plain_polygon_is_its_ring() -> None:
    ring = square(1, 2, 3)
    assert largest_part({"type": "Polygon", "coordinates": ring}) == ring[0]


def test_the_limits_lie_round_the_wards_and_the_least_zoom_shows_them_on_a_narrow_phone() -> None:
    limits = CITY.wider()
    assert limits.south < CITY.south < CITY.north < limits.north
    assert limits.west < CITY.west < CITY.east < limits.east
    zoom = least_zoom(limits)
    assert (limits.east - limits.west) * 256 * 2**zoom / 360 <= 300
    assert least_zoom(round_points([(20.9, 107.0)]) or CITY) <= 16


def test_folium_writes_the_same_bytes_every_time() -> None:
    assert chart() == chart()


def test_folium_asks_nothing_outside_and_writes_no_style_and_no_handler() -> None:
    made = chart()
    everything = made.header + made.body + made.script
    assert not re.findall(r"(?:https?:)?//[\w.-]+\.\w+", everything)
    assert "jquery" not in everything.lower()
    assert "bootstrap" not in everything.lower()
    assert "<style" not in everything
    assert not re.search(r"\son\w+=", made.header + made.body)
    assert re.findall(r'(?:src|href)="([^"]+)"', made.header) == [
        "/s/l.js",
        "/s/c.js",
        "/s/l.css",
        "/s/c.css",
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_that_folium_gets_cannot_leave_their_string(payload: str) -> None:
    made = chart(credit=(payload,), words=dict.fromkeys(WORDS, payload) | {"wards": "w", "reach": "r"})
    assert "<img" not in made.header + made.body + made.script
    assert "</script>" not in made.script
    assert "`" not in re.sub(r'"(?:[^"\\]|\\.)*"', '""', made.script)


def test_tiles_come_with_their_owners_credit_instead_of_our_ground() -> None:
    made = chart(tiles=Tiles("https://tiles.example.vn/{z}/{x}/{y}.png", "© <b>A</b>"))
    assert "https://tiles.example.vn/{z}/{x}/{y}.png" in made.script
    assert "land.geojson" not in made.script
    assert "<b>" not in made.script
    assert "land.geojson" in chart().script


def test_the_list_begins_with_the_gap_that_affects_most_voters() -> None:
    rows = [
        place_row(1, PlaceState.COMPLETE, 900),
        place_row(2, PlaceState.NOT_SURVEYED, 800),
        place_row(3, PlaceState.PARTLY, 100),
        place_row(4, PlaceState.NONE, 300),
        place_row(5, None, 850),
        place_row(6, PlaceState.PARTLY, None),
    ]
    found = by_voters_affected(rows, Figure.REPORTED)
    assert [row.place.id for row in found] == [4, 3, 6, 5, 2, 1]


def test_a_place_that_no_run_counted_is_not_computed_and_meets_nothing() -> None:
    row = place_row(1, None)
    assert row.state(Figure.REPORTED) is Unrun.NOT_COMPUTED
    assert row.met(Figure.VERIFIED) == 0


def test_filters_let_through_what_they_name() -> None:
    row = place_row(1, PlaceState.PARTLY)
    assert passes(row, Filters(ward=1, state=PlaceState.PARTLY))
    assert not passes(row, Filters(ward=2))
    assert not passes(row, Filters(state=PlaceState.PARTLY, figure=Figure.VERIFIED))
    assert thing_passes(thing(), Filters(kind="banner_h", soundness=Soundness.WORKS))
    assert not thing_passes(thing(3, 1), Filters(soundness=Soundness.WORKS))
    assert not thing_passes(thing(), Filters(kind="flag"))


def test_soundness_tells_all_some_and_none_apart() -> None:
    assert [soundness(thing(3, n)) for n in (3, 1, 0)] == list(Soundness)
    line = by_kind([thing(), thing(2, 1), thing(1, 0)], KINDS)[0]
    assert (line.records, line.works, line.in_part, line.broken) == (3, 1, 1, 1)


def test_a_hidden_position_takes_the_distances_with_it() -> None:
    rows = [place_row(1, PlaceState.PARTLY), place_row(2, PlaceState.PARTLY, hidden=True)]
    told = columns.places(rows, {7: "Băng rôn"}, ())["places"]
    assert told["lat"] == [20.95, None]
    assert told["hidden"] == [0, 1]
    assert [gaps[0][6] for gaps in told["gaps"]] == [123, None]
    assert told["gaps"][0][0] == [0, 2, 1, 2, 2, 3, 123, -1]


def test_things_without_a_position_are_counted_and_not_sent() -> None:
    told = columns.things([thing(), thing(at=None)], KINDS, lambda kind: kind.name_vi, ())
    assert told["total"] == 2
    assert told["things"]["id"] == ["id"]


def test_reach_names_each_kind_that_a_distance_counts_for() -> None:
    standard = (
        requirement(1, "speaker", within_m=300.0),
        requirement(2, None, within_m=250.0),
        requirement(3),
    )
    told = dict(zip([kind.code for kind in KINDS], columns.reach(KINDS, standard), strict=True))
    assert told["speaker"] == [300.0]
    assert told["banner_h"] == told["banner_v"] == [250.0]
    assert told["board"] == []


REACH = Reach(defaults.model([(1, AreaKind.PHUONG)]))


def standing(kind: str, azimuth: float | None = None, working: int = 1, **changes: Any) -> ThingPosition:
    state = StateFact(
        *(kind, Zone.GATE, 1, 1, 1, working, Lifecycle.IN_USE, Condition.GOOD, 20.95, 107.05),
        azimuth=azimuth,
        **changes,
    )
    return thing(kind=kind, working=working, state=state)


def of_channel(channel: Channel) -> str:
    return next(kind.code for kind in REACH.model.kinds if kind.channel is channel)


def test_what_works_is_drawn_as_far_as_the_model_says_and_nothing_else_is() -> None:
    speaker, flag = of_channel(Channel.HEARING), of_channel(Channel.PRESENCE)
    rows = [standing(speaker), standing(speaker, working=0), standing(flag), standing("unknown"), thing()]
    found = reaches(REACH, rows)
    assert [len(of) for of in found.of] == [1, 0, 0, 0, 0]
    ((shape, axis),) = found.of[0]
    assert axis is None
    assert found.shapes[shape][2] == round(REACH.radius_of_new(speaker, 1))


def test_things_that_look_elsewhere_share_a_shape_and_keep_their_axis() -> None:
    speaker = of_channel(Channel.HEARING)
    azimuths = (0.0, 90.0, 359.6)
    rows = [standing(speaker, azimuth) for azimuth in azimuths]
    found = reaches(REACH, rows)
    assert len({of[0][0] for of in found.of}) == 1
    for row, of in zip(rows, found.of, strict=True):
        assert row.state is not None
        wanted = REACH.outline(row.state, 1)
        assert sorted(axis or 0 for _shape, axis in of) == sorted(
            round(sector.azimuth or 0) % 360 for sector in wanted
        )


def test_wherever_a_radius_is_drawn_the_models_name_and_target_are_told() -> None:
    channels = [channel for channel, _words in legend(REACH, "vi")]
    assert channels == list(DRAWN)
    assert all(words.message for _channel, words in legend(REACH, "vi"))
    told = said(REACH, KINDS, "vi")
    assert len(told) == len(KINDS)
    data = columns.things(
        [standing(of_channel(Channel.HEARING))], KINDS, str, (), columns.Model(REACH, ["x"])
    )
    assert data["model"]["said"] == ["x"]
    assert len(data["model"]["of"]) == len(data["things"]["id"])
