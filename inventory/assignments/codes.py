"""Short codes: what a label and a route sheet carry for people to read, type and scan. Pure.

A code is no address: it stays true when the service moves. `TQ-P-7K3M9` is a polling place, `TQ-7K3-M9F-2XC`
an installation. The letters are Crockford's 32 (no I, L, O, U); the last one checks the others. What a person
types is read in either case, with or without dashes and the leading TQ, O as 0, I and L as 1.
static/js/field/codes.js is the same in JavaScript; tests/browser/test_assignments.py holds both together.

A place's number is its id, mixed, so that two places of a ward do not look alike; it can be read back. An
installation's is the last 40 of the 62 random bits of its UUIDv7, so it can be made on a phone without
asking anybody. Among n things some two share a code with probability 1 − e^(−n²/2⁴¹) (birthday bound): 0.1 %
at 50,000, 37 % at 1,000,000, where one given code is shared with probability 10⁻⁶. Whoever looks a code up
therefore gets a list.

The check letter makes Σ dᵢ·αⁱ = 0 in GF(32) (α a root of x⁵ + x² + 1): the weights of fewer than 32 letters
are all different, so every single wrong letter and every two letters that changed places are noticed.
"""

from dataclasses import dataclass
from typing import Literal

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(LETTERS)} | {"O": 0, "I": 1, "L": 1}
_BETWEEN = frozenset(" \t\r\n\u00a0-\u2013\u2014._")
_POLYNOMIAL = 0b100101
_PREFIX, _PLACE = "TQ", "P"
#: Letters of a place's number (the first that holds it) and of an installation's.
_PLACE_LETTERS = (4, 6)
_THING_LETTERS = 8
#: An odd factor, whose product modulo a power of two can be undone.
_MIX = 0x9E375
_HEX = 10


@dataclass(frozen=True)
class Code:
    """A code that was read: of a place (`value` is its id) or of an installation (its last 40 bits)."""

    of: Literal["place", "installation"]
    value: int

    @property
    def tail(self) -> str:
        """The last ten hexadecimal digits of the installation's id."""
        return f"{self.value:0{_HEX}x}"


def of_place(place_id: int) -> str:
    """The code of a polling place. ValueError for an id below 0 or from 2³⁰."""
    for letters in _PLACE_LETTERS:
        size = 1 << 5 * letters
        if 0 <= place_id < size:
            body = _checked(_PLACE + _written(place_id * _MIX % size, letters))[1:]
            return "-".join(part for part in (_PREFIX, _PLACE, body[:4] + body[4:5], body[5:]) if part)
    raise ValueError(f"no code for place {place_id}")


def of_installation(installation_id: str) -> str:
    """The code of an installation: of the last 40 bits of its UUID. ValueError when it is none."""
    body = _checked(_written(int(installation_id[-_HEX:], 16), _THING_LETTERS))
    return "-".join((_PREFIX, body[:3], body[3:6], body[6:]))


def read(text: str) -> Code | None:
    """What a person typed or a camera read; None when it is no code, or one with a mistake in it."""
    body = "".join(letter for letter in text[:64] if letter not in _BETWEEN)
    values = [_VALUES.get(letter.upper() if letter.isascii() else "") for letter in body]
    known = [value for value in values if value is not None]
    if len(known) != len(body):
        return None
    plain = "".join(LETTERS[value] for value in known)
    # The lengths with and without the prefix are all different but for 8, where P and T tell them apart.
    return _bare(plain) or (_bare(plain[2:]) if plain.startswith(_PREFIX) else None)


def _bare(body: str) -> Code | None:
    """A code without its prefix."""
    if _sum(body) != 0:
        return None
    if len(body) == _THING_LETTERS + 1:
        return Code("installation", _number(body[:-1]))
    letters = len(body) - 2
    if body[:1] != _PLACE or letters not in _PLACE_LETTERS:
        return None
    size = 1 << 5 * letters
    place_id = _number(body[1:-1]) * pow(_MIX, -1, size) % size
    # A small id is only ever written in the short form: one place, one code.
    return Code("place", place_id) if letters == _PLACE_LETTERS[0] or place_id >> 20 else None


def _written(value: int, letters: int) -> str:
    """A number in so many letters, the highest first."""
    return "".join(LETTERS[value >> 5 * place & 31] for place in reversed(range(letters)))


def _number(body: str) -> int:
    value = 0
    for letter in body:
        value = value << 5 | _VALUES[letter]
    return value


def _checked(body: str) -> str:
    return body + LETTERS[_times_alpha(_sum(body))]


def _sum(body: str) -> int:
    """Σ dᵢ·αⁱ by Horner's rule, the last letter at α⁰."""
    total = 0
    for letter in body:
        total = _times_alpha(total) ^ _VALUES[letter]
    return total


def _times_alpha(value: int) -> int:
    doubled = value << 1
    return doubled ^ _POLYNOMIAL if doubled & 32 else doubled
