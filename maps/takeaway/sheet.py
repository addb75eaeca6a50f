"""The printed map: the map's rows as values for the layout, in Vietnamese whatever the screen speaks."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask_babel import force_locale

from inventory.clock import HA_NOI
from inventory.labels import label
from inventory.vocabulary import Figure, PlaceState
from inventory.wording import day, moment, number, percent
from maps.draw.frame import Bounds
from maps.draw.picture import FALLBACK, OSM, SHIPPED, from_osm, grounds
from maps.draw.rows import PlaceRow, Soundness, Unrun, by_voters_affected, soundness
from maps.takeaway import chart, held, labels, nation, sheet_plan
from maps.takeaway.chart import Patch, Spot
from maps.takeaway.labels import Label, Name
from maps.takeaway.paper import Bar, Paper, Projection, Sheet, bar, fit, sheet
from maps.takeaway.queries import Taken

#: Things are drawn where a quarter of an hour's walk is at least two centimetres; beyond, only counted.
THINGS_TO = 50_000
#: Rows of the list behind the map.
LISTED = 2_000
#: What lies deepest is drawn first.
_ORDER = ("complete", "not_computed", "not_surveyed", "partly", "none")
_STATE_WORDS = {
    "complete": "đủ",
    "partly": "thiếu",
    "none": "chưa có",
    "not_surveyed": "chưa khảo sát",
    "not_computed": "chưa tính",
}
_SOUND_WORDS = {"works": "dùng tốt", "in_part": "hỏng một phần", "broken": "hỏng"}


def values(taken: Taken, paper: Paper, listed: bool) -> dict[str, Any]:
    """What data/sheet.typ sets: lengths in millimetres, pictures as SVG, everything else as text."""
    layout = sheet(paper)
    projection = fit(taken.opening or FALLBACK, layout.chart.width, layout.chart.height)
    scale_bar = bar(projection, 55.0)
    rows = by_voters_affected(taken.drawn.rows, taken.figure)
    with_things = projection.scale <= THINGS_TO
    spots = _spots(taken, rows, projection, layout.mark, with_things)
    reached = sheet_plan.reaches(taken.plan, projection) if taken.plan and with_things else []
    names = _names(taken, projection, layout, spots, scale_bar)
    small = nation.inset(layout.side.width, projection.bounds)
    return {
        "sheet": _boxes(layout),
        "point": layout.point,
        "title": f"Bản đồ tuyên truyền trực quan: {taken.whose}",
        "under": _under(taken),
        "ribbon": f"DỮ LIỆU MINH HỌA · {day(taken.campaign.today)}" if taken.campaign.synthetic else "",
        "ground": _ground(taken, projection),
        "marks": chart.marks(projection, spots, reached),
        "names": [_label(one) for one in names],
        "keyed": [[one.text, one.key] for one in names if one.key],
        "bar": {"parts": scale_bar.parts, "length": scale_bar.length, "words": _metres(scale_bar)},
        "scale": f"Tỉ lệ 1:{number(projection.scale)}",
        "legend": _legend(taken, rows, with_things),
        "steps": [[chart.patch(step), f"{20 * step}–{20 * step + 20} %"] for step in range(5)]
        + [[chart.patch(None), "chưa khảo sát"]],
        "inset": {
            "picture": small.picture,
            "height": small.height,
            "words": [[word.text, word.under, word.x, word.y] for word in small.words],
        },
        "counts": _counts(taken, rows, with_things),
        "sources": _sources(taken, projection),
        "made": _made(taken),
        "list": _list(rows[:LISTED], len(rows), taken.figure) if listed else None,
    }


def created(taken: Taken) -> int:
    """The moment that the file carries, in seconds since 1970: that of its facts: equal maps are equal."""
    if taken.run:
        return int(taken.run.read_at.timestamp())
    return int(datetime.combine(taken.campaign.today, time(), HA_NOI).timestamp())


def _boxes(layout: Sheet) -> dict[str, Any]:
    boxes = {"head": layout.head, "chart": layout.chart, "side": layout.side, "foot": layout.foot}
    return {
        "width": layout.width,
        "height": layout.height,
        "margin": layout.margin,
        **{name: [box.x, box.y, box.width, box.height] for name, box in boxes.items()},
    }


def _under(taken: Taken) -> str:
    totals = taken.totals
    shares = [percent(totals.share(figure)) for figure in (Figure.VERIFIED, Figure.REPORTED)]
    with force_locale("vi"):
        figure = str(label(taken.figure)).lower()
    said = [
        taken.campaign.name,
        f"tính theo số {figure}",
        f"yêu cầu bắt buộc đạt {shares[0]} đã xác minh / {shares[1]} đã báo cáo"
        if totals.answered
        else "chưa yêu cầu bắt buộc nào được khảo sát",
        f"{number(totals.places_surveyed)} / {number(totals.places)} nơi đã khảo sát",
    ]
    return " · ".join(said if taken.run else said[:2])


def _ground(taken: Taken, projection: Projection) -> str:
    lands = [
        feature["geometry"]
        for path, _look in grounds(taken.opening or FALLBACK)
        for feature in held.ground(path)["features"]
    ]
    shares = {line.ward.id: line.totals for line in taken.drawn.ward_lines}
    wards = []
    for line in taken.lines:
        totals = shares.get(line.area_id)
        share = totals.share(taken.figure) if totals else None
        step = None if share is None else min(4, int(5 * share))
        if line.boundary:
            wards.append(Patch(line.boundary, step, taken.shows(line.area_id)))
    return chart.ground(projection, lands, SHIPPED if lands else None, wards)


def _spots(
    taken: Taken, rows: Sequence[PlaceRow], projection: Projection, size: float, with_things: bool
) -> list[Spot]:
    """Things below, places above, and of these the worst on top; the more there are the smaller they are."""
    shrunk = size * (1.0 if len(rows) <= 150 else 0.75 if len(rows) <= 600 else 0.45)
    found = []
    for thing in taken.things if with_things else ():
        if thing.at is not None:
            found.append(Spot(soundness(thing).value, *projection.at(*thing.at), size * 0.75))
    for row in sorted(rows, key=lambda row: _ORDER.index(row.state(taken.figure).value)):
        if row.position.at is not None:
            found.append(Spot(row.state(taken.figure).value, *projection.at(*row.position.at), shrunk))
    return found + (sheet_plan.spots(taken.plan, projection, shrunk) if taken.plan else [])


def _names(
    taken: Taken, projection: Projection, layout: Sheet, spots: Sequence[Spot], scale_bar: Bar
) -> tuple[Label, ...]:
    names_of = {ward.id: ward.name for ward in taken.drawn.wards}
    wanted = []
    for line in taken.lines:
        inside = line.at is not None and projection.bounds.meets(Bounds(*line.at, *line.at))
        if line.at is not None and inside and line.area_id in names_of:
            x, y = projection.at(*line.at)
            wanted.append(Name(_short(names_of[line.area_id]), x, y, _room(line.boundary)))
    box = (layout.chart.width, layout.chart.height)
    corner = Label("", scale_bar.length / 2 + 5, box[1] - 8, scale_bar.length + 14, 18)
    arrow = Label("", box[0] - 8, 10, 16, 20)
    points = [(spot.x, spot.y) for spot in spots]
    return labels.lay(wanted, points, box, layout.point, (corner, arrow))


def _short(name: str) -> str:
    for kind in ("Phường ", "Xã ", "Thị trấn ", "Đặc khu "):
        if name.startswith(kind):
            return name.removeprefix(kind)
    return name


def _room(boundary: dict[str, Any] | None) -> float:
    """How large a ward is, roughly: the box of its largest part in square degrees."""
    from maps.draw.frame import around

    box = around([boundary])
    return (box.north - box.south) * (box.east - box.west) if box else 0.0


def _label(one: Label) -> list[Any]:
    return [one.text, round(one.x, 2), round(one.y, 2), bool(one.key)]


def _metres(scale_bar: Bar) -> list[str]:
    large = scale_bar.metres >= 1000
    pieces = [
        scale_bar.metres * part / scale_bar.parts / (1000 if large else 1)
        for part in range(scale_bar.parts + 1)
    ]
    words = [number(piece, 2) for piece in pieces]
    return [*words[:-1], f"{words[-1]} {'km' if large else 'm'}"]


def _legend(taken: Taken, rows: Sequence[PlaceRow], with_things: bool) -> list[dict[str, Any]]:
    """Groups of the key: what each shape means, and how many there are of it."""
    states: list[PlaceState | Unrun] = [
        PlaceState.COMPLETE,
        PlaceState.PARTLY,
        PlaceState.NONE,
        PlaceState.NOT_SURVEYED,
    ]
    if any(row.state(taken.figure) is Unrun.NOT_COMPUTED for row in rows):
        states.append(Unrun.NOT_COMPUTED)
    found = [row.state(taken.figure) for row in rows]
    groups = [
        {
            "title": "Nơi bỏ phiếu",
            "rows": [
                [chart.sample(word.value), _STATE_WORDS[word.value], number(found.count(word))]
                for word in states
            ],
        }
    ]
    sound = [soundness(thing) for thing in taken.things]
    if with_things:
        lines = [
            [chart.sample(word.value), _SOUND_WORDS[word.value], number(sound.count(word))]
            for word in Soundness
        ]
        groups.append({"title": "Công trình đang đứng", "rows": lines})
    return [*groups, sheet_plan.key(taken.plan)] if taken.plan else groups


def _counts(taken: Taken, rows: Sequence[PlaceRow], with_things: bool) -> list[str]:
    """Every "n of N", and why the rest is not drawn."""
    drawn = sum(row.position.at is not None for row in rows)
    hidden = sum(row.position.hidden for row in rows)
    said = [f"Vẽ {number(drawn)} / {number(len(rows))} nơi bỏ phiếu."]
    if hidden:
        said.append(f"{number(hidden)} nơi hạn chế không hiển thị vị trí.")
    if len(rows) - drawn - hidden:
        said.append(f"{number(len(rows) - drawn - hidden)} nơi chưa có vị trí.")
    if with_things:
        placed = sum(thing.at is not None for thing in taken.things)
        said.append(f"Vẽ {number(placed)} / {number(len(taken.things))} công trình đang đứng.")
    else:
        said.append(
            f"{number(len(taken.things))} công trình đang đứng: vẽ ở tỉ lệ 1:{number(THINGS_TO)} trở lên."
        )
    return said + (sheet_plan.counts(taken.plan, taken.reach, with_things) if taken.plan else [])


def _sources(taken: Taken, projection: Projection) -> list[str]:
    lat = projection.middle[0]
    degrees = f"{int(lat)}°{round(lat % 1 * 60):02d}'"
    osm = f" {OSM}." if from_osm(taken.drawn.spots) else ""
    return [
        "Ranh giới tham khảo, không có giá trị pháp lý. Phép chiếu hình trụ cách đều, tỉ lệ đúng theo "
        f"vĩ tuyến {degrees} và mọi kinh tuyến; hệ tọa độ WGS84.",
        f"Đất liền, đảo: vietnamese-provinces-database (MIT).{osm} Phông chữ Be Vietnam Pro (OFL 1.1).",
    ]


def _made(taken: Taken) -> str:
    run = taken.run
    counted = (
        f"Lần tính số {run.number}, dữ kiện lúc {moment(run.read_at)}" if run else "Chưa có lần tính nào"
    )
    return f"{counted}. Trực Quan, ngày {day(taken.campaign.today)}."


def _list(rows: Sequence[PlaceRow], total: int, figure: Figure) -> dict[str, Any]:
    """The places as a table, in the order of the screen's list."""
    lines = [_row(row, figure) for row in rows]
    cut = f"Danh sách in {number(len(rows))} nơi đầu trên {number(total)}." if total > len(rows) else ""
    return {
        "title": "Nơi bỏ phiếu, xếp theo số cử tri bị ảnh hưởng",
        "heads": ["", "Tình trạng", "KVBP", "Nơi", "Phường, xã", "Cử tri", "Đạt"],
        "shapes": {state: chart.sample(state) for state in _ORDER},
        "rows": lines,
        "cut": cut,
    }


def _row(row: PlaceRow, figure: Figure) -> list[str]:
    state = row.state(figure).value
    where = row.place.venue_name
    if row.position.hidden:
        where += " (vị trí không hiển thị)"
    elif row.position.at is None:
        where += " (chưa có vị trí)"
    met = "–"
    if row.spot and row.spot.mandatory:
        met = f"{'–' if state == 'not_surveyed' else row.met(figure)}/{row.spot.mandatory}"
    return [
        state,
        _STATE_WORDS[state],
        str(row.place.number),
        where,
        row.ward.name,
        number(row.place.voters),
        met,
    ]
