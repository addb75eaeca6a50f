"""Synthetic polling places and things of a city, a province or the nation, for benches and trials.

Pure and deterministic: the same size and seed give the same bytes. Real are only the wards' codes,
points and estimated populations (data/README.md); everything else is drawn, with these parameters:

- voters: a ward's population, scaled to the nation's 69.1 million (of 2021);
- places of a ward: voters ÷ target (phường 1,150, thị trấn 850, xã 720), scaled to the size's total,
  at least one, the rest by largest remainder; voters of a place by weights lognormal(0, 0.25), at
  least 60; its position N(0, σ) about the ward's point, σ = 0.33 × the mean distance to the three
  nearest wards, between 150 m and 6 km;
- things of a place by kind as in `KINDS` (minimum + Poisson or Bernoulli), cut or filled up to the
  size's total; three in four N(0, 60 m) about their place, the others N(0, 300 m) along its streets;
  75 % work, 8 % wait for repair, 10 % are planned, 2 % removed, 5 % proposed;
- each place wants 0 to 5 working things of each kind.

Shapes: a column is (rows,). Degrees are WGS84, kept to 1e-7 (11 mm) as the service keeps them.
"""

import csv
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from inventory.geodesy import WGS84_A
from maps.coverage.grid import Floats, Ints

WARDS = Path(__file__).with_name("data") / "wards_2021.csv"
VOTERS = 69_100_000
TARGETS = {"phuong": 1150, "thi_tran": 850, "xa": 720}
#: Code, fewest at a place, mean of the Poisson above it (or the share of a Bernoulli), radius in metres.
KINDS = (
    ("BANNER_H", 2, 1.0, 100.0),
    ("BANNER_V", 2, 1.0, 80.0),
    ("POSTER", 1, 0.3, 60.0),
    ("PANEL_SMALL", 0, 0.3, 80.0),
    ("FLAG_NATIONAL", 1, 0.5, 60.0),
    ("FLAG_DECOR", 1, 0.5, 60.0),
    ("SPK_CLUSTER_FM", 1, 0.4, 300.0),
    ("PANEL_FIXED_L", 0, 0.15, 200.0),
)
STATES = ("works", "needs_repair", "planned", "removed", "proposed")
_SHARES = (0.75, 0.08, 0.10, 0.02, 0.05)
_NEAR_M, _STREET_M, _NEAR_SHARE = 60.0, 300.0, 0.75


class Size(StrEnum):
    """How big: Hạ Long, Quảng Ninh, or Viet Nam."""

    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"


#: Places, things, and the province and district whose wards are taken ("" for all).
EXTENT = {
    Size.CITY: (300, 6_000, "22", "193"),
    Size.PROVINCE: (1_500, 30_000, "22", ""),
    Size.NATION: (84_767, 1_000_000, "", ""),
}


@dataclass(frozen=True)
class World:
    """`place_*` and `needed` (places, kinds) have a row a place, `thing_*` a row a thing.

    `kind` and `state` number KINDS and STATES; `radius_m` is (kinds,); `owner` numbers a thing's place.
    """

    ward: tuple[str, ...]
    place_lat: Floats
    place_lon: Floats
    voters: Ints
    needed: Ints
    thing_lat: Floats
    thing_lon: Floats
    kind: NDArray[np.int8]
    state: NDArray[np.int8]
    owner: Ints
    radius_m: Floats

    @property
    def works(self) -> NDArray[np.bool_]:
        """Which things work."""
        return np.asarray(self.state == 0)

    def columns(self) -> dict[str, NDArray[np.generic]]:
        """Every column by name, as a file keeps it; the wards' codes as five bytes each."""
        return {
            "ward": np.array(self.ward, dtype="S5"),
            "place_lat": self.place_lat,
            "place_lon": self.place_lon,
            "voters": self.voters,
            "needed": self.needed,
            "thing_lat": self.thing_lat,
            "thing_lon": self.thing_lon,
            "kind": self.kind,
            "state": self.state,
            "owner": self.owner,
            "radius_m": self.radius_m,
        }

    def sha256(self) -> str:
        """A digest of every column, name and bytes, that does not depend on the file's format."""
        digest = hashlib.sha256()
        for name, column in self.columns().items():
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(column).tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class _Wards:
    code: tuple[str, ...]
    lat: Floats
    lon: Floats
    voters: Floats
    wanted: Floats


def make(size: Size, seed: int) -> World:
    """Draw the world of a size."""
    places, things, province, district = EXTENT[size]
    chance = np.random.default_rng(seed)
    wards = _wards(province, district)
    share = _shared_out(wards.wanted, places)
    of_ward = np.repeat(np.arange(len(share)), share)
    lat, lon = _scattered(chance, wards.lat[of_ward], wards.lon[of_ward], _spread_m(wards)[of_ward])
    weight = chance.lognormal(0.0, 0.25, places)
    voters = weight / np.bincount(of_ward, weights=weight)[of_ward] * wards.voters[of_ward]
    owner, kind = _furnished(chance, places, things)
    near = chance.random(things) < _NEAR_SHARE
    thing_lat, thing_lon = _scattered(chance, lat[owner], lon[owner], np.where(near, _NEAR_M, _STREET_M))
    return World(
        ward=tuple(wards.code[number] for number in of_ward),
        place_lat=lat,
        place_lon=lon,
        voters=np.maximum(60, np.rint(voters)).astype(np.int64),
        needed=chance.integers(0, 6, (places, len(KINDS))),
        thing_lat=thing_lat,
        thing_lon=thing_lon,
        kind=kind.astype(np.int8),
        state=chance.choice(len(STATES), things, p=_SHARES).astype(np.int8),
        owner=owner,
        radius_m=np.array([radius for *_, radius in KINDS]),
    )


def _wards(province: str, district: str) -> _Wards:
    with WARDS.open(encoding="utf-8", newline="") as file:
        every = list(csv.DictReader(file))
    people = np.array([float(row["population"]) for row in every])
    rows = [
        (row, voters)
        for row, voters in zip(every, people / people.sum() * VOTERS, strict=True)
        if province in ("", row["province"]) and district in ("", row["district"])
    ]
    return _Wards(
        tuple(row["code"] for row, _ in rows),
        np.array([float(row["lat"]) for row, _ in rows]),
        np.array([float(row["lon"]) for row, _ in rows]),
        np.array([voters for _, voters in rows]),
        np.array([voters / TARGETS[row["kind"]] for row, voters in rows]),
    )


def _shared_out(wanted: Floats, total: int) -> Ints:
    """Whole places a ward: its share of the total, at least one, the rest by largest remainder."""
    exact = wanted * (total / wanted.sum())
    share: Ints = np.maximum(1, np.floor(exact)).astype(np.int64)
    while (missing := total - int(share.sum())) > 0:
        share[np.argsort(share - exact, kind="stable")[:missing]] += 1
    return share


def _spread_m(wards: _Wards) -> Floats:
    """0.33 × the mean distance to the three nearest wards, within [150 m, 6 km]."""
    north = np.radians(wards.lat) * WGS84_A
    east = np.radians(wards.lon) * WGS84_A * np.cos(np.radians(wards.lat))
    mean = np.empty(len(north))
    for begin in range(0, len(north), 1_000):
        part = slice(begin, begin + 1_000)
        apart = np.hypot(north[part, None] - north, east[part, None] - east)
        mean[part] = np.partition(apart, 3, axis=1)[:, 1:4].mean(axis=1)
    return np.clip(0.33 * mean, 150.0, 6_000.0)


def _scattered(
    chance: np.random.Generator, lat: Floats, lon: Floats, spread_m: Floats
) -> tuple[Floats, Floats]:
    """Positions drawn about others, kept to 1e-7 degrees."""
    per_degree = np.radians(1.0) * WGS84_A
    north = lat + chance.normal(0.0, 1.0, len(lat)) * spread_m / per_degree
    east = lon + chance.normal(0.0, 1.0, len(lat)) * spread_m / (per_degree * np.cos(np.radians(lat)))
    return np.round(north, 7), np.round(east, 7)


def _furnished(chance: np.random.Generator, places: int, things: int) -> tuple[Ints, Ints]:
    """The place and the kind of every thing, in a random order, exactly so many of them."""
    owner, kind = [], []
    for number, (_, fewest, mean, _radius) in enumerate(KINDS):
        count = fewest + chance.poisson(mean, places)
        owner.append(np.repeat(np.arange(places), count))
        kind.append(np.full(int(count.sum()), number))
    owners, kinds = np.concatenate(owner), np.concatenate(kind)
    order = chance.permutation(len(owners))
    order = np.concatenate((order, chance.integers(0, len(owners), max(0, things - len(owners)))))[:things]
    return owners[order], kinds[order]
