"""The command `flask inventory admin`: the first admin, or a way back in for one who is locked out."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from inventory import passwords
from inventory.database import db
from inventory.outcomes import Refused
from inventory.people import actions
from inventory.people.actions import PersonDraft
from inventory.people.rules import username_of
from inventory.tables.person import Person
from inventory.vocabulary import Role


def install(group: AppGroup) -> None:
    """Add the command to `flask inventory`."""

    @group.command("admin")
    @click.argument("username")
    @click.option("--name", default="", help="The person's name; default: the user name.")
    def admin(username: str, name: str) -> None:
        """Make the first admin, or print a one-time slip for an admin who cannot get in."""
        click.echo(make_admin(username, name))


def make_admin(username: str, name: str) -> str:
    """Do it and return what is printed, this once; stops with a sentence when there is nothing to do."""
    username = username_of(username)
    person = db.session.scalar(select(Person).where(Person.username == username))
    if person is not None:
        if person.role is not Role.ADMIN or not person.active:
            raise SystemExit(
                f"{username} không phải quản trị đang hoạt động; quản trị đổi ở trang Người dùng."
            )
        return _slip(person.id, username)
    others = db.session.scalars(select(Person.username).where(Person.role == Role.ADMIN, Person.active))
    names = ", ".join(sorted(others))
    if names:
        raise SystemExit(f"Đã có quản trị ({names}); người đó thêm người khác ở trang Người dùng.")
    return _first(username, name)


def _first(username: str, name: str) -> str:
    db.session.rollback()  # the hash is slow: nobody waits for it
    password = passwords.random_password()
    draft = PersonDraft(username, name or username, Role.ADMIN)
    outcome = actions.create_person(None, draft, passwords.hash_password(password))
    if isinstance(outcome, Refused):
        raise SystemExit(_sentences(outcome))
    db.session.commit()
    said = f"Đã thêm quản trị {username}. Mật khẩu chỉ in lần này; đăng nhập rồi đổi ở trang Tài khoản."
    return f"{said}\n{password}"


def _slip(person_id: int, username: str) -> str:
    code = passwords.random_password()
    outcome = actions.make_slip(None, person_id, code)
    if isinstance(outcome, Refused):
        raise SystemExit(_sentences(outcome))
    db.session.commit()
    said = f"Phiếu đặt lại mật khẩu của {username}: mở /reset, dùng một lần trong 24 giờ; mã chỉ in lần này."
    return f"{said}\n{code}"


def _sentences(refused: Refused) -> str:
    return " ".join(problem.message % dict(problem.values) for problem in refused.problems)
