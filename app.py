"""Trực Quan: the factory. `gunicorn 'app:create_app()'` serves; `flask` runs the commands."""

import logging
from collections.abc import Mapping

from flask import Flask, Response
from flask.typing import ResponseReturnValue
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

import inventory.cli
import inventory.routes
import inventory.tables.all_tables  # Alembic and the session need every table
import maps.cli
import maps.routes
import maps.tables.all_tables
from inventory import answers, database, headers, packed, pages, requests, settings
from inventory.access import guard

MIGRATIONS = "inventory/migrations"


class Service(Flask):
    """Flask whose requests end in one commit, inside the reach of the error table."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view, then commit what it wrote; a failing commit is an error like any other."""
        answer = super().dispatch_request()
        database.finish()
        return answer


class Number(IntegerConverter):
    """A number in an address: what no column can hold is an address that does not exist."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**31 - 1)


def create_app(environment: Mapping[str, str] | None = None) -> Service:
    """Make the service from its settings; stops with a sentence when one is wrong."""
    chosen = settings.read(environment) if environment is not None else settings.read()
    app = Service(__name__)
    app.url_map.converters["int"] = Number
    _configure(app, chosen)
    database.db.init_app(app)
    Migrate(app, database.db, directory=MIGRATIONS, render_as_batch=True)
    headers.install(app, chosen)
    packed.install(app)
    requests.install(app, chosen)
    pages.install(app)
    CSRFProtect(app)
    answers.install(app)
    inventory.routes.mount(app)
    maps.routes.mount(app)
    inventory.cli.mount(app)
    maps.cli.mount(app)
    guard.check_marks(app)
    _cache_static(app)
    if chosen.proxies:
        n = chosen.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app


def _configure(app: Service, chosen: settings.Settings) -> None:
    app.config.from_mapping(
        SECRET_KEY=chosen.secret_key,
        SQLALCHEMY_DATABASE_URI=chosen.database,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(chosen.database),
        SETTINGS=chosen,
        MAX_CONTENT_LENGTH=chosen.max_upload,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        MAX_FORM_PARTS=4_000,
        SESSION_COOKIE_NAME="__Host-trucquan" if chosen.https else "trucquan",
        SESSION_COOKIE_SECURE=chosen.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,  # else files that anybody may keep would carry the cookie
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # Origin and Sec-Fetch-Site are checked in inventory/requests.py
        BABEL_DEFAULT_LOCALE="vi",
        TRUSTED_HOSTS=[chosen.host, "127.0.0.1", "localhost"] if chosen.host else None,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")


def _engine_options(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": database.BUSY_MILLISECONDS / 1000}}
    # PgBouncer in transaction mode knows no prepared statements.
    return {"pool_pre_ping": True, "connect_args": {"prepare_threshold": None}}


def _cache_static(app: Service) -> None:
    @app.after_request
    def _keep(response: Response) -> Response:
        from flask import request

        if request.endpoint == "static" and response.status_code == 200:
            known = "v" in request.args
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if known else "no-cache"
        return response


if __name__ == "__main__":
    import os

    from waitress import serve

    from maps.keeper import Keeper

    keeper = Keeper()
    keeper.start()
    try:
        serve(create_app(), host="127.0.0.1", port=int(os.environ.get("PORT", "8000")), threads=8)
    finally:
        keeper.stop()
