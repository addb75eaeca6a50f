"""Pages of labels: which things, on which sheet, from which place on; and the sheets as PDF.

Mounted by views.py.
"""

import logging

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from inventory import database, trail, typesetting
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.assignments import queries, sheets
from inventory.assignments.forms import LabelForm
from inventory.assignments.sheet_queries import MOST_LABELS, LabelChoice, labelled
from inventory.assignments.sheets import Stock
from inventory.directory import kinds
from inventory.errors import BadInput, Unseen
from inventory.pages import in_language
from inventory.places.queries import wards
from inventory.requests import needed_campaign
from inventory.wording import number

_log = logging.getLogger("trucquan")


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of labels to the feature's blueprint."""
    blueprint.add_url_rule("/labels", "labels", labels)
    blueprint.add_url_rule("/labels.pdf", "labels_pdf", pdf)


@needs(Permission.SURVEY)
def labels() -> ResponseReturnValue:
    """Choose which labels to print; how many there are is said before."""
    form, choice = _chosen(moving=True)
    found = labelled(database.db.session(), actor(), needed_campaign(), choice)
    stock = sheets.STOCKS[form.sheet.data or "24"]
    return render_template(
        "assignments/labels.html",
        form=form,
        count=len(found),
        sheets=-(-(len(found) + _start(form) - 1) // stock.places) if found else 0,
        too_many=len(found) > MOST_LABELS,
        most=MOST_LABELS,
        asked={field.name: field.data for field in form if field.data},
    )


@needs(Permission.SURVEY)
def pdf() -> ResponseReturnValue:
    """The labels on sheets."""
    form, choice = _chosen()
    campaign = needed_campaign()
    found = labelled(database.db.session(), actor(), campaign, choice)
    if len(found) > MOST_LABELS:
        raise BadInput("too_many", "Quá nhiều tem cho một tệp; hãy chọn một nơi hoặc một loại.", "place")
    if not found:
        raise BadInput("none", "Không có công trình nào để in tem.", "place")
    stock = sheets.STOCKS[form.sheet.data or "24"]
    database.release()  # nobody waits for sheets that are being set
    try:
        content = sheets.labels_pdf(found, stock, _start(form), campaign)
    except typesetting.Unfinished as error:
        _log.error("labels.pdf %s", error)
        raise ServiceUnavailable(retry_after=60) from None
    trail.record("download", "labels", campaign.id, choice.area_id, {"file": "labels", "count": len(found)})
    disposition = {"Content-Disposition": f'attachment; filename="tem_{campaign.today:%Y%m%d}.pdf"'}
    return Response(content, content_type="application/pdf", headers=disposition)


def _chosen(moving: bool = False) -> tuple[LabelForm, LabelChoice]:
    """What the address asks for; `moving` forgets a place of the ward that was chosen before.

    Raises Unseen for a foreign ward, BadInput for what no page sends.
    """
    session, who, campaign = database.db.session(), actor(), needed_campaign()
    named = wards(session, who, campaign)
    form = LabelForm(request.args)
    area = str(form.area.data or (named[0][0] if named else ""))
    if area not in {str(number) for number, _name in named}:
        raise Unseen("area", area)
    places = queries.place_names(session, who, campaign, int(area))
    form.offer(
        [(key, _sheet_words(stock)) for key, stock in sheets.STOCKS.items()],
        named,
        places,
        [(kind.code, in_language(kind)) for kind in kinds(session)],
    )
    form.area.data, form.sheet.data = area, form.sheet.data or "24"
    form.place.data, form.kind.data = form.place.data or "", form.kind.data or ""
    if moving and form.place.data not in {str(number) for number, _name in places}:
        form.place.data = ""
    wrong = form.wrong()
    if wrong or not 1 <= _start(form) <= sheets.STOCKS[form.sheet.data].places:
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", wrong or "start")
    place = int(form.place.data) if form.place.data else None
    return form, LabelChoice(int(area), place, form.kind.data or None)


def _sheet_words(stock: Stock) -> str:
    """How a sheet is called in a shop: how many labels, and their size."""
    size = {"width": number(stock.width), "height": number(stock.height)}
    return str(_("%(count)s tem %(width)s × %(height)s mm", count=stock.places, **size))


def _start(form: LabelForm) -> int:
    return 1 if form.start.data is None else int(form.start.data)
