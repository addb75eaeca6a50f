"""Settings: from the environment, documented here and in the README, checked at the start.

A wrong value stops the start with one sentence that names the variable and what it should be.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from inventory.errors import SettingError

_SHORTEST_KEY = 32
_DATABASES = ("sqlite", "postgresql", "postgresql+psycopg")


@dataclass(frozen=True)
class Settings:
    """Everything the service can be told from outside.

    TRUCQUAN_DATA        folder for what is kept (database, photos, key); default ./data
    TRUCQUAN_DATABASE    SQLAlchemy URL; default sqlite in the data folder
    TRUCQUAN_MEDIA       folder of the photos; default media in the data folder
    TRUCQUAN_SECRET_KEY  ≥ 32 characters; without it one is made and kept with mode 0600
    TRUCQUAN_ORIGIN      what the browser's address bar shows, e.g. https://trucquan.example.vn
    TRUCQUAN_PROXIES     how many proxies stand in front; their headers are believed, no others
    TRUCQUAN_TILES       tile URL template; off by default, nothing outside is ever asked
    TRUCQUAN_TILES_CREDIT  what the tiles' owner wants to read beside the map
    TRUCQUAN_MAX_UPLOAD  bytes of one request; default 60 MB (a survey with several photos)
    TRUCQUAN_CERT        key and certificate in one PEM file: gunicorn speaks https by itself
    TRUCQUAN_FIELD_OFF   1 switches the field app off: phones drop its files and keep what is unsent
    TRUCQUAN_BIND        address that gunicorn listens on; default 127.0.0.1 (this machine only)
    """

    data: Path
    database: str
    media: Path
    secret_key: str
    origin: str | None
    proxies: int
    tiles: str | None
    tiles_credit: str
    max_upload: int
    certificate: Path | None = None
    bind: str = "127.0.0.1"
    field_off: bool = False

    @property
    def https(self) -> bool:
        """Whether people reach the service by https."""
        return bool(self.origin and self.origin.startswith("https:"))

    @property
    def host(self) -> str | None:
        """The host name of the origin."""
        return urlsplit(self.origin).hostname if self.origin else None


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings; raises SettingError with a sentence."""
    data = Path(environment.get("TRUCQUAN_DATA") or "data").absolute()
    _folder(data, "TRUCQUAN_DATA")
    media = Path(environment.get("TRUCQUAN_MEDIA") or data / "media").absolute()
    _folder(media, "TRUCQUAN_MEDIA")
    origin = _origin(environment.get("TRUCQUAN_ORIGIN"))
    return Settings(
        data=data,
        database=_database(environment.get("TRUCQUAN_DATABASE") or f"sqlite:///{data / 'trucquan.db'}"),
        media=media,
        secret_key=_key(environment.get("TRUCQUAN_SECRET_KEY"), data),
        origin=origin,
        proxies=_whole(environment, "TRUCQUAN_PROXIES", 0, 0, 5),
        tiles=_tiles(environment.get("TRUCQUAN_TILES")),
        tiles_credit=environment.get("TRUCQUAN_TILES_CREDIT", "© OpenStreetMap contributors"),
        max_upload=_whole(environment, "TRUCQUAN_MAX_UPLOAD", 60_000_000, 1_000_000, 1_000_000_000),
        certificate=_certificate(environment.get("TRUCQUAN_CERT"), origin),
        bind=_bind(environment.get("TRUCQUAN_BIND")),
        field_off=bool(_whole(environment, "TRUCQUAN_FIELD_OFF", 0, 0, 1)),
    )


def _folder(path: Path, name: str) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"{name}={path}: the folder cannot be made ({error.strerror}).") from None
    if not os.access(path, os.W_OK):
        raise SettingError(f"{name}={path}: the folder cannot be written to.")


def _database(url: str) -> str:
    scheme = url.partition("://")[0]
    if scheme not in _DATABASES or "://" not in url:
        raise SettingError(
            "TRUCQUAN_DATABASE must be sqlite:////path/to/file.db or postgresql://user@host/name."
        )
    return url


def _key(given: str | None, data: Path) -> str:
    if given is not None:
        if len(given) < _SHORTEST_KEY or len(set(given)) < 8:
            raise SettingError(
                "TRUCQUAN_SECRET_KEY must have at least 32 random characters; make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return given
    path = data / "secret_key"
    try:
        # O_EXCL: of two processes that start at once, one makes the key and the other reads it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    if path.stat().st_mode & 0o077:
        raise SettingError(f"{path} can be read by others; type: chmod 600 {path}")
    return path.read_text().strip()


def _origin(text: str | None) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise SettingError("TRUCQUAN_ORIGIN must look like https://trucquan.example.vn (no path).")
    return f"{parts.scheme}://{parts.netloc}"


def _certificate(text: str | None, origin: str | None) -> Path | None:
    """The file is read by gunicorn; here it is checked, and that cookies will be Secure."""
    if not text:
        return None
    path = Path(text).absolute()
    if not os.access(path, os.R_OK):
        raise SettingError(f"TRUCQUAN_CERT={path}: there is no such file, or it cannot be read.")
    if path.stat().st_mode & 0o077:
        raise SettingError(f"{path} can be read by others; type: chmod 600 {path}")
    if not (origin and origin.startswith("https:")):
        raise SettingError("TRUCQUAN_CERT needs TRUCQUAN_ORIGIN=https://… as phones type it.")
    return path


def _bind(text: str | None) -> str:
    try:
        return str(ip_address(text)) if text else "127.0.0.1"
    except ValueError:
        raise SettingError("TRUCQUAN_BIND must be an address such as 127.0.0.1 or 0.0.0.0.") from None


def _tiles(text: str | None) -> str | None:
    if not text:
        return None
    if not re.fullmatch(r"https?://[\w.:{}-]+/[^\s'\"<>]*\{z\}[^\s'\"<>]*", text):
        raise SettingError("TRUCQUAN_TILES must be an address with {z}, {x} and {y}.")
    return text


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingError(f"{name} must be a whole number from {least} to {most}.")
    return int(text)
