"""Rules of people: user names, where to go after signing in, slips' codes, who may change whom. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from inventory.addresses import safe_next
from inventory.outcomes import Problem
from inventory.vocabulary import Role

_USERNAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{1,30}[a-z0-9])")
_BROWSERS = (
    ("Edg/", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Standing:
    """What decides whether a person may be changed: who they are now and who else manages."""

    person_id: int
    role: Role
    active: bool
    other_admins: int  # active admins beside this person


def username_of(text: str) -> str:
    """A user name as it is kept and compared: without spaces round it, in lower case."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def username_problem(username: str) -> Problem | None:
    """Why a user name is not one; letters without marks, digits, dots, hyphens, 3 to 32 of them."""
    if _USERNAME.fullmatch(username):
        return None
    return Problem(
        "username",
        "Tên đăng nhập gồm 3 đến 32 chữ cái không dấu, chữ số, dấu chấm, gạch ngang; ví dụ lan.anh.",
        "username",
    )


def change_problem(actor_id: int | None, now: Standing, role: Role, active: bool) -> Problem | None:
    """Nobody disables or demotes themself, nor the last admin: somebody must be able to undo it."""
    if now.person_id == actor_id and (role is not now.role or not active):
        return Problem(
            "oneself",
            "Không ai tự đổi vai trò hay tự khóa tài khoản của mình; hãy nhờ quản trị khác.",
            "role",
        )
    was_admin = now.role is Role.ADMIN and now.active
    stays_admin = role is Role.ADMIN and active
    if was_admin and not stays_admin and now.other_admins == 0:
        return Problem(
            "last_admin", "Đây là quản trị cuối cùng đang hoạt động; hãy thêm quản trị khác trước.", "role"
        )
    return None


def next_after_sign_in(text: str | None, default: str = "/") -> str:
    """Like `safe_next`, but signing in or out again is not where anybody wants to land."""
    target = safe_next(text, default)
    return default if target.partition("?")[0] in {"/sign-in", "/sign-out", "/reset"} else target


def code_of(text: str) -> str:
    """A slip's code as it is hashed: what a person typed, without spaces, hyphens and capitals."""
    return re.sub(r"[\s‐-―-]+", "", unicodedata.normalize("NFKC", text)).lower()


def browser_name(agent: str) -> str:
    """A browser in two words, from what it says of itself: "Chrome · Android"; "" when unknown."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return " · ".join(word for word in (browser, system) if word)
