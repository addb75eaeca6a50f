"""Headers: what every answer carries so that a browser does no more than the page needs."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from inventory.settings import Settings


def csp_nonce() -> str:
    """The nonce of this request, made when a page first asks (only the map page does)."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(18)
    nonce: str = g.nonce
    return nonce


def install(app: Flask, settings: Settings) -> None:
    """Put the headers on every answer."""
    tiles = _tile_host(settings.tiles)

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", _policy(tiles))
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin" if tiles else "same-origin"
        headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=()"
        if settings.https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            # Pages hold people's data: nothing stays in a shared phone's cache.
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("Vary", "Cookie")
        return response


def _policy(tiles: str) -> str:
    nonce = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    return (
        "default-src 'none'; "
        f"script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data: blob:{tiles}; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


def _tile_host(template: str | None) -> str:
    if not template:
        return ""
    parts = urlsplit(template.replace("{s}", "*"))
    return f" {parts.scheme}://{parts.netloc}"
