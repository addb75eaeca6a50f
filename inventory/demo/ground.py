"""The ground of the demo: province, city, 33 real wards, the campaign, 283 synthetic places."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.demo import campaign as demo
from inventory.outcomes import Done
from inventory.places import import_actions
from inventory.places.import_actions import Upload
from inventory.places.import_queries import Importer
from inventory.places.row_reading import Defaults
from inventory.tables.area import Area, AreaParent
from inventory.tables.campaign import Campaign, Milestone
from inventory.vocabulary import AreaKind
from inventory.wording import fold

_DATA = Path(__file__).with_name("data")
_KINDS = {"phường": AreaKind.PHUONG, "xã": AreaKind.XA}
#: The licence sentence of the boundary file, short enough to be shown whole.
_AREA_LICENCE = "MIT (kho dữ liệu, danh mục mã); bản đồ gốc chưa ghi giấy phép; không phải ranh giới pháp lý"
_PLACES = "halong_polling_areas_SYNTHETIC.csv"


def areas() -> dict[str, int]:
    """Write the tree and return the ids by code."""
    collection = json.loads((_DATA / "halong_wards_2021.geojson").read_text(encoding="utf-8"))
    about = collection["metadata"]
    province = _area(demo.PROVINCE_CODE, AreaKind.PROVINCE, demo.PROVINCE_NAME)
    city = _area(demo.CITY_CODE, AreaKind.CITY, demo.CITY_NAME, province)
    made = {demo.PROVINCE_CODE: province, demo.CITY_CODE: city}
    for feature in collection["features"]:
        words = feature["properties"]
        made[words["code"]] = _area(
            words["code"],
            _KINDS[words["type"]],
            words["full_name"],
            city,
            name_en=words["name_en"],
            lat=words["label_lat"],
            lon=words["label_lon"],
            boundary=feature["geometry"],
            population=words["pop_2021_est"],
            population_estimated=True,
            source=about["source"],
            licence=_AREA_LICENCE,
        )
    return made


def _area(code: str, kind: AreaKind, name: str, parent: int | None = None, **more: Any) -> int:
    area = Area(code=code, kind=kind, name=name, folded=fold(name), valid_from=demo.TREE_FROM, **more)
    db.session.add(area)
    db.session.flush()
    if parent is not None:
        db.session.add(AreaParent(child_id=area.id, parent_id=parent, valid_from=demo.TREE_FROM))
        db.session.flush()
    return area.id


def codes(made: dict[str, int]) -> dict[str, int]:
    """The wards alone: ids by code, in the order of the codes."""
    above = {demo.PROVINCE_CODE, demo.CITY_CODE}
    return {code: number for code, number in sorted(made.items()) if code not in above}


def ward_names(made: dict[str, int]) -> dict[str, str]:
    """Names of the wards by code."""
    rows = db.session.execute(select(Area.id, Area.name).where(Area.id.in_(made.values())))
    named = dict(rows.tuples().all())
    return {code: named[number] for code, number in codes(made).items()}


def campaign(made: dict[str, int]) -> int:
    """Write the campaign with its milestones; returns its id."""
    row = Campaign(
        code=demo.CODE,
        name=demo.NAME,
        election_day=demo.ELECTION_DAY,
        decoration_deadline=demo.DECORATION_DEADLINE,
        tree_date=demo.PINNED,
        root_area_id=made[demo.CITY_CODE],
        pinned_today=demo.PINNED,
        synthetic=True,
    )
    db.session.add(row)
    db.session.flush()
    for code, days, vietnamese, english, source in demo.MILESTONES:
        db.session.add(
            Milestone(
                campaign_id=row.id,
                code=code,
                name_vi=vietnamese,
                name_en=english,
                offset_days=days,
                source=source,
            )
        )
    db.session.flush()
    return row.id


def places(campaign_seen: CampaignSeen) -> int:
    """Import the synthetic places with the import that people use; returns how many there are."""
    session = db.session()
    everywhere = areas_below(session, frozenset({campaign_seen.root_area_id}), campaign_seen.tree_date)
    importer = Importer(None, everywhere)
    content = (_DATA / _PLACES).read_bytes()
    defaults = Defaults("Sinh ra cho bản minh họa, seed 20210523", "như mã nguồn", True)
    upload = Upload(_PLACES, content, defaults)
    examined = import_actions.examine(importer, campaign_seen, upload)
    outcome = import_actions.import_now(importer, campaign_seen, upload, examined.read)
    if not isinstance(outcome, Done):
        raise TypeError(f"{_PLACES}: {outcome}")
    return len(examined.plan.new)
