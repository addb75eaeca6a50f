"""Making, checking and restoring backups: the steps in their order."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from inventory import trail
from inventory.care import backup
from inventory.care.backup import BackupError, Manifest
from inventory.clock import now
from inventory.database import Base, db, snapshot, writing
from inventory.settings import Settings


@dataclass(frozen=True)
class Checked:
    """What a check of a backup found."""

    rows: int
    files: int
    trail_number: int


def make(settings: Settings, folder: Path) -> Path:
    """Make a backup inside the folder and return it; on any error nothing of it is left."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"trucquan-{now():%Y%m%d-%H%M%S}"
    partial, final = folder / f".{name}.partial", folder / name
    partial.mkdir()
    try:
        database, about = _copy(settings.database, partial)
        backup.copy_media(settings.media, partial)
        manifest = Manifest(
            made_at=now().isoformat(), database=database, files=backup.hashes(partial), **about
        )
        backup.write_manifest(partial, manifest)
        partial.replace(final)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return final


def verify(settings: Settings, folder: Path) -> Checked:
    """Check every byte, restore into a database of its own and walk the trail there."""
    manifest = backup.read_manifest(folder)
    backup.check_files(folder, manifest)
    with _opened(settings.database, folder, manifest.database) as engine, Session(engine) as session:
        if _describe(session)["rows"] != manifest.rows:
            raise BackupError("the restored rows are not those of the manifest")
        _check_inside(session, folder, manifest)
    return Checked(sum(manifest.rows.values()), len(manifest.files), manifest.trail_number)


def restore(settings: Settings, folder: Path) -> Checked:
    """Check a backup, then put its database and photos in place."""
    checked = verify(settings, folder)
    manifest = backup.read_manifest(folder)
    backup.restore_media(folder, settings.media)
    backup.restore_database(settings.database, folder, manifest)
    return checked


def _copy(url: str, target: Path) -> tuple[str, dict[str, Any]]:
    """Copy the database and describe the very state that was copied."""
    if db.engine.dialect.name == "sqlite":
        name = backup.copy_sqlite(url, target)
        with _opened(url, target, name) as engine, Session(engine) as session:
            return name, _describe(session)
    with snapshot() as session:
        exported = str(session.scalar(text("SELECT pg_export_snapshot()")))
        return backup.dump_postgres(url, target, exported), _describe(session)


@contextmanager
def _opened(url: str, folder: Path, database: str) -> Iterator[Engine]:
    """Open the copy of a database: a SQLite file as a copy of it, a dump restored beside."""
    if database.endswith(".db"):
        with tempfile.TemporaryDirectory(prefix="trucquan-verify-") as scratch:
            copy = Path(scratch) / database
            shutil.copyfile(folder / database, copy)
            yield from _engine(f"sqlite:///{copy}")
        return
    name = f"trucquan_verify_{uuid4().hex[:10]}"
    address = backup.create_scratch(url, name)
    try:
        manifest = Manifest("", database, "", 0, "", {}, {})
        backup.restore_database(address, folder, manifest)
        yield from _engine(address)
    finally:
        backup.drop_scratch(url, name)


def _engine(address: str) -> Iterator[Engine]:
    engine = create_engine(address)
    try:
        with writing(False):
            yield engine
    finally:
        engine.dispose()


def _describe(session: Session) -> dict[str, Any]:
    number, digest = trail.head(session)
    rows = {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }
    migration = str(session.scalar(text("SELECT version_num FROM alembic_version")))
    return {"trail_number": number, "trail_hash": digest, "rows": rows, "migration": migration}


def _check_inside(session: Session, folder: Path, manifest: Manifest) -> None:
    if session.get_bind().dialect.name == "sqlite":
        answer = session.scalar(text("PRAGMA integrity_check"))
        if answer != "ok":
            raise BackupError(f"SQLite finds the file damaged: {answer}")
    head = (manifest.trail_number, manifest.trail_hash) if manifest.trail_number else None
    broken = trail.verify(session, head)
    if broken:
        raise BackupError(f"the trail is {broken.why} at line {broken.number}")
    there = {path.stem for path in (folder / "media").rglob("*")}
    for column in ("sha256", "shown_sha256", "thumbnail_sha256"):
        # The files of a photo that was taken back may be gone, and need not be there.
        named = f"SELECT DISTINCT {column} FROM photo WHERE withdrawn_at IS NULL"  # noqa: S608
        for (digest,) in session.execute(text(named)):
            if digest not in there:
                raise BackupError(f"photo {digest[:12]}… is named in the database but not in the backup")
