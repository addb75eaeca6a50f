"""Pages of one installation: what it is, its past, and the forms that change it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from inventory import field_checks, receipts
from inventory.access import guard
from inventory.access.guard import needs
from inventory.access.permissions import Permission
from inventory.database import db
from inventory.errors import BadInput
from inventory.identity import is_id, new_id
from inventory.installations import actions, history, lifecycle, manifest, queries, showing, surroundings
from inventory.installations.forms import AmendForm, EntryForm, StepForm, sent, tell
from inventory.installations.queries import InstallationSeen
from inventory.installations.record import FIELDS, Record
from inventory.installations.showing import FIELD_LABELS, names_of, value_words
from inventory.installations.writes import seen_at
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import say
from inventory.receipts import Entry
from inventory.requests import needed_campaign
from inventory.vocabulary import Lifecycle, PhotoRole, ReviewState

blueprint = Blueprint("installations", __name__)


@dataclass(frozen=True)
class Conflict:
    """What another person saved first, in words: (field, theirs, mine)."""

    who: str
    changed: tuple[tuple[str, str, str], ...]


@blueprint.get("/installations/<uuid:installation_id>")
@needs(Permission.READ)
def page(installation_id: UUID) -> ResponseReturnValue:
    """One installation; `?day=` also shows how it stood on a past day."""
    return _page(queries.seen(guard.actor(), needed_campaign(), str(installation_id)))


@blueprint.post("/installations/<uuid:installation_id>")
@needs(Permission.SURVEY)
def amend(installation_id: UUID) -> ResponseReturnValue:
    """Save changes; on a conflict show both and keep what was typed."""
    thing = queries.seen(guard.actor(), needed_campaign(), str(installation_id))
    form = _amend_form(thing)
    if not form.validate():
        return _page(thing, amend_form=form), 422
    base = _base(thing, form)
    wanted = form.wanted(base)
    outcome = actions.amend(
        guard.actor(), needed_campaign(), thing.id, wanted, _version(form), _entry(form, thing.id)
    )
    if isinstance(outcome, Stale):
        thing = queries.seen(guard.actor(), needed_campaign(), str(installation_id))
        again = _typed_again(thing, base, wanted)
        return _page(thing, amend_form=again, conflict=_conflict(outcome, thing)), 409
    if isinstance(outcome, Refused):
        tell(form, outcome.problems)
        form.entry_id.data = new_id()
        return _page(thing, amend_form=form), 422
    return _saved(outcome, thing.id)


@blueprint.post("/installations/<uuid:installation_id>/step")
@needs(Permission.SURVEY)
def move(installation_id: UUID) -> ResponseReturnValue:
    """Take the next step of its life."""
    thing = queries.seen(guard.actor(), needed_campaign(), str(installation_id))
    form = StepForm()
    form.fit(tuple(Lifecycle))
    if not form.validate():
        form.fit(lifecycle.next_steps(thing.record.lifecycle))
        return _page(thing, step_form=form), 422
    outcome = actions.move(
        guard.actor(),
        needed_campaign(),
        thing.id,
        Lifecycle(form.step.data),
        _version(form),
        _entry(form, thing.id),
        actions.Origin(note=form.why.data or ""),
    )
    form.fit(lifecycle.next_steps(thing.record.lifecycle))
    form.entry_id.data, form.base_version.data = new_id(), str(thing.version)
    if isinstance(outcome, Refused):
        tell(form, outcome.problems)
        return _page(thing, step_form=form), 422
    return _answer(outcome, thing, step_form=form)


@blueprint.post("/installations/<uuid:installation_id>/confirm")
@needs(Permission.SURVEY)
def confirm(installation_id: UUID) -> ResponseReturnValue:
    """Still as recorded: put it before the office in this campaign."""
    thing = queries.seen(guard.actor(), needed_campaign(), str(installation_id))
    form = EntryForm()
    outcome = actions.confirm(
        guard.actor(), needed_campaign(), thing.id, _version(form), _entry(form, thing.id, "confirm")
    )
    return _answer(outcome, thing)


@blueprint.post("/installations/<uuid:installation_id>/events/<int:number>/revert")
@needs(Permission.SURVEY)
def revert(installation_id: UUID, number: int) -> ResponseReturnValue:
    """Go back to the state before an event."""
    thing = queries.seen(guard.actor(), needed_campaign(), str(installation_id))
    form = EntryForm()
    outcome = actions.revert(
        guard.actor(),
        needed_campaign(),
        thing.id,
        number,
        _version(form),
        _entry(form, thing.id, f"revert {number}"),
    )
    return _answer(outcome, thing)


def _version(form: EntryForm) -> int:
    text = str(form.base_version.data or "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadInput("version", "Biểu mẫu này thiếu số phiên bản; hãy tải lại trang.", "base_version")
    return int(text)


def _entry(form: EntryForm, subject: str, act: str = "") -> Entry:
    number = str(form.entry_id.data or "")
    if not is_id(number):
        raise BadInput("entry_id", "Biểu mẫu này thiếu mã gửi; hãy tải lại trang.", "entry_id")
    return receipts.entry_of(
        number, {"subject": subject, "act": act, **sent(request.form.to_dict(flat=False))}
    )


def _saved(outcome: Done, installation_id: str) -> ResponseReturnValue:
    flash(gettext("Đã lưu."), "success")
    for note in outcome.notes:
        flash(say(note), "warning")
    return redirect(url_for("installations.page", installation_id=installation_id), 303)


def _answer(outcome: Outcome, thing: InstallationSeen, **shown: Any) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        return _saved(outcome, thing.id)
    if isinstance(outcome, Stale):
        thing = queries.seen(guard.actor(), needed_campaign(), thing.id)
        shown.pop("step_form", None)
        return _page(thing, conflict=_conflict(outcome, thing), **shown), 409
    return _page(thing, problems=outcome.problems, **shown), 422


def _amend_form(thing: InstallationSeen, fresh: bool = False) -> AmendForm:
    form = AmendForm(formdata=None) if fresh else AmendForm()
    form.fit(
        thing.kind,
        thing.kinds.values(),
        surroundings.slogans(needed_campaign().id) if thing.kind.texted else (),
        surroundings.venues_in(thing.record.area_id),
        thing.record,
    )
    return form


def _fresh_form(thing: InstallationSeen, record: Record) -> AmendForm:
    form = _amend_form(thing, fresh=True)
    form.fill(record)
    if thing.review is not None and _is_returned(thing) and thing.review.reason_field in form:
        words = showing.reason_words(thing.review.reason_code, thing.review.reason_text)
        form[thing.review.reason_field].description = gettext("Phòng VH&TT: %(reason)s", reason=words)
    form.entry_id.data, form.base_version.data = new_id(), str(thing.version)
    return form


def _base(thing: InstallationSeen, form: AmendForm) -> Record | None:
    version = _version(form)
    return thing.record if version == thing.version else seen_at(thing.id, version)


def _typed_again(thing: InstallationSeen, base: Record | None, wanted: dict[str, Any]) -> AmendForm:
    """The newest record with what this person changed laid over it, ready to be sent again."""
    mine = {name: value for name, value in wanted.items() if base is None or value != getattr(base, name)}
    return _fresh_form(thing, replace(thing.record, **mine))


def _conflict(stale: Stale, thing: InstallationSeen) -> Conflict:
    rows = [(name, theirs, mine) for name, theirs, mine in stale.changed if name in FIELDS]
    names = names_of([{name: [theirs, mine] for name, theirs, mine in rows}], thing.kinds)
    return Conflict(
        stale.who,
        tuple(
            (str(FIELD_LABELS[name]), value_words(name, theirs, names), value_words(name, mine, names))
            for name, theirs, mine in rows
        ),
    )


def _past_day() -> date | None:
    text = request.args.get("day", "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:
        raise BadInput("day", "Ngày không đúng; hãy chọn lại.", "day")
    return day


def _page(thing: InstallationSeen, conflict: Conflict | None = None, **shown: Any) -> str:
    may_write = guard.actor().may(Permission.SURVEY)
    day = _past_day()
    then = history.state_on(thing.id, day) if day else None
    events = history.history(thing.id)
    names = names_of(
        [event.changes for event in events]
        + [record.as_state() for record in (thing.record, then) if record is not None],
        thing.kinds,
    )
    forms: dict[str, Any] = {"amend_form": None, "step_form": None}
    if may_write:
        steps = lifecycle.next_steps(thing.record.lifecycle)
        forms["amend_form"] = shown.get("amend_form") or _fresh_form(thing, thing.record)
        forms["step_form"] = shown.get("step_form") or _fresh_step(thing, steps)
    return render_template(
        "installations/page.html",
        thing=thing,
        conflict=conflict,
        problems=shown.get("problems", ()),
        form=next((form for form in forms.values() if form and form.errors), None),
        day=day,
        then=then,
        events=[(event, showing.lines(event, names, not thing.position_hidden)) for event in events],
        names=names,
        checks=field_checks.of_installation(db.session(), guard.actor(), needed_campaign(), thing.id),
        showing=showing,
        photo_roles=tuple(PhotoRole),
        manifest=manifest.of([thing.id]).get(thing.id),
        may_write=may_write,
        amend_open=conflict is not None or "amend_form" in shown or _is_returned(thing),
        new_id=new_id,
        **forms,
    )


def _is_returned(thing: InstallationSeen) -> bool:
    return thing.review is not None and thing.review.state is ReviewState.RETURNED


def _fresh_step(thing: InstallationSeen, steps: tuple[Lifecycle, ...]) -> StepForm:
    form = StepForm(formdata=None)
    form.fit(steps)
    form.entry_id.data, form.base_version.data = new_id(), str(thing.version)
    return form
