"""How a phone reaches the service: the office's certificate and the address of the field app, as QR codes."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding
from flask import Blueprint, Response, current_app, render_template, request

from inventory.access.guard import needs, public
from inventory.access.permissions import Permission
from inventory.errors import Unseen
from inventory.phones import codes, keeping, rules
from inventory.settings import Settings

blueprint = Blueprint("phones", __name__)

#: Browsers count these as safe without https.
_OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
FIELD, CERTIFICATE = "/field/", "/phones/ca.crt"


@dataclass(frozen=True)
class Reach:
    """How phones reach the service: the two addresses of the codes.

    `safe` says whether a browser lets the field app work there; `warned` whether a phone that does not
    know the certificate yet is warned while it fetches it.
    """

    field: str
    certificate: str
    safe: bool
    warned: bool


def reach() -> Reach:
    """Read from the settings; without an origin, from the address that this page was asked at."""
    settings: Settings = current_app.config["SETTINGS"]
    origin = settings.origin or request.host_url.rstrip("/")
    parts = urlsplit(origin)
    safe = parts.scheme == "https" or (parts.hostname or "") in _OWN_MACHINE
    # Behind the proxy of docs/deploy the certificate alone may be fetched by plain http: it is public,
    # and a phone that does not know it yet is not asked to press a warning away.
    plain = parts.scheme == "https" and settings.proxies > 0
    certificate = f"http://{parts.hostname}{CERTIFICATE}" if plain else origin + CERTIFICATE
    return Reach(origin + FIELD, certificate, safe, parts.scheme == "https" and not plain)


@blueprint.get("/phones")
@needs(Permission.SELF)
def page() -> str:
    """Step by step for Android and iPhone, with both codes."""
    known = keeping.authority(_settings().data)
    return render_template(
        "phones/page.html",
        reach=reach(),
        known=known is not None,
        fingerprint=rules.fingerprint(known) if known else "",
    )


@blueprint.get(CERTIFICATE)
@public
def authority() -> Response:
    """The office's certificate, for phones: public by nature, without its key."""
    known = keeping.authority(_settings().data)
    if known is None:
        raise Unseen("certificate", "")
    answer = Response(known.public_bytes(Encoding.DER), mimetype="application/x-x509-ca-cert")
    # Inline: an iPhone puts what it is told to keep as a file where its settings do not find it.
    answer.headers["Content-Disposition"] = "inline; filename=trucquan-ca.crt"
    return answer


@blueprint.get("/phones/certificate.svg")
@needs(Permission.SELF)
def certificate_code() -> Response:
    """The QR code that brings the certificate onto a phone."""
    return _svg(reach().certificate)


@blueprint.get("/phones/address.svg")
@needs(Permission.SELF)
def address_code() -> Response:
    """The QR code of the field app."""
    return _svg(reach().field)


def _svg(text: str) -> Response:
    return Response(codes.picture(text), mimetype="image/svg+xml")


def _settings() -> Settings:
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen
