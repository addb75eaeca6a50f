"""Rescue files as the phone writes them: front to back, stored, each member followed by its CRC and size."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from inventory.identity import new_id


class _Line(io.RawIOBase):
    """A stream that cannot go back, as the phone's: sizes then follow what they count."""

    def __init__(self) -> None:
        self.written = io.BytesIO()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        return self.written.write(data)


@dataclass
class RescueFile:
    """What stands on a phone; `entries` are (id, body), `photos` are id → (bytes, row)."""

    person_id: int
    username: str = ""
    entries: list[tuple[str, str]] = field(default_factory=list)
    photos: dict[str, tuple[bytes, dict[str, Any]]] = field(default_factory=dict)
    drafts: list[Mapping[str, Any]] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)  # overrides in the manifest

    def add(self, body: Mapping[str, Any], entry_id: str | None = None) -> str:
        """Queue an entry; answers its id."""
        entry_id = entry_id or new_id()
        self.entries.append((entry_id, json.dumps(body, ensure_ascii=False)))
        return entry_id

    def picture(self, content: bytes, entry: str | None, photo_id: str | None = None, **row: Any) -> str:
        """A photo that waits; answers its id."""
        photo_id = photo_id or new_id()
        told = {
            "id": photo_id,
            "entry": entry,
            "state": "waiting",
            "sha256": hashlib.sha256(content).hexdigest(),
            "size": len(content),
            "role": "overview",
            **row,
        }
        self.photos[photo_id] = (content, told)
        return photo_id

    def manifest(self) -> dict[str, Any]:
        """As rescue.js writes it."""
        return {
            "format": 1,
            "kind": "trucquan-rescue",
            "made_at": "2026-04-19T01:02:03.000Z",
            "app": "test",
            "device": new_id(),
            "person": {"id": self.person_id, "username": self.username, "name": "Lan"},
            "campaign": "QN",
            "part": 1,
            "of": 1,
            "entries": len(self.entries),
            "drafts": len(self.drafts),
            "photos": [row for _content, row in self.photos.values()],
            **self.told,
        }

    def lines(self) -> list[dict[str, Any]]:
        """The rows of entries.jsonl."""
        return [
            {
                "id": entry_id,
                "seq": number,
                "state": "waiting",
                "sha256": hashlib.sha256(body.encode()).hexdigest(),
                "body": body,
                "made_at": "2026-04-19T01:00:00.000Z",
            }
            for number, (entry_id, body) in enumerate(self.entries, start=1)
        ]

    def content(self) -> bytes:
        """The file."""
        members = [
            ("manifest.json", json.dumps(self.manifest()).encode()),
            ("entries.jsonl", jsonl(self.lines())),
            ("drafts.jsonl", jsonl(self.drafts)),
            *((f"photos/{photo_id}", content) for photo_id, (content, _row) in self.photos.items()),
        ]
        return stored(members)


def jsonl(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """One object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def stored(members: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of these members, written without going back."""
    line = _Line()
    with zipfile.ZipFile(line, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return line.written.getvalue()
