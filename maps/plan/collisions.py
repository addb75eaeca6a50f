"""The rules that collide, from the optimiser's words to (code, name) pairs that people can be told. Pure."""

from inventory.wording import money
from maps.plan.ask import Ask
from maps.plan.terms import Names, World

Told = tuple[str, str]


def told(world: World, ask: Ask, rules: tuple[str, ...]) -> tuple[Told, ...]:
    """Each rule as its code and the name of what it is about; the budget last, each pair once."""
    found = {_told(world, ask, rule): None for rule in rules}
    return tuple(sorted(found, key=lambda pair: (pair[0] == "budget", pair)))


def _told(world: World, ask: Ask, rule: str) -> Told:
    if rule.startswith("budget"):
        return "budget", money(ask.budget)
    code, _, about = rule.partition(":")
    names = Names.of(world.facts)
    if code in ("ward_least", "ward_most", "ward_met"):
        area = names.areas.get(int(about))
        return code, area.name if area else about
    if code == "kind":
        return code, names.kinds[about].name_vi if about in names.kinds else about
    if code == "stock":
        ward, _, kind = about.partition(":")
        area = names.areas.get(int(ward))
        return code, f"{names.kinds[kind].name_vi}, {area.name}" if area else kind
    if code == "fund":
        held = {fund.id: fund.name for fund in world.inputs.funds}
        return code, ", ".join(held[int(one)] for one in about.split(","))
    return code, _of_ground(world, code, about)


def _of_ground(world: World, code: str, about: str) -> str:
    """The name of a site or a zone; else what the rule itself says."""
    names = {
        "site": {str(site.id): site.name for site in world.inputs.sites},
        "zone": {str(zone.id): zone.name for zone in world.inputs.zones},
    }
    return names.get(code, {}).get(about, about)
