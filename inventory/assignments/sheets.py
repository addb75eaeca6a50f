"""The printed sheets as values for their layouts, in Vietnamese whatever the screen speaks.

The way of a person, and labels for things. All text travels as text; pictures are SVG of ours.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import Any

import segno

from inventory import typesetting
from inventory.assignments import codes
from inventory.assignments.sheet_queries import Labelled, Route, Stop
from inventory.campaigns import CampaignSeen
from inventory.clock import HA_NOI
from inventory.wording import day, metres, number

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Stock:
    """A sheet of labels as shops sell it, in millimetres: how many across and down, their size and distance,
    where the first begins. `point` and `code_point` are sizes of text, `lines` those that the code takes."""

    across: int
    down: int
    width: float
    height: float
    step_x: float
    step_y: float
    left: float
    top: float
    picture: float
    inset: float
    point: float
    code_point: float
    lines: int

    @property
    def places(self) -> int:
        """How many labels a sheet has."""
        return self.across * self.down


STOCKS = {
    "24": Stock(3, 8, 70, 37, 70, 37, 0, 0.5, 22, 5, 9, 9.2, 1),
    "65": Stock(5, 13, 38.1, 21.2, 40.6, 21.2, 4.7, 10.7, 15, 1.5, 5.5, 8, 2),
}


def qr(code: str) -> str:
    """A code as a picture (SVG): with its quiet zone, readable with a quarter of it damaged."""
    stream = io.BytesIO()
    segno.make(code, error="q", micro=False, boost_error=False).save(
        stream, kind="svg", border=4, xmldecl=False
    )
    return stream.getvalue().decode()


def created(campaign: CampaignSeen) -> int:
    """The moment that a file carries, in seconds since 1970: the campaign's day; equal files are equal."""
    return int(datetime.combine(campaign.today, time(), HA_NOI).timestamp())


def route_pdf(route: Route, campaign: CampaignSeen) -> bytes:
    """A person's way as a sheet to print. Raises typesetting.Unfinished."""
    areas = list(dict.fromkeys(stop.area_name for stop in route.stops))
    teams = list(dict.fromkeys(stop.team for stop in route.stops if stop.team))
    summary = f"{number(len(route.stops))} nơi"
    if route.metres:
        summary += (
            f", đi bộ khoảng {metres(route.metres)} từ nơi đầu đến nơi cuối (đường chim bay × 1,3, ước tính)"
        )
    values = {
        "title": f"Phiếu đi thực địa: {route.person}",
        "under": " · ".join([*areas, *teams, f"ngày {day(campaign.today)}"]),
        "campaign": campaign.name,
        "ribbon": "DỮ LIỆU MINH HỌA" if campaign.synthetic else "",
        "summary": summary,
        "person": route.person,
        "stops": [_stop(stop, index, len(areas) > 1) for index, stop in enumerate(route.stops, 1)],
    }
    return typesetting.pdf(DATA / "route.typ", values, created(campaign))


def _stop(stop: Stop, index: int, several: bool) -> dict[str, Any]:
    code = codes.of_place(stop.place_id)
    where = "Nơi hạn chế: địa chỉ không in." if stop.hidden else stop.address or "Chưa có địa chỉ."
    if stop.position is None and not stop.hidden:
        where += " Chưa có vị trí."
    voters = f"{number(stop.voters)} cử tri" if stop.voters is not None else "Chưa có số cử tri"
    return {
        "index": str(index),
        "name": f"KVBP {stop.number} · {stop.venue_name}",
        "where": f"{stop.area_name}. {where}" if several else where,
        "asked": f"{voters} · {number(stop.items)} mục cần ghi" if stop.items else voters,
        "code": code,
        "qr": qr(code),
    }


def labels_pdf(things: Sequence[Labelled], stock: Stock, start: int, campaign: CampaignSeen) -> bytes:
    """Labels on sheets, from the place `start` (1 is the first) on. Raises typesetting.Unfinished."""
    values = {
        "title": f"Tem công trình: {campaign.name}",
        "across": stock.across,
        "places": stock.places,
        "size": [stock.width, stock.height],
        "step": [stock.step_x, stock.step_y],
        "corner": [stock.left, stock.top],
        "picture": stock.picture,
        "inset": stock.inset,
        "point": stock.point,
        "skip": start - 1,
        "ribbon": "MINH HỌA" if campaign.synthetic else "",
        "code_point": stock.code_point,
        "labels": [_label(thing, stock.lines) for thing in things],
    }
    return typesetting.pdf(DATA / "labels.typ", values, created(campaign))


def _label(thing: Labelled, lines: int) -> list[Any]:
    code = codes.of_installation(thing.id)
    written = [code] if lines == 1 else [code[:6], code[7:]]
    where = thing.where or thing.area_name
    return [
        qr(code),
        code,
        written,
        thing.kind,
        f"KVBP {thing.place_number} · {where}" if thing.place_number else where,
    ]
