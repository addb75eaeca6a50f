"""Who has sent when, and the admin's page of a person's phones. Mounted by views.py."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.cases import phone_actions as actions
from inventory.cases import phone_queries as queries
from inventory.cases import showing
from inventory.cases.forms import PhonePress
from inventory.cases.troubles import by_trouble, troubles
from inventory.clock import now
from inventory.form_steps import entry_of
from inventory.identity import new_id
from inventory.outcomes import Outcome, Refused
from inventory.pages import say
from inventory.people.queries import person
from inventory.requests import needed_campaign

_ADMIN = needs(Permission.MANAGE_PEOPLE)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of phones to the feature's blueprint."""
    phone = "/people/<int:person_id>/phones"
    blueprint.add_url_rule("/field-sync", "syncing", syncing)
    blueprint.add_url_rule(phone, "phones", phones)
    blueprint.add_url_rule(f"{phone}/<device_id>/cut", "cut_off", cut_off, methods=["POST"])
    blueprint.add_url_rule(f"{phone}/<device_id>/allow", "allow", allow, methods=["POST"])


@needs(Permission.READ_SYNC)
def syncing() -> str:
    """Each phone as it spoke of itself, what was refused, and photos on their way."""
    moment, campaign = now(), needed_campaign()
    found = queries.phones(actor())
    shown = by_trouble(found.shown, moment)
    return render_template(
        "cases/syncing.html",
        phones=[(phone, showing.trouble_words(phone, troubles(phone, moment), moment)) for phone in shown],
        total=found.total,
        refused=[
            (one, showing.field_words(one.field), showing.sentence(one))
            for one in queries.refused(actor(), campaign)
        ],
        awaited=queries.awaited(actor(), campaign),
        act_label=showing.act_label,
    )


@_ADMIN
def phones(person_id: int) -> str:
    """The phones of a person: cut one off, let it in again."""
    moment = now()
    seen = person(person_id)
    found = queries.phones_of(person_id)
    return render_template(
        "cases/phones.html",
        seen=seen,
        phones=[(phone, showing.trouble_words(phone, troubles(phone, moment), moment)) for phone in found],
        entry_ids={phone.id: new_id() for phone in found},
    )


@_ADMIN
def cut_off(person_id: int, device_id: str) -> ResponseReturnValue:
    """Cut one phone off, and with the second button end all of the person's sessions."""
    form = PhonePress()
    entry = entry_of(form, "phone.cut_off", device_id)
    outcome = actions.cut_off(actor(), person_id, device_id, bool(form.everywhere.data), entry)
    return _after(outcome, person_id, _("Đã cắt máy này: máy chủ không nhận gì từ máy đó nữa."))


@_ADMIN
def allow(person_id: int, device_id: str) -> ResponseReturnValue:
    """Let a phone in again."""
    form = PhonePress()
    entry = entry_of(form, "phone.allowed", device_id)
    outcome = actions.allow(actor(), person_id, device_id, entry)
    return _after(outcome, person_id, _("Máy này dùng lại được; người giữ máy cần đăng nhập lại."))


def _after(outcome: Outcome, person_id: int, done: str) -> ResponseReturnValue:
    if isinstance(outcome, Refused):
        for problem in outcome.problems:
            flash(say(problem), "warning")
    else:
        flash(done, "success")
    return redirect(url_for("cases.phones", person_id=person_id), 303)
