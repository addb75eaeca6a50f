"""Finds the ward that a row names: by code or by name, with or without marks and kind."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from inventory.vocabulary import AreaKind
from inventory.wording import fold

_KIND_WORDS = {
    AreaKind.PHUONG: "phuong",
    AreaKind.XA: "xa",
    AreaKind.THI_TRAN: "thi tran",
    AreaKind.DAC_KHU: "dac khu",
}
_KIND = re.compile(r"^(phuong|xa|thi tran|dac khu|p|x|tt)\b[.\s]*")


@dataclass(frozen=True)
class KnownArea:
    """A commune-level unit that a file may name. `boundary` is GeoJSON text, "" where unknown."""

    id: int
    code: str
    name: str
    kind: AreaKind
    boundary: str = field(default="", repr=False)


class Gazetteer:
    """The wards of one campaign, ready to be looked up."""

    def __init__(self, areas: Iterable[KnownArea]) -> None:
        self._by_code: dict[str, KnownArea] = {}
        self._by_full: dict[str, list[KnownArea]] = {}
        self._by_short: dict[str, list[KnownArea]] = {}
        for area in areas:
            self._by_code[area.code] = area
            short = _short(area.name)
            self._by_full.setdefault(f"{_KIND_WORDS.get(area.kind, '')} {short}".strip(), []).append(area)
            self._by_short.setdefault(short, []).append(area)

    def named(self, name: str) -> list[KnownArea]:
        """All wards of that name; its kind ("phường", "xã") decides between two of one name."""
        return self._by_full.get(fold(name)) or self._by_short.get(_short(name), [])

    def coded(self, code: str) -> KnownArea | None:
        """The ward of a code. Spreadsheets drop its zeros: 6649 is read as 06649."""
        return self._by_code.get(code) or self._by_code.get(code.zfill(5))

    def guess(self, name: str) -> str | None:
        """The name of the ward that a misspelt one comes closest to."""
        near = get_close_matches(_short(name)[:60], self._by_short, n=1, cutoff=0.75)
        return self._by_short[near[0]][0].name if near else None


def _short(name: str) -> str:
    folded = fold(name)
    return _KIND.sub("", folded) or folded
