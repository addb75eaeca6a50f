"""What the tests of the map lay over the small city: a finished plan and field checks, as rows."""

from sqlalchemy import func, select

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.tables.field_check import FieldCheck
from inventory.tables.place import Place
from inventory.vocabulary import Channel, LineAction
from maps.plan import ask
from maps.plan.ask import Ask
from maps.plan.status import Status
from maps.tables.plan import Plan, PlanLine
from tests.city import City


def plan(city: City, name: str = "Thử", status: Status = Status.DONE, chosen: bool = False) -> int:
    """A plan without lines; answers its id."""
    number = (db.session.scalar(select(func.count()).select_from(Plan)) or 0) + 1
    wards = [
        {"area_id": area, "answered": 9, "met_before": 3, "met_after": 7, "cost": 10, "voters": 5}
        for area in (city.ward_a, city.ward_b)
    ]
    row = Plan(
        campaign_id=city.campaign,
        number=number,
        name=name,
        ask=ask.words(Ask(30_000_000)),
        status=status,
        result={"wards": wards},
        chosen_in=city.campaign if chosen else None,
        asked_at=now(),
    )
    db.session.add(row)
    db.session.commit()
    return row.id


def choice(plan_id: int, place_id: int, action: LineAction, kind: str = "BANNER_H", **more: object) -> None:
    """A line of a plan at a place; `thing` is the one that is mended."""
    place = db.session.get_one(Place, place_id)
    position = db.session.scalar(select(func.count()).where(PlanLine.plan_id == plan_id)) or 0
    db.session.add(
        PlanLine(
            plan_id=plan_id,
            position=position,
            key=f"{action.value}:{kind}@place:{place_id}",
            part="priced",
            area_id=place.area_id,
            place_id=place_id,
            kind_code=kind,
            action=action,
            units=2,
            amount=350_000,
            alone=80,
            beside=70,
            said={},
            more={"cost": 350_000, "thing": None, "site": None, "channel": None, **more},
        )
    )
    db.session.commit()


def check(
    city: City,
    place_id: int | None,
    thing: str | None = None,
    channel: Channel = Channel.HEARING,
    perceived: bool = True,
    at: tuple[float, float] | None = None,
    note: str = "",
) -> None:
    """A field check of a place or of a thing."""
    area = db.session.get_one(Place, place_id).area_id if place_id else city.ward_a
    db.session.add(
        FieldCheck(
            id=new_id(),
            campaign_id=city.campaign,
            area_id=area,
            place_id=place_id,
            installation_id=thing,
            channel=channel,
            perceived=perceived,
            lat=at[0] if at else None,
            lon=at[1] if at else None,
            at=now(),
            person_id=city.people["ward_staff"],
            note=note,
        )
    )
    db.session.commit()
