"""How gunicorn serves: one process of eight threads fits SQLite's single writer (docs/decisions/0004).

On PostgreSQL set WEB_CONCURRENCY=2 or more. Put a buffering proxy in front (README): slow clients
would otherwise hold the threads.
"""

import os

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
