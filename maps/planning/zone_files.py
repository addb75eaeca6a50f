"""The page on which zones come in from a GeoJSON file: all of it, or nothing. Mounted by views.py."""

import hashlib
from dataclasses import replace

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.errors import BadInput
from inventory.form_steps import open_form, put, repeated
from inventory.identity import is_id
from inventory.outcomes import Done, Refused
from inventory.receipts import Entry, entry_of
from inventory.requests import needed_campaign
from inventory.wording import number
from maps.planning import actions, queries
from maps.planning.forms import ZonesFileForm
from maps.planning.inputs import PlanZone, ZoneRule
from maps.planning.pages import to_list
from maps.planning.shapes import LONGEST, NamedArea, read_areas
from maps.planning.sorts import ZONES


def mount(blueprint: Blueprint) -> None:
    """Add the address of the file's page."""
    blueprint.add_url_rule("/planning/zones/import", "zones_file", zones_file, methods=["GET", "POST"])


@needs(Permission.PLAN)
def zones_file() -> ResponseReturnValue:
    """Choose a file and say what holds for its zones; the names come from the file."""
    form = ZonesFileForm()
    form.offer(queries.ground(actor(), needed_campaign()), queries.kinds())
    if request.method == "GET":
        open_form(form)
        return render_template("planning/zones_file.html", form=form)
    content = _content(form)
    entry = _entry(form, content)
    if repeated(form, entry):
        return to_list(ZONES)
    if form.form_errors or not form.validate():
        return render_template("planning/zones_file.html", form=form), 422
    found = read_areas(content)
    if isinstance(found, Refused):
        put(form, _at_file(found))
        return render_template("planning/zones_file.html", form=form), 422
    outcome = actions.add_all(actor(), needed_campaign(), _zones(form, found), entry)
    if isinstance(outcome, Done):
        count = len(found)
        flash(
            ngettext("Đã thêm %(count)s vùng.", "Đã thêm %(count)s vùng.", count, count=number(count)),
            "success",
        )
        return to_list(ZONES)
    if isinstance(outcome, Refused):
        put(form, _at_file(outcome))
    return render_template("planning/zones_file.html", form=form), 422


def _at_file(refused: Refused) -> Refused:
    """Problems of corners are the file's here."""
    return Refused(
        tuple(replace(one, field="file" if one.field == "corners" else one.field) for one in refused.problems)
    )


def _content(form: ZonesFileForm) -> bytes:
    file: FileStorage | None = form.file.data
    # One byte more than allowed is enough to refuse it.
    return file.stream.read(LONGEST + 1) if isinstance(file, FileStorage) else b""


def _entry(form: ZonesFileForm, content: bytes) -> Entry:
    given = str(form.entry_id.data or "")
    if not is_id(given):
        raise BadInput("entry_id", "Biểu mẫu thiếu mã lần nhập; hãy tải lại trang rồi gửi lần nữa.")
    said = {"rule": form.rule.data, "minimum": form.minimum.data, "reason": form.reason.data}
    kinds = {"families": form.families.data, "kinds": form.kinds.data}
    return entry_of(
        given, {"act": "zones_file", "sha256": hashlib.sha256(content).hexdigest(), **said, **kinds}
    )


def _zones(form: ZonesFileForm, areas: tuple[NamedArea, ...]) -> tuple[PlanZone, ...]:
    scope, rule = form.for_kinds(), ZoneRule(form.rule.data)
    return tuple(
        PlanZone(
            name=(area.name or _("Vùng %(number)s", number=place))[:200],
            rule=rule,
            boundary=area.boundary,
            minimum=(form.minimum.data or 0) if rule is ZoneRule.MUST else 0,
            reason=(area.reason or form.reason.data or "")[:500],
            families=scope.families,
            kinds=scope.kinds,
        )
        for place, area in enumerate(areas, 1)
    )
