"""Pages of slogans: the list, the things that carry a text, new editions, withdrawal. Mounted by views.py."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.catalogues import showing, slogan_actions
from inventory.catalogues import slogan_queries as queries
from inventory.catalogues.slogan_forms import EditionForm, SloganForm, WithdrawForm
from inventory.catalogues.slogan_queries import SloganSeen
from inventory.catalogues.standard_pages import campaign
from inventory.catalogues.typed_fields import Press
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Outcome, Refused

_READ, _SET = needs(Permission.READ), needs(Permission.SET_STANDARDS)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of slogans to the feature's blueprint."""
    both, one = ["GET", "POST"], "/slogans/<int:slogan_id>"
    blueprint.add_url_rule("/slogans", "slogans", slogans)
    blueprint.add_url_rule("/slogans/new", "new_slogan", new, methods=both)
    blueprint.add_url_rule(one, "slogan", slogan)
    blueprint.add_url_rule(f"{one}/edition", "new_edition", edition, methods=both)
    blueprint.add_url_rule(f"{one}/withdrawal", "withdraw_slogan", withdraw, methods=both)


@_READ
def slogans() -> ResponseReturnValue:
    """The list by number, with how many things carry each text."""
    found = queries.slogans(actor(), campaign())
    return render_template(
        "catalogues/slogans.html",
        slogans=found,
        withdrawn=sum(one.withdrawn for one in found),
        to_replace=sum(one.carried for one in found if one.withdrawn),
        may_set=actor().may(Permission.SET_STANDARDS),
    )


@_READ
def slogan(slogan_id: int) -> ResponseReturnValue:
    """One edition and the things that carry it: the recall list once it is withdrawn."""
    seen = queries.one(actor(), campaign(), slogan_id)
    after = request.args.get("after", "")
    recall = queries.recall(actor(), slogan_id, after)
    return render_template(
        "catalogues/slogan.html",
        seen=seen,
        recall=recall,
        after=after,
        next_url=url_for("catalogues.slogan", slogan_id=slogan_id, after=recall.next) if recall.next else "",
        may_set=actor().may(Permission.SET_STANDARDS),
    )


@_SET
def new() -> ResponseReturnValue:
    """Add a text."""
    form = SloganForm()
    if not form.is_submitted():
        open_form(form)
        form.number.data = queries.next_number(queries.slogans(actor(), campaign()))
        return render_template("catalogues/slogan_new.html", form=form)
    entry = entry_of(form, "slogan.added")
    if repeated(form, entry):
        return _to_list()
    if form.form_errors or not form.validate():
        return render_template("catalogues/slogan_new.html", form=form), 422
    outcome = slogan_actions.add(actor(), campaign(), form.words(), entry)
    if isinstance(outcome, Done):
        flash(_("Đã thêm câu khẩu hiệu."), "success")
        return _to_list()
    if isinstance(outcome, Refused):
        put(form, outcome)
    return render_template("catalogues/slogan_new.html", form=form), 422


@_SET
def edition(slogan_id: int) -> ResponseReturnValue:
    """A new edition; the one before it is withdrawn in the same step."""
    seen, form = queries.one(actor(), campaign(), slogan_id), EditionForm()
    if form.is_submitted():
        entry = entry_of(form, "slogan.renewed", slogan_id)
        stored = repeated(form, entry)
        if stored:
            return _to_slogan(int(stored.subject_id))
    if seen.withdrawn:
        del form.withdrawn_on, form.withdrawn_reason
    if not form.is_submitted():
        open_form(form, seen.version)
        form.text.data, form.source.data = seen.text, seen.source
        if not seen.withdrawn:
            form.withdrawn_on.data = campaign().today
            form.withdrawn_reason.data = _("Thay bằng lần %(edition)s", edition=seen.edition + 1)
        return _form("catalogues/edition.html", form, seen)
    if form.form_errors or not form.validate():
        return _form("catalogues/edition.html", form, seen), 422
    withdrawal = None if seen.withdrawn else form.withdrawal(campaign().today)
    outcome = slogan_actions.renew(
        actor(), campaign(), slogan_id, form.words(seen.number), withdrawal, version_of(form), entry
    )
    return _after(outcome, form, seen, "catalogues/edition.html")


@_SET
def withdraw(slogan_id: int) -> ResponseReturnValue:
    """Withdraw a text; the page then lists what has to be replaced."""
    seen, form = queries.one(actor(), campaign(), slogan_id), WithdrawForm()
    if not form.is_submitted():
        open_form(form, seen.version)
        form.withdrawn_on.data = campaign().today
        return _form("catalogues/withdraw.html", form, seen)
    entry = entry_of(form, "slogan.withdrawn", slogan_id)
    if repeated(form, entry):
        return _to_slogan(slogan_id)
    if form.form_errors or not form.validate():
        return _form("catalogues/withdraw.html", form, seen), 422
    withdrawal = form.withdrawal(campaign().today)
    outcome = slogan_actions.withdraw(actor(), campaign(), slogan_id, withdrawal, version_of(form), entry)
    return _after(outcome, form, seen, "catalogues/withdraw.html")


def _form(template: str, form: Press, seen: SloganSeen, stale: showing.Words | None = None) -> str:
    return render_template(template, form=form, seen=seen, stale=stale)


def _after(outcome: Outcome, form: Press, seen: SloganSeen, template: str) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return _to_slogan(int(outcome.subject))
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _form(template, form, seen), 422
    form.base_version.data = str(outcome.version)
    return _form(template, form, seen, showing.stale_words(form, outcome, {})), 409


def _to_slogan(slogan_id: int) -> ResponseReturnValue:
    return redirect(url_for("catalogues.slogan", slogan_id=slogan_id), 303)


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("catalogues.slogans"), 303)
