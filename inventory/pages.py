"""What every page can use: words as offices write them, its assets, its navigation."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, g, request, url_for
from flask import session as cookie
from flask_babel import Babel, get_locale, gettext, lazy_gettext

from inventory import wording
from inventory.access.permissions import Actor, Permission
from inventory.headers import csp_nonce
from inventory.labels import label
from inventory.outcomes import Problem
from inventory.vocabulary import Role

_l = lazy_gettext
LANGUAGES = ("vi", "en")

ROLE_LABELS = {
    Role.WARD_STAFF: _l("Cán bộ phường, xã"),
    Role.WARD_LEAD: _l("Phụ trách phường, xã"),
    Role.CULTURE_OFFICE: _l("Phòng Văn hóa và Thông tin"),
    Role.LEADER: _l("Lãnh đạo"),
    Role.AUDITOR: _l("Kiểm tra, giám sát"),
    Role.ADMIN: _l("Quản trị"),
}


@dataclass(frozen=True)
class Door:
    """One entry of the navigation: shown to those who may go through it."""

    endpoint: str
    label: Any
    permission: Permission


DOORS = (
    Door("homes.home", _l("Trang chính"), Permission.SELF),
    Door("places.index", _l("Nơi bỏ phiếu"), Permission.READ),
    Door("assignments.index", _l("Phân công"), Permission.ASSIGN),
    Door("reviews.queue", _l("Chờ kiểm tra"), Permission.REVIEW),
    Door("cases.syncing", _l("Gửi từ điện thoại"), Permission.READ_SYNC),
    Door("coverage.page", _l("Còn thiếu"), Permission.READ),
    Door("draw.page", _l("Bản đồ"), Permission.READ),
    Door("plan.index", _l("Kế hoạch"), Permission.READ_PLANS),
    Door("investment.page", _l("Đề xuất đầu tư"), Permission.READ_LIST),
    Door("catalogues.standards", _l("Tiêu chuẩn"), Permission.READ),
    Door("prices.page", _l("Đơn giá"), Permission.READ_PRICES),
    Door("catalogues.slogans", _l("Khẩu hiệu"), Permission.READ),
    Door("history.page", _l("Nhật ký"), Permission.READ_TRAIL),
    Door("people.index", _l("Người dùng"), Permission.MANAGE_PEOPLE),
    Door("areas.index", _l("Địa bàn"), Permission.MANAGE_AREAS),
    Door("areas.campaigns", _l("Cuộc bầu cử"), Permission.MANAGE_AREAS),
)


def install(app: Flask) -> None:
    """Give the templates their words, filters and functions."""
    Babel(app, locale_selector=_language, default_translation_directories=_locale_folder())
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        number=lambda value, places=0: wording.number(value, places, locale=language()),
        money=lambda value: wording.money(value, locale=language()),
        day=wording.day,
        moment=wording.moment,
        percent=lambda value: wording.percent(value, locale=language()),
        metres=lambda value: wording.metres(value, locale=language()),
        say=say,
        label=label,
    )
    app.jinja_env.globals.update(
        csp_nonce=csp_nonce, asset=asset, get_locale=get_locale, in_language=in_language
    )
    app.context_processor(_context)


def language() -> str:
    """The language of this request, vi or en."""
    locale = get_locale()
    return locale.language if locale else "vi"


def in_language(row: Any, field: str = "name") -> str:
    """A row's text in the reader's language (name_vi / name_en); Vietnamese where English is missing."""
    vietnamese: str = getattr(row, f"{field}_vi")
    english: str = getattr(row, f"{field}_en", "")
    return english if language() == "en" and english else vietnamese


def say(problem: Problem) -> str:
    """A problem's sentence in the reader's language."""
    text: str = gettext(problem.message, **dict(problem.values))
    return text


def _language() -> str:
    who: Actor | None = g.get("actor")
    chosen = cookie.get("language") or (who.language if who else None)
    return chosen if chosen in LANGUAGES else "vi"


def _locale_folder() -> str:
    return str(Path(__file__).with_name("locale"))


_hashes: dict[str, str] = {}


def asset(path: str) -> str:
    """The address of a static file, with its content's hash, so that it may be kept for ever."""
    if path not in _hashes:
        content = (Path(__file__).parent.parent / "static" / path).read_bytes()
        _hashes[path] = hashlib.sha256(content).hexdigest()[:12]
    return url_for("static", filename=path, v=_hashes[path])


def _context() -> dict[str, Any]:
    who: Actor | None = g.get("actor")
    return {
        "current_actor": who,
        "role_label": ROLE_LABELS[who.role] if who else "",
        "area_name": g.get("area_name", ""),
        "campaign": g.get("campaign"),
        "navigation": _navigation(who) if who else [],
    }


def _navigation(who: Actor) -> list[dict[str, Any]]:
    return [
        {
            "label": door.label,
            "url": url_for(door.endpoint),
            "current": request.endpoint is not None and request.endpoint == door.endpoint,
        }
        for door in DOORS
        if who.may(door.permission)
    ]
