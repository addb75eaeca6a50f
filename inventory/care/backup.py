"""Backups: one folder with the database, the photos by their hash, and a manifest of every byte.

The database is copied first, by its own means (VACUUM INTO, pg_dump), so it is consistent while
people write; photos are only ever added, so every photo that the copy names is there to be copied
after it. (The one exception, a private picture taken back in that very second, fails the check of
the backup, and the next one holds.) A backup that failed leaves no folder behind.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url

MANIFEST = "manifest.json"
_BLOCK = 1 << 20


class BackupError(Exception):
    """The backup could not be made, or does not hold; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: every file's SHA-256, and what the database said of itself."""

    made_at: str
    database: str
    migration: str
    trail_number: int
    trail_hash: str
    rows: dict[str, int]
    files: dict[str, str]


def copy_sqlite(url: str, target: Path) -> str:
    """Copy a SQLite database into the folder, consistent under writes; returns the file's name."""
    name = "database.db"
    with sqlite3.connect(str(make_url(url).database), timeout=60) as connection:
        connection.execute("VACUUM INTO ?", (str(target / name),))
    _sync(target / name)
    return name


def dump_postgres(url: str, target: Path, snapshot: str) -> str:
    """Dump a PostgreSQL database as one exported snapshot sees it; returns the file's name."""
    name = "database.dump"
    _run(make_url(url), "pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target / name}")
    return name


def copy_media(media: Path, target: Path) -> None:
    """Copy every finished photo file; a file that is not what its name says stops the backup."""
    for path in _photos(media):
        copy = target / "media" / path.relative_to(media)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def write_manifest(target: Path, manifest: Manifest) -> None:
    """Write the manifest last: a folder without one is no backup."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    path = target / MANIFEST
    path.write_text(text + "\n", encoding="utf-8")
    _sync(path)


def read_manifest(folder: Path) -> Manifest:
    """Read a backup's manifest."""
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder}: {MANIFEST} cannot be read ({type(error).__name__})") from None


def hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a folder but the manifest, by its path inside."""
    return {
        str(path.relative_to(folder)): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }


def check_files(folder: Path, manifest: Manifest) -> None:
    """Hold every byte against the manifest."""
    found = hashes(folder)
    for name, digest in manifest.files.items():
        if name not in found:
            raise BackupError(f"{name} is missing")
        if found[name] != digest:
            raise BackupError(f"{name} was changed")
    for name in found.keys() - manifest.files.keys():
        raise BackupError(f"{name} is not in the manifest")


def restore_database(url: str, folder: Path, manifest: Manifest) -> None:
    """Put the backup's database in place of the one at the address."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if not manifest.database.endswith(".db"):
            raise BackupError("this backup is of PostgreSQL; set TRUCQUAN_DATABASE to a PostgreSQL database")
        _replace_sqlite(Path(str(address.database)), folder / manifest.database)
        return
    if not manifest.database.endswith(".dump"):
        raise BackupError("this backup is of SQLite; set TRUCQUAN_DATABASE to a sqlite file")
    dump = str(folder / manifest.database)
    _run(address, "pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner", dump)


def _replace_sqlite(place: Path, copy: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(place.name + ".restoring")
    shutil.copyfile(copy, fresh)
    _sync(fresh)
    # The old log must not be replayed into the restored file.
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    fresh.replace(place)


def restore_media(folder: Path, media: Path) -> None:
    """Put back photos that are missing; a file under its own hash never needs replacing."""
    source = folder / "media"
    for path in _photos(source):
        place = media / path.relative_to(source)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
            _sync(place)


def create_scratch(url: str, name: str) -> str:
    """Make an empty PostgreSQL database beside the one at the address, to try a restore in."""
    address = make_url(url)
    _run(address, "createdb", name, database=False)
    return address.set(database=name).render_as_string(hide_password=False)


def drop_scratch(url: str, name: str) -> None:
    """Remove what create_scratch made."""
    _run(make_url(url), "dropdb", "--if-exists", name, database=False)


def _photos(media: Path) -> Iterator[Path]:
    for path in sorted(media.rglob("*")) if media.exists() else ():
        if path.is_file() and len(path.stem) == 64:
            if _sha256(path) != path.stem:
                raise BackupError(f"photo {path.name[:12]}… is damaged: it is not what its name says")
            yield path


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _run(address: URL, program: str, *arguments: str, database: bool = True) -> None:
    if shutil.which(program) is None:
        raise BackupError(f"{program} is missing; type: apt-get install -y postgresql-client")
    options = {"host": "--host", "port": "--port", "username": "--username"}
    place = [
        f"{flag}={getattr(address, field)}" for field, flag in options.items() if getattr(address, field)
    ]
    if database:
        place.append(f"--dbname={address.database}")
    environment = dict(os.environ)
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    done = subprocess.run(  # noqa: S603 -- our own program with our own settings, no shell
        [program, "--no-password", *place, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()[-500:]}")
