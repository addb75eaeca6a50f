"""The JSON instance of `flask maps solve`, read strictly: every value checked, every id known.

What is wrong is told in one sentence that names it. Numbers may be large (10^15 đồng) but neither
NaN nor infinite, a key may be given once, an id is a text or a whole number. A pair given twice
counts once (for pmedian with its smaller distance). Keys of other problems are checked and ignored.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inventory.outcomes import Refused, refuse
from maps.solve.model import Floats, Ints

PROBLEMS = ("budget", "mclp", "lscp", "pmedian")
Id = str | int
#: Amounts from here on would not be exact any more.
LARGEST = 2**62
_FIRST = 5


class Malformed(Exception):
    """The instance cannot be read; `problem` has the sentence."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.problems[0].message)
        self.problem = refused.problems[0]


@dataclass(frozen=True, eq=False)
class Instance:
    """A checked instance, with numbers in place of ids: candidate and demand of each pair (nnz,).

    Pairs are sorted by candidate, then demand, each once; `distance` (nnz,) is empty but for
    pmedian. `areas` are the area names asked for, each with its demands and how many must be served.
    """

    problem: str
    candidates: tuple[Id, ...]
    demands: tuple[Id, ...]
    cost: Ints
    weight: Floats
    candidate: Ints
    demand: Ints
    distance: Floats
    budget: int | None
    sites: int | None
    locked_in: Ints
    locked_out: Ints
    areas: tuple[tuple[str, Ints, int], ...]


def read(text: str | bytes) -> Instance:
    """Read an instance. Raises Malformed."""
    raw = _json(text)
    if not isinstance(raw, dict):
        raise Malformed(refuse("not_an_object", "Dữ liệu phải là một đối tượng JSON."))
    problem = raw.get("problem")
    if not isinstance(problem, str) or problem not in PROBLEMS:
        raise Malformed(refuse("problem", "“problem” phải là budget, mclp, lscp hoặc pmedian."))
    candidates, demands = _rows(raw, "candidates"), _rows(raw, "demands")
    candidate_ids, demand_ids = _ids(candidates, "candidates"), _ids(demands, "demands")
    at_candidate = {identity: at for at, identity in enumerate(candidate_ids)}
    at_demand = {identity: at for at, identity in enumerate(demand_ids)}
    cost, weight = _costs(candidates, problem), _weights(demands)
    budget = _limit(raw, "budget", problem == "budget")
    sites = _limit(raw, "sites", problem in ("mclp", "pmedian"))
    locked_in, locked_out = _locks(raw, "locked_in", at_candidate), _locks(raw, "locked_out", at_candidate)
    areas = _areas(raw, demands)
    candidate, demand, distance = _pairs(raw, problem, at_candidate, at_demand)
    return Instance(
        problem, candidate_ids, demand_ids, cost, weight, candidate, demand, distance, budget, sites,
        locked_in, locked_out, areas,
    )  # fmt: skip


def _json(text: str | bytes) -> Any:
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        return json.loads(text, parse_constant=_constant, object_pairs_hook=_object)
    except (ValueError, RecursionError) as reason:
        if isinstance(reason, UnicodeError):
            raise Malformed(refuse("utf8", "Tệp không phải UTF-8.")) from None
        raise Malformed(
            refuse("json", "Nội dung JSON không đọc được: %(reason)s.", reason=str(reason)[:120])
        ) from None


def _constant(name: str) -> Any:
    raise Malformed(refuse("number", "Số “%(number)s” không hợp lệ.", number=name))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = _some(_twice(pair[0] for pair in pairs))
        raise Malformed(refuse("key_twice", "Có khóa lặp lại: %(keys)s.", keys=keys))
    return found


def _some(names: Iterable[object]) -> str:
    first = [str(name)[:40] for _, name in zip(range(_FIRST), names, strict=False)]
    return ", ".join(first)


def _short(name: object) -> str:
    return str(name)[:40]


def _twice(names: Iterable[Any]) -> list[Any]:
    seen: set[Any] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _rows(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    if key not in raw:
        raise Malformed(refuse("missing", "Thiếu “%(key)s”.", key=key))
    rows = raw[key]
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Malformed(refuse("rows", "“%(key)s” phải là một danh sách các đối tượng.", key=key))
    return rows


def _ids(rows: list[dict[str, Any]], key: str) -> tuple[Id, ...]:
    for at, row in enumerate(rows):
        if "id" not in row:
            raise Malformed(refuse("no_id", "“%(key)s” số %(number)s không có “id”.", key=key, number=at + 1))
        if not _is_id(row["id"]):
            raise Malformed(
                refuse(
                    "id",
                    "“id” của “%(key)s” số %(number)s phải là chữ hoặc số nguyên.",
                    key=key,
                    number=at + 1,
                )
            )
    ids = tuple(row["id"] for row in rows)
    if len(set(ids)) != len(ids):
        raise Malformed(
            refuse("id_twice", "“%(key)s” có “id” lặp lại: %(ids)s.", key=key, ids=_some(_twice(ids)))
        )
    return ids


def _is_id(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _number(value: object, key: str, owner: object) -> float | int:
    """A number that is finite and not negative."""
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    if not fits or (isinstance(value, float) and not math.isfinite(value)) or not 0 <= value < LARGEST:  # type: ignore[operator]
        raise Malformed(
            refuse(
                "number",
                "“%(key)s” của %(owner)s phải là số không âm và hữu hạn.",
                key=key,
                owner=_short(owner),
            )
        )
    return value  # type: ignore[return-value]


def _whole(value: object, key: str, owner: object) -> int:
    number = _number(value, key, owner)
    if number != int(number):
        raise Malformed(
            refuse("whole", "“%(key)s” của %(owner)s phải là số nguyên.", key=key, owner=_short(owner))
        )
    return int(number)


def _costs(rows: list[dict[str, Any]], problem: str) -> Ints:
    """(n,) whole đồng; only *budget* needs a cost of every candidate."""
    for row in rows:
        if "cost" not in row and problem == "budget":
            raise Malformed(refuse("no_cost", "Ứng viên %(owner)s không có “cost”.", owner=_short(row["id"])))
    return np.array([_whole(row.get("cost", 0), "cost", row["id"]) for row in rows], dtype=np.int64)


def _weights(rows: list[dict[str, Any]]) -> Floats:
    return np.array([float(_number(row.get("weight", 1), "weight", row["id"])) for row in rows])


def _limit(raw: dict[str, Any], key: str, needed: bool) -> int | None:
    """Budget or sites: a whole number; one of another problem is checked and not used."""
    if key not in raw:
        if needed:
            raise Malformed(refuse("missing", "Thiếu “%(key)s”.", key=key))
        return None
    value = raw[key]
    limit = _whole(value, key, "instance")
    return limit if needed else None


def _locks(raw: dict[str, Any], key: str, at: dict[Id, int]) -> Ints:
    names = raw.get(key, [])
    if not isinstance(names, list) or not all(_is_id(name) for name in names):
        raise Malformed(refuse("locks", "“%(key)s” phải là một danh sách “id”.", key=key))
    unknown = [name for name in names if name not in at]
    if unknown:
        raise Malformed(
            refuse(
                "unknown", "“%(key)s” có “id” không có trong danh sách: %(ids)s.", key=key, ids=_some(unknown)
            )
        )
    return np.array(sorted({at[name] for name in names}), dtype=np.int64)


def _areas(raw: dict[str, Any], demands: Sequence[dict[str, Any]]) -> tuple[tuple[str, Ints, int], ...]:
    asked = raw.get("area_minimum", {})
    if not isinstance(asked, dict):
        raise Malformed(refuse("areas", "“area_minimum” phải là một đối tượng: khu vực và số nơi."))
    members: dict[str, list[int]] = {}
    for at, row in enumerate(demands):
        area = row.get("area")
        if area is not None and not _is_id(area):
            raise Malformed(
                refuse("area", "“area” của %(owner)s phải là chữ hoặc số nguyên.", owner=_short(row["id"]))
            )
        members.setdefault(str(area), []).append(at)
    unknown = [area for area in asked if area not in members]
    if unknown:
        raise Malformed(
            refuse("unknown_area", "“area_minimum” có khu vực không có nơi nào: %(ids)s.", ids=_some(unknown))
        )
    return tuple(
        (area, np.array(members[area], dtype=np.int64), _whole(least, "area_minimum", area))
        for area, least in asked.items()
    )


def _pairs(
    raw: dict[str, Any], problem: str, at_candidate: dict[Id, int], at_demand: dict[Id, int]
) -> tuple[Ints, Ints, Floats]:
    pairs = raw.get("pairs")
    if pairs is None:
        raise Malformed(refuse("missing", "Thiếu “%(key)s”.", key="pairs"))
    if not isinstance(pairs, list) or not all(isinstance(pair, list) for pair in pairs):
        raise Malformed(refuse("pairs", "“pairs” phải là một danh sách các cặp."))
    sizes = set(map(len, pairs))
    with_distance = problem == "pmedian"
    if sizes - ({3} if with_distance else {2, 3}):
        wanted = "[ứng viên, nơi, khoảng cách]" if with_distance else "[ứng viên, nơi]"
        raise Malformed(refuse("pair_size", "Mỗi phần tử của “pairs” phải là %(wanted)s.", wanted=wanted))
    kinds = {type(pair[at]) for pair in pairs for at in (0, 1)}
    try:
        if kinds - {str, int}:
            raise TypeError
        candidate = np.array([at_candidate[pair[0]] for pair in pairs], dtype=np.int64)
        demand = np.array([at_demand[pair[1]] for pair in pairs], dtype=np.int64)
    except (KeyError, TypeError):
        odd = (name for pair in pairs for name, at in zip(pair, (at_candidate, at_demand), strict=False)
               if not _is_id(name) or name not in at)  # fmt: skip
        raise Malformed(
            refuse(
                "unknown", "“%(key)s” có “id” không có trong danh sách: %(ids)s.", key="pairs", ids=_some(odd)
            )
        ) from None
    third = [pair[2] for pair in pairs if len(pair) == 3]
    distance = _distances(third) if with_distance else np.zeros(0)
    return _once(candidate, demand, distance, len(at_demand))


def _distances(values: list[Any]) -> Floats:
    if set(map(type, values)) - {int, float}:
        odd = next(value for value in values if type(value) not in (int, float))
        _number(None, "pairs", odd)
    try:
        distance = np.array(values, dtype=np.float64)
    except OverflowError:
        distance = np.array([math.inf])
    if not bool((np.isfinite(distance) & (distance >= 0) & (distance < LARGEST)).all()):
        raise Malformed(
            refuse(
                "number",
                "“%(key)s” của %(owner)s phải là số không âm và hữu hạn.",
                key="pairs",
                owner="pmedian",
            )
        )
    return distance


def _once(candidate: Ints, demand: Ints, distance: Floats, width: int) -> tuple[Ints, Ints, Floats]:
    """Each pair once, sorted; the first of equals after sorting by distance."""
    keys = (demand, candidate) if not len(distance) else (distance, demand, candidate)
    order = np.lexsort(keys)
    candidate, demand = candidate[order], demand[order]
    key = candidate * max(width, 1) + demand
    first = np.ones(len(key), np.bool_)
    first[1:] = key[1:] != key[:-1]
    return candidate[first], demand[first], distance[order][first] if len(distance) else distance
