"""Packs the texts of the static folder (gzip) for browsers that take it: a field phone's line is slow.

Only files that are the same for everybody: packing pages with secrets beside what a person typed would tell
the secrets by the length of the answer.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

_TEXTS = frozenset(
    {"text/javascript", "application/javascript", "text/css", "image/svg+xml", "application/geo+json"}
)
_LEAST = 800


def install(app: Flask) -> None:
    """Pack whole answers of the static route; parts (ranges) and 304 stay as they are."""

    @app.after_request
    def _pack(response: Response) -> Response:
        if request.endpoint != "static" or response.status_code != 200 or response.mimetype not in _TEXTS:
            return response
        if request.accept_encodings["gzip"] <= 0 or (response.content_length or 0) < _LEAST:
            return response
        response.direct_passthrough = False
        response.set_data(_packed(response.get_data()))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
        etag, _weak = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)  # the same words in other bytes
        return response


@lru_cache(maxsize=200)
def _packed(content: bytes) -> bytes:
    return gzip.compress(content, 6, mtime=0)
