"""The envelope of a push: what a phone says of itself, and its entries as they came. Pure."""

from dataclasses import dataclass
from datetime import datetime

from inventory.errors import BadInput
from inventory.identity import is_id
from inventory.strict_json import strict_json
from inventory.sync.rules import LONGEST_PUSH, MOST_ENTRIES
from inventory.sync.said import Came
from inventory.sync.words import NotRead, Words


@dataclass(frozen=True)
class Status:
    """What waits on the phone, as it says itself; `persisted` says that its browser will not clear it."""

    waiting: int = 0
    photos: int = 0
    needs: int = 0
    oldest: datetime | None = None
    free: int | None = None
    persisted: bool | None = None


@dataclass(frozen=True)
class Envelope:
    """One push."""

    format: int
    device_id: str
    person_id: int
    app: str
    sent_at: datetime | None
    status: Status
    entries: tuple[Came, ...]


def read(data: bytes) -> Envelope:
    """Read a push. Raises BadInput: json… for what is no JSON of ours, `envelope` for another shape."""
    told = strict_json(data, longest=LONGEST_PUSH)
    try:
        return _read(Words(told if isinstance(told, dict) else {}))
    except NotRead as error:
        raise BadInput(
            "envelope", "Máy chủ không đọc được gói này; hãy cập nhật ứng dụng rồi gửi lại.", error.field[:48]
        ) from None


def _read(words: Words) -> Envelope:
    person_id, kind = words.whole("person"), words.whole("format")
    if person_id is None:
        raise NotRead("person")
    if kind is None:
        raise NotRead("format")
    rows = words.rows("entries")
    if len(rows) > MOST_ENTRIES:
        raise NotRead("entries")
    return Envelope(
        format=kind,
        device_id=words.needed_id("device"),
        person_id=person_id,
        app=words.text("app")[:32],
        sent_at=words.moment("sent_at"),
        status=_status(words.inner("status")),
        entries=tuple(_came(row) for row in rows),
    )


def _came(row: Words) -> Came:
    """An entry's frame; its body is read later, so that a bad one concerns nobody else."""
    number, digest, body = row.text("id"), row.text("sha256"), row.text("body")
    if not is_id(number):
        raise NotRead("id")
    if len(digest) != 64:
        raise NotRead("sha256")
    return Came(number, digest, body)


def _status(words: Words) -> Status:
    """A status is a report and never a reason to refuse: what cannot be read is left out."""

    def count(name: str) -> int:
        try:
            return max(0, words.whole(name) or 0)
        except NotRead:
            return 0

    free, persisted = words.told.get("free"), words.told.get("persisted")
    oldest = words.told.get("oldest")
    return Status(
        waiting=count("waiting"),
        photos=count("photos"),
        needs=count("needs"),
        oldest=words.moment("oldest") if isinstance(oldest, str) else None,
        free=int(free) if isinstance(free, int | float) and 0 <= free < 2**53 else None,
        persisted=persisted if isinstance(persisted, bool) else None,
    )
