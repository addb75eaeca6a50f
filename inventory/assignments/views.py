"""Pages of assignments: a ward's places and people, the preview of an even sharing, a person's route sheet.
Labels and short codes are mounted beside."""

import logging
from collections.abc import Mapping

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import ServiceUnavailable

from inventory import database, trail, typesetting
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.assignments import (
    actions,
    code_pages,
    codes,
    label_pages,
    queries,
    rules,
    sheet_queries,
    sheets,
)
from inventory.assignments.forms import DivideForm, GiveForm, SaveForm
from inventory.assignments.rules import Work
from inventory.errors import BadInput
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.identity import new_id
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.places.queries import wards
from inventory.receipts import Entry
from inventory.requests import needed_campaign

blueprint = Blueprint("assignments", __name__)
blueprint.add_app_template_filter(codes.of_place, "place_code")
blueprint.add_app_template_filter(codes.of_installation, "thing_code")
_log = logging.getLogger("trucquan")


@blueprint.get("/assignments")
@needs(Permission.ASSIGN)
def index() -> ResponseReturnValue:
    """The wards to choose from; who has one goes straight there."""
    campaign, who, session = needed_campaign(), actor(), database.db.session()
    named = wards(session, who, campaign)
    if len(named) == 1:
        return redirect(url_for("assignments.ward", area_id=named[0][0]), 303)
    counted = queries.counts(session, who, campaign)
    return render_template("assignments/index.html", wards=named, counts=counted)


@blueprint.route("/assignments/<int:area_id>", methods=["GET", "POST"])
@needs(Permission.ASSIGN)
def ward(area_id: int) -> ResponseReturnValue:
    """A ward's places with who has each; ticked ones are given or taken."""
    work = _work(area_id)
    form = GiveForm()
    form.offer(work)
    if not form.is_submitted():
        open_form(form, work.version)
        return _page(form, work)
    entry = entry_of(form, "assignments.saved", area_id)
    if repeated(form, entry) is not None:
        return redirect(url_for("assignments.ward", area_id=area_id), 303)
    if not form.validate() or form.errors:
        return _page(form, work), 422
    team = form.chosen_team(work)
    if form.act.data == "give" and team is not None:
        chosen = {"person": team[1], "place": form.place.data, "team": team[0]}
        return redirect(url_for("assignments.divide", area_id=area_id, **chosen), 303)
    holders = _asked(form)
    if holders is None:
        form.person.errors = [*form.person.errors, _("Hãy chọn người hoặc tổ nhận các nơi này.")]
        return _page(form, work), 422
    outcome = _saved(work, holders, form.team.data or "", version_of(form), entry)
    return _answered(form, outcome, area_id, holders)


def _asked(form: GiveForm) -> dict[int, int | None] | None:
    """The new holders that the form asks for; None where nobody was chosen to give to."""
    if form.act.data == "take":
        return dict.fromkeys(form.place.data)
    person = str(form.person.data or "")
    return dict.fromkeys(form.place.data, int(person)) if person.isdigit() else None


def _saved(
    work: Work, holders: Mapping[int, int | None], team: str, base_version: int, entry: Entry
) -> Outcome:
    """Save changes. Ways are found before the writer's lock is taken; the version guards them."""
    wrong = rules.problems(work, holders)
    if wrong:
        return Refused(wrong)
    database.release()
    plan = rules.plan(work, holders, team)
    return actions.save(actor(), needed_campaign(), work, plan, base_version, entry)


def _answered(
    form: GiveForm, outcome: Outcome, area_id: int, holders: Mapping[int, int | None]
) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu phân công %(count)s nơi.", count=len(holders)), "success")
        return redirect(url_for("assignments.ward", area_id=area_id), 303)
    if isinstance(outcome, Stale):
        form.entry_id.data, form.base_version.data = new_id(), str(outcome.version)
        return _page(form, _work(area_id), stale=outcome), 409
    put(form, outcome)
    return _page(form, _work(area_id)), 422


@blueprint.route("/assignments/<int:area_id>/divide", methods=["GET", "POST"])
@needs(Permission.ASSIGN)
def divide(area_id: int) -> ResponseReturnValue:
    """An even sharing: shown first (GET), then saved as it was shown (POST)."""
    work = _work(area_id)
    if request.method == "GET":
        return _preview(work)
    form = SaveForm()
    holders, base_version = form.holders(), version_of(form)
    entry = entry_of(form, "assignments.saved", area_id)
    if repeated(form, entry) is not None:
        return redirect(url_for("assignments.ward", area_id=area_id), 303)
    if not form.validate():
        raise BadInput("plan", "Bản chia không đọc được; hãy chia lại.", "plan")
    outcome = _saved(work, holders, str(form.team.data or ""), base_version, entry)
    if isinstance(outcome, Done):
        flash(_("Đã lưu phân công %(count)s nơi.", count=len(holders)), "success")
        return redirect(url_for("assignments.ward", area_id=area_id), 303)
    again = GiveForm(formdata=None)
    return _answered(_opened(again, _work(area_id)), outcome, area_id, holders)


def _opened(form: GiveForm, work: Work) -> GiveForm:
    form.offer(work)
    open_form(form, work.version)
    return form


def _preview(work: Work) -> ResponseReturnValue:
    """Who would get what, and how far each would walk."""
    asked = DivideForm(request.args)
    asked.offer(work)
    if not asked.validate():
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", next(iter(asked.errors)) or "")
    people = sorted(set(asked.person.data), key=lambda one: [person.id for person in work.people].index(one))
    form = _opened(GiveForm(formdata=None), work)
    if not people:
        form.form_errors.append(_("Hãy chọn ít nhất một người để chia."))
        return _page(form, work), 422
    database.release()
    holders, legs = rules.share(work, people, asked.place.data, bool(asked.keep.data))
    if not holders:
        form.form_errors.append(_("Không còn nơi nào để chia."))
        return _page(form, work), 422
    save = SaveForm(formdata=None)
    open_form(save, work.version)
    save.plan.data = ",".join(f"{place}:{person}" for place, person in holders.items())
    save.team.data = asked.team.data or ""
    return render_template(
        "assignments/preview.html",
        work=work,
        legs=legs,
        form=save,
        count=len(holders),
        places={place.id: place for place in work.places},
    )


def _work(area_id: int) -> Work:
    return queries.work(database.db.session(), actor(), needed_campaign(), area_id)


def _page(form: GiveForm, work: Work, stale: Stale | None = None) -> str:
    database.release()  # ways of long rounds take a moment
    ways = rules.ways(work)
    return render_template(
        "assignments/ward.html",
        form=form,
        work=work,
        holders=work.holders,
        ways=ways,
        marks={person: index for index, person in enumerate(person.id for person in work.people)},
        ticked=set(form.place.data or ()),
        stale=_stale(work, stale) if stale else None,
        several=len(wards(database.db.session(), actor(), needed_campaign())) > 1,
    )


def _stale(work: Work, stale: Stale) -> list[tuple[str, object, object]]:
    """What somebody else saved in between, by names."""
    numbers = {str(place.id): place.number for place in work.places}
    names: dict[object, str] = {person.id: person.name for person in work.people}
    return [
        (_("KVBP %(number)s", number=numbers.get(place, "")), theirs, names.get(mine, _("chưa giao")))
        for place, theirs, mine in stale.changed
    ]


@blueprint.get("/assignments/<int:person_id>/route.pdf")
@needs(Permission.SURVEY)
def route_pdf(person_id: int) -> ResponseReturnValue:
    """A person's places as a sheet to print: one's own, or of the ward's people for who assigns."""
    campaign = needed_campaign()
    route = sheet_queries.route(database.db.session(), actor(), campaign, person_id)
    database.release()  # nobody waits for a sheet that is being set
    try:
        content = sheets.route_pdf(route, campaign)
    except typesetting.Unfinished as error:
        _log.error("route.pdf %s", error)
        raise ServiceUnavailable(retry_after=60) from None
    detail = {"file": "route", "places": len(route.stops)}
    trail.record("download", "person", person_id, detail=detail)
    name = f"phieu-di_{campaign.today:%Y%m%d}_{person_id}.pdf"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(content, content_type="application/pdf", headers=disposition)


label_pages.mount(blueprint)
code_pages.mount(blueprint)
