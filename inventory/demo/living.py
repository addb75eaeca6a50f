"""Where the demo's voters live: neighbourhoods of some wards, taken in by the import that people use."""

import json
from random import Random

from sqlalchemy import select

from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.demo.neighbours import Polling, homes
from inventory.demo.world import SEED
from inventory.geodesy import Position, distance_outside_m
from inventory.neighbourhoods import import_actions
from inventory.neighbourhoods.import_reading import HEADINGS, Column
from inventory.outcomes import Done
from inventory.places.exporting import csv_bytes
from inventory.places.import_actions import Upload
from inventory.places.import_queries import Importer
from inventory.places.row_reading import Defaults
from inventory.tables.area import Area
from inventory.tables.place import Place, Venue

_NAME = "khu_pho_MINH_HOA.csv"
#: One ward in three has its list; the others show what is counted without one.
_EVERY = 3
_COLUMNS = (
    *(Column.WARD_CODE, Column.NAME, Column.NUMBER, Column.HOUSEHOLDS, Column.VOTERS),
    *(Column.LAT, Column.LON),
)


def neighbourhoods(campaign: CampaignSeen) -> int:
    """Import the invented neighbourhoods; returns how many there are."""
    session = db.session()
    everywhere = areas_below(session, frozenset({campaign.root_area_id}), campaign.tree_date)
    importer = Importer(None, everywhere)
    defaults = Defaults(f"Sinh ra cho bản minh họa, seed {SEED}", "như mã nguồn", True)
    upload = Upload(_NAME, _file(campaign), defaults)
    examined = import_actions.examine(importer, campaign, upload)
    outcome = import_actions.import_now(importer, campaign, upload, examined.read)
    if not isinstance(outcome, Done):
        raise TypeError(f"{_NAME}: {outcome}")
    return len(examined.plan.new)


def _file(campaign: CampaignSeen) -> bytes:
    pollings, lines = _pollings(campaign)

    def within(code: str, spot: Position) -> bool:
        return not lines.get(code) or distance_outside_m(lines[code], *spot) == 0.0

    found = homes(pollings, within, Random(SEED))  # noqa: S311 -- not a secret
    rows = [
        (home.ward_code, home.name, home.number, home.households, home.voters, *home.position)
        for home in found
    ]
    return csv_bytes([[HEADINGS[column][0] for column in _COLUMNS], *rows])


def _pollings(campaign: CampaignSeen) -> tuple[list[Polling], dict[str, str]]:
    rows = db.session.execute(
        select(Area.code, Area.kind, Area.boundary, Place.number, Place.voters, Venue.lat, Venue.lon)
        .join(Place, Place.area_id == Area.id)
        .join(Venue, Venue.id == Place.venue_id)
        .where(Place.campaign_id == campaign.id, Place.voters.is_not(None), Venue.lat.is_not(None))
        .order_by(Area.code, Place.number)
    ).all()
    chosen = sorted({row.code for row in rows})[::_EVERY]
    lines = {row.code: json.dumps(row.boundary) if row.boundary else "" for row in rows}
    pollings = [
        Polling(row.code, row.kind, row.number, row.voters, (row.lat, row.lon))
        for row in rows
        if row.code in chosen
    ]
    return pollings, lines
