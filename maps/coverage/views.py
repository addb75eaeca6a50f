"""The pages of what is missing: shares by ward, the list of gaps, a place's own section, the runs."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access import guard
from inventory.access.permissions import Permission
from inventory.addresses import next_among
from inventory.answers import problem, wants_json
from inventory.campaigns import CampaignSeen
from inventory.directory import KindName
from inventory.errors import BadInput, Unseen
from inventory.labels import label
from inventory.outcomes import Done, Refused
from inventory.pages import in_language, language, say
from inventory.requests import chosen_campaign
from inventory.vocabulary import Certainty, Channel, Figure, PlaceState
from maps.coverage import actions, listing, queries, runs
from maps.coverage.comparing import Move
from maps.coverage.forms import DayForm, FilterForm

blueprint = Blueprint("coverage", __name__)

#: The pages that have the button.
_BUTTONS = frozenset({"/", "/coverage", "/coverage/runs", "/investment", "/map"})


@blueprint.get("/coverage")
@guard.needs(Permission.READ)
def page() -> ResponseReturnValue:
    """Everything that is missing in the person's areas, or one place's own section."""
    actor, campaign = guard.actor(), chosen_campaign()
    view = queries.overview(actor, campaign) if campaign else None
    if campaign is None or view is None:
        return render_template("coverage/empty.html")
    if request.args.get("place"):
        return _place(view, campaign)
    kinds = queries.kinds_of(view)
    form = _filter_form(view, kinds)
    filters = _filters(form, view)
    found = listing.matching(
        view.gaps,
        filters,
        {one.id: one for one in view.standard.requirements},
        {kind.code: kind.family for kind in kinds},
        listing.states(view.summary, filters.figure),
    )
    unmet = sum(listing.reason_of(gap, filters.figure) is not None for gap in view.gaps)
    part = listing.cut(found, unmet, request.args.get("after", ""))
    return render_template(
        "coverage/page.html",
        **_shared(view),
        filters_form=form,
        filters=filters,
        part=part,
        lines=queries.lines(view, part.rows, filters.figure, actor),
        wards=queries.ward_lines(view, filters.ward),
        totals=queries.totals(view, filters.ward),
        compared=_compared(view, filters.figure),
        chosen_run=request.args.get("against"),
        channels=runs.reach_sums(view, actor, filters.ward),
        links={
            side: _page_url(form, after) for side, after in (("previous", part.previous), ("next", part.next))
        },
    )


@blueprint.get("/coverage/runs", endpoint="runs")
@guard.needs(Permission.READ)
def stored_runs() -> ResponseReturnValue:
    """Every stored run with its sums, and a box for computing a day that has passed."""
    actor, campaign = guard.actor(), chosen_campaign()
    if campaign is None:
        return render_template("coverage/empty.html")
    return render_template(
        "coverage/runs.html",
        lines=runs.stored(actor, campaign),
        latest=queries.latest(campaign.id),
        form=DayForm(),
        Figure=Figure,
        may_run=actor.may(Permission.RUN),
    )


@blueprint.post("/coverage/runs", endpoint="run")
@guard.needs(Permission.RUN)
def run() -> ResponseReturnValue:
    """Compute the gaps, now or of a past day, and go back to where the button was; the same facts are
    not computed twice."""
    actor, campaign = guard.actor(), chosen_campaign()
    if campaign is None:
        raise BadInput("no_campaign", "Chưa có cuộc bầu cử nào.")
    form = DayForm(request.form)
    if not form.validate():
        raise BadInput("day", "Ngày chưa đúng; hãy viết như 23/05/2021.", "day")
    outcome = actions.run(actor, campaign, form.day.data)
    if isinstance(outcome, Refused):
        reason = outcome.problems[0]
        if wants_json():
            return problem(422, reason.code, say(reason))
        flash(say(reason), "error")
        return redirect(_back(), 303)
    assert isinstance(outcome, Done)  # noqa: S101 -- a run is never stale
    if wants_json():
        counts = queries.counts(queries.gaps_of(outcome.subject, actor))
        return jsonify(run=outcome.subject, again=outcome.again, **counts), 201
    flash(
        _("Dữ kiện không đổi từ lần tính trước, nên kết quả vẫn như cũ.")
        if outcome.again
        else _("Đã tính lại theo dữ kiện mới nhất."),
        "info" if outcome.again else "success",
    )
    return redirect(_back(), 303)


def _back() -> str:
    return next_among(_BUTTONS, request.form.get("next"), url_for("coverage.page"))


def _place(view: queries.Overview, campaign: CampaignSeen) -> str:
    """One place: every requirement, met or not."""
    number = request.args["place"]
    place = next((one for one in view.places if str(one.id) == number), None)
    if place is None:
        raise Unseen("place", number)
    figure = _figure()
    rows = [gap for gap in view.gaps if gap.place_id == place.id]
    spot = next(one for one in view.summary.places if one.place_id == place.id)
    return render_template(
        "coverage/place.html",
        **_shared(view),
        place=place,
        ward=next(ward for ward in view.wards if ward.id == place.area_id),
        figure=figure,
        spot=spot,
        lines=queries.lines(view, rows, figure, guard.actor()),
        points=runs.of_place(view, guard.actor(), place),
        checks=runs.checks_of(guard.actor(), campaign, place.id),
    )


def _compared(view: queries.Overview, figure: Figure) -> runs.Compared | None:
    """The run beside the one that was asked for, or beside last week's."""
    actor, campaign, number = guard.actor(), chosen_campaign(), request.args.get("against")
    if campaign is None:
        return None
    if not number:
        return runs.since_last_week(view, campaign, actor, figure)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Unseen("coverage_run", number)
    return runs.against(view, campaign, actor, int(number), figure)


def _said(run: queries.RunSeen) -> Mapping[Channel, str]:
    """The model's name and target of a run in the reader's language."""
    return {
        channel: _(message, **values) for channel, (message, values) in runs.said(run, language()).items()
    }


def _shared(view: queries.Overview) -> Mapping[str, Any]:
    actor = guard.actor()
    return {
        "view": view,
        "label": label,
        "Figure": Figure,
        "PlaceState": PlaceState,
        "Channel": Channel,
        "Certainty": Certainty,
        "Move": Move,
        "said": _said(view.run),
        "may_run": actor.may(Permission.RUN),
        "may_survey": actor.may(Permission.SURVEY),
    }


def _filter_form(view: queries.Overview, kinds: Iterable[KindName]) -> FilterForm:
    form = FilterForm(request.args)
    form.offer(
        [(ward.id, ward.name) for ward in view.wards],
        [(one.id, in_language(one)) for one in view.standard.requirements],
        [(kind.code, in_language(kind)) for kind in kinds],
    )
    return form


def _filters(form: FilterForm, view: queries.Overview) -> listing.Filters:
    ward = form.ward.data or ""
    if ward and ward not in {str(one.id) for one in view.wards}:
        raise Unseen("area", ward)
    if not form.validate():
        field = next(iter(form.errors))
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", str(field))
    return form.filters()


def _figure() -> Figure:
    word = request.args.get("figure") or Figure.REPORTED.value
    if word not in set(Figure):
        raise BadInput("filter", "Bộ lọc có giá trị không dùng được.", "figure")
    return Figure(word)


def _page_url(form: FilterForm, after: str | None) -> str:
    if after is None:
        return ""
    chosen = form.chosen()
    if after:
        chosen["after"] = after
    return url_for("coverage.page", **chosen) + "#gaps"
