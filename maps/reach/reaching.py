"""Reach: which thing is heard, read or seen where, by one model. The door for coverage, plans and maps.

Everything is elementwise: row i of the things goes with its receiver i. Distances are metres on the
geodesic, bearings degrees clockwise from north as seen from the thing, areas the ids of the
receivers' areas, whose surroundings decide the ambient noise (the target) and what buildings take.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from inventory.facts import StateFact
from inventory.vocabulary import Certainty, Channel
from inventory.wording import number
from maps.investment.lines import Sentence, sentence
from maps.reach.columns import (
    HEARING,
    PRESENCE,
    READING,
    Columns,
    Flags,
    Ints,
    columns,
    level_of,
    radius_of,
)
from maps.reach.model import KindReach, ReachModel, ReadTarget
from maps.reach.sight import aslant
from maps.reach.sound import Floats, SoundModel, directivity, loss, off_axis, range_m

#: Levels and distances within this of their limit count as reaching it: the noise of their arithmetic.
_NOISE_DB, _NOISE_M = 1e-9, 1e-6
Things = Sequence[StateFact] | Columns


@dataclass(frozen=True)
class Sector:
    """What is drawn for one axis: `radius_m` along it, `edge_m` at `half_angle` degrees to each side.

    `azimuth` None: all round (`half_angle` 180). Between axis and edge the radius falls without a step.
    """

    channel: Channel
    azimuth: float | None
    half_angle: float
    radius_m: float
    edge_m: float


@dataclass(frozen=True)
class Reach:
    """The model's answers. A kind without parameters, no power, no number: no reach."""

    model: ReachModel

    def channel(self, kind_code: str) -> Channel | None:
        """How things of a kind reach people; None for a kind without parameters."""
        kind = self.model.kind_of.get(kind_code)
        return kind.channel if kind else None

    def columns(self, states: Sequence[StateFact]) -> Columns:
        """The states as columns: make them once where the same things are asked about often."""
        return columns(self.model, states)

    def furthest(self, things: Things, areas: Iterable[int]) -> Floats:
        """Metres (n,) beyond which a thing reaches no receiver in any of these areas; 0 without reach.

        An upper bound, on the axis and for positions that are exact.
        """
        rows = self._rows(things)
        bound = np.where((rows.channel == HEARING) | (rows.radius <= 0), 0.0, rows.radius + _NOISE_M)
        heard = np.flatnonzero((rows.channel == HEARING) & np.isfinite(rows.level))
        around = {self.model.around(area) for area in areas}
        levels, where = np.unique(rows.level[heard], return_inverse=True)
        for one in around:
            headroom = levels - self.model.target(one) + _NOISE_DB
            bound[heard] = np.maximum(bound[heard], self._range(headroom, one.loss)[where])
        return bound

    def served(
        self, things: Things, distance_m: ArrayLike, bearing_deg: ArrayLike, areas: ArrayLike
    ) -> Flags:
        """Whether each thing reaches its receiver (n,). A distance that is no number reaches nobody."""
        rows = self._rows(things)
        off = off_axis(rows.azimuth, rows.lobes, bearing_deg)
        return self._reaches(rows, np.asarray(distance_m, dtype=np.float64), off, np.asarray(areas))

    def certainty(
        self,
        things: Things,
        distance_m: ArrayLike,
        bearing_deg: ArrayLike,
        areas: ArrayLike,
        accuracy_m: ArrayLike | None = None,
    ) -> list[Certainty]:
        """The same with positions that may be wrong by their accuracies together.

        Surely: served from the furthest and most slanting spot that the receiver may be at; perhaps:
        served from the nearest and straightest one. `accuracy_m` is the receivers' (None: the model's).
        """
        sure, possible = self.sure_and_possible(things, distance_m, bearing_deg, areas, accuracy_m)
        words = np.where(sure, 0, np.where(possible, 1, 2))
        return [(Certainty.SURELY, Certainty.PERHAPS, Certainty.NOT)[word] for word in words.tolist()]

    def sure_and_possible(
        self,
        things: Things,
        distance_m: ArrayLike,
        bearing_deg: ArrayLike,
        areas: ArrayLike,
        accuracy_m: ArrayLike | None = None,
    ) -> tuple[Flags, Flags]:
        """`certainty` as two arrays (n,); what is sure is possible."""
        rows, where = self._rows(things), np.asarray(areas)
        (far, slanting), (near, straight) = self._doubt(rows, distance_m, bearing_deg, accuracy_m)
        sure = self._reaches(rows, far, slanting, where)
        return sure, sure | self._reaches(rows, near, straight, where)

    def level_bounds(
        self,
        things: Things,
        distance_m: ArrayLike,
        bearing_deg: ArrayLike,
        areas: ArrayLike,
        accuracy_m: ArrayLike | None = None,
    ) -> tuple[Floats, Floats]:
        """The least and the greatest level in dB (n,) within the accuracy of both positions."""
        rows, where = self._rows(things), np.asarray(areas)
        (far, slanting), (near, straight) = self._doubt(rows, distance_m, bearing_deg, accuracy_m)
        return self._level(rows, far, slanting, where), self._level(rows, near, straight, where)

    def heard_within(self, level_db: Floats, wanted_db: float, areas: ArrayLike) -> Floats:
        """Metres (n,) beyond which a source of this level at 1 m is below the wanted level in any area."""
        losses = self._around(np.unique(np.asarray(areas)))[1]
        levels, where = np.unique(level_db, return_inverse=True)
        return self._range(levels - wanted_db, float(losses.min(initial=np.inf)))[where]

    def level(
        self, things: Things, distance_m: ArrayLike, bearing_deg: ArrayLike, areas: ArrayLike
    ) -> Floats:
        """dB (n,) of each thing at its receiver; −inf for what is not heard at all."""
        rows = self._rows(things)
        off = off_axis(rows.azimuth, rows.lobes, bearing_deg)
        return self._level(rows, np.asarray(distance_m, dtype=np.float64), off, np.asarray(areas))

    def target(self, areas: ArrayLike) -> Floats:
        """dB (n,) from which speech is understood in each area."""
        return self._around(np.asarray(areas))[0]

    def radius_of_new(self, kind_code: str, area_id: int) -> float:
        """Metres of reach, all round, of a thing of the kind that is not built yet; 0 without reach."""
        kind = self.model.kind_of.get(kind_code)
        return self.radius(kind, self.model.around(area_id).code) if kind else 0.0

    def radius(
        self, kind: KindReach, around_code: str, watts: float | None = None, target: ReadTarget | None = None
    ) -> float:
        """Metres of reach on the axis in these surroundings; 0 without reach."""
        if kind.channel is not Channel.HEARING:
            return radius_of(self.model, kind, None, target or self.model.scalars.read_target)
        around = self.model.around_of[around_code]
        headroom = level_of(self.model, kind, watts) - self.model.target(around)
        return float(self._range(np.array([headroom]), around.loss)[0])

    def outline(self, state: StateFact, area_id: int) -> tuple[Sector, ...]:
        """The sectors to draw for a thing whose receivers are in an area; empty without reach."""
        rows = self.columns([state])
        radius = float(self.furthest(rows, [area_id])[0])
        channel = self.channel(state.kind)
        if channel is None or radius <= _NOISE_M:
            return ()
        azimuth, lobes = float(rows.azimuth[0]), int(rows.lobes[0])
        if channel is Channel.PRESENCE or np.isnan(azimuth):
            return (Sector(channel, None, 180.0, radius, radius),)
        if channel is Channel.READING:
            half = min(self.model.scalars.reading.widest_deg, 180.0 / lobes)
            edge = radius * float(np.cos(np.radians(half)))
        else:
            half = min(float(rows.coverage[0]) / 2.0, 180.0 / lobes)
            around, off = self.model.around(area_id), self._fading(rows, np.array([half]))
            edge = float(self._range(rows.level + off - self.model.target(around), around.loss)[0])
        axes = [(azimuth + turn * 360.0 / lobes) % 360.0 for turn in range(lobes)]
        return tuple(Sector(channel, axis, half, radius, edge) for axis in axes)

    def said(self, kind_code: str, locale: str = "vi") -> Sentence:
        """The model's name and its target, in words: printed wherever a radius of the kind is.

        `locale` is how its numbers are written; `maps.investment.words.spoken` translates it.
        """
        kind = self.model.kind_of.get(kind_code)
        if kind is None:
            return sentence("loại này chưa có tham số nên không tính được tầm")
        return _SAID[kind.channel](self.model, locale)

    def _doubt(
        self, rows: Columns, distance_m: ArrayLike, bearing_deg: ArrayLike, accuracy_m: ArrayLike | None
    ) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Distance and angle off the axis at worst and at best, when both positions may be wrong."""
        distance = np.asarray(distance_m, dtype=np.float64)
        theirs = self.model.scalars.place_accuracy if accuracy_m is None else accuracy_m
        wrong = rows.accuracy + np.asarray(theirs, dtype=np.float64)
        # Seen from the thing, a receiver that may be `wrong` metres off may be this much to the side.
        aside = np.degrees(np.arcsin(np.clip(wrong / np.maximum(distance, 1e-9), 0.0, 1.0)))
        aside = np.where(distance <= wrong, 180.0, aside)
        off = off_axis(rows.azimuth, rows.lobes, bearing_deg)
        most = np.where(np.isnan(rows.azimuth), 0.0, 180.0 / rows.lobes)
        worst = distance + wrong, np.asarray(np.minimum(off + aside, most))
        best = np.asarray(np.maximum(distance - wrong, 0.0)), np.asarray(np.maximum(off - aside, 0.0))
        return worst, best

    def _rows(self, things: Things) -> Columns:
        return things if isinstance(things, Columns) else self.columns(things)

    def _range(self, headroom: Floats, surroundings_db: float) -> Floats:
        scalars = self.model.scalars
        return range_m(scalars.model, headroom, scalars.alpha, surroundings_db)

    def _fading(self, rows: Columns, off: Floats) -> Floats:
        return directivity(off, rows.coverage, self.model.scalars.directivity_floor)

    def _level(self, rows: Columns, distance: Floats, off: Floats, areas: Ints) -> Floats:
        scalars = self.model.scalars
        lost = loss(scalars.model, distance, scalars.alpha, self._around(areas)[1])
        level = rows.level + self._fading(rows, off) - lost
        return np.where((rows.channel == HEARING) & np.isfinite(distance), level, -np.inf)

    def _reaches(self, rows: Columns, distance: Floats, off: Floats, areas: Ints) -> Flags:
        heard = self._level(rows, distance, off, areas) >= self._around(areas)[0] - _NOISE_DB
        share = np.where(rows.channel == READING, aslant(off, self.model.scalars.reading.widest_deg), 1.0)
        within = (distance <= rows.radius * share + _NOISE_M) & (rows.radius * share > 0)
        seen = (rows.channel == READING) | (rows.channel == PRESENCE)
        return np.asarray(np.where(seen, within, heard & (rows.channel == HEARING)), dtype=np.bool_)

    def _around(self, areas: Ints) -> tuple[Floats, Floats]:
        """Target and loss in dB of each receiver's area."""
        ids, figures = self._figures
        place = np.minimum(np.searchsorted(ids, areas), len(ids) - 1)
        row = np.where(ids[place] == areas, place, len(ids))
        return figures[row, 0], figures[row, 1]

    @cached_property
    def _figures(self) -> tuple[Ints, Floats]:
        """Area ids, sorted, and (target, loss) of each; the last row is of the areas that are not known."""
        ids = [area for area, _code in sorted(self.model.by_area)] or [-1]
        around = [self.model.around(area) for area in ids] + [self.model.around_of[self.model.fallback]]
        figures = np.array([(self.model.target(one), one.loss) for one in around])
        return np.array(ids, dtype=np.int64), figures


def _said_hearing(model: ReachModel, locale: str) -> Sentence:
    target = number(model.scalars.target, 1, locale)
    above = number(model.scalars.above_ambient, 1, locale)
    if model.scalars.model is SoundModel.ISO:
        return sentence(
            "nghe rõ: ít nhất %(target)s dB và hơn tiếng ồn nền %(above)s dB, theo ISO 9613-2 rút gọn",
            target=target,
            above=above,
        )
    if model.scalars.model is SoundModel.FEMA:
        return sentence(
            "nghe rõ: ít nhất %(target)s dB và hơn tiếng ồn nền %(above)s dB, theo FEMA CPG 1-17",
            target=target,
            above=above,
        )
    return sentence(
        "nghe rõ: ít nhất %(target)s dB và hơn tiếng ồn nền %(above)s dB, theo trường tự do",
        target=target,
        above=above,
    )


def _said_reading(model: ReachModel, locale: str) -> Sentence:
    scale = model.scalars.reading
    if model.scalars.read_target is ReadTarget.FURTHEST:
        return sentence(
            "đọc được: %(factor)s lần chiều cao chữ, trừ phần dấu", factor=number(scale.furthest, 1, locale)
        )
    return sentence(
        "đọc thoải mái: %(factor)s lần chiều cao chữ, trừ phần dấu", factor=number(scale.comfort, 1, locale)
    )


def _said_presence(_model: ReachModel, _locale: str) -> Sentence:
    return sentence("nhìn thấy ở chính nơi đó, không tính là truyền tải nội dung")


_SAID = {
    Channel.HEARING: _said_hearing,
    Channel.READING: _said_reading,
    Channel.PRESENCE: _said_presence,
}
