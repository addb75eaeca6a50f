"""Phones reach the service safely: the office's certificate, the page with both codes, the settings."""

import ipaddress
import shutil
import ssl
import stat
import subprocess
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask import Flask

from inventory import settings
from inventory.errors import SettingError
from inventory.phones import codes, keeping, rules
from tests.conftest import VisitorMaker, environment

MOMENT = datetime(2021, 4, 19, 3, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
CADDY = shutil.which("caddy") or ROOT / "build/caddy/usr/bin/caddy"


def _hosts(*names: str, addresses: tuple[str, ...] = ("192.168.1.10",)) -> rules.Hosts:
    return rules.hosts(names, addresses)


def _made(app: Flask, *options: str) -> Result:
    return app.test_cli_runner().invoke(args=["inventory", "certificate", *options])


def _tls(app: Flask) -> Path:
    return keeping.folder(app.config["SETTINGS"].data)


def _reached_at(app: Flask, origin: str | None, proxies: int = 0) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], origin=origin, proxies=proxies)


def test_the_authority_signs_servers_of_this_office_and_nothing_else() -> None:
    served = _hosts("trucquan.lan", "bau-cu.halong.gov.vn")
    ca = rules.authority("Trực Quan", served, "ec", MOMENT)
    extensions = ca.certificate.extensions
    basic = extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 0)
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_cert_sign
    assert not usage.digital_signature
    for name in ("trucquan.lan", "another.local", "bau-cu.halong.gov.vn", "a.bau-cu.halong.gov.vn"):
        assert rules.uncovered(ca.certificate, _hosts(name)) == ""
    for name in ("halong.gov.vn", "evil-bau-cu.halong.gov.vn", "google.com", "lan.com"):
        assert rules.uncovered(ca.certificate, _hosts(name)) == name
    assert rules.uncovered(ca.certificate, _hosts(addresses=("8.8.8.8",))) == "8.8.8.8"


@pytest.mark.parametrize(("kind", "key"), [("ec", ec.EllipticCurvePublicKey), ("rsa", rsa.RSAPublicKey)])
def test_a_server_certificate_names_every_host_and_lasts_as_long_as_phones_allow(
    kind: str, key: type
) -> None:
    served = _hosts("TrucQuan.lan.", "trucquan.lan", addresses=("192.168.1.10", "fd00::1"))
    ca = rules.authority("Trực Quan", served, kind, MOMENT)
    made = rules.server(ca, served, rules.LONGEST_DAYS, kind, MOMENT).certificate
    named = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert named.get_values_for_type(x509.DNSName) == ["trucquan.lan"]
    assert named.get_values_for_type(x509.IPAddress) == [
        ipaddress.ip_address("192.168.1.10"),
        ipaddress.ip_address("fd00::1"),
    ]
    assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=825)
    assert made.not_valid_before_utc <= MOMENT - timedelta(hours=23)  # a phone whose clock is behind
    assert isinstance(made.public_key(), key)
    made.verify_directly_issued_by(ca.certificate)


@pytest.mark.parametrize(
    ("names", "addresses"),
    [
        ((), ()),
        (("trực quan",), ()),
        (("a b.lan",), ()),
        (("-a.lan",), ()),
        (("*.lan",), ()),
        (("192.168.1.10",), ()),
        (("a" * 64 + ".lan",), ()),
        ((), ("192.168.1",)),
        ((), ("192.168.1.0/24",)),
    ],
)
def test_what_is_no_host_is_told(names: tuple[str, ...], addresses: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"trucquan\.lan|192\.168\.1\.10"):
        rules.hosts(names, addresses)


@pytest.mark.parametrize(
    ("names", "addresses", "host"),
    [
        ((), ("192.168.1.10",), "192.168.1.10"),
        ((), ("fd00::1",), "fd00::1"),
        (("bau-cu.halong.gov.vn",), (), "bau-cu.halong.gov.vn"),
    ],
)
def test_a_client_that_keeps_to_the_constraints_believes_each_kind_of_host(
    names: tuple[str, ...], addresses: tuple[str, ...], host: str, tmp_path: Path
) -> None:
    served = rules.hosts(names, addresses)
    keeping.make(tmp_path, served, 30, "ec", datetime.now(UTC))
    _shake_hands(tmp_path / "tls", host)
    with pytest.raises(ssl.SSLCertVerificationError):
        _shake_hands(tmp_path / "tls", "another.lan")


def _shake_hands(place: Path, host: str) -> None:
    """A whole TLS handshake in memory, by OpenSSL's rules. Raises SSLCertVerificationError."""
    speaking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    speaking.load_cert_chain(place / "server.pem")
    believing = ssl.create_default_context(cafile=str(place / "ca.crt"))
    believing.verify_flags |= ssl.VERIFY_X509_STRICT
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        believing.wrap_bio(down, up, server_hostname=host),
        speaking.wrap_bio(up, down, server_side=True),
    ]
    for side in (*sides, *sides):
        with suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert sides[0].version()


def test_the_command_makes_the_authority_once_and_renews_the_server(app: Flask) -> None:
    first = _made(app, "--name", "trucquan.lan", "--address", "192.168.1.10")
    assert first.exit_code == 0, first.output
    place = _tls(app)
    kept, known = (place / "ca.pem").read_bytes(), (place / "ca.crt").read_bytes()
    server = (place / "server.pem").read_bytes()
    for name in ("ca.pem", "server.pem"):
        assert stat.S_IMODE((place / name).stat().st_mode) == 0o600
    assert b"PRIVATE" not in known
    assert f"TRUCQUAN_CERT={place / 'server.pem'}" in first.output
    assert "TRUCQUAN_ORIGIN=https://trucquan.lan" in first.output
    second = _made(app, "--address", "10.1.2.3", "--days", "30")
    assert second.exit_code == 0, second.output
    assert ((place / "ca.pem").read_bytes(), (place / "ca.crt").read_bytes()) == (kept, known)
    renewed = rules.read_pair((place / "server.pem").read_bytes()).certificate
    assert (place / "server.pem").read_bytes() != server
    assert renewed.not_valid_after_utc - renewed.not_valid_before_utc == timedelta(days=30)
    assert sorted(path.name for path in place.iterdir()) == ["ca.crt", "ca.pem", "server.pem"]


def test_the_command_refuses_what_phones_would_not_take_and_changes_nothing(app: Flask) -> None:
    assert _made(app, "--name", "trucquan.lan").exit_code == 0
    place = _tls(app)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    for options, told in (
        (("--name", "trucquan.vn"), "may not sign for trucquan.vn"),
        (("--name", "trucquan.lan", "--days", "826"), "825"),
        ((), "--name"),
    ):
        refused = _made(app, *options)
        assert refused.exit_code != 0
        assert told in refused.output
    (place / "ca.pem").chmod(0o644)
    assert "chmod 600" in _made(app, "--name", "trucquan.lan").output
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before


def test_two_commands_at_once_make_one_authority(tmp_path: Path) -> None:
    keeping._write(tmp_path / "ca.pem", b"first", 0o600, once=True)
    keeping._write(tmp_path / "ca.pem", b"second", 0o600, once=True)
    assert (tmp_path / "ca.pem").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["ca.pem"]


def test_the_page_leads_a_phone_to_the_certificate_and_the_app(app: Flask, visit: VisitorMaker) -> None:
    assert _made(app, "--name", "trucquan.lan").exit_code == 0
    known = keeping.authority(app.config["SETTINGS"].data)
    assert known is not None
    _reached_at(app, "https://trucquan.lan")
    visitor = visit("ward_staff")
    visitor.get("/phones")
    assert rules.fingerprint(known) in visitor.words()
    assert "https://trucquan.lan/field/" in visitor.words()
    assert "Chưa dùng được trên điện thoại" not in visitor.words()
    for picture in ("/phones/certificate.svg", "/phones/address.svg"):
        answer = visitor.get(picture)
        assert answer.mimetype == "image/svg+xml"
        assert answer.text.startswith("<svg")
    anybody = visit(None).get("/phones/ca.crt")
    assert anybody.mimetype == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(anybody.data) == known


def test_a_proxy_hands_out_the_certificate_without_a_warning(app: Flask, visit: VisitorMaker) -> None:
    assert _made(app, "--name", "trucquan.lan").exit_code == 0
    visitor = visit("ward_lead")
    _reached_at(app, "https://trucquan.lan:8443")
    visitor.get("/phones")
    assert "https://trucquan.lan:8443/phones/ca.crt" in visitor.words()
    assert "kết nối không riêng tư" in visitor.words()
    _reached_at(app, "https://trucquan.lan", proxies=1)
    visitor.get("/phones")
    assert "http://trucquan.lan/phones/ca.crt" in visitor.words()
    assert "kết nối không riêng tư" not in visitor.words()


def test_the_page_says_when_phones_cannot_work_and_when_there_is_no_certificate(
    app: Flask, visit: VisitorMaker
) -> None:
    visitor = visit("admin")
    _reached_at(app, "http://192.168.1.10")
    visitor.get("/phones")
    assert "Chưa dùng được trên điện thoại" in visitor.words()
    assert "Cơ quan chưa lập chứng chỉ riêng" in visitor.words()
    _reached_at(app, None)
    visitor.get("/phones")  # on the machine itself a browser needs no https
    assert "Chưa dùng được trên điện thoại" not in visitor.words()
    visitor.get("/phones/ca.crt", 404)


def test_a_code_holds_the_longest_address_and_tells_when_it_cannot() -> None:
    assert codes.picture("https://" + "a" * 240 + "/field/").startswith(b"<svg")
    with pytest.raises(ValueError, match="too large"):
        codes.picture("a" * 4000)


def test_the_settings_of_https_are_checked_at_the_start(migrated: Path, tmp_path: Path) -> None:
    base = environment(f"sqlite:///{migrated}", tmp_path)
    pem = tmp_path / "server.pem"
    https = {"TRUCQUAN_CERT": str(pem), "TRUCQUAN_ORIGIN": "https://trucquan.lan:8443"}
    with pytest.raises(SettingError, match="no such file"):
        settings.read({**base, **https})
    pem.touch(0o644)
    with pytest.raises(SettingError, match="chmod 600"):
        settings.read({**base, **https})
    pem.chmod(0o600)
    with pytest.raises(SettingError, match="TRUCQUAN_ORIGIN"):
        settings.read({**base, "TRUCQUAN_CERT": str(pem)})
    with pytest.raises(SettingError, match="TRUCQUAN_BIND"):
        settings.read({**base, "TRUCQUAN_BIND": "trucquan.lan"})
    read = settings.read({**base, **https, "TRUCQUAN_BIND": "192.168.1.10"})
    assert (read.certificate, read.bind, read.https) == (pem, "192.168.1.10", True)


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.lan"])
def test_caddy_takes_the_files_that_we_ship(name: str, tmp_path: Path) -> None:
    served = _hosts("trucquan.lan")
    keeping.make(tmp_path, served, 30, "ec", datetime.now(UTC))
    shipped = (ROOT / "docs/deploy" / name).read_text(encoding="utf-8")
    config = tmp_path / "Caddyfile"
    config.write_text(shipped.replace("/etc/caddy/trucquan.pem", str(tmp_path / "tls/server.pem")))
    command = [str(CADDY), "validate", "--adapter", "caddyfile", "--config", str(config)]
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=home, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
