"""`/`: the first page, by role. Reads only; each part says what to do when there is nothing yet."""

from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from inventory import duties, rounds, trail
from inventory.access.guard import actor, needs
from inventory.access.permissions import Actor, Permission
from inventory.campaigns import CampaignSeen
from inventory.clock import campaign_now, day_of
from inventory.database import db
from inventory.pages import ROLE_LABELS
from inventory.vocabulary import Figure, PlaceState, Role
from inventory.wording import money_words
from maps.coverage import queries as coverage
from maps.homes.chart import bars
from maps.homes.rules import at_risk, points
from maps.investment import queries as investment

blueprint = Blueprint("homes", __name__)

_WARD = frozenset({Role.WARD_STAFF, Role.WARD_LEAD})
FEW, SOME = 5, 20


@blueprint.get("/")
@needs(Permission.SELF)
def home() -> ResponseReturnValue:
    """The page of the person's role."""
    who = actor()
    campaign: CampaignSeen | None = g.campaign
    if who.role is Role.ADMIN:
        return render_template(
            "homes/admin.html", service=duties.service(db.session()), role_labels=ROLE_LABELS
        )
    if who.role is Role.AUDITOR:
        session = db.session()
        return render_template(
            "homes/auditor.html", lines=duties.newest_lines(session, SOME), head=trail.head(session)
        )
    if campaign is None:
        return render_template("homes/nothing.html")
    if who.role in _WARD:
        return render_template("homes/ward.html", **_ward(who, campaign))
    if who.role is Role.CULTURE_OFFICE:
        return render_template("homes/office.html", **_office(who, campaign))
    return render_template("homes/leader.html", **_leader(who, campaign))


def _shared(who: Actor, campaign: CampaignSeen) -> dict[str, Any]:
    view = coverage.overview(who, campaign)
    return {
        "view": view,
        "wards": duties.progress(db.session(), who, campaign),
        "lines": coverage.ward_lines(view) if view else (),
        "totals": coverage.totals(view) if view else None,
        "Figure": Figure,
        "PlaceState": PlaceState,
        "may_run": who.may(Permission.RUN),
        "moment_now": campaign_now(),
    }


def _ward(who: Actor, campaign: CampaignSeen) -> dict[str, Any]:
    session = db.session()
    ahead = rounds.to_survey(session, who, campaign, FEW)
    return {
        **_shared(who, campaign),
        "returned": duties.returned(session, who, campaign, FEW),
        "returned_count": duties.returned_count(session, who, campaign),
        "places": ahead.places,
        "given": ahead.given,
        "may_declare": who.may(Permission.DECLARE),
        "cases": duties.cases(session, who, campaign) if who.may(Permission.SETTLE) else 0,
    }


def _office(who: Actor, campaign: CampaignSeen) -> dict[str, Any]:
    session = db.session()
    shared = _shared(who, campaign)
    worst = sorted(
        shared["lines"], key=lambda line: (-line.totals.missing_units(Figure.REPORTED), line.ward.id)
    )
    return {
        **shared,
        "queue": duties.queue(session, who, campaign),
        "cases": duties.cases(session, who, campaign),
        "worst": [line for line in worst if line.totals.missing_units(Figure.REPORTED)][:10],
        "untouched": [ward for ward in shared["wards"] if ward.places and not ward.surveyed],
        "imports": duties.imports(session, campaign, FEW),
    }


def _leader(who: Actor, campaign: CampaignSeen) -> dict[str, Any]:
    shared = _shared(who, campaign)
    view, totals = shared["view"], shared["totals"]
    first = duties.first_visit(db.session(), who, campaign)
    begun = day_of(first) if first else None
    asked = investment.amount_asked(who, campaign, view) if view else None
    earlier = coverage.a_week_before(view.run, campaign.id) if view else None
    before = coverage.shares(earlier, who) if earlier else None
    return {
        **shared,
        "asked": asked,
        "asked_words": money_words(asked) if asked is not None else "",
        "trend": {
            figure: points(totals.share(figure), before[figure])
            for figure in (Figure.VERIFIED, Figure.REPORTED)
        }
        if before and totals
        else None,
        "earlier": earlier,
        "late": [
            ward
            for ward in shared["wards"]
            if at_risk(ward.places, ward.surveyed, begun, campaign.today, campaign.decoration_deadline)
        ],
        "bars": bars(shared["lines"]),
    }
