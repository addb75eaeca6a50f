"""Cases: what phones sent and somebody has to decide; each shows both sides, in words."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.cases import actions, models, one_case, phone_pages, queries, rules, showing, words
from inventory.cases.actions import Decision
from inventory.cases.forms import SettleForm
from inventory.cases.one_case import CaseSeen
from inventory.cases.rules import Way
from inventory.errors import BadInput
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import say
from inventory.requests import needed_campaign
from inventory.vocabulary import EntryAct

blueprint = Blueprint("cases", __name__)
blueprint.add_app_template_filter(showing.bytes_words, "file_size")
blueprint.add_app_template_filter(showing.clock_words, "clock_error")
blueprint.add_app_template_filter(models.model, "phone_model")
phone_pages.mount(blueprint)


@blueprint.get("/cases")
@needs(Permission.SETTLE)
def index() -> str:
    """Open cases, the oldest first; `ward` shows one ward's."""
    campaign, ward = needed_campaign(), _ward()
    after = request.args.get("after", "")[:100]
    found = queries.page(actor(), campaign, ward, after)
    kinds = words.kind_names()
    return render_template(
        "cases/index.html",
        wards=queries.wards(actor(), campaign),
        page=found,
        what={line.id: words.line_words(line, kinds) for line in found.lines},
        why={line.id: words.why(line.kind, line.code) for line in found.lines},
        ward=ward,
        after=after,
    )


def _ward() -> int | None:
    ward = request.args.get("ward", "")
    if ward and not (ward.isascii() and ward.isdigit() and len(ward) < 10):
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", "ward")
    return int(ward) if ward else None


@blueprint.get("/cases/<entry_id>")
@needs(Permission.SETTLE)
def page(entry_id: str) -> str:
    """One case with both sides, and the form that settles it."""
    seen = one_case.one(actor(), needed_campaign(), entry_id)
    form = SettleForm(formdata=None)
    open_form(form, seen.version)
    return _page(seen, form)


@blueprint.post("/cases/<entry_id>")
@needs(Permission.SETTLE)
def settle(entry_id: str) -> ResponseReturnValue:
    """Settle it; whoever comes second is told who decided, and how."""
    campaign = needed_campaign()
    seen = one_case.one(actor(), campaign, entry_id)
    form = SettleForm()
    entry = entry_of(form, "case.settled", entry_id)
    if repeated(form, entry):
        return redirect(url_for("cases.index"), 303)
    if form.form_errors or not form.validate():
        return _page(seen, form), 422
    decision = Decision(
        way=form.way.data or "",
        fields=frozenset(form.fields.data or ()),
        place=_chosen_place(form),
        reason=" ".join((form.reason.data or "").split()),
        version=version_of(form),
    )
    outcome = actions.settle(actor(), campaign, entry_id, decision, entry)
    return _after(outcome, seen, form)


def _chosen_place(form: SettleForm) -> int | None:
    text = form.place.data or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _after(outcome: Outcome, seen: CaseSeen, form: SettleForm) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã quyết định. Điện thoại của người ghi sẽ biết ở lần gửi tới."), "success")
        for note in outcome.notes:
            flash(say(note), "warning")
        return redirect(url_for("cases.index"), 303)
    fresh = one_case.one(actor(), needed_campaign(), seen.id)
    if isinstance(outcome, Stale):
        open_form(form, fresh.version)
        return _page(fresh, form, outcome), 409
    if isinstance(outcome, Refused):
        put(form, outcome)
    return _page(fresh, form), 422


def _page(seen: CaseSeen, form: SettleForm, stale: Stale | None = None) -> str:
    told = words.told(seen)
    form.way.choices = [(way.value, words.way_words(way, seen.kind)) for way in rules.ways(seen.kind)]
    amended = seen.act is EntryAct.AMEND
    form.fields.choices = [(row.field, row.label) for row in told.rows if row.differs and amended]
    if not form.is_submitted():
        form.fields.data = [value for value, _label in form.fields.choices]
    places = one_case.places_of(needed_campaign(), seen.area_id) if told.asks_place else ()
    form.place.choices = [("", _("Chọn nơi bỏ phiếu"))] + [
        (str(place.id), _("KVBP %(number)s · %(venue)s", number=place.number, venue=place.venue))
        for place in places
    ]
    return render_template(
        "cases/page.html", seen=seen, told=told, form=form, stale=stale, Way=Way, how=words.how(seen)
    )
