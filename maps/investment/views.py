"""The investment list: the page with its total, lines and reasons, and the two files of the whole list."""

from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from inventory.access import guard
from inventory.access.permissions import Permission
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now
from inventory.errors import BadInput, Unseen
from inventory.pages import in_language, language
from inventory.vocabulary import Figure
from inventory.wording import money_words
from maps.investment import actions, files, listing, queries
from maps.investment.forms import FilterForm
from maps.investment.listing import Part, Sort
from maps.investment.queries import Found, Missing
from maps.investment.words import ACTIONS, PARTS, spoken
from maps.plan import files as plan_files

blueprint = Blueprint("investment", __name__)

#: The columns of the table that sort: the order a press on the head gives, and the other way round.
_COLUMNS = {
    "ward": (Sort.WARD, None),
    "place": (Sort.PLACE, None),
    "requirement": (Sort.REQUIREMENT, None),
    "kind": (Sort.KIND, None),
    "voters": (Sort.VOTERS_DOWN, Sort.VOTERS_UP),
    "amount": (Sort.AMOUNT_DOWN, Sort.AMOUNT_UP),
}


@blueprint.get("/investment")
@guard.needs(Permission.READ_LIST)
def page() -> ResponseReturnValue:
    """The list of the person's areas, or with `plan` that plan's lines; filters never change the total."""
    form = FilterForm(request.args)
    found = _read(_figure(form), language())
    if not isinstance(found, Found):
        return _empty(found)
    figure = found.listed.figure
    _offer(form, found)
    filters = form.filters()
    zones = {one.id: one.zone for one in found.view.standard.requirements}
    part = listing.page(found.listed, filters, zones, request.args.get("after", ""))
    actor = guard.actor()
    return render_template(
        "investment/page.html",
        found=found,
        listed=found.listed,
        words=money_words(found.listed.total),
        figure=figure,
        Figure=Figure,
        filters_form=form,
        filters=filters,
        part=part,
        lines=queries.seen_lines(found, part.rows, actor),
        parts=_parts(found),
        Part=Part,
        name_of=PARTS,
        action_words={word: str(said) for word, said in ACTIONS.items()},
        heads=_heads(form, filters.sort),
        url=lambda **other: _url(form, **other),
        previous=_turn(form, part.previous),
        next=_turn(form, part.next),
        spoken=spoken,
        may_run=actor.may(Permission.RUN),
        may_read_prices=actor.may(Permission.READ_PRICES),
        may_read_plans=actor.may(Permission.READ_PLANS),
        # Who reads plans has their own door to them.
        chosen=None if found.plan or actor.may(Permission.READ_PLANS) else queries.chosen_plan(g.campaign),
    )


@blueprint.get("/investment.xlsx")
@guard.needs(Permission.READ_LIST)
def xlsx() -> ResponseReturnValue:
    """The whole list as a workbook."""
    return _file("xlsx")


@blueprint.get("/investment.csv")
@guard.needs(Permission.READ_LIST)
def csv() -> ResponseReturnValue:
    """The whole list as comma-separated text."""
    return _file("csv")


def _file(shape: str) -> ResponseReturnValue:
    """Filters of the page are no filters of the file: it holds the whole list, as the total does."""
    figure = _figure(FilterForm(request.args))
    found = _read(figure, files.LOCALE)
    if not isinstance(found, Found):
        return _empty(found), 404
    campaign: CampaignSeen = g.campaign
    whose = g.get("area_name") or campaign.name
    if found.plan is None:
        file = files.made(found, campaign, whose, shape, campaign_now())
    else:
        whole = guard.actor().may(Permission.READ_PLANS)
        plan = plan_files.Planned(found.plan, found.listed, found.book, found.view, whole)
        file = plan_files.made(plan, campaign, whose, shape, campaign_now())
    actions.downloaded(found, file, found.listed.figure)
    return Response(
        file.content,
        mimetype=file.mime.split(";")[0],
        content_type=file.mime,
        headers={"Content-Disposition": f'attachment; filename="{file.name}"'},
    )


def _read(figure: Figure, locale: str) -> Found | Missing:
    campaign: CampaignSeen | None = g.get("campaign")
    if campaign is None:
        return Missing.RUN
    asked = request.args.get("plan", "")
    if not asked:
        return queries.read(guard.actor(), campaign, figure, locale)
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Unseen("plan", asked)
    return queries.planned(guard.actor(), campaign, int(asked), locale)


def _parts(found: Found) -> list[tuple[Part, Any, int]]:
    """The parts of a list with their sizes; a plan has only what is done."""
    done = (Part.PRICED, Part.COVERED)
    return [
        (word, PARTS[word], len(listing.part_of(found.listed, word)))
        for word in Part
        if found.plan is None or word in done
    ]


def _empty(missing: Missing) -> str:
    actor = guard.actor()
    return render_template(
        "investment/empty.html",
        no_run=missing is Missing.RUN,
        may_run=actor.may(Permission.RUN),
        may_read_prices=actor.may(Permission.READ_PRICES),
    )


def _figure(form: FilterForm) -> Figure:
    if form.figure.data and form.figure.data not in set(Figure):
        raise _bad("figure")
    return form.chosen_figure()


def _offer(form: FilterForm, found: Found) -> None:
    """Fill the form's lists and hold what was sent against them."""
    view = found.view
    if form.ward.data and form.ward.data not in {str(ward.id) for ward in view.wards}:
        raise Unseen("area", form.ward.data)
    priced = queries.kinds_in(found)
    form.offer(
        [(ward.id, ward.name) for ward in view.wards],
        [(one.id, in_language(one)) for one in view.standard.requirements],
        [
            (kind.code, in_language(kind))
            for kind in found.facts.kinds
            if kind.code in {*priced, form.kind.data}
        ],
    )
    wrong = form.wrong()
    if wrong:
        raise _bad(wrong)


def _bad(field: str) -> BadInput:
    return BadInput("filter", "Bộ lọc có giá trị không dùng được.", field)


def _url(form: FilterForm, **other: str) -> str:
    return url_for("investment.page", **form.chosen(**other))


def _turn(form: FilterForm, after: str | None) -> str:
    return "" if after is None else f"{_url(form, after=after)}#lines"


def _heads(form: FilterForm, sort: Sort) -> dict[str, Any]:
    """For each column that sorts: the address of its head, and how it is sorted now."""
    heads = {}
    for column, (first, other) in _COLUMNS.items():
        following = other if other and sort is first else first
        state = {first: "descending" if other else "ascending", other: "ascending"}.get(sort, "")
        heads[column] = {"url": f"{_url(form, sort=following.value)}#lines", "sorted": state}
    return heads
