"""Signing in through the page, as the tests of people need it: passwords set straight in the table."""

from typing import Any

from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from inventory import passwords
from inventory.database import db
from inventory.tables.person import Person
from tests.client import Visitor

PASSWORD = "cá kho tộ ngon nhé"
OTHER_PASSWORD = "mưa rơi trên đá cuội"
#: Hashed once: a hash is slow on purpose.
HASH = passwords.hash_password(PASSWORD)


def give_password(app: Flask, person_id: int) -> None:
    """Let a person of the test city sign in with PASSWORD."""
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == person_id).values(password_hash=HASH))
        db.session.commit()


def knock(
    visitor: Visitor, username: str, password: str = PASSWORD, status: int = 303, **options: Any
) -> TestResponse:
    """Send the sign-in form; `address` says from where."""
    address = options.pop("address", "127.0.0.1")
    data = {"username": username, "password": password, **options}
    return visitor.post("/sign-in", data, status, environ_base={"REMOTE_ADDR": address})
