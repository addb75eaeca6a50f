"""What a file of places would do to the known ones: new, changed field by field, the same. Pure.

A row is a known place by its code, or without a code by ward and number. Nothing is ever removed,
and an empty cell never blanks a known value. The same file a second time changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from inventory.geodesy import Position
from inventory.places.import_cells import VENUE_KIND_WORDS, degrees_text
from inventory.places.import_columns import Column
from inventory.places.import_problems import RowProblem, Value, errors_of, row_problem
from inventory.places.import_venues import VenueSaying, check_venues, same_position
from inventory.places.importing import FileRead, PlaceRow
from inventory.vocabulary import VenueKind

#: Who may see where these stand is limited unless the file says otherwise (design §6, restricted).
RESTRICTED_KINDS = frozenset({VenueKind.ARMED_FORCES, VenueKind.DETENTION})


@dataclass(frozen=True)
class KnownPlace:
    """A place as it is stored, with its venue's words. Texts are "" where nothing is known."""

    id: int
    venue_id: int
    area_id: int
    area_code: str
    area_name: str
    code: str
    number: int
    name: str
    venue: str
    venue_kind: VenueKind
    address: str = ""
    position: Position | None = None
    voters: int | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    restricted: bool = False
    source: str = ""
    licence: str = ""
    synthetic: bool = False


#: Fields that a row may change, by the attribute that rows and known places share.
FIELDS: Mapping[Column, str] = {
    Column.NUMBER: "number",
    Column.NAME: "name",
    Column.VENUE: "venue",
    Column.VENUE_KIND: "venue_kind",
    Column.ADDRESS: "address",
    Column.POSITION: "position",
    Column.VOTERS: "voters",
    Column.OPENS: "opens_at",
    Column.CLOSES: "closes_at",
    Column.RESTRICTED: "restricted",
    Column.SOURCE: "source",
    Column.LICENCE: "licence",
    Column.SYNTHETIC: "synthetic",
}


@dataclass(frozen=True)
class FieldChange:
    """One field that a row changes."""

    field: Column
    old: object
    new: object


@dataclass(frozen=True)
class PlaceChange:
    """A known place and what its row changes."""

    known: KnownPlace
    row: PlaceRow
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class ImportPlan:
    """What confirming would write. Every new row has a code and a venue."""

    new: tuple[PlaceRow, ...]
    changed: tuple[PlaceChange, ...]
    same: tuple[KnownPlace, ...]
    missing_from_file: tuple[KnownPlace, ...]
    problems: tuple[RowProblem, ...]

    @property
    def errors(self) -> tuple[RowProblem, ...]:
        """The problems that keep the whole file from being written."""
        return errors_of(self.problems)


def plan(
    read: FileRead, known: Iterable[KnownPlace], taken_codes: frozenset[str] = frozenset()
) -> ImportPlan:
    """Decide what each row is.

    `known` are the places of the campaign that the person may change, `taken_codes` the codes of
    those that they may not even see.
    """
    return _Planner(tuple(known), taken_codes).plan(read)


class _Planner:
    def __init__(self, known: Sequence[KnownPlace], taken_codes: frozenset[str]) -> None:
        self.known, self.taken_codes = known, taken_codes
        self.by_code = {place.code: place for place in known}
        self.by_number = {(place.area_id, place.number): place for place in known}
        self.problems: list[RowProblem] = []

    def plan(self, read: FileRead) -> ImportPlan:
        matched = self._matched(read.rows)
        new = [self._restricted(row) for row, place in matched if place is None]
        new = [row for row in new if row.venue or self._say(row, "missing_venue", Column.VENUE)]
        found = [PlaceChange(place, row, _changes(place, row)) for row, place in matched if place]
        for change in found:
            self._warn_blanks(change.known, change.row)
        self.problems += check_venues(self._sayings(new, found))
        present = {change.known.id for change in found}
        areas = {row.area.id for row in read.rows} if not errors_of(read.problems) else set()
        missing = tuple(place for place in self.known if place.area_id in areas and place.id not in present)
        problems = sorted((*read.problems, *self.problems), key=lambda problem: (problem.sheet, problem.row))
        return ImportPlan(
            tuple(_coded(new, self.taken_codes.union(self.by_code))),
            tuple(change for change in found if change.changes),
            tuple(change.known for change in found if not change.changes),
            missing,
            tuple(problems),
        )

    def _say(self, row: PlaceRow, code: str, column: Column, **values: Value) -> bool:
        """Note a problem; answers False so that it can end a condition."""
        self.problems.append(row_problem(row.sheet, row.row, row.heading(column), code, **values))
        return False

    def _matched(self, rows: Iterable[PlaceRow]) -> list[tuple[PlaceRow, KnownPlace | None]]:
        """Rows with their known place; duplicates and taken numbers are errors and left out."""
        seen: dict[object, int] = {}
        matched: list[tuple[PlaceRow, KnownPlace | None]] = []
        for row in rows:
            place = self.by_code.get(row.code) if row.code else None
            holder = self.by_number.get((row.area.id, row.number))
            if row.code is None:
                place = holder
            keys = {("code", row.code or row.row), ("number", row.area.id, row.number)}
            keys |= {("place", place.id)} if place else set()
            first = min((seen[key] for key in keys if key in seen), default=None)
            if first is not None:
                self._say(row, "duplicate", Column.CODE if row.code else Column.NUMBER, other=first)
            elif self._may_be(row, place, holder):
                matched.append((row, place))
            for key in keys:
                seen.setdefault(key, row.row)
        return matched

    def _may_be(self, row: PlaceRow, place: KnownPlace | None, holder: KnownPlace | None) -> bool:
        """Whether a row can be its known place or a new one, as far as codes and numbers go."""
        code = row.code or ""
        if code in self.taken_codes:
            return self._say(row, "code_taken", Column.CODE, place_code=code)
        if place is not None and place.area_id != row.area.id:
            return self._say(row, "ward_changed", Column.CODE, place_code=code, known=place.area_name)
        if holder is not None and holder is not place:
            taken = ("number_taken", Column.NUMBER)
            return self._say(row, *taken, number=row.number, ward=row.area.name, place_code=holder.code)
        return True

    def _restricted(self, row: PlaceRow) -> PlaceRow:
        if row.restricted is None and row.venue_kind in RESTRICTED_KINDS:
            self._say(row, "restricted_assumed", Column.VENUE_KIND)
            return replace(row, restricted=True)
        return row

    def _warn_blanks(self, place: KnownPlace, row: PlaceRow) -> None:
        for column, attribute in FIELDS.items():
            value = getattr(place, attribute)
            if getattr(row, attribute) is not None or not value:
                continue
            empty = {Column.LAT, Column.POSITION} if column is Column.POSITION else {column}
            for blank in sorted(empty & row.blank):
                if value is True:
                    self._say(row, "would_blank_yes", blank)
                else:
                    self._say(row, "would_blank", blank, known=known_text(value))

    def _sayings(self, new: Iterable[PlaceRow], found: Sequence[PlaceChange]) -> list[VenueSaying]:
        """What every place says of its venue, settled ones first; only changed rows are at fault."""
        in_file = {change.known.id for change in found}
        alone = [place for place in self.known if place.id not in in_file]
        rows = [_saying(change) for change in found]
        return [
            *(VenueSaying(p.area_id, p.venue, p.venue_kind, p.address, p.position, p.code) for p in alone),
            *sorted(rows, key=lambda saying: saying.at_fault),
            *(VenueSaying.of_row(row) for row in new),
        ]


#: What a row says of its venue, as against its polling area.
_OF_VENUE = frozenset({Column.VENUE, Column.VENUE_KIND, Column.ADDRESS, Column.POSITION})


def _saying(change: PlaceChange) -> VenueSaying:
    touched = {found.field for found in change.changes}
    known = change.known
    at_fault = bool(touched & _OF_VENUE)
    if Column.VENUE in touched:
        return VenueSaying.of_row(change.row, at_fault=at_fault)
    return VenueSaying.of_row(
        change.row, known.venue, known.venue_kind, known.address, known.position, at_fault=at_fault
    )


def _changes(place: KnownPlace, row: PlaceRow) -> tuple[FieldChange, ...]:
    found: list[FieldChange] = []
    for column, attribute in FIELDS.items():
        old, new = getattr(place, attribute), getattr(row, attribute)
        if new is None or new == old or (column is Column.POSITION and same_position(old, new)):
            continue
        found.append(FieldChange(column, old, new))
    return tuple(found)


def _coded(rows: Iterable[PlaceRow], codes: frozenset[str]) -> list[PlaceRow]:
    """Give rows without a code one of ward and number: 06649-07."""
    rows = list(rows)
    taken = codes.union(row.code for row in rows if row.code)
    coded: list[PlaceRow] = []
    for row in rows:
        if row.code is None:
            stem = f"{row.area.code}-{row.number:02}"
            turns = (stem if turn == 1 else f"{stem}-{turn}" for turn in range(1, len(taken) + 2))
            row = replace(row, code=next(code for code in turns if code not in taken))
            taken |= {str(row.code)}
        coded.append(row)
    return coded


def known_text(value: object) -> str:
    """A known value as a file would write it; the words of types are those of an export."""
    if isinstance(value, tuple):
        return "; ".join(degrees_text(part) for part in value)
    if isinstance(value, time):
        return f"{value.hour:02}:{value.minute:02}"
    return VENUE_KIND_WORDS[value] if isinstance(value, VenueKind) else str(value)
