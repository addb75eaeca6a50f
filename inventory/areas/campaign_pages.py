"""The admin's pages of campaigns and their milestones. Mounted by views.py."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.areas import campaign_actions, campaign_queries, queries
from inventory.areas.campaign_queries import CampaignLine
from inventory.areas.forms import CampaignForm, MilestoneForm, RemoveForm
from inventory.areas.reading import campaign_draft, milestone_draft
from inventory.areas.stale_words import stale_words
from inventory.fields import Form
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Outcome, Refused, Stale

_MANAGE = needs(Permission.MANAGE_AREAS)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of campaigns to the feature's blueprint."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/campaigns", "campaigns", campaigns)
    blueprint.add_url_rule("/campaigns/new", "new_campaign", new, methods=both)
    blueprint.add_url_rule("/campaigns/<int:campaign_id>", "campaign", campaign, methods=both)
    blueprint.add_url_rule(
        "/campaigns/<int:campaign_id>/milestones", "set_milestone", set_milestone, methods=["POST"]
    )
    blueprint.add_url_rule(
        "/campaigns/<int:campaign_id>/milestones/<code>/remove", "remove_milestone", remove, methods=["POST"]
    )


@_MANAGE
def campaigns() -> ResponseReturnValue:
    """List campaigns, the latest election first."""
    return render_template("areas/campaigns.html", lines=campaign_queries.campaigns())


@_MANAGE
def new() -> ResponseReturnValue:
    """Add a campaign."""
    form = _form(CampaignForm())
    if not form.is_submitted():
        open_form(form)
        form.open.data = True
        return render_template("areas/campaign_new.html", form=form)
    entry = entry_of(form, "campaign.created")
    stored = repeated(form, entry)
    if stored:
        return redirect(url_for("areas.campaign", campaign_id=int(stored.subject_id)), 303)
    if form.form_errors or not form.validate():
        return render_template("areas/campaign_new.html", form=form), 422
    outcome = campaign_actions.create_campaign(actor(), campaign_draft(form), entry)
    if isinstance(outcome, Done):
        flash(_("Đã thêm cuộc bầu cử."), "success")
        return redirect(url_for("areas.campaign", campaign_id=int(outcome.subject)), 303)
    if isinstance(outcome, Refused):
        put(form, outcome)
    return render_template("areas/campaign_new.html", form=form), 422


def _form(form: CampaignForm) -> CampaignForm:
    form.root_area_id.choices = queries.above_wards()
    return form


@_MANAGE
def campaign(campaign_id: int) -> ResponseReturnValue:
    """Show one campaign with its milestones, or change it."""
    seen = campaign_queries.campaign(campaign_id)
    form = _form(CampaignForm())
    if not form.is_submitted():
        return _page(seen)
    entry = entry_of(form, "campaign.changed", campaign_id)
    if repeated(form, entry):
        return _back(campaign_id)
    if form.form_errors or not form.validate():
        return _page(seen, form), 422
    outcome = campaign_actions.change_campaign(
        actor(), campaign_id, campaign_draft(form), entry, version_of(form)
    )
    if isinstance(outcome, Stale):
        form.base_version.data = str(outcome.version)
        return _page(seen, form, stale_words(form, outcome)), 409
    return _answer(outcome, seen, form)


@_MANAGE
def set_milestone(campaign_id: int) -> ResponseReturnValue:
    """Add a milestone, or change the one of the same code."""
    seen, form = campaign_queries.campaign(campaign_id), MilestoneForm()
    entry = entry_of(form, "milestone.set", campaign_id)
    if repeated(form, entry):
        return _back(campaign_id)
    if form.form_errors or not form.validate():
        return _page(seen, form), 422
    return _answer(
        campaign_actions.set_milestone(actor(), campaign_id, milestone_draft(form), entry), seen, form
    )


@_MANAGE
def remove(campaign_id: int, code: str) -> ResponseReturnValue:
    """Take a milestone out."""
    seen, form = campaign_queries.campaign(campaign_id), RemoveForm()
    entry = entry_of(form, "milestone.removed", f"{campaign_id} {code}")
    if repeated(form, entry):
        return _back(campaign_id)
    if form.form_errors:
        return _page(seen, form), 422
    code = code.replace("\x00", "")[:32]
    return _answer(campaign_actions.remove_milestone(actor(), campaign_id, code, entry), seen, form)


def _page(seen: CampaignLine, sent: Form | None = None, stale: Any = ()) -> str:
    """The page; the form that was sent is shown as it was typed, the others fresh."""
    form, milestone, button = sent, sent, RemoveForm(formdata=None)
    if not isinstance(form, CampaignForm):
        form = _form(CampaignForm(formdata=None, obj=seen))
        open_form(form, seen.version)
    if not isinstance(milestone, MilestoneForm):
        milestone = MilestoneForm(formdata=None)
        open_form(milestone)
    open_form(button)
    return render_template(
        "areas/campaign.html",
        seen=seen,
        form=sent,
        words=form,
        milestone=milestone,
        remove=button,
        milestones=campaign_queries.milestones(seen.id, seen.election_day),
        stale=stale,
    )


def _answer(outcome: Outcome, seen: CampaignLine, form: Form) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return _back(seen.id)
    if isinstance(outcome, Refused):
        put(form, outcome)
    return _page(seen, form), 422


def _back(campaign_id: int) -> ResponseReturnValue:
    return redirect(url_for("areas.campaign", campaign_id=campaign_id), 303)
