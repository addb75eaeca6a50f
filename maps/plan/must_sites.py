"""Ways to put something on a site where something must stand, beside what serves wants from afar. Pure.

A thing on such a site counts for the ward's own requirement where it lacks just one of that kind;
else it is there because the office wants it, and serves no want.
"""

from inventory.facts import KindFact, RequirementFact
from inventory.standards import counted_kinds
from inventory.vocabulary import AppliesTo, LineAction
from maps.investment.pricing import Prices
from maps.plan.local import group_of, lead_days
from maps.plan.offers import Candidate, Making, Part
from maps.plan.terms import World
from maps.planning.allowing import site_allows
from maps.planning.inputs import Duty, Site


def offer_must_sites(making: Making, world: World) -> None:
    """Add one candidate for every kind that may stand on a must site and that the standard counts."""
    prices = Prices(world.book.rows, {kind.code: kind for kind in world.facts.kinds})
    wards = {want.key: number for number, want in enumerate(making.wants) if want.place_id is None}
    for site in world.inputs.sites:
        if site.duty is not Duty.MUST:
            continue
        for kind in world.facts.kinds:
            price = prices.of(kind.code, LineAction.BUY)
            asked = _asked(world, kind)
            if price is None or asked is None or not site_allows(site, kind, world.inputs):
                continue
            part = Part(LineAction.BUY, kind.code, 1, price.amount)
            number = wards.get(f"{asked.id}@ward:{site.area_id}")
            _offer(making, world, site, asked, part, number)


def _asked(world: World, kind: KindFact) -> RequirementFact | None:
    """The requirement that a thing of the kind would count for: the ward's own before a place's."""
    counting = [
        one for one in world.facts.standard.requirements if kind.code in counted_kinds(one, world.facts.kinds)
    ]
    return min(counting, key=lambda one: one.applies_to is not AppliesTo.AREA, default=None)


def _offer(
    making: Making, world: World, site: Site, asked: RequirementFact, part: Part, number: int | None
) -> None:
    closes = number is not None and making.wants[number].missing == 1
    making.add(
        Candidate(
            key=f"must:{part.kind}@site:{site.id}/{asked.code}",
            requirement_id=asked.id,
            area_id=site.area_id,
            place_id=None,
            parts=(part,),
            group=group_of(making.wants[number]) if closes and number is not None else "",
            site=site.id,
            lat=site.lat,
            lon=site.lon,
            lead_days=lead_days(world, (part,)),
        ),
        [(number, 1)] if closes and number is not None else [],
    )
