"""Pages of the import of neighbourhoods: a file goes in, a report comes out, a second press writes.

Files with errors are never kept. A kept file is compared anew each time its page is opened.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage

from inventory import database, trail
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.identity import new_id
from inventory.neighbourhoods import exporting, import_actions, queries
from inventory.neighbourhoods.import_plan import Changed
from inventory.neighbourhoods.import_reading import Column
from inventory.outcomes import Done, Refused
from inventory.pages import say
from inventory.places.exporting import Cell, csv_bytes, xlsx_bytes
from inventory.places.import_actions import Upload
from inventory.places.import_forms import ConfirmForm, UploadForm
from inventory.places.import_queries import BatchSeen, Importer
from inventory.places.import_showing import MOST, Shown, ShownChange, shown_problems, value_text
from inventory.places.reading import MAX_BYTES
from inventory.places.workbook_guard import Unreadable
from inventory.receipts import entry_of
from inventory.requests import needed_campaign

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MANAGE = needs(Permission.MANAGE_PLACES)

FIELD_LABELS: Mapping[Column, Any] = {
    Column.NAME: _l("Khu phố, thôn"),
    Column.NUMBER: _l("Bỏ phiếu ở khu vực số"),
    Column.HOUSEHOLDS: _l("Số hộ"),
    Column.VOTERS: _l("Số cử tri"),
    Column.POSITION: _l("Vị trí"),
    Column.SOURCE: _l("Nguồn"),
    Column.LICENCE: _l("Giấy phép"),
    Column.SYNTHETIC: _l("Minh họa"),
}


def mount(blueprint: Blueprint) -> None:
    """Add the import's addresses to the feature's blueprint."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/neighbourhoods/import", "import_page", page, methods=both)
    blueprint.add_url_rule("/neighbourhoods/import/<batch_id>", "import_batch", batch, methods=both)
    blueprint.add_url_rule("/neighbourhoods/template.xlsx", "template", template)
    blueprint.add_url_rule("/neighbourhoods/export.csv", "export_csv", export_csv)
    blueprint.add_url_rule("/neighbourhoods/export.xlsx", "export_xlsx", export_xlsx)


@_MANAGE
def page() -> ResponseReturnValue:
    """Look at a file: keep it for confirmation, or say what is wrong and keep nothing."""
    campaign, importer, form = needed_campaign(), Importer.of(actor()), UploadForm()
    if not form.is_submitted():
        form.entry_id.data = new_id()
        return render_template("neighbourhoods/import.html", form=form)
    if not form.validate():
        return render_template("neighbourhoods/import.html", form=form), 422
    sent = _uploaded(form)
    try:
        examined = import_actions.examine(importer, campaign, sent)
    except Unreadable as unreadable:
        form.file.errors = [say(unreadable.problem)]
        return render_template("neighbourhoods/import.html", form=form), 422
    if examined.plan.errors:
        return _report(None, examined, UploadForm(formdata=None, entry_id=new_id())), 422
    words = {"sha256": sent.sha256, "name": sent.name, "said": str(sent.defaults)}
    outcome = import_actions.keep(importer, campaign, sent, entry_of(form.entry_id.data, words))
    if isinstance(outcome, Done):
        return redirect(url_for("neighbourhoods.import_batch", batch_id=outcome.subject), 303)
    _show_refusal(form, outcome)
    return render_template("neighbourhoods/import.html", form=form), 422


def _uploaded(form: UploadForm) -> Upload:
    file: FileStorage = form.file.data
    # One byte more than allowed is enough to refuse it.
    return Upload(file.filename or "", file.stream.read(MAX_BYTES + 1), form.defaults())


def _show_refusal(form: UploadForm | ConfirmForm, outcome: object) -> None:
    if isinstance(outcome, Refused):
        form.form_errors = [say(problem) for problem in outcome.problems]


@_MANAGE
def batch(batch_id: str) -> ResponseReturnValue:
    """The report of a kept file, its confirmation, or the result of a confirmed one."""
    campaign, importer, form = needed_campaign(), Importer.of(actor()), ConfirmForm()
    seen, examined = import_actions.examine_batch(importer, campaign, batch_id)
    here = url_for("neighbourhoods.import_batch", batch_id=batch_id)
    if examined is None:
        if form.is_submitted():
            return redirect(here, 303)
        return render_template("neighbourhoods/import_result.html", batch=seen)
    fresh = ConfirmForm(formdata=None, entry_id=new_id(), seen=examined.fingerprint)
    if not form.is_submitted():
        return _report(seen, examined, fresh)
    if form.validate():
        entry = entry_of(form.entry_id.data, {"batch": batch_id, "seen": form.seen.data})
        outcome = import_actions.confirm(
            importer, campaign, batch_id, form.seen.data or "", examined.read, entry
        )
        if isinstance(outcome, Done):
            return redirect(here, 303)
        _show_refusal(form, outcome)
    fresh.form_errors = form.form_errors or [
        gettext("Biểu mẫu này đã cũ. Hãy xem lại kết quả dưới đây rồi xác nhận.")
    ]
    return _report(seen, examined, fresh), 409


def _report(seen: BatchSeen | None, examined: import_actions.Examined, form: Any) -> str:
    plan = examined.plan
    return render_template(
        "neighbourhoods/import_report.html",
        batch=seen,
        form=form,
        plan=plan,
        errors=shown_problems(plan.problems, "error"),
        warnings=shown_problems(plan.problems, "warning"),
        changes=_changes(plan.changed),
    )


def _changes(changed: tuple[Changed, ...]) -> Shown:
    lines = [
        ShownChange(
            change.known.code,
            f"{change.known.name}, {change.known.area_name}",
            str(FIELD_LABELS[found.field]),
            value_text(found.old),
            value_text(found.new),
        )
        for change in changed[:MOST]
        for found in change.changes
    ]
    return Shown(lines, len(changed))


@_MANAGE
def template() -> Response:
    """An empty list with the headings that an import understands."""
    return _download(exporting.template_rows(), "xlsx", "mau-khu-pho")


@_MANAGE
def export_csv() -> Response:
    """The neighbourhoods as CSV that comes back unchanged."""
    return _export("csv")


@_MANAGE
def export_xlsx() -> Response:
    """The neighbourhoods as XLSX that comes back unchanged."""
    return _export("xlsx")


def _export(ending: str) -> Response:
    campaign, importer = needed_campaign(), Importer.of(actor())
    with database.snapshot() as session:
        known = queries.known(session, campaign.id, importer.areas)
    trail.record(
        "neighbourhoods.export", "campaign", campaign.id, detail={"format": ending, "rows": len(known)}
    )
    return _download(exporting.export_rows(known), ending, f"khu-pho-{campaign.code}")


def _download(rows: list[list[Cell]], ending: str, name: str) -> Response:
    content = csv_bytes(rows) if ending == "csv" else xlsx_bytes(rows, "Khu phố, thôn")
    response = Response(content, mimetype=CSV if ending == "csv" else XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    response.headers["Cache-Control"] = "no-store"
    return response
