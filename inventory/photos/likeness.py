"""Likeness of two pictures: a difference hash of 64 bits (Krawetz 2013, "Kind of Like That"). Pure.

Each bit says whether a grey spot is darker than its right neighbour, on 9 x 8 spots. Sizes, qualities
and formats change few bits; tests/unit/test_likeness.py measures how many, and how rarely others agree.
"""

from PIL import Image

WIDE, HIGH = 9, 8
#: Bits in which two pictures may differ and still count as the same one.
ALIKE_BITS = 4
_ALL = 2**64 - 1


def of(image: Image.Image) -> int:
    """The hash of a picture as a signed 64-bit number, as the column keeps it."""
    grey = image.convert("L").resize((WIDE, HIGH), Image.Resampling.BOX)
    spots = grey.tobytes()
    bits = 0
    for row in range(HIGH):
        for column in range(WIDE - 1):
            at = row * WIDE + column
            bits = bits << 1 | (spots[at] < spots[at + 1])
    return bits - 2**64 if bits >= 2**63 else bits


def apart(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return ((one ^ other) & _ALL).bit_count()


def is_plain(value: int) -> bool:
    """Whether a hash says too little: a wall or the sky is like every other wall or sky."""
    return not 6 <= (value & _ALL).bit_count() <= 58


def alike(one: int | None, other: int | None) -> bool:
    """Whether two hashes are of the same picture, as far as a hash can say."""
    if one is None or other is None or is_plain(one):
        return False
    return apart(one, other) <= ALIKE_BITS
