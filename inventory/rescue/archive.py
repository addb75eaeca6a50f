"""A rescue file as bytes: the members of a stored ZIP, whole or damaged. Pure.

The phone writes the file front to back without packing (static/js/field/zip.js), each member followed by
its CRC and size. It is read the same way, front to back, because a file that was cut on its way has
lost the directory at its end but not what stands before the cut. Nothing is unpacked, so nothing can
grow; names are compared with the few that the app writes and never become paths.
"""

import re
import struct
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_LOCAL = b"PK\x03\x04"
_AFTER = b"PK\x07\x08"
_DIRECTORY = b"PK\x01\x02"
_HEAD = struct.Struct("<4sHHHHHIIIHH")
_TAIL = struct.Struct("<4sIII")
_STORED = 0
_SIZE_FOLLOWS = 0x0008
_NAME = re.compile(
    rb"manifest\.json|entries\.jsonl|drafts\.jsonl"
    rb"|photos/[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
#: A queue of 10,000 and a photo for each would be more than the largest upload holds.
MOST_MEMBERS = 12_000


@dataclass(frozen=True)
class Member:
    """One file inside: its name, where its bytes begin and end, and whether they are as they were written."""

    name: str
    start: int
    end: int
    whole: bool


def begins_like_zip(data: bytes) -> bool:
    """Whether this is a ZIP at all, going by its first bytes."""
    return data[:4] == _LOCAL


def members(data: bytes) -> Iterator[Member]:
    """The members in their order; a name that the app does not write is passed over.

    `data` may be anything that slices and finds like bytes, a mapped file too.
    """
    marks = _Marks(data)
    at, found = 0, 0
    while found < MOST_MEMBERS:
        at = data.find(_LOCAL, at)
        if at < 0:
            return
        member = _member(data, at, marks)
        if member is None:
            at += len(_LOCAL)
            continue
        found += 1
        yield member
        at = member.end


class _Marks:
    """Where members may end, found in one pass each, so that no file makes the reader look twice."""

    def __init__(self, data: bytes) -> None:
        #: start of a member → its tail, which counts exactly the bytes between; the first such tail.
        self.tails: dict[int, tuple[int, int]] = {}
        for at in _every(data, _AFTER):
            tail = data[at : at + _TAIL.size]
            if len(tail) == _TAIL.size:
                _mark, crc, packed, size = _TAIL.unpack(tail)
                if packed == size <= at:
                    self.tails.setdefault(at - size, (at, crc))
        self.next = sorted([*_every(data, _LOCAL), *_every(data, _DIRECTORY), len(data)])

    def after(self, start: int) -> int:
        """The next header at or behind `start`, or the end of the file."""
        return self.next[bisect_left(self.next, start)]


def _every(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _member(data: bytes, at: int, marks: _Marks) -> Member | None:
    """The member whose header stands here, or None when what looks like one is none."""
    head = data[at : at + _HEAD.size]
    if len(head) < _HEAD.size:
        return None
    _mark, _version, flags, method, _time, _day, crc, packed, size, name_size, extra = _HEAD.unpack(head)
    name = data[at + _HEAD.size : at + _HEAD.size + name_size]
    start = at + _HEAD.size + name_size + extra
    if method != _STORED or flags & 1 or not _NAME.fullmatch(name) or start > len(data):
        return None
    if flags & _SIZE_FOLLOWS:
        end, crc = marks.tails.get(start, (-1, 0))
        if end < 0:
            return Member(name.decode(), start, marks.after(start), whole=False)
    else:
        end = start + size
        if packed != size or end > len(data):
            return Member(name.decode(), start, marks.after(start), whole=False)
    return Member(name.decode(), start, end, zlib.crc32(data[start:end]) == crc)
