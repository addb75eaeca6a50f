"""Pages of kinds: the taxonomy by family, one kind, a new one. Mounted by views.py."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inventory.access.guard import actor, needs
from inventory.access.permissions import Permission
from inventory.catalogues import kind_actions, showing
from inventory.catalogues import kind_queries as queries
from inventory.catalogues.kind_forms import KindForm
from inventory.catalogues.kind_queries import KindSeen
from inventory.catalogues.kind_rules import SHAPE
from inventory.catalogues.typed_fields import Press
from inventory.form_steps import entry_of, open_form, put, repeated, version_of
from inventory.labels import CONDITIONS
from inventory.outcomes import Done, Outcome, Refused, Stale
from inventory.pages import say
from inventory.vocabulary import Condition

_READ, _SET = needs(Permission.READ), needs(Permission.SET_STANDARDS)


def mount(blueprint: Blueprint) -> None:
    """Add the addresses of kinds to the feature's blueprint."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/kinds", "kinds", kinds)
    blueprint.add_url_rule("/kinds/load", "load_kinds", load, methods=["POST"])
    blueprint.add_url_rule("/kinds/new", "new_kind", new, methods=both)
    blueprint.add_url_rule("/kinds/<kind_code>", "kind", change, methods=both)


@_READ
def kinds() -> ResponseReturnValue:
    """The taxonomy by family."""
    return _list()


def _list(problems: tuple[str, ...] = ()) -> str:
    press = Press(formdata=None)
    open_form(press)
    found = queries.kinds()
    return render_template(
        "catalogues/kinds.html",
        families=queries.by_family(found),
        total=len(found),
        in_use=sum(kind.words.in_use for kind in found),
        press=press,
        problems=problems,
        may_set=actor().may(Permission.SET_STANDARDS),
    )


@_SET
def load() -> ResponseReturnValue:
    """Load the shipped taxonomy where there is none."""
    form = Press()
    entry = entry_of(form, "kinds.loaded")
    if repeated(form, entry):
        return _to_list()
    if form.form_errors:
        return _list(tuple(form.form_errors)), 422
    outcome = kind_actions.load(actor(), entry)
    if isinstance(outcome, Refused):
        return _list(tuple(say(problem) for problem in outcome.problems)), 422
    flash(_("Đã nạp danh mục chuẩn."), "success")
    return _to_list()


@_SET
def new() -> ResponseReturnValue:
    """Add a kind to a family."""
    form = KindForm()
    if not form.is_submitted():
        open_form(form)
        form.in_use.data, form.near_duplicate_m.data = True, 10.0
        form.exists.data = [Condition.GOOD.value, Condition.MISSING.value]
        form.works.data = [Condition.GOOD.value]
        return _page(form, None)
    entry = entry_of(form, "kind.added")
    if repeated(form, entry):
        return _to_list()
    if form.form_errors or not form.validate():
        return _page(form, None), 422
    return _after(kind_actions.add(actor(), form.words(), entry), form, None)


@_SET
def change(kind_code: str) -> ResponseReturnValue:
    """Change a kind; its code and family stay."""
    seen, form = queries.one(kind_code), KindForm()
    if not form.is_submitted():
        open_form(form, seen.version)
        form.show(seen.words)
        return _page(form, seen)
    form.code.data, form.family.data = seen.words.code, seen.words.family.value
    if seen.recorded:
        for name in SHAPE:
            form[name].data = getattr(seen.words, name)
    entry = entry_of(form, "kind.changed", kind_code)
    if repeated(form, entry):
        return _to_list()
    if form.form_errors or not form.validate():
        return _page(form, seen), 422
    outcome = kind_actions.change(actor(), g.get("campaign"), form.words(), version_of(form), entry)
    return _after(outcome, form, seen)


def _page(form: KindForm, seen: KindSeen | None, stale: Stale | None = None) -> str:
    return render_template(
        "catalogues/kind.html",
        form=form,
        seen=seen,
        conditions=CONDITIONS,
        shape=SHAPE,
        stale=showing.stale_words(form, stale, {}) if stale else None,
    )


def _after(outcome: Outcome, form: KindForm, seen: KindSeen | None) -> ResponseReturnValue:
    if isinstance(outcome, Done):
        flash(_("Đã lưu."), "success")
        return _to_list()
    if isinstance(outcome, Refused):
        put(form, outcome)
        return _page(form, seen), 422
    form.base_version.data = str(outcome.version)
    return _page(form, seen, outcome), 409


def _to_list() -> ResponseReturnValue:
    return redirect(url_for("catalogues.kinds"), 303)
