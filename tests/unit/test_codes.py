"""Short codes: one thing, one code; what a person types; a slip of one letter or one exchange is noticed."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.assignments import codes
from inventory.assignments.codes import LETTERS, Code
from inventory.identity import new_id

PLACES = st.integers(0, 2**30 - 1)
TAILS = st.integers(0, 2**40 - 1)


def uuid_with(tail: int) -> str:
    return f"01234567-89ab-7def-8123-45{tail:010x}"


def test_codes_look_as_people_expect() -> None:
    assert codes.of_place(3) == "TQ-P-VAJZB"
    assert codes.of_place(2**20).count("-") == 3
    code = codes.of_installation(new_id())
    assert [len(part) for part in code.split("-")] == [2, 3, 3, 3]
    assert not set(code[3:].replace("-", "")) & set("ILOU")


@given(place=PLACES, tail=TAILS)
def test_what_is_written_can_be_read_back(place: int, tail: int) -> None:
    assert codes.read(codes.of_place(place)) == Code("place", place)
    read = codes.read(codes.of_installation(uuid_with(tail)))
    assert read == Code("installation", tail)
    assert uuid_with(tail).endswith(read.tail)


def test_no_two_places_share_a_code() -> None:
    assert len({codes.of_place(place) for place in range(0, 2**20, 37)}) == len(range(0, 2**20, 37))


def test_neighbours_do_not_look_alike() -> None:
    pairs = [(codes.of_place(one)[5:9], codes.of_place(one + 1)[5:9]) for one in range(1, 2000)]
    differing = [sum(a != b for a, b in zip(one, other, strict=True)) for one, other in pairs]
    assert sum(differing) / len(differing) > 3


@given(tail=TAILS, chance=st.randoms(use_true_random=False))
def test_it_may_be_typed_carelessly(tail: int, chance: random.Random) -> None:
    code = codes.of_installation(uuid_with(tail))
    looks = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(chance.choice(looks.get(letter, letter + letter.lower())) for letter in code)
    typed = typed.replace("-", chance.choice(["", "-", " ", " – ", "."]))
    assert codes.read(f" {typed}\n") == Code("installation", tail)
    assert codes.read(typed[2:]) == Code("installation", tail)  # without its TQ


@given(place=PLACES, tail=TAILS, chance=st.randoms(use_true_random=False))
def test_one_wrong_letter_or_two_exchanged_are_noticed(place: int, tail: int, chance: random.Random) -> None:
    for code, fixed in ((codes.of_place(place), 3), (codes.of_installation(uuid_with(tail)), 2)):
        body = code.replace("-", "")
        at = chance.randrange(fixed, len(body))
        for letter in LETTERS:
            if letter != body[at]:
                assert codes.read(body[:at] + letter + body[at + 1 :]) is None
        other = chance.randrange(fixed, len(body))
        swapped = list(body)
        swapped[at], swapped[other] = swapped[other], swapped[at]
        if swapped != list(body):
            assert codes.read("".join(swapped)) is None


@given(text=st.text(max_size=80))
def test_anything_can_be_typed(text: str) -> None:
    read = codes.read(text)
    if read is not None:
        letters = "".join(letter for letter in text if letter.isalnum())
        assert 6 <= len(letters) <= 11


@pytest.mark.parametrize(
    "text", ["", "-", "TQ", "TQ-P", "TQ-P-", "U" * 9, "TQ-P-ÜÜÜÜÜ", "ſ" * 9, "٣" * 9, "TQ-AAA-AAA-AAA"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert codes.read(text) is None


@pytest.mark.parametrize("place", [-1, 2**30])
def test_a_place_beyond_the_codes_is_an_error_and_never_a_wrong_code(place: int) -> None:
    with pytest.raises(ValueError, match="no code"):
        codes.of_place(place)
