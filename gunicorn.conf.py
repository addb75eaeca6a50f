"""How gunicorn serves: one process of eight threads fits SQLite's single writer (docs/decisions/0004).

On PostgreSQL set WEB_CONCURRENCY=2 or more. Put a buffering proxy in front (README): slow clients
would otherwise hold the threads.
"""

import os
from typing import Any

from maps.keeper import Keeper

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
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
