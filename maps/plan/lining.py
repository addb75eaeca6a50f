"""A plan as lines of the investment list, so that screen, XLSX and CSV share one row model. Pure.

What money buys are priced lines; what the store or a shared venue closes are covered ones. Nothing
tells how far other things are: a plan's lines are read by people who may not know every position.
"""

from dataclasses import dataclass, replace
from typing import Any

from inventory.facts import PlaceFact
from inventory.vocabulary import LineAction
from inventory.wording import money, number, vietnamese_key
from maps.coverage.gaps import Gap
from maps.investment.lines import InvestmentList, Line, Sentence, sentence
from maps.investment.pricing import Prices, additions
from maps.investment.rules import subtotals
from maps.investment.whys import Whys
from maps.plan.offers import Part
from maps.plan.result import Choice, PlanResult
from maps.plan.terms import Names, World
from maps.planning.inputs import LifeIn


@dataclass(frozen=True)
class Entry:
    """A line with the choice it belongs to; `first` is the choice's first line."""

    line: Line
    choice: Choice
    first: bool

    @property
    def priced(self) -> bool:
        """Whether money buys it."""
        return self.line.amount is not None


def entries(world: World, result: PlanResult, locale: str) -> tuple[Entry, ...]:
    """Every line of a plan: mandatory first, then by what the choice gains, in the language (vi, en)."""
    writer = _Writer(world, result, locale)
    ordered = sorted(result.choices, key=writer.order)
    return tuple(entry for choice in ordered for entry in writer.entries(choice))


def listed(world: World, result: PlanResult, locale: str) -> InvestmentList:
    """The plan as a whole list."""
    found = entries(world, result, locale)
    priced = tuple(entry.line for entry in found if entry.priced)
    covered = tuple(entry.line for entry in found if not entry.priced)
    works = sum(line.amount or 0 for line in priced)
    added = additions(world.book, works)
    return InvestmentList(
        figure=result.ask.figure,
        priced=priced,
        unpriced=(),
        covered=covered,
        to_verify=(),
        to_survey=(),
        subtotals=subtotals(priced),
        works=works,
        additions=added,
        total=works + sum(addition.amount for addition in added),
    )


class _Writer:
    """Writes the lines of choices."""

    def __init__(self, world: World, result: PlanResult, locale: str) -> None:
        self._world, self._result, self._locale = world, result, locale
        self._whys, self._names = Whys(locale), Names.of(world.facts)
        self._prices = Prices(world.book.rows, self._names.kinds)
        self._wants = {want.key: want for want in result.wants}
        self._gaps = {(gap.requirement_id, gap.place_id, gap.area_id): gap for gap in world.gaps}
        self._funds = {fund.id: fund.name for fund in world.inputs.funds}
        self._sites = {site.id: site.name for site in world.inputs.sites}

    def order(self, choice: Choice) -> tuple[object, ...]:
        """Mandatory requirements first, then what gains most, then the ward's name."""
        served = [self._wants[key] for key in choice.serves]
        area = self._names.areas[choice.candidate.area_id]
        return (
            not any(want.mandatory for want in served),
            -choice.beside,
            vietnamese_key(area.name),
            choice.key,
        )

    def entries(self, choice: Choice) -> list[Entry]:
        """The lines of one choice: a line for each part, then the places that share it."""
        said = self._reasons(choice)
        stored = sum(units for _, units in choice.from_store)
        lines = [self._priced(choice, part) for part in choice.parts]
        if not lines:
            kind = choice.from_store[0][0] if choice.from_store else ""
            lines = [self._blank(choice, LineAction.BUY, kind, 0)]
        supply = self._whys.supply(stored, 0)
        lines[0] = replace(lines[0], from_store=stored, why=(*lines[0].why, *supply, *said))
        own = [Entry(line, choice, first=at == 0) for at, line in enumerate(lines)]
        return own + [Entry(line, choice, first=False) for line in self._sharing(choice)]

    def _priced(self, choice: Choice, part: Part) -> Line:
        price = self._prices.of(part.kind, part.action)
        assert price is not None  # noqa: S101 -- only what has a price is offered
        row, line = price.row, self._blank(choice, part.action, part.kind, part.units)
        unit = line.unit if row.per_m2 else self._whys.name(row.unit_vi, row.unit_en) or line.unit
        return replace(
            line,
            unit=unit,
            unit_price=price.amount,
            price_id=row.id,
            price_source=row.source or self._world.book.source,
            price_guess=row.guess,
            amount=part.units * part.unit_cost,
            why=line.why + self._whys.mending(part.action, part.units),
        )

    def _sharing(self, choice: Choice) -> list[Line]:
        """Places at the venue of a bundle that need no more than what it brings."""
        if not choice.candidate.group:
            return []
        others = [self._wants[key] for key in choice.serves]
        kind = self._names.requirements[choice.candidate.requirement_id].priced_kind
        lines = []
        for want in others:
            if want.place_id != choice.candidate.place_id:
                line = self._blank(choice, LineAction.BUY, kind, 0, want.place_id)
                shared = self._whys.supply(0, want.missing)
                lines.append(replace(line, shared=want.missing, why=line.why + shared))
        return lines

    def _blank(
        self, choice: Choice, action: LineAction, kind_code: str, quantity: int, place_id: int | None = None
    ) -> Line:
        """A line without a price; at the choice's own place unless another is named."""
        candidate = choice.candidate
        place_id = place_id if place_id is not None else candidate.place_id
        place = self._names.places[place_id] if place_id is not None else None
        requirement = self._names.requirements[candidate.requirement_id]
        gap = self._gap(choice, place_id)
        synthetic = self._world.facts.campaign.synthetic or (place.synthetic if place else False)
        return Line(
            action=action,
            **self._where(candidate.area_id, place),
            requirement_id=requirement.id,
            requirement=self._whys.name(requirement.name_vi, requirement.name_en),
            kind=kind_code,
            **self._kind_words(kind_code),
            mandatory=requirement.mandatory,
            voters=sum(self._wants[key].voters for key in choice.serves),
            quantity=quantity,
            unit_price=None,
            price_id=None,
            price_source="",
            price_guess=False,
            amount=None,
            from_store=0,
            shared=0,
            reason=gap.reason_reported if gap else None,
            why=self._need(gap),
            nearest_m=None,
            synthetic=synthetic,
            spot=choice.key,
        )

    def _where(self, area_id: int, place: PlaceFact | None) -> dict[str, Any]:
        area = self._names.areas[area_id]
        return {
            "area_id": area.id,
            "area_code": area.code,
            "area_name": area.name,
            "place_id": place.id if place else None,
            "place_number": place.number if place else None,
            "place_name": place.name if place else "",
            "venue_name": place.venue_name if place else "",
        }

    def _kind_words(self, code: str) -> dict[str, Any]:
        kind = self._names.kinds.get(code)
        if kind is None:
            return {"kind_name": "", "unit": ""}
        name = self._whys.name(kind.name_vi, kind.name_en)
        return {"kind_name": name, "unit": self._whys.name(kind.unit_vi, kind.unit_en)}

    def _gap(self, choice: Choice, place_id: int | None) -> Gap | None:
        candidate = choice.candidate
        if place_id is None:
            return self._gaps.get((candidate.requirement_id, None, candidate.area_id))
        area = self._names.places[place_id].area_id
        return self._gaps.get((candidate.requirement_id, place_id, area))

    def _need(self, gap: Gap | None) -> tuple[Sentence, ...]:
        if gap is None:
            return ()
        figure = self._result.ask.figure
        missing = gap.missing_reported if figure.value == "reported" else gap.missing_verified
        return self._whys.need(gap, self._names.requirements[gap.requirement_id], missing, figure)

    def _reasons(self, choice: Choice) -> tuple[Sentence, ...]:
        """What the plan itself says of a choice: gains, price of a voter, place, payer, time, life."""
        said = [
            sentence(
                "Phục vụ thêm %(beside)s cử tri bên cạnh các việc khác của kế hoạch"
                " (nếu chỉ làm riêng việc này: %(alone)s).",
                beside=self._number(choice.beside),
                alone=self._number(choice.alone),
            )
        ]
        if choice.cost and choice.per_voter is not None:
            said.append(
                sentence("Mỗi cử tri tăng thêm hết %(amount)s.", amount=self._money(choice.per_voter))
            )
        if len(choice.serves) > 1:
            count = self._number(len(choice.serves))
            said.append(sentence("Một việc này phục vụ %(count)s điểm có cử tri.", count=count))
        if choice.candidate.site is not None:
            said.append(sentence("Đặt tại vị trí “%(name)s”.", name=self._sites[choice.candidate.site]))
        said += self._payers(choice)
        if choice.phase == 2:
            days = self._number(choice.candidate.lead_days)
            said.append(sentence("Cần %(days)s ngày nên không kịp hạn trang trí: làm ở đợt hai.", days=days))
        return (*said, *self._lasting(choice))

    def _payers(self, choice: Choice) -> list[Sentence]:
        return [
            sentence(
                "Nguồn kinh phí: %(fund)s chi %(amount)s.", fund=self._funds[fund], amount=self._money(amount)
            )
            for fund, amount in choice.funds
        ]

    def _lasting(self, choice: Choice) -> list[Sentence]:
        if choice.life is None or not choice.cost or choice.life[0] <= 1:
            return []
        count, unit = choice.life
        once = self._money(choice.cost // count)
        if unit is LifeIn.CAMPAIGNS:
            said = sentence(
                "Dùng được %(count)s kỳ bầu cử, mỗi kỳ %(amount)s.", count=self._number(count), amount=once
            )
        else:
            said = sentence(
                "Dùng được %(count)s năm, mỗi năm %(amount)s.", count=self._number(count), amount=once
            )
        return [said]

    def _number(self, value: int) -> str:
        return number(value, locale=self._locale)

    def _money(self, value: int) -> str:
        return money(value, locale=self._locale)
