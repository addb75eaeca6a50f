"""Certificates of an office: its own authority, and the certificate of its one server. Pure.

Service workers, positions and hashing work in browsers only over https (or on the machine itself). An
office without a public name makes its own authority once; each phone is told once to believe it.
Limits that phones set: a server certificate lasts at most 825 days and names every host in its subject
alternative names (Apple, support article 103769); both curves and RSA of 2,048 bits are read by phones
back to Android 5 and iOS 11 [guess: not tried on such phones].
"""

import ipaddress
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_DAYS = 825
AUTHORITY_LIFE = timedelta(days=3650)
#: Phones' clocks are behind now and then: a certificate is good from the day before it was made.
EARLIER = timedelta(days=1)
#: Names that no public service has, and the addresses of private networks.
_OFFICE_NAMES = ("lan", "local", "internal", "home.arpa", "localhost")
_OFFICE_NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


@dataclass(frozen=True)
class Hosts:
    """What the server is called by: host names in lower case, and addresses."""

    names: tuple[str, ...]
    addresses: tuple[Address, ...]

    @property
    def first(self) -> str:
        """What stands in the address bar: the first name, else the first address."""
        if self.names:
            return self.names[0]
        address = self.addresses[0]
        return f"[{address}]" if address.version == 6 else str(address)


@dataclass(frozen=True)
class Pair:
    """A private key and its certificate."""

    key: Key
    certificate: x509.Certificate

    def key_pem(self) -> bytes:
        """The key, not encrypted: whoever reads the file is the server."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def pem(self) -> bytes:
        """Key and certificate in one text, as gunicorn and Caddy read them."""
        return self.key_pem() + self.certificate.public_bytes(serialization.Encoding.PEM)


def hosts(names: tuple[str, ...], addresses: tuple[str, ...]) -> Hosts:
    """Read what the operator typed. Raises ValueError with a sentence."""
    lower = tuple(dict.fromkeys(name.strip().lower().rstrip(".") for name in names))
    for name in lower:
        if not _NAME.fullmatch(name) or name.rpartition(".")[2].isdigit():
            raise ValueError(f"{name!r} is not a host name such as trucquan.lan.")
    try:
        numbers = tuple(dict.fromkeys(ipaddress.ip_address(one.strip()) for one in addresses))
    except ValueError as error:
        raise ValueError(f"{error}; type an address such as 192.168.1.10.") from None
    if not lower and not numbers:
        raise ValueError("Say what phones will type: --name trucquan.lan or --address 192.168.1.10.")
    return Hosts(lower, numbers)


def new_key(kind: str) -> Key:
    """A fresh key: "ec" (P-256) or "rsa" (2,048 bits)."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def authority(office: str, served: Hosts, kind: str, moment: datetime) -> Pair:
    """The office's authority. It may sign servers only (path length 0), and those of this office only.

    The name constraints are not marked critical: phones that know them keep to them, and a phone that
    does not still takes the certificate (RFC 5280 4.2.1.10 would have the mark).
    """
    key = new_key(kind)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Trực Quan"),
            x509.NameAttribute(NameOID.COMMON_NAME, office),
        ]
    )
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    builder = _builder(subject, subject, key, moment - EARLIER, moment + AUTHORITY_LIFE)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(_permitted(served), None), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Pair(key, certificate)


def server(ca: Pair, served: Hosts, days: int, kind: str, moment: datetime) -> Pair:
    """A certificate for the server, signed by the authority, for all its names and addresses."""
    key = new_key(kind)
    # A common name that reads like a host would be held against the name constraints, an address too.
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Trực Quan · {served.first}"[:64])])
    begin = moment - EARLIER
    end = min(begin + timedelta(days=days), ca.certificate.not_valid_after_utc)
    names: list[x509.GeneralName] = [x509.DNSName(name) for name in served.names]
    names += [x509.IPAddress(address) for address in served.addresses]
    issuer = ca.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    usage = x509.KeyUsage(True, False, kind == "rsa", False, False, False, False, False, False)
    certificate = (
        _builder(subject, ca.certificate.subject, key, begin, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer.value), critical=False
        )
        .sign(ca.key, hashes.SHA256())
    )
    return Pair(key, certificate)


def uncovered(ca: x509.Certificate, served: Hosts) -> str:
    """The first name or address that this authority may not sign for; "" when it may sign for all."""
    permitted = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
    names = [one.value for one in permitted if isinstance(one, x509.DNSName)]
    networks = [ipaddress.ip_network(str(one.value)) for one in permitted if isinstance(one, x509.IPAddress)]
    for name in served.names:
        if not any(name == one or name.endswith(f".{one}") for one in names):
            return name
    for address in served.addresses:
        if not _within(address, networks):
            return str(address)
    return ""


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate in pairs, as phones show it: "3A:0F:…"."""
    text = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return ":".join(text[at : at + 2] for at in range(0, len(text), 2))


def read_pair(pem: bytes) -> Pair:
    """A key and certificate in one text. Raises ValueError for anything else."""
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError("neither an EC nor an RSA key")
    return Pair(key, x509.load_pem_x509_certificate(pem))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _permitted(served: Hosts) -> list[x509.GeneralName]:
    """The office's own names and any private one, so that a new address needs no new authority."""
    networks: list[Network] = [ipaddress.ip_network(one) for one in _OFFICE_NETWORKS]
    networks += [ipaddress.ip_network(one) for one in served.addresses if not _within(one, networks)]
    names = [*_OFFICE_NAMES, *(name for name in served.names if not _private(name))]
    return [*(x509.DNSName(name) for name in names), *(x509.IPAddress(one) for one in networks)]


def _private(name: str) -> bool:
    return any(name == one or name.endswith(f".{one}") for one in _OFFICE_NAMES)


def _within(address: Address, networks: list[Network]) -> bool:
    return any(address in network for network in networks)
