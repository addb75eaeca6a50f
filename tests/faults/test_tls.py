"""Phones can reach it safely: a real gunicorn with the office's own certificate, by host name and by address.

A client that was given the office's certificate verifies the server; one that was not refuses it; and
Chromium runs the field app there as what it calls a secure context, where a worker may be.
"""

import base64
import hashlib
import http.client
import shutil
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Error, Playwright, sync_playwright

from inventory.phones import keeping, rules
from tests.conftest import environment
from tests.faults.service import Service

#: A name that is no loopback name: browsers trust those without https.
NAME = "trucquan.lan"
NEEDED = """() => [isSecureContext, "serviceWorker" in navigator, "subtle" in crypto,
    "geolocation" in navigator]"""


class Secure(Service):
    """The service by https, reached as a client that believes the office's certificate."""

    def context(self) -> ssl.SSLContext:
        """What a phone knows after it was set up."""
        return ssl.create_default_context(cafile=str(Path(self.settings["TRUCQUAN_DATA"]) / "tls/ca.crt"))

    def answers(self) -> bool:
        """Whether it answers by https now."""
        try:
            return self.status("localhost") == 200
        except OSError:
            return False

    def status(self, host: str, context: ssl.SSLContext | None = None) -> int:
        """What /healthz answers at this name or address. Raises ssl.SSLError where it is not believed."""
        line = http.client.HTTPSConnection(host, self.port, timeout=5, context=context or self.context())
        try:
            line.request("GET", "/healthz")
            return line.getresponse().status
        finally:
            line.close()


@pytest.fixture(params=["ec", "rsa"])
def service(request: pytest.FixtureRequest, migrated: Path, tmp_path: Path) -> Iterator[Secure]:
    """A server whose certificate names it, localhost and the address."""
    database = tmp_path / "tls.db"
    shutil.copyfile(migrated, database)
    served = rules.hosts((NAME, "localhost"), ("127.0.0.1",))
    keeping.make(tmp_path, served, 30, request.param, datetime.now(UTC))
    told = {
        "TRUCQUAN_CERT": str(tmp_path / "tls/server.pem"),
        "TRUCQUAN_ORIGIN": f"https://{NAME}",
        "TRUCQUAN_BIND": "127.0.0.1",
    }
    running = Secure({**environment(f"sqlite:///{database}", tmp_path), **told}, tmp_path)
    running.start()
    try:
        yield running
    finally:
        running.kill()


def test_who_knows_the_certificate_gets_in_by_name_and_address_and_nobody_else(service: Secure) -> None:
    assert service.status("localhost") == 200
    assert service.status("127.0.0.1") == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        service.status("localhost", ssl.create_default_context())  # has not been given it
    context = service.context()
    with (
        socket.create_connection(("127.0.0.1", service.port), 5) as line,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(line, server_hostname="another.lan")  # a name that it does not carry
    old = service.context()
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
    assert service.status("localhost", old) == 200  # phones from before TLS 1.3


def test_plain_http_gets_nothing_there(service: Secure) -> None:
    with socket.create_connection(("127.0.0.1", service.port), 5) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        line.settimeout(5)
        try:
            answer = line.recv(4096)
        except OSError:
            answer = b""
    assert b" 200 " not in answer.partition(b"\r\n")[0]


@pytest.mark.browser
def test_the_field_app_has_what_it_needs_in_a_browser(service: Secure) -> None:
    pair = rules.read_pair((Path(service.settings["TRUCQUAN_DATA"]) / "tls/server.pem").read_bytes())
    public = pair.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    spki = base64.b64encode(hashlib.sha256(public).digest()).decode()
    address = f"https://{NAME}:{service.port}/field/"
    with sync_playwright() as playwright:
        stranger = _browser(playwright)
        with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
            stranger.new_page().goto(address)
        stranger.close()
        # What a phone does after the certificate was put into its settings.
        browser = _browser(playwright, f"--ignore-certificate-errors-spki-list={spki}")
        page = browser.new_page()
        page.goto(address)
        found = page.evaluate(NEEDED)
        browser.close()
    assert found == [True, True, True, True]


def _browser(playwright: Playwright, *options: str) -> Browser:
    return playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1", *options],
    )
