"""The least that could be called a server of pushes: Flask and SQLite, one table, one commit a request.

No person, no area, no rule, no history: a ceiling to be compared with, and no product.
"""

import os
import sqlite3
import threading

from flask import Flask, Response, jsonify, request

_lock = threading.Lock()


def create_stub() -> Flask:
    """A service that writes bodies down with the durability of ours (WAL, synchronous FULL)."""
    app = Flask(__name__)
    line = sqlite3.connect(os.environ["STUB_DATABASE"], check_same_thread=False, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        line.execute(f"PRAGMA {pragma}")
    line.execute("CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, sha256 TEXT, body TEXT)")

    @app.post("/field/push")
    def push() -> tuple[Response, int]:
        rows = [(one["id"], one["sha256"], one["body"]) for one in request.get_json()["entries"]]
        with _lock:
            line.execute("BEGIN IMMEDIATE")
            line.executemany("INSERT OR IGNORE INTO entry VALUES (?, ?, ?)", rows)
            line.execute("COMMIT")
        return jsonify(answers=[{"id": row[0], "sha256": row[1], "outcome": "stored"} for row in rows]), 201

    return app
