"""Where the office's certificates are kept: the folder tls in the data folder.

`ca.pem` (mode 0600: key and certificate of the authority, made once, never overwritten), `ca.crt` (the
authority's certificate, for phones) and `server.pem` (mode 0600: key and certificate of the server, made
anew by every run of the command). Each file is whole or not there: written beside and then put in place.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from inventory.phones import rules
from inventory.phones.rules import Hosts, Pair

AUTHORITY, PUBLIC, SERVER = "ca.pem", "ca.crt", "server.pem"


class CertificateError(Exception):
    """Why no certificate was made, as one sentence for the operator."""


def folder(data: Path) -> Path:
    """The folder of the certificates."""
    return data / "tls"


def authority(data: Path) -> x509.Certificate | None:
    """The certificate that phones are to believe; None before the office has made one."""
    try:
        return x509.load_pem_x509_certificate((folder(data) / PUBLIC).read_bytes())
    except FileNotFoundError:
        return None


def make(data: Path, served: Hosts, days: int, kind: str, moment: datetime) -> tuple[bool, Pair]:
    """Make the authority if there is none, and a fresh certificate for the server.

    Answers whether the authority is new, and the server's pair. Raises CertificateError.
    """
    place = folder(data)
    place.mkdir(mode=0o700, exist_ok=True)
    new = not (place / AUTHORITY).exists()
    if new:
        office = f"Trực Quan {served.first} {moment:%Y-%m-%d}"[:64]
        _write(place / AUTHORITY, rules.authority(office, served, kind, moment).pem(), 0o600, once=True)
    ca = _read(place / AUTHORITY)
    if ca.certificate.not_valid_after_utc <= moment:
        raise CertificateError(f"{place / AUTHORITY} has expired; move it away to make another one.")
    strange = rules.uncovered(ca.certificate, served)
    if strange:
        raise CertificateError(
            f"the authority in {place / AUTHORITY} may not sign for {strange}. To make another one, move the "
            "file away and run this command with all names; every phone then has to be set up again."
        )
    _write(place / PUBLIC, ca.certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    pair = rules.server(ca, served, days, kind, moment)
    _write(place / SERVER, pair.pem(), 0o600)
    return new, pair


def _read(path: Path) -> Pair:
    if path.stat().st_mode & 0o077:
        raise CertificateError(f"{path} can be read by others; type: chmod 600 {path}")
    try:
        return rules.read_pair(path.read_bytes())
    except ValueError as error:
        raise CertificateError(f"{path} cannot be read ({error}).") from None


def _write(path: Path, content: bytes, mode: int, once: bool = False) -> None:
    """Put a file in place whole; with `once` a file that is there stays."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        if once:
            os.link(beside, path)  # fails where a file is: of two commands one makes the authority
        else:
            beside.replace(path)
    except FileExistsError:
        pass
    finally:
        beside.unlink(missing_ok=True)
