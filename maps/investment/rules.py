"""Gaps become the investment list: what to mend, replace and buy, what it costs, and why.

Pure: values in, one InvestmentList out; the same values give the same list whatever their order.

Gaps are taken by priority: mandatory first, then voters (most first, unknown last), then the
ward's name in Vietnamese order, the place's number, and the standard's own order. Each missing
unit is closed by the first of these that is left:
  1. a thing that an earlier line brings to the same venue for the same requirement (`shared`):
     it counts for every place there, so nothing is bought twice;
  2. a usable thing from the ward's store (`from_store`);
  3. a broken thing on the spot: repaired, or replaced where it cannot be;
  4. a new one of the requirement's priced kind.
Over the lines of a gap quantity + from_store + shared = missing in the chosen figure.

A requirement with a distance is priced at every place that misses it; that one new thing may
serve several such places is for the plan to find, so that part of the total is an upper bound.
In the verified figure things that wait for verification count as missing and are priced; the
lines to verify are the same in both figures.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from inventory.facts import AreaFact, Facts, KindFact, PlaceFact, RequirementFact
from inventory.standards import counted_kinds
from inventory.vocabulary import AppliesTo, Figure, GapReason, LineAction
from inventory.wording import vietnamese_key
from maps.coverage.gaps import Gap
from maps.investment.lines import BookFact, InvestmentList, Line, Subtotal
from maps.investment.pricing import Prices, additions
from maps.investment.supply import Broken, Store, Venues
from maps.investment.whys import Whys


def investment(
    gaps: Iterable[Gap],
    facts: Facts,
    book: BookFact,
    figure: Figure = Figure.REPORTED,
    locale: str = "vi",
) -> InvestmentList:
    """The whole list of these gaps. `locale` chooses the language of names and units (vi, en)."""
    maker = _Maker(facts, book, figure, locale)
    silent: dict[tuple[int, int | None], list[Gap]] = {}
    asked: dict[tuple[int, int | None], int] = {}
    for gap in sorted(gaps, key=maker.priority):
        spot = gap.area_id, gap.place_id
        asked[spot] = asked.get(spot, 0) + 1
        if gap.answered:
            maker.answer(gap)
        else:
            silent.setdefault(spot, []).append(gap)
    to_survey = tuple(maker.survey_line(unanswered, asked[spot]) for spot, unanswered in silent.items())
    lines = maker.lines
    priced = tuple(line for line in lines if line.amount is not None)
    works = sum(line.amount or 0 for line in priced)
    added = additions(book, works)
    return InvestmentList(
        figure=figure,
        priced=priced,
        unpriced=tuple(line for line in lines if line.amount is None and line.quantity),
        covered=tuple(line for line in lines if not line.quantity),
        to_verify=tuple(maker.to_verify),
        to_survey=to_survey,
        subtotals=subtotals(priced),
        works=works,
        additions=added,
        total=works + sum(addition.amount for addition in added),
    )


def subtotals(priced: Iterable[Line]) -> tuple[Subtotal, ...]:
    """The sum of the priced lines of each ward, in Vietnamese order of the wards' names."""
    wards: dict[int, Subtotal] = {}
    for line in priced:
        ward = wards.get(line.area_id) or Subtotal(line.area_id, line.area_code, line.area_name, 0, 0)
        wards[line.area_id] = replace(ward, lines=ward.lines + 1, amount=ward.amount + (line.amount or 0))
    return tuple(sorted(wards.values(), key=lambda ward: (vietnamese_key(ward.area_name), ward.area_id)))


@dataclass(frozen=True)
class _Spot:
    """A gap with the rows it speaks of."""

    gap: Gap
    area: AreaFact
    place: PlaceFact | None
    requirement: RequirementFact
    missing: int


class _Maker:
    """Makes lines gap by gap; what is used up is remembered until the list is done."""

    def __init__(self, facts: Facts, book: BookFact, figure: Figure, locale: str) -> None:
        self._book, self._figure, self._whys = book, figure, Whys(locale)
        self._synthetic = facts.campaign.synthetic
        self._kinds = {kind.code: kind for kind in facts.kinds}
        self._areas = {area.id: area for area in facts.areas}
        self._places = {place.id: place for place in facts.places}
        requirements = facts.standard.requirements
        self._requirements = {requirement.id: requirement for requirement in requirements}
        self._order = {requirement.id: order for order, requirement in enumerate(requirements)}
        self._counted = {one.id: counted_kinds(one, facts.kinds) for one in requirements}
        self._prices = Prices(book.rows, self._kinds)
        self._store = Store(facts.installations, self._kinds)
        self._venues, self._broken = Venues(), Broken(self._prices)
        self.lines: list[Line] = []
        self.to_verify: list[Line] = []

    def priority(self, gap: Gap) -> tuple[object, ...]:
        """The order of gaps, and with it of lines; no two gaps of a run are equal in it."""
        place = self._places[gap.place_id] if gap.place_id is not None else None
        return (
            not gap.mandatory,
            gap.voters is None,
            -(gap.voters or 0),
            vietnamese_key(self._areas[gap.area_id].name),
            gap.area_id,
            place.number if place else -1,
            place.id if place else -1,
            self._order[gap.requirement_id],
        )

    def answer(self, gap: Gap) -> None:
        """Lines of a gap that somebody surveyed."""
        missing = gap.missing_reported if self._figure is Figure.REPORTED else gap.missing_verified
        spot = self._spot(gap, missing)
        waiting = gap.missing_verified - gap.missing_reported
        if waiting > 0:
            self.to_verify.append(self._verify_line(spot, waiting))
        if missing > 0:
            self.lines += self._close(spot)

    def _close(self, spot: _Spot) -> list[Line]:
        gap, requirement = spot.gap, spot.requirement
        shared = self._shared(spot)
        counted = self._counted[requirement.id]
        from_store = self._store.take(gap.area_id, counted, min(spot.missing - shared, gap.stored))
        left = spot.missing - shared - from_store
        wanted = self._broken.take(gap, left)
        new = left - sum(wanted.values())
        if new or not wanted:
            wanted[LineAction.BUY, requirement.priced_kind] = new
        lines = [self._line(spot, action, kind, units) for (action, kind), units in wanted.items()]
        said = self._whys.supply(from_store, shared)
        lines[0] = replace(lines[0], from_store=from_store, shared=shared, why=lines[0].why + said)
        return lines

    def _shared(self, spot: _Spot) -> int:
        requirement, place = spot.requirement, spot.place
        if place is None or requirement.within_m is not None or requirement.applies_to is AppliesTo.AREA:
            return 0
        return self._venues.share((spot.area.id, place.venue_id, requirement.id), spot.missing)

    def _line(self, spot: _Spot, action: LineAction, kind_code: str, units: int) -> Line:
        """One line to pay for; without a quantity it needs no price."""
        kind = self._kinds[kind_code]
        line = self._blank(spot, action, kind, units)
        price = self._prices.of(kind_code, action) if units else None
        why = self._whys.need(spot.gap, spot.requirement, spot.missing, self._figure)
        why += self._whys.mending(action, units) + self._whys.nearest(spot.gap)
        if price is None:
            return replace(line, why=why + (self._whys.no_price() if units else ()))
        row = price.row
        unit = line.unit if row.per_m2 else self._whys.name(row.unit_vi, row.unit_en) or line.unit
        return replace(
            line,
            why=why,
            unit=unit,
            unit_price=price.amount,
            price_id=row.id,
            price_source=row.source or self._book.source,
            price_guess=row.guess,
            amount=units * price.amount,
        )

    def _verify_line(self, spot: _Spot, waiting: int) -> Line:
        kind = self._kinds[spot.requirement.priced_kind]
        line = self._blank(spot, LineAction.VERIFY, kind, waiting)
        why = self._whys.verify(spot.gap, spot.requirement)
        return replace(line, reason=GapReason.WAITING, why=why)

    def survey_line(self, unanswered: list[Gap], asked: int) -> Line:
        """One line for a place or ward where something was not looked for yet."""
        spot = self._spot(unanswered[0], 0)
        line = self._blank(
            spot, LineAction.SURVEY, self._kinds[spot.requirement.priced_kind], len(unanswered)
        )
        return replace(
            line,
            requirement_id=None,
            requirement="",
            kind="",
            kind_name="",
            unit=self._whys.name("yêu cầu", "requirements"),
            mandatory=any(gap.mandatory for gap in unanswered),
            reason=GapReason.NOT_SURVEYED,
            nearest_m=None,
            why=self._whys.survey(len(unanswered), asked),
        )

    def _blank(self, spot: _Spot, action: LineAction, kind: KindFact, quantity: int) -> Line:
        gap, area, place, requirement = spot.gap, spot.area, spot.place, spot.requirement
        return Line(
            action=action,
            area_id=area.id,
            area_code=area.code,
            area_name=area.name,
            place_id=gap.place_id,
            place_number=place.number if place else None,
            place_name=place.name if place else "",
            venue_name=place.venue_name if place else "",
            requirement_id=requirement.id,
            requirement=self._whys.name(requirement.name_vi, requirement.name_en),
            kind=kind.code,
            kind_name=self._whys.name(kind.name_vi, kind.name_en),
            mandatory=gap.mandatory,
            voters=gap.voters,
            quantity=quantity,
            unit=self._whys.name(kind.unit_vi, kind.unit_en),
            unit_price=None,
            price_id=None,
            price_source="",
            price_guess=False,
            amount=None,
            from_store=0,
            shared=0,
            reason=gap.reason_reported if self._figure is Figure.REPORTED else gap.reason_verified,
            why=(),
            nearest_m=gap.nearest_m,
            synthetic=self._synthetic or (place.synthetic if place else False),
        )

    def _spot(self, gap: Gap, missing: int) -> _Spot:
        place = self._places[gap.place_id] if gap.place_id is not None else None
        return _Spot(gap, self._areas[gap.area_id], place, self._requirements[gap.requirement_id], missing)
