"""From the fields of the form to values: what came for each item, typed and device positions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from inventory.form_steps import typed_position
from inventory.outcomes import Problem
from inventory.pages import say
from inventory.photos.intake import Received, Upload, receive
from inventory.photos.removal import is_barred
from inventory.surveys.forms import RowForm, SurveyForm
from inventory.surveys.numbers import Details, Sent
from inventory.surveys.presses import ItemSent, Submission
from inventory.surveys.spots import Spot
from inventory.vocabulary import Condition, PhotoRole, PositionSource

QUICK = frozenset({"", "same", "enough", "none"})


def words(form: SurveyForm) -> dict[str, Any]:
    """What was said, for the receipt's hash: without the token, the ids and the drifting fix."""
    said: dict[str, Any] = {}
    for name, values in form.sent.lists() if form.sent is not None else ():
        last = name.rpartition("-")[2]
        if name not in {"csrf_token", "entry_id"} and not last.startswith("fix_") and last != "base":
            said[name] = [getattr(value, "filename", value) for value in values]
    return said


def typed_spot(form: SurveyForm) -> Spot | None:
    """The typed position; problems are told at their field."""
    point = typed_position(form.top.lat, form.top.lon)
    return Spot(*point, PositionSource.MAP) if point else None


def _fix(form: Any) -> Spot | None:
    lat, lon = form.fix_lat.value, form.fix_lon.value
    if lat is None or lon is None:
        return None
    return Spot(lat, lon, PositionSource.DEVICE, form.fix_accuracy_m.value, form.fix_age_s.value)


def _files(row: RowForm) -> list[Any]:
    return [file for file in row.photo.data or () if getattr(file, "filename", "")]


def sent(row: RowForm) -> Sent:
    """One row as plain values; words that no page offers read as if nothing was chosen."""
    condition = row.condition.data if row.condition.data in set(Condition) else None
    slogan = row.slogan.data or ""
    return Sent(
        quick=row.quick.data if row.quick.data in QUICK else "",
        kind=row.kind.data or "",
        found=row.found.data,
        working=row.working.data,
        condition=Condition(condition) if condition else None,
        details=Details(
            slogan_id=int(slogan) if slogan.isascii() and slogan.isdigit() and len(slogan) < 10 else None,
            azimuth=row.azimuth.data,
            width_m=row.width_m.data,
            height_m=row.height_m.data,
            note=row.note.data or "",
        ),
        photos=len(_files(row)),
    )


def pictures(form: SurveyForm, media: Path) -> dict[str, tuple[Received, ...]]:
    """Check and keep the photos of every row; slow, so no transaction may be open."""
    found = {}
    for row in (*form.rows, *form.others, *form.extras):
        uploads = [Upload(PhotoRole.OVERVIEW, file.filename or "", file.stream) for file in _files(row)]
        if uploads:
            found[row._prefix] = receive(uploads, media, is_barred)
    return found


def submission(
    form: SurveyForm, kept: dict[str, tuple[Received, ...]], finish: bool, synthetic: bool = False
) -> Submission:
    """The whole press."""
    return Submission(
        items=tuple(_items(form, kept)),
        empty_zones=form.empty_zones,
        typed=typed_spot(form),
        fix=_fix(form.top),
        note=form.top.note.data or "",
        finish=finish,
        synthetic=synthetic,
    )


def _items(form: SurveyForm, kept: dict[str, tuple[Received, ...]]) -> Iterator[ItemSent]:
    for row in (*form.rows, *form.others):
        yield _item(row, row.key.data or "", sent(row), kept)
    for extra in form.extras:
        said = sent(extra)
        if said.kind:
            if said.found is None and not said.quick:
                said = Sent("", said.kind, 1, said.working, said.condition, said.details, said.photos)
            yield _item(extra, f"{extra.zone.data}.{said.kind}", said, kept, extra=True)
        elif said.found or said.photos:
            extra.kind.errors = [*extra.kind.errors, say(Problem("kind_missing", "Chọn loại của thứ này."))]


def _item(
    row: RowForm, key: str, said: Sent, kept: dict[str, tuple[Received, ...]], extra: bool = False
) -> ItemSent:
    prefix: str = row._prefix
    return ItemSent(
        prefix=prefix,
        key=key,
        sent=said,
        base=row.base.data or None,
        fix=_fix(row),
        extra=extra,
        pictures=kept.get(prefix, ()),
    )
