"""What a file of neighbourhoods would do to the known ones: new, changed field by field, the same. Pure.

A row is a known neighbourhood by ward and code, or without a code by ward and name. Nothing is ever
removed, an empty cell never blanks a known value, and the same file again changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from inventory.geodesy import Position
from inventory.neighbourhoods.import_problems import row_problem
from inventory.neighbourhoods.import_reading import Column, FileRead, NeighbourRow
from inventory.neighbourhoods.rules import together
from inventory.places.import_problems import RowProblem, Value, errors_of
from inventory.places.import_venues import same_position
from inventory.wording import fold

#: The fields that a file may change, by their columns; the polling place is found by its number.
FIELDS = {
    Column.NAME: "name",
    Column.NUMBER: "number",
    Column.HOUSEHOLDS: "households",
    Column.VOTERS: "voters",
    Column.POSITION: "position",
    Column.SOURCE: "source",
    Column.LICENCE: "licence",
    Column.SYNTHETIC: "synthetic",
}


@dataclass(frozen=True)
class KnownNeighbour:
    """A neighbourhood as it is stored; `number` is its polling area's."""

    id: int
    area_id: int
    area_code: str
    area_name: str
    code: str
    name: str
    number: int | None = None
    households: int | None = None
    voters: int | None = None
    position: Position | None = None
    source: str = ""
    licence: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class VotingPlace:
    """A polling place that rows may name by ward and number."""

    id: int
    area_id: int
    number: int
    voters: int | None


@dataclass(frozen=True)
class FieldChange:
    """One field that a row changes."""

    field: Column
    old: object
    new: object


@dataclass(frozen=True)
class Changed:
    """A known neighbourhood and what its row changes."""

    known: KnownNeighbour
    row: NeighbourRow
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class ImportPlan:
    """What confirming would write. Every new row has a code; `places` are ids by ward and number."""

    new: tuple[NeighbourRow, ...]
    changed: tuple[Changed, ...]
    same: tuple[KnownNeighbour, ...]
    problems: tuple[RowProblem, ...]
    places: Mapping[tuple[int, int], int]

    @property
    def errors(self) -> tuple[RowProblem, ...]:
        """The problems that keep the whole file from being written."""
        return errors_of(self.problems)


def plan(read: FileRead, known: Iterable[KnownNeighbour], places: Iterable[VotingPlace]) -> ImportPlan:
    """Decide what each row is; `known` and `places` are those of the wards that the person may change."""
    return _Planner(tuple(known), tuple(places)).plan(read)


class _Planner:
    def __init__(self, known: Sequence[KnownNeighbour], places: Sequence[VotingPlace]) -> None:
        self.known = known
        self.by_code = {(one.area_id, one.code): one for one in known}
        self.by_name = {(one.area_id, fold(one.name)): one for one in known}
        self.places = {(place.area_id, place.number): place for place in places}
        self.problems: list[RowProblem] = []

    def plan(self, read: FileRead) -> ImportPlan:
        matched = [(row, one) for row, one in self._matched(read.rows) if self._votes_somewhere(row)]
        for row, one in matched:
            self._warn(row, one)
        found = [Changed(one, row, _changes(one, row)) for row, one in matched if one]
        new = _coded([row for row, one in matched if one is None], frozenset(self.by_code))
        self._compare_sums(new, found)
        problems = sorted((*read.problems, *self.problems), key=lambda problem: (problem.sheet, problem.row))
        return ImportPlan(
            new=new,
            changed=tuple(change for change in found if change.changes),
            same=tuple(change.known for change in found if not change.changes),
            problems=tuple(problems),
            places={key: place.id for key, place in self.places.items()},
        )

    def _say(self, row: NeighbourRow, code: str, column: Column, **values: Value) -> bool:
        """Note a problem; answers False so that it can end a condition."""
        self.problems.append(row_problem(row.sheet, row.row, row.heading(column), code, **values))
        return False

    def _matched(self, rows: Iterable[NeighbourRow]) -> list[tuple[NeighbourRow, KnownNeighbour | None]]:
        """Rows with their known neighbourhood; duplicates and taken names are errors and left out."""
        seen: dict[object, int] = {}
        matched: list[tuple[NeighbourRow, KnownNeighbour | None]] = []
        for row in rows:
            name = (row.area.id, fold(row.name))
            one = self.by_code.get((row.area.id, row.code)) if row.code else self.by_name.get(name)
            keys: set[object] = {("name", *name)} | ({("code", row.area.id, row.code)} if row.code else set())
            keys |= {("known", one.id)} if one else set()
            first = min((seen[key] for key in keys if key in seen), default=None)
            holder = self.by_name.get(name)
            if first is not None:
                self._say(row, "duplicate", Column.CODE if row.code else Column.NAME, other=first)
            elif holder is not None and holder is not one:
                taken = ("name_taken", Column.NAME)
                self._say(row, *taken, ward=row.area.name, name=row.name, known=holder.code)
            else:
                matched.append((row, one))
            for key in keys:
                seen.setdefault(key, row.row)
        return matched

    def _votes_somewhere(self, row: NeighbourRow) -> bool:
        if row.number is None or (row.area.id, row.number) in self.places:
            return True
        return self._say(row, "unknown_place", Column.NUMBER, ward=row.area.name, number=row.number)

    def _warn(self, row: NeighbourRow, one: KnownNeighbour | None) -> None:
        for column, code in (
            (Column.NUMBER, "no_place"),
            (Column.VOTERS, "no_voters"),
            (Column.POSITION, "no_position"),
        ):
            if getattr(row, FIELDS[column]) is None and (one is None or getattr(one, FIELDS[column]) is None):
                self._say(row, code, column)

    def _compare_sums(self, new: Iterable[NeighbourRow], found: Sequence[Changed]) -> None:
        """Warn, for each place that the file speaks of, when its neighbourhoods' voters are not its own."""
        in_file = {change.known.id for change in found}
        after = [(one.area_id, one.number, one.voters) for one in self.known if one.id not in in_file]
        rows = [(row, None) for row in new] + [(change.row, change.known) for change in found]
        last: dict[int, NeighbourRow] = {}
        for row, one in rows:
            number = _first(row.number, one.number if one else None)
            after.append((row.area.id, number, _first(row.voters, one.voters if one else None)))
            place = self.places.get((row.area.id, number)) if number else None
            if place is not None:
                last[place.id] = max(last.get(place.id, row), row, key=lambda one: one.row)
        ids = {key: place.id for key, place in self.places.items()}
        sums = together((ids.get((area, number or 0)), voters) for area, number, voters in after)
        for place in self.places.values():
            total = sums.get(place.id)
            if place.id not in last or total is None or place.voters in (None, total):
                continue
            row, voters = last[place.id], _dotted(place.voters or 0)
            told: dict[str, Value] = {"number": place.number, "ward": row.area.name, "voters": voters}
            self._say(row, "sum_differs", Column.VOTERS, together=_dotted(total), **told)


def _first(said: int | None, known: int | None) -> int | None:
    return known if said is None else said


def _dotted(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def _changes(one: KnownNeighbour, row: NeighbourRow) -> tuple[FieldChange, ...]:
    found: list[FieldChange] = []
    for column, attribute in FIELDS.items():
        old, new = getattr(one, attribute), getattr(row, attribute)
        if new is None or new == old or (column is Column.POSITION and same_position(old, new)):
            continue
        found.append(FieldChange(column, old, new))
    return tuple(found)


def _coded(rows: Iterable[NeighbourRow], codes: frozenset[tuple[int, str]]) -> tuple[NeighbourRow, ...]:
    """Give rows without a code the ward's next free number: KP-01, KP-02."""
    rows = list(rows)
    taken = set(codes) | {(row.area.id, row.code) for row in rows if row.code}
    coded: list[NeighbourRow] = []
    for row in rows:
        if row.code is None:
            turns = (f"KP-{turn:02}" for turn in range(1, len(taken) + len(rows) + 2))
            row = replace(row, code=next(code for code in turns if (row.area.id, code) not in taken))
            taken.add((row.area.id, str(row.code)))
        coded.append(row)
    return tuple(coded)
