"""Maps to take away: one HTML file, one printed sheet."""

import logging

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

from inventory import database
from inventory.access import guard
from inventory.access.permissions import Permission
from inventory.errors import BadInput, Unseen
from inventory.requests import needed_campaign
from maps.draw import queries as draw
from maps.takeaway import actions, page, queries, sheet, typeset
from maps.takeaway.files import File, named
from maps.takeaway.forms import TakeForm
from maps.takeaway.queries import Taken

blueprint = Blueprint("takeaway", __name__)
_log = logging.getLogger("trucquan")


@blueprint.get("/map.html")
@guard.needs(Permission.READ)
def html() -> ResponseReturnValue:
    """The map as a file that opens without a network."""
    taken = _taken(TakeForm(request.args))
    content = page.page(taken)
    if len(content) > page.LARGEST:
        raise BadInput(
            "too_large",
            "Bản đồ này quá lớn cho một tệp (trên 5 MB). Hãy chọn một phường, xã rồi tải lại.",
            "ward",
        )
    return _sent(taken, named(taken, "html", content))


@blueprint.get("/map.pdf")
@guard.needs(Permission.READ)
def pdf() -> ResponseReturnValue:
    """The map as a sheet to print."""
    form = TakeForm(request.args)
    taken = _taken(form)
    values = sheet.values(taken, form.chosen_paper(), bool(form.list.data))
    database.release()  # nobody waits for a sheet that is being set
    try:
        content = typeset.pdf(values, sheet.created(taken))
    except typeset.Unfinished as error:
        _log.error("map.pdf %s", error)
        raise ServiceUnavailable(retry_after=60) from None
    return _sent(taken, named(taken, "pdf", content, form.chosen_paper().value))


def _taken(form: TakeForm) -> Taken:
    """What the person asked for, or the refusal of what no screen sends."""
    actor, campaign = guard.actor(), needed_campaign()
    drawn = draw.drawn(actor, campaign)
    names = {ward.id: ward.name for ward in drawn.wards}
    if form.ward.data and form.ward.data not in {str(number) for number in names}:
        raise Unseen("area", form.ward.data)
    form.offer(names)
    wrong = form.wrong()
    if wrong:
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", wrong)
    ward = form.chosen_ward()
    whose = names[ward] if ward is not None else g.get("area_name") or campaign.name
    taken = queries.taken(drawn, actor, campaign, form.chosen_figure(), (ward, whose))
    plan = form.chosen_plan()
    return taken if plan is None else queries.laid(taken, actor, plan)


def _sent(taken: Taken, file: File) -> Response:
    database.release()
    actions.downloaded(taken, file)
    disposition = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    return Response(file.content, content_type=file.mime, headers=disposition)
