"""What a rescue file says: whose, from when, its entries and photos, and what of it cannot be read. Pure.

Nothing in it is believed: an entry counts when its text has the hash beside it, a photo when its bytes
have the hash that its row says. Whose entries they may be is decided in actions.py.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from inventory.errors import BadInput
from inventory.identity import is_id
from inventory.outcomes import Problem
from inventory.rescue.archive import Member, begins_like_zip, members
from inventory.strict_json import strict_json

FORMAT = 1
KIND = "trucquan-rescue"
MOST_ENTRIES = 20_000
LONGEST_BODY = 4096
#: A body of 4,096 bytes in JSON again, every character of it escaped.
LONGEST_LINE = 8 * LONGEST_BODY
LONGEST_MANIFEST = 4_000_000
_HEX = frozenset("0123456789abcdef")


class NoRescue(Exception):
    """The file is none of ours or too damaged to say whose it is; `problem` says which."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True)
class EntryRead:
    """One entry as the phone made it; `state` is "waiting" or "needs" (refused once, not yet corrected)."""

    id: str
    sha256: str
    body: str
    state: str
    made_at: str


@dataclass(frozen=True)
class PhotoRead:
    """One photo's bytes: `start` to `end` in the file. `draft` photos belong to what is not finished."""

    id: str
    sha256: str
    start: int
    end: int
    draft: bool

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.end - self.start


@dataclass(frozen=True)
class Lost:
    """What stands in the file and cannot be read: `what` is "entry", "photo", "draft" or "list"."""

    what: str
    name: str
    code: str  # "cut", "hash", "form", "missing"


@dataclass(frozen=True)
class Rescue:
    """One file. `told_entries` and `told_photos` are the counts the phone wrote down."""

    person_id: int
    username: str
    device: str
    made_at: str
    app: str
    part: int
    of: int
    told_entries: int
    told_photos: int
    entries: tuple[EntryRead, ...]
    photos: tuple[PhotoRead, ...]
    drafts: tuple[str, ...]
    lost: tuple[Lost, ...]


@dataclass
class _Parts:
    manifest: Member | None = None
    entries: Member | None = None
    drafts: Member | None = None
    photos: dict[str, Member] = field(default_factory=dict)


def read(data: bytes) -> Rescue:
    """Read a file (bytes, or a mapped file). Raises NoRescue when it does not say whose it is."""
    if not begins_like_zip(data):
        raise NoRescue(
            Problem("not_rescue", "Tệp này không phải là tệp cứu hộ của ứng dụng khảo sát.", "file")
        )
    parts = _parts(data)
    told = _manifest(data, parts.manifest)
    lost: list[Lost] = []
    entries = tuple(_entries(data, parts.entries, lost))
    drafts = tuple(_drafts(data, parts.drafts, lost))
    photos = tuple(_photos(data, parts.photos, told["photos"], lost))
    if parts.entries is None and told["entries"]:
        lost.append(Lost("list", "entries.jsonl", "missing"))
    return Rescue(
        person_id=told["person"],
        username=told["username"],
        device=told["device"],
        made_at=told["made_at"],
        app=told["app"],
        part=told["part"],
        of=told["of"],
        told_entries=told["entries"],
        told_photos=len(told["photos"]),
        entries=entries,
        photos=photos,
        drafts=drafts,
        lost=tuple(lost),
    )


def _parts(data: bytes) -> _Parts:
    found = _Parts()
    for member in members(data):
        stem = member.name.partition(".")[0]
        if member.name.startswith("photos/"):
            found.photos.setdefault(member.name.removeprefix("photos/"), member)
        elif getattr(found, stem) is None:  # of two with one name the first stands
            setattr(found, stem, member)
    return found


def _manifest(data: bytes, member: Member | None) -> dict[str, Any]:
    if member is None or member.end - member.start > LONGEST_MANIFEST:
        raise NoRescue(
            Problem("not_rescue", "Tệp này không phải là tệp cứu hộ của ứng dụng khảo sát.", "file")
        )
    if not member.whole:
        raise NoRescue(
            Problem(
                "damaged",
                "Phần đầu của tệp bị hỏng nên không biết tệp của ai. Hãy ghi lại tệp từ máy.",
                "file",
            )
        )
    try:
        told = strict_json(data[member.start : member.end], LONGEST_MANIFEST)
        return _told(told)
    except (BadInput, KeyError, TypeError, ValueError, AttributeError):
        raise NoRescue(
            Problem("not_rescue", "Tệp này không phải là tệp cứu hộ của ứng dụng khảo sát.", "file")
        ) from None


def _told(told: dict[str, Any]) -> dict[str, Any]:
    """The manifest's values with their types. Raises KeyError, TypeError or ValueError."""
    if told["kind"] != KIND:
        raise ValueError(KIND)
    if told["format"] != FORMAT:
        raise NoRescue(
            Problem(
                "format", "Tệp này do bản ứng dụng mới hơn ghi. Hãy nâng cấp máy chủ rồi nhập lại.", "file"
            )
        )
    return {
        "person": _number(told["person"]["id"]),
        "username": str(told["person"].get("username") or "")[:64],
        "device": told["device"] if is_id(str(told.get("device"))) else "",
        "made_at": str(told.get("made_at") or "")[:32],
        "app": str(told.get("app") or "")[:32],
        "part": _number(told.get("part", 1)),
        "of": _number(told.get("of", 1)),
        "entries": _number(told["entries"]),
        "photos": {row["id"]: row for row in told["photos"] if is_id(str(row["id"]))},
    }


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(value)
    return value


def _entries(data: bytes, member: Member | None, lost: list[Lost]) -> Iterator[EntryRead]:
    seen: set[tuple[str, str]] = set()
    for number, text in enumerate(_lines(data, member), start=1):
        found = _entry(text) if number <= MOST_ENTRIES else "form"
        if isinstance(found, str):
            lost.append(Lost("entry", str(number), found))
        elif (found.id, found.sha256) not in seen:  # one id with two bodies is for sync to say
            seen.add((found.id, found.sha256))
            yield found
    _cut(data, member, "entry", lost)


def _entry(text: bytes) -> EntryRead | str:
    """An entry, or the code why the line is none."""
    row = _object(text)
    if row is None:
        return "form"
    body, entry_id, sha256 = (row.get(name) for name in ("body", "id", "sha256"))
    if not (isinstance(body, str) and is_id(str(entry_id)) and isinstance(sha256, str)):
        return "form"
    encoded = body.encode()
    if len(encoded) > LONGEST_BODY:
        return "form"
    if hashlib.sha256(encoded).hexdigest() != sha256:
        return "hash"
    state = "needs" if row.get("state") == "needs" else "waiting"
    return EntryRead(str(entry_id), sha256, body, state, str(row.get("made_at") or "")[:32])


def _drafts(data: bytes, member: Member | None, lost: list[Lost]) -> Iterator[str]:
    """The targets of drafts ("place:12"); what is in them is for the phone alone."""
    for number, text in enumerate(_lines(data, member), start=1):
        row = _object(text, longest=1_000_000)
        if row is None:
            lost.append(Lost("draft", str(number), "form"))
        else:
            yield str(row.get("target") or "")[:80]
    _cut(data, member, "draft", lost)


def _object(text: bytes, longest: int = LONGEST_LINE) -> dict[str, Any] | None:
    try:
        row = strict_json(text, longest)
    except BadInput:
        return None
    return row if isinstance(row, dict) else None


def _lines(data: bytes, member: Member | None) -> Iterator[bytes]:
    """The whole lines of a member, however damaged the rest is."""
    if member is None:
        return
    *whole, _rest = data[member.start : member.end].split(b"\n")
    yield from (line for line in whole if line)


def _cut(data: bytes, member: Member | None, what: str, lost: list[Lost]) -> None:
    """Name the line that a cut went through."""
    if member is not None and data[member.start : member.end].rpartition(b"\n")[2]:
        lost.append(Lost(what, "", "cut"))


def _photos(
    data: bytes, found: dict[str, Member], told: dict[str, Any], lost: list[Lost]
) -> Iterator[PhotoRead]:
    for photo_id, row in told.items():
        member, sha256 = found.get(photo_id), row.get("sha256")
        if member is None:
            lost.append(Lost("photo", photo_id, "missing"))
        elif not (isinstance(sha256, str) and len(sha256) == 64 and set(sha256) <= _HEX):
            lost.append(Lost("photo", photo_id, "form"))
        elif hashlib.sha256(data[member.start : member.end]).hexdigest() != sha256:
            lost.append(Lost("photo", photo_id, "hash" if member.whole else "cut"))
        else:
            yield PhotoRead(photo_id, sha256, member.start, member.end, draft=row.get("state") == "draft")
