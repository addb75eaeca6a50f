"""An independent recount of a plan: plain loops over what it says, sharing no code with how it was made.

Checked are the cost of every choice and of the whole (from the rows of the price book, with what is
added), the budget and every rule for money, numbers, stores, sites and zones, which wants are served
(by geopy's geodesics and by who stands at which venue), the voters, and the gap. Answers sentences;
none means that everything agrees. Pure.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise

from inventory.vocabulary import Lifecycle, LineAction, Zone
from maps.investment.lines import Sentence, sentence
from maps.plan.offers import Want
from maps.plan.recount_served import served_by
from maps.plan.result import Choice, PlanResult
from maps.plan.terms import World
from maps.planning.inputs import Duty, PlanZone, ZoneRule


def recounted(world: World, result: PlanResult) -> tuple[Sentence, ...]:
    """What does not agree."""
    counting = _Counting(world, result, {want.key: want for want in result.wants})
    return (*counting.money(), *counting.limits(), *counting.reached(), *counting.proof())


class _Counting:
    def __init__(self, world: World, result: PlanResult, wants: Mapping[str, Want]) -> None:
        self._world, self._result, self._wants = world, result, wants
        self._kinds = {kind.code: kind for kind in world.facts.kinds}
        self._asked = {one.id: one for one in world.facts.standard.requirements}

    def money(self) -> list[Sentence]:
        """Costs from the book's rows, the sum, the total with additions, the budget."""
        found, works = [], 0
        for choice in self._result.choices:
            cost = sum(part.units * self._price(part.kind, part.action) for part in choice.parts)
            works += cost
            if cost != choice.cost:
                found.append(_differs("giá của " + choice.key, choice.cost, cost))
        if works != self._result.works:
            found.append(_differs("tổng các dòng", self._result.works, works))
        total = self._with_additions(works)
        if total != self._result.total:
            found.append(_differs("tổng cộng", self._result.total, total))
        if total > self._result.ask.budget:
            found.append(_broken("ngân sách"))
        return found

    def _price(self, kind: str, action: LineAction) -> int:
        wanted = [action, LineAction.BUY] if action is LineAction.REPLACE else [action]
        for one in wanted:
            for row in sorted(self._world.book.rows, key=lambda row: row.id):
                if row.kind == kind and row.action is one:
                    if not row.per_m2:
                        return row.unit_price
                    width = Fraction(str(self._kinds[kind].default_width_m))
                    return _round(width * Fraction(str(self._kinds[kind].default_height_m)) * row.unit_price)
        return 0

    def _with_additions(self, works: int) -> int:
        book = self._world.book
        down = _round(Fraction(works * book.takedown_percent, 100))
        vat = 0 if book.vat_included else _round(Fraction((works + down) * book.vat_percent, 100))
        spare = _round(Fraction((works + down + vat) * book.contingency_percent, 100))
        return works + down + vat + spare

    def limits(self) -> list[Sentence]:
        """Wards, kinds, stores, broken things, funds, sites, zones, locks, deadline."""
        ask, choices = self._result.ask, self._result.choices
        found = [*self._used_up(), *self._kind_limits(), *self._money_sources(), *self._ground()]
        spent: dict[int, int] = defaultdict(int)
        for choice in choices:
            spent[choice.candidate.area_id] += choice.cost
        limit = self._works_limit()
        if any(100 * money > limit * ask.ward_max_share for money in spent.values()):
            found.append(_broken("mức tối đa của phường, xã"))
        keys = [key for choice in choices for key in _keys(choice)]
        for lock in ask.locked_in:
            if not any(_named(key, lock) for key in keys):
                found.append(_broken(f"việc phải có {lock}"))
        for lock in ask.locked_out:
            if any(_named(key, lock) for key in keys):
                found.append(_broken(f"việc phải bỏ {lock}"))
        if ask.before_deadline and any(choice.phase == 2 for choice in choices):
            found.append(_broken("thời hạn trang trí"))
        return found

    def _works_limit(self) -> int:
        works = self._result.ask.budget
        step = 1 << works.bit_length()
        works = 0
        while step:
            if self._with_additions(works + step) <= self._result.ask.budget:
                works += step
            step >>= 1
        return works

    def _used_up(self) -> list[Sentence]:
        shelves: dict[tuple[int, str], int] = defaultdict(int)
        mended: dict[str, int] = defaultdict(int)
        for choice in self._result.choices:
            for kind, units in choice.from_store:
                shelves[choice.candidate.area_id, kind] += units
            for identity, units in choice.candidate.broken:
                mended[identity] += units
        for installation in self._world.facts.installations:
            state = installation.reported
            if state is None:
                continue
            if state.lifecycle is Lifecycle.STORED:
                shelves[state.area_id, state.kind] -= state.quantity
            if installation.id in mended:
                mended[installation.id] -= state.quantity
        return [_broken("số lượng trong kho")] * any(units > 0 for units in shelves.values()) + [
            _broken("số thứ hỏng tại chỗ")
        ] * any(units > 0 for units in mended.values())

    def _kind_limits(self) -> list[Sentence]:
        bought: dict[str, int] = defaultdict(int)
        for choice in self._result.choices:
            for part in choice.parts:
                if part.action is not LineAction.REPAIR:
                    bought[part.kind] += part.units
        asked = [(kind, most) for kind, most in self._result.ask.kind_limits]
        asked += [(row.kind, row.most) for row in self._world.inputs.supplies if row.most is not None]
        return [_broken(f"số lượng tối đa của {kind}") for kind, most in asked if bought[kind] > most]

    def _money_sources(self) -> list[Sentence]:
        chosen = self._result.ask.funds
        funds = {fund.id: fund for fund in self._world.inputs.funds if chosen is None or fund.id in chosen}
        if not funds:
            return []
        found = []
        for choice in self._result.choices:
            if sum(amount for _, amount in choice.funds) != choice.cost:
                found.append(_broken("nguồn kinh phí của " + choice.key))
            for number, _ in choice.funds:
                fund = funds[number]
                fits = not fund.areas or choice.candidate.area_id in fund.areas
                if not fits or not all(fund.covers(self._kinds[part.kind]) for part in choice.parts):
                    found.append(_broken("điều kiện của nguồn kinh phí " + fund.name))
        for number, amount in self._result.funds:
            cap = funds[number].cap
            if cap is not None and amount > cap:
                found.append(_broken("mức kinh phí của " + funds[number].name))
        if sum(amount for _, amount in self._result.funds) != self._result.total:
            found.append(_broken("tổng các nguồn kinh phí"))
        return found

    def _ground(self) -> list[Sentence]:
        found = []
        inputs, new = self._world.inputs, [one for one in self._result.choices if _is_new(one)]
        for site in inputs.sites:
            here = [one for one in self._result.choices if one.candidate.site == site.id]
            if site.duty is Duty.MUST and not here:
                found.append(_broken("vị trí phải có " + site.name))
            if site.duty is Duty.MUST_NOT and here:
                found.append(_broken("vị trí không được dùng " + site.name))
        for zone in inputs.zones:
            inside = sum(
                sum(
                    part.units
                    for part in one.parts
                    if part.action is LineAction.BUY and zone.covers(self._kinds[part.kind])
                )
                for one in new
                if self._outdoors(one, zone)
                and _in_polygon(zone.boundary, one.candidate.lat, one.candidate.lon)
            )
            if zone.rule is ZoneRule.EXCLUSION and inside:
                found.append(_broken("vùng loại trừ " + zone.name))
            if zone.rule is ZoneRule.MUST and inside < zone.minimum:
                found.append(_broken("vùng phải có " + zone.name))
        return found

    def _outdoors(self, choice: Choice, zone: PlanZone) -> bool:
        """Exclusion zones say nothing of what hangs inside a room."""
        asked = self._asked[choice.candidate.requirement_id]
        return zone.rule is ZoneRule.MUST or asked.zone is not Zone.INSIDE

    def reached(self) -> list[Sentence]:
        """Which wants the choices serve, and how many voters that are."""
        served = served_by(self._world, self._result.choices, self._wants)
        found = []
        if set(served) != set(self._result.served):
            found.append(_differs("số yêu cầu được phục vụ", len(self._result.served), len(served)))
        voters = sum(want.voters for want in served.values())
        if voters != self._result.voters:
            found.append(_differs("số cử tri", self._result.voters, voters))
        met = sum(want.own for want in served.values())
        if met != self._result.newly_met:
            found.append(_differs("số yêu cầu đạt thêm", self._result.newly_met, met))
        return found

    def proof(self) -> list[Sentence]:
        """The value from the wants' weights, and the gap from value and bound."""
        proof = self._result.proof
        value = sum(self._wants[key].weight for key in self._result.served)
        found = []
        if value != round(proof.value):
            found.append(_differs("giá trị", round(proof.value), value))
        if proof.value > proof.bound * (1 + 1e-9):
            found.append(_broken("cận chứng minh"))
        gap = (proof.bound - proof.value) / max(proof.value, 1.0)
        if abs(gap - proof.gap) > 1e-9:
            found.append(_broken("mức chênh"))
        return found


def _keys(choice: Choice) -> list[str]:
    """The keys that a lock may have used: without and with the numbers of its copies."""
    copies = [f"{choice.key}#{number}" for number in range(2, choice.copies + 1)]
    return [choice.key, choice.candidate.key, *copies]


def _named(key: str, lock: str) -> bool:
    return key == lock or any(key.startswith(lock + mark) for mark in "/+#")


def _is_new(choice: Choice) -> bool:
    return choice.candidate.thing is None and any(part.action is LineAction.BUY for part in choice.parts)


def _in_polygon(boundary: str, lat: float | None, lon: float | None) -> bool:
    """By crossings of a ray; the line itself is left to neither side's judgment (see the test)."""
    if lat is None or lon is None:
        return False
    shape = json.loads(boundary)
    areas = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return any(_in_rings(rings, lat, lon) for rings in areas)


def _in_rings(rings: list[list[list[float]]], lat: float, lon: float) -> bool:
    inside = False
    for ring in rings:
        for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside


def _round(value: Fraction) -> int:
    """Half up."""
    return int((value * 2 + 1) // 2)


def _differs(what: str, said: int, counted: int) -> Sentence:
    return sentence(
        "Đếm lại độc lập khác: %(what)s là %(said)s, đếm lại được %(counted)s.",
        what=what,
        said=str(said),
        counted=str(counted),
    )


def _broken(what: str) -> Sentence:
    return sentence("Đếm lại độc lập thấy không giữ đúng: %(what)s.", what=what)
