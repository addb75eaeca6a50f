"""How gunicorn serves: one process of eight threads fits SQLite's single writer (docs/decisions/0004).

On PostgreSQL set WEB_CONCURRENCY=2 or more. Put a buffering proxy in front (README): slow clients
would otherwise hold the threads. With TRUCQUAN_CERT it speaks https by itself, for a few phones on an
office's own network (docs/field-setup.md).
"""

import os
from typing import Any

from maps.keeper import Keeper

_host = os.environ.get("TRUCQUAN_BIND") or "127.0.0.1"
bind = f"{f'[{_host}]' if ':' in _host else _host}:{os.environ.get('PORT', '8000')}"
# Key and certificates stand in one file, so that a renewal puts both in place at once.
certfile = keyfile = os.environ.get("TRUCQUAN_CERT") or None
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 0
accesslog = None
errorlog = "-"

_keeper = Keeper()


def when_ready(_server: Any) -> None:
    """Beside the server: one worker process that makes the plans people ask for."""
    _keeper.start()


def on_exit(_server: Any) -> None:
    """The worker ends with the server."""
    _keeper.stop()
