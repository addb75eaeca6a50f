"""The pure rules of catalogues: typed numbers, rows of a standard, versions, kinds, slogans."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.catalogues.kind_rules import KindWords, code_problem, kind_problems, shape_problem
from inventory.catalogues.numbers import decimal, whole
from inventory.catalogues.requirement_rules import (
    Counted,
    RequirementWords,
    changes,
    difference,
    force_problem,
    moved,
    requirement_problems,
)
from inventory.catalogues.slogan_rules import SloganWords, Withdrawal, slogan_problems, withdrawal_problems
from inventory.vocabulary import AppliesTo, Condition, Family, VenueKind, Zone
from inventory.wording import number

TODAY, ELECTION = date(2021, 4, 19), date(2021, 5, 23)
FLAG = RequirementWords("G1", "Quốc kỳ", "", Zone.GATE, Family.FLAG, "FLAG", "FLAG", 1)
KINDS = {"FLAG": Family.FLAG, "POLE": Family.FLAG, "BANNER": Family.BANNER}


# --- numbers --------------------------------------------------------------------------------


@given(st.integers(0, 999_999_999))
def test_a_whole_number_reads_back_as_it_is_written(value: int) -> None:
    assert whole(number(value)) == value == whole(str(value))


@given(st.integers(0, 999_999_999))
def test_a_decimal_reads_back_as_it_is_written(thousandths: int) -> None:
    value = thousandths / 1000
    assert decimal(number(value, 3)) == value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1.200", 1200.0),
        ("1.200,5", 1200.5),
        ("0,8", 0.8),
        ("0.8", 0.8),
        ("0.125", 0.125),
        ("6.5", 6.5),
        ("1.234.567", 1234567.0),
        ("1 200", 1200.0),
    ],
)
def test_dots_stand_between_thousands_where_they_can(text: str, read: float) -> None:
    assert decimal(text) == read


@pytest.mark.parametrize(
    "text",
    ["", "-1", "1,2,3", "1.2.3", "1e3", "NaN", "inf", "½", "١٢", "1.20,5", "9" * 40, "12 m", "+3", ","],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert decimal(text) is None
    assert whole(text) is None


@pytest.mark.parametrize("text", ["1.5", "1,5", "1.20", "0.125"])
def test_a_part_is_no_whole_number(text: str) -> None:
    assert whole(text) is None


# --- standards ------------------------------------------------------------------------------


def codes(found: tuple[object, ...]) -> list[str]:
    return [problem.code for problem in found]  # type: ignore[attr-defined]


def test_a_sound_row_has_no_problem() -> None:
    assert requirement_problems(FLAG, KINDS, frozenset()) == ()
    family = replace(FLAG, kind_code=None, per_voters=1000, within_m=125.0, minimum=0)
    assert requirement_problems(family, KINDS, frozenset({"G2"})) == ()
    heard = replace(FLAG, family=Family.BANNER, kind_code="BANNER", priced_kind_code="BANNER", by_reach=True)
    assert requirement_problems(heard, KINDS, frozenset()) == ()


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"within_m": 100.0}, "both", "within_m"),
        ({"zone": Zone.PUBLIC}, "reach_area", "counted"),
        ({"family": Family.FLAG, "kind_code": "FLAG", "priced_kind_code": "FLAG"}, "reach_family", "counted"),
    ],
)
def test_a_row_by_reach_is_a_places_and_of_what_is_heard_or_read(
    changes: dict[str, object], code: str, field: str
) -> None:
    heard = replace(FLAG, family=Family.BANNER, kind_code="BANNER", priced_kind_code="BANNER", by_reach=True)
    found = requirement_problems(replace(heard, **changes), KINDS, frozenset())  # type: ignore[arg-type]
    assert [(problem.code, problem.field) for problem in found] == [(code, field)]


def test_what_counts_is_here_within_or_by_reach() -> None:
    rows = (FLAG, replace(FLAG, within_m=9.0), replace(FLAG, by_reach=True))
    assert [row.counted for row in rows] == [Counted.HERE, Counted.WITHIN, Counted.REACH]
    assert changes(rows[1], rows[2]) == (
        ("counted", Counted.WITHIN, Counted.REACH),
        ("within_m", 9.0, None),
    )


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"minimum": 0}, "nothing", "minimum"),
        ({"minimum": 1001}, "minimum", "minimum"),
        ({"per_voters": 0}, "per_voters", "per_voters"),
        ({"within_m": 0.0}, "within", "within_m"),
        ({"within_m": 10_001.0}, "within", "within_m"),
        ({"zone": Zone.PUBLIC, "within_m": 100.0}, "within_area", "within_m"),
        ({"zone": Zone.MOBILE, "venue_kinds": (VenueKind.SCHOOL,)}, "venue_kinds", "venue_kinds"),
        ({"kind_code": "NONE"}, "kind", "what"),
        ({"kind_code": "BANNER"}, "kind", "what"),
        ({"kind_code": None, "priced_kind_code": "BANNER"}, "priced", "priced_kind_code"),
        ({"kind_code": None, "priced_kind_code": ""}, "priced", "priced_kind_code"),
        ({"code": "G9"}, "taken", "code"),
    ],
)
def test_a_wrong_row_is_told_at_its_field(changes: dict[str, object], code: str, field: str) -> None:
    found = requirement_problems(replace(FLAG, **changes), KINDS, frozenset({"G9"}))  # type: ignore[arg-type]
    assert [(problem.code, problem.field) for problem in found] == [(code, field)]


def test_what_a_row_applies_to_follows_from_its_zone() -> None:
    applies = {zone: replace(FLAG, zone=zone).applies_to for zone in Zone}
    assert [zone for zone, to in applies.items() if to is AppliesTo.AREA] == [Zone.PUBLIC, Zone.MOBILE]


def test_two_versions_differ_row_by_row_under_their_codes() -> None:
    other, third = replace(FLAG, code="G2"), replace(FLAG, code="G3")
    found = difference([FLAG, other], [third, replace(FLAG, minimum=2, guess=True)])
    assert (found.added, found.removed, found.same) == ((third,), (other,), 0)
    assert found.changed[0].fields == (("minimum", 1, 2), ("guess", False, True))
    assert difference([FLAG, other], [other, FLAG]).same == 2


_rows = st.lists(st.sampled_from(Zone), min_size=1, max_size=12).map(
    lambda zones: [(number, zone) for number, zone in enumerate(zones)]
)


@given(_rows, st.data(), st.booleans())
def test_a_row_moves_one_step_inside_its_zone_and_back(
    rows: list[tuple[int, Zone]], data: st.DataObject, up: bool
) -> None:
    row = data.draw(st.sampled_from(rows))[0]
    zones = dict(rows)
    order = moved(rows, row, up)
    if order is None:
        return
    assert sorted(order) == sorted(zones)
    for zone in set(zones.values()) - {zones[row]}:
        assert [one for one in order if zones[one] is zone] == [one for one, its in rows if its is zone]
    assert moved([(one, zones[one]) for one in order], row, not up) == [one for one, _zone in rows]


@pytest.mark.parametrize(
    ("day", "rows", "begun", "code"),
    [
        (TODAY, 0, False, "empty"),
        (date(2021, 4, 18), 3, True, "past"),
        (date(2021, 5, 24), 3, False, "late"),
        (date(2021, 3, 1), 3, False, None),
        (TODAY, 3, True, None),
        (ELECTION, 3, True, None),
    ],
)
def test_when_a_version_comes_into_force(day: date, rows: int, begun: bool, code: str | None) -> None:
    problem = force_problem(day, TODAY, ELECTION, rows, begun)
    assert (problem.code if problem else None) == code


# --- kinds ----------------------------------------------------------------------------------

KIND = KindWords(
    *("FLAG", Family.FLAG, "Cờ Tổ quốc", "National flag", "lá", "flag", True, False, True, False, False),
    *(1.2, 0.8, 10.0, "Quốc kỳ", True, (Condition.GOOD, Condition.FADED), (Condition.GOOD,)),
)


@pytest.mark.parametrize("code", ["", "A", "1A", "_A", "cờ", "flag", "A-B", "A B", "A" * 33, "FLAG\n", "ÁO"])
def test_a_code_has_capital_letters_digits_and_lines(code: str) -> None:
    found = code_problem(code, frozenset())
    assert found is not None
    assert found.field == "code"


def test_a_code_is_its_own() -> None:
    assert code_problem("FLAG_2", frozenset({"FLAG"})) is None
    found = code_problem("FLAG", frozenset({"FLAG"}))
    assert found is not None
    assert found.code == "taken"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"default_width_m": 0.0}, "default_width_m"),
        ({"default_height_m": 101.0}, "default_height_m"),
        ({"default_width_m": None}, "default_width_m"),
        ({"near_duplicate_m": 1001.0}, "near_duplicate_m"),
        ({"works": ()}, "works"),
        ({"works": (Condition.GOOD, Condition.TORN)}, "works"),
        ({"name_vi": "CO TO QUOC 2"}, "name_vi"),
    ],
)
def test_a_wrong_kind_is_told_at_its_field(changes: dict[str, object], field: str) -> None:
    found = kind_problems(replace(KIND, **changes), frozenset({"co to quoc 2"}))  # type: ignore[arg-type]
    assert [problem.field for problem in found] == [field]


def test_only_the_look_of_records_is_fixed() -> None:
    assert kind_problems(KIND, frozenset()) == ()
    assert shape_problem(KIND, replace(KIND, name_vi="Quốc kỳ", works=())) is None
    found = shape_problem(KIND, replace(KIND, bulk=False))
    assert found is not None
    assert found.field == "bulk"


# --- slogans --------------------------------------------------------------------------------


def test_a_text_stands_once_in_force_and_is_not_issued_after_the_election() -> None:
    words = SloganWords(1, "Bầu cử là quyền của mỗi công dân!", "Công văn 1", TODAY)
    assert slogan_problems(words, frozenset(), ELECTION) == ()
    assert codes(slogan_problems(words, frozenset({words.text}), ELECTION)) == ["twice"]
    late = replace(words, number=0, issued_on=date(2021, 5, 24))
    assert codes(slogan_problems(late, frozenset(), ELECTION)) == ["number", "issued"]


def test_a_text_is_withdrawn_between_its_day_and_today() -> None:
    assert withdrawal_problems(Withdrawal(TODAY, "sai chữ"), TODAY, TODAY) == ()
    assert codes(withdrawal_problems(Withdrawal(date(2021, 4, 20), ""), None, TODAY)) == ["later"]
    assert codes(withdrawal_problems(Withdrawal(date(2021, 4, 1), ""), TODAY, TODAY)) == ["before"]
