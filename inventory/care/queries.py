"""What health and backups need to know of the database."""

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from inventory.clock import now
from inventory.database import db, writing
from inventory.tables.person import SignInAttempt


def can_write() -> bool:
    """Write a row and take it back."""
    try:
        with writing(True), Session(db.engine) as session:
            session.add(SignInAttempt(username="", address="readyz", at=now()))
            session.flush()
            session.rollback()
    except SQLAlchemyError:
        return False
    return True


def head_of_code() -> str:
    """The newest migration that this code knows."""
    config = Config()
    config.set_main_option("script_location", str(current_app.extensions["migrate"].directory))
    return ScriptDirectory.from_config(config).get_current_head() or ""


def head_of_database() -> str:
    """The migration the database is at; empty when it has none."""
    try:
        with writing(False), Session(db.engine) as session:
            return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")
    except SQLAlchemyError:
        return ""


def migrations_at_head() -> bool:
    """Whether the database is where the code expects it."""
    return head_of_database() == head_of_code()
