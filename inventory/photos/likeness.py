"""Likeness of two pictures: a difference hash of 64 bits (Krawetz 2013, "Kind of Like That"). Pure.

Each bit says whether a grey spot is darker than its right neighbour, on 9 x 8 spots. Sizes, qualities
and formats change few bits; tests/unit/test_likeness.py measures how many, and how rarely others agree.
"""

import io

from PIL import Image

WIDE, HIGH = 9, 8
#: The finer hash that confirms: 256 bits of the thumbnails, of which so many may differ.
FINE, FINE_BITS = 16, 16
#: Bits in which two pictures may differ and still count as the same one.
ALIKE_BITS = 4
_ALL = 2**64 - 1


def of(image: Image.Image) -> int:
    """The hash of a picture as a signed 64-bit number, as the column keeps it."""
    bits = _bits(image, WIDE, HIGH)
    return bits - 2**64 if bits >= 2**63 else bits


def _bits(image: Image.Image, wide: int, high: int) -> int:
    spots = image.convert("L").resize((wide, high), Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(high):
        for at in range(row * wide, row * wide + wide - 1):
            bits = bits << 1 | (spots[at] < spots[at + 1])
    return bits


def confirms(one: bytes, other: bytes) -> bool:
    """Whether two thumbnails (our own JPEGs) that hash alike are alike on closer look."""
    first, second = (_bits(Image.open(io.BytesIO(data)), FINE + 1, FINE) for data in (one, other))
    return (first ^ second).bit_count() <= FINE_BITS


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
