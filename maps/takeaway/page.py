"""The map as one HTML file: our page with everything inside that it needs, under a policy of its own.

What people typed stands in JSON that no parser of HTML can leave (`<`, `>`, `&`, `'` and all beyond ASCII
are escaped), or is escaped by the template; the scripts put it on the page as text. The same map gives
the same bytes: nothing in it depends on the hour or on chance.
"""

from typing import Any

from flask import render_template

from inventory.pages import in_language
from inventory.vocabulary import Figure, PlaceState
from maps.draw import columns, page_words, planned
from maps.draw.checked import checks_columns
from maps.draw.forms import MapForm
from maps.draw.picture import FALLBACK, OSM, from_osm, grounds, picture_in_file
from maps.draw.queries import LISTED
from maps.draw.rows import Filters, Unrun, by_kind, by_voters_affected
from maps.takeaway import held
from maps.takeaway.queries import Taken

#: A map for a USB stick and for mail.
LARGEST = 5_000_000


def page(taken: Taken) -> bytes:
    """The file. It may be larger than LARGEST: who sends it looks."""
    # Folium takes a third of a second to load, which no command should pay.
    from maps.draw.local_map import inlined

    spots = taken.drawn.spots
    opening = taken.opening
    plan = taken.plan
    chart = picture_in_file(opening, spots, plan is not None)
    inside = inlined(held.style_sheet(), (*held.libraries(), str(chart.script), held.map_script()))
    text = render_template(
        "takeaway/file.html",
        taken=taken,
        inside=inside,
        chart=chart,
        grounds=[held.ground(path) for path, _look in grounds(opening or FALLBACK)],
        words=page_words.for_script(taken.figure, opening.corners() if opening else None, {}),
        data=_data(taken),
        form=_form(taken),
        plan=plan,
        plan_rows=page_words.plan_lines(plan, taken.drawn, taken.kinds) if plan else (),
        model_legend=page_words.model_legend(taken.reach),
        licences=held.licences(),
        credit=OSM if from_osm(spots) else "",
        Figure=Figure,
        PlaceState=PlaceState,
        **_counted(taken),
    )
    return text.encode("utf-8")


def _data(taken: Taken) -> list[Any]:
    """What the page's script fetches where there is a server, in the same shapes."""
    standard = taken.drawn.standard
    asked = standard.requirements if standard else ()
    names = {one.id: in_language(one) for one in asked}
    wards = [line for line in taken.drawn.ward_lines if taken.shows(line.ward.id)]
    return [
        columns.places(taken.drawn.rows, names, wards, taken.points, taken.drawn.secret),
        columns.things(
            taken.things, taken.kinds, in_language, asked, page_words.modelled(taken.reach, taken.kinds)
        ),
        columns.outlines([line for line in taken.lines if taken.shows(line.area_id)]),
        checks_columns(taken.checks, page_words.checked_kind, _places(taken)),
        _plan(taken),
    ]


def _plan(taken: Taken) -> dict[str, Any] | None:
    if taken.plan is None:
        return None
    places = _places(taken)
    kinds = taken.kinds
    return planned.columns(taken.plan, kinds, [in_language(kind) for kind in kinds], places)


def _places(taken: Taken) -> dict[int, str]:
    return {row.place.id: row.place.name for row in taken.drawn.rows}


def _form(taken: Taken) -> MapForm:
    """The filters of the map page; the figure is the file's."""
    form = MapForm(None)
    standing = {thing.kind for thing in taken.things}
    form.offer(
        [(ward.id, ward.name) for ward in taken.drawn.wards if taken.shows(ward.id)],
        [(kind.code, in_language(kind)) for kind in taken.kinds if kind.code in standing],
    )
    return form


def _counted(taken: Taken) -> dict[str, Any]:
    rows = by_voters_affected(taken.drawn.rows, taken.figure)
    return {
        "rows": [(row, True) for row in rows[:LISTED]],
        "places_total": len(rows),
        "places_without": sum(row.position.at is None and not row.position.hidden for row in rows),
        "places_hidden": sum(row.position.hidden for row in rows),
        "places_new": sum(row.state(taken.figure) is Unrun.NOT_COMPUTED for row in rows),
        "things_total": len(taken.things),
        "things_shown": sum(thing.at is not None for thing in taken.things),
        "things_hidden": sum(thing.hidden for thing in taken.things),
        "kind_lines": by_kind(taken.things, taken.kinds),
        "totals": taken.totals,
        "filters": Filters(figure=taken.figure),
    }
