"""Alembic's environment: the whole metadata of the app, on the app's own engine, one transaction."""

from typing import Any

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db
configure_args = current_app.extensions["migrate"].configure_args


def _skip_empty(migration_context: Any, revision: Any, directives: Any) -> None:
    """Write no migration when the tables already equal the head."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def _run() -> None:
    arguments = {"process_revision_directives": _skip_empty, **configure_args}
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, **arguments)
        with context.begin_transaction():
            context.run_migrations()


_run()
