"""The guard: every view says what it needs; what says nothing is closed.

`@needs(permission)` marks a view, `@public` opens one to everybody. `install` refuses the start
when a route carries neither mark, so that nobody can forget.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request

from inventory.access.permissions import Actor, Permission
from inventory.errors import NotAllowed, SettingError

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"


def needs(permission: Permission) -> Callable[[View], View]:
    """Mark a view with the permission it needs."""

    def mark(view: View) -> View:
        view.needed_permission = permission.value  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that anybody may ask for: sign-in, health."""
    view.needed_permission = PUBLIC  # type: ignore[attr-defined]
    return view


def needed_by(app: Flask, endpoint: str) -> str | None:
    """What a route needs: a permission's value, "public", or None where it is not marked."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "needed_permission", None)


def actor() -> Actor:
    """The person of this request; only guarded views may ask."""
    who: Actor | None = g.get("actor")
    if who is None:
        raise NotAllowed("anonymous")
    return who


def check() -> None:
    """Let the request through or raise NotAllowed; unknown addresses go on to their 404."""
    if request.endpoint is None:
        return
    needed = needed_by(current_app, request.endpoint)
    if needed == PUBLIC:
        return
    who: Actor | None = g.get("actor")
    if who is None or needed is None or not who.may(Permission(needed)):
        raise NotAllowed(needed or "unmarked")


def check_marks(app: Flask) -> None:
    """Stop the start when a route forgot its mark."""
    bare = [rule.endpoint for rule in app.url_map.iter_rules() if needed_by(app, rule.endpoint) is None]
    if bare:
        raise SettingError(f"Routes without a permission: {', '.join(sorted(bare))}")
