"""The admin's pages of people: list, new, change, reset slip. Mounted by views.py."""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory import passwords
from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.clock import day_of, now
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.outcomes import Done, Refused, Stale
from inventory.pages import ROLE_LABELS
from inventory.people import actions, queries
from inventory.people.actions import PersonDraft
from inventory.people.forms import PeopleFilter, PersonForm, SlipForm, typed_ids
from inventory.people.queries import PersonSeen, Wanted
from inventory.vocabulary import Role

_MANAGE = needs(Permission.MANAGE_PEOPLE)


def mount(blueprint: Blueprint) -> None:
    """Add the admin's addresses to the feature's blueprint."""
    blueprint.add_url_rule("/people", "index", index)
    blueprint.add_url_rule("/people/new", "new", new, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>", "person", person, methods=["GET", "POST"])
    blueprint.add_url_rule("/people/<int:person_id>/slip", "slip", slip, methods=["POST"])


@_MANAGE
def index() -> ResponseReturnValue:
    """List people, by user name."""
    form = PeopleFilter(request.args)
    form.area.choices = [("", _("Mọi địa bàn")), *((str(i), name) for i, name in queries.grantable(_day()))]
    if not form.validate():
        form = PeopleFilter(None)
        form.area.choices = [("", _("Mọi địa bàn"))]
    area = form.area.data or ""
    wanted = Wanted(
        text=form.q.data or "",
        role=Role(form.role.data) if form.role.data else None,
        area_id=int(area) if area.isascii() and area.isdigit() and len(area) < 10 else None,
        active={"yes": True, "no": False}.get(form.active.data or ""),
        after=request.args.get("after", "")[:64].replace("\x00", ""),
    )
    page = queries.people(wanted, _day())
    more: dict[str, Any] = {**request.args.to_dict(), "after": page.next}
    next_url = url_for("people.index", **more) if page.next else ""
    return render_template(
        "people/index.html", form=form, page=page, next_url=next_url, after=wanted.after, roles=ROLE_LABELS
    )


@_MANAGE
def new() -> ResponseReturnValue:
    """Add a person; they choose a password with the slip that follows."""
    form = PersonForm()
    form.areas.choices = queries.grantable(_day(), typed_ids(form.areas))
    if request.method == "GET":
        open_form(form)
        form.active.data = True
        form.role.data = Role.WARD_STAFF.value
        return render_template("people/new.html", form=form)
    entry = entry_of(form, "person.created")
    stored = repeated(form, entry)
    if stored:
        return redirect(url_for("people.person", person_id=int(stored.subject_id)), 303)
    if form.form_errors or not form.validate():
        return render_template("people/new.html", form=form), 422
    outcome = actions.create_person(actor(), _draft(form, form.username.data or ""), entry=entry)
    if isinstance(outcome, Done):
        flash(_("Đã thêm người này. Hãy lập phiếu để họ đặt mật khẩu."), "success")
        return redirect(url_for("people.person", person_id=int(outcome.subject)), 303)
    if isinstance(outcome, Refused):
        put(form, outcome)
    return render_template("people/new.html", form=form), 422


@_MANAGE
def person(person_id: int) -> ResponseReturnValue:
    """Show one person, or change them."""
    seen = queries.person(person_id)
    form = PersonForm()
    held = frozenset(area for area, _name in seen.areas)
    form.areas.choices = queries.grantable(_day(), held | typed_ids(form.areas))
    if request.method == "GET":
        _fill(form, seen)
        return _page(form, seen)
    entry = entry_of(form, "person.changed", person_id)
    stored = repeated(form, entry)
    if stored:
        return redirect(url_for("people.person", person_id=person_id), 303)
    if form.form_errors or not form.validate():
        return _page(form, seen), 422
    outcome = actions.change_person(actor(), person_id, _draft(form, seen.username), entry, version_of(form))
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return redirect(url_for("people.person", person_id=person_id), 303)
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _page(form, seen), 422
    form.base_version.data = str(outcome.version)
    return _page(form, seen, outcome), 409


@_MANAGE
def slip(person_id: int) -> ResponseReturnValue:
    """Make a one-time slip and show its code, this once."""
    seen = queries.person(person_id)
    form = SlipForm()
    entry = entry_of(form, "slip.made", person_id)
    back = redirect(url_for("people.person", person_id=person_id), 303)
    if repeated(form, entry):
        flash(_("Phiếu đã lập và mã chỉ hiện một lần. Nếu chưa kịp ghi, hãy lập phiếu khác."), "warning")
        return back
    code = passwords.random_password()
    outcome = actions.make_slip(actor(), person_id, code, entry)
    if isinstance(outcome, Refused):
        put(form, outcome)
        flash(" ".join(form.form_errors), "error")
        return back
    origin = current_app.config["SETTINGS"].origin or ""
    until = now() + actions.SLIP_LIFE
    return render_template("people/slip.html", seen=seen, code=code, until=until, origin=origin)


def _page(form: PersonForm, seen: PersonSeen, stale: Stale | None = None) -> str:
    slip_form = SlipForm(formdata=None)
    open_form(slip_form)
    return render_template(
        "people/person.html", form=form, seen=seen, slip_form=slip_form, stale=_stale_words(form, stale)
    )


def _stale_words(form: PersonForm, stale: Stale | None) -> list[tuple[str, str, str]]:
    """What differs, in words: field, their value, yours."""
    if stale is None:
        return []
    names = dict(form.areas.choices or [])

    def word(field: str, value: Any) -> str:
        if field == "areas":
            return ", ".join(names.get(one, str(one)) for one in value) or "–"
        if field == "role":
            return str(ROLE_LABELS[Role(value)])
        if field == "active":
            return str(_("có") if value else _("không"))
        return str(value)

    return [(form[field].label.text, word(field, a), word(field, b)) for field, a, b in stale.changed]


def _fill(form: PersonForm, seen: PersonSeen) -> None:
    open_form(form, seen.version)
    form.username.data, form.name.data = seen.username, seen.name
    form.role.data, form.active.data = seen.role.value, seen.active
    form.areas.data = [area for area, _name in seen.areas]


def _draft(form: PersonForm, username: str) -> PersonDraft:
    return PersonDraft(
        username, form.name.data or "", Role(form.role.data), typed_ids(form.areas), bool(form.active.data)
    )


def _day() -> date:
    """The day whose areas are granted: the campaign's, or today before there is one."""
    return g.campaign.tree_date if g.get("campaign") else day_of(now())
