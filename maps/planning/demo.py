"""The inputs of the demo's plans: synthetic sites and a zone, assumed weights, funds and lead times."""

from collections.abc import Iterator

from inventory.database import db
from inventory.facts import Facts
from inventory.outcomes import Refused
from inventory.snapshot import read_facts
from inventory.vocabulary import Family
from maps.planning.actions import load as write
from maps.planning.inputs import Duty, Fund, PlanZone, Row, Site, ZoneRule
from maps.planning.rules import Ground
from maps.planning.samples import DATA, lines, supply
from maps.planning.shapes import read_areas
from maps.planning.weights import Weight, WeightOn

_GUESS = "Giả định, minh họa"

_WEIGHTS = (
    Weight(
        on=WeightOn.AREA_KIND,
        subject="xa",
        factor=1.2,
        reason="Ưu tiên nơi xa",
        source="Giả định; thay bằng quyết định của Thành phố",
        guess=True,
    ),
)
_FUNDS = (
    Fund(name="Ngân sách Thành phố", cap=400_000_000, position=1, source=_GUESS, synthetic=True),
    Fund(
        name="Xã hội hóa",
        cap=None,
        families=(Family.BANNER, Family.BILLBOARD, Family.FLAG),
        position=2,
        source=_GUESS,
        synthetic=True,
    ),
)


def load(campaign_id: int) -> None:
    """Write the inputs of the demo campaign, in the current transaction."""
    facts = read_facts(db.session(), campaign_id)
    ground = Ground(
        kinds=frozenset(kind.code for kind in facts.kinds),
        wards={area.id: area.name for area in facts.areas},
        lines={},
        places={},
    )
    write(campaign_id, rows(facts), ground)


def rows(facts: Facts) -> tuple[Row, ...]:
    """Every row; those of wards and kinds that the campaign has not are left out."""
    kinds = {kind.code for kind in facts.kinds}
    areas = {area.code: area.id for area in facts.areas}
    supplies = (row for row in supply() if row.kind in kinds)
    return (*_sites(areas), *_zones(), *_WEIGHTS, *_FUNDS, *supplies)


def _sites(areas: dict[str, int]) -> Iterator[Site]:
    for line in lines(DATA / "sites_SYNTHETIC.csv"):
        if line["area_code"] in areas:
            yield Site(
                name=line["name"],
                area_id=areas[line["area_code"]],
                lat=float(line["lat"]),
                lon=float(line["lon"]),
                families=tuple(map(Family, line["families"].split())),
                kinds=tuple(line["kinds"].split()),
                duty=Duty(line["duty"]),
                note=line["note"],
                synthetic=True,
            )


def _zones() -> Iterator[PlanZone]:
    found = read_areas((DATA / "zones_SYNTHETIC.geojson").read_bytes())
    if isinstance(found, Refused):
        raise TypeError(f"the demo's zones were refused: {found}")
    for area in found:
        yield PlanZone(
            name=area.name,
            rule=ZoneRule.EXCLUSION,
            boundary=area.boundary,
            reason=area.reason,
            families=(Family.BILLBOARD, Family.DISPLAY),
            synthetic=True,
        )
