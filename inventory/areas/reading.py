"""From forms, addresses and files to the drafts that actions take."""

import hashlib
from datetime import date
from typing import Any

from werkzeug.datastructures import FileStorage

from inventory.areas.boundaries import LONGEST, Boundary, read_boundary
from inventory.areas.rules import AreaDraft, CampaignDraft, MilestoneDraft
from inventory.errors import BadInput
from inventory.strict_json import strict_json
from inventory.vocabulary import AreaKind


def id_of_text(text: object) -> int | None:
    """An id from an address or a choice; None for anything that is none."""
    word = str(text or "")
    return int(word) if word.isascii() and word.isdigit() and len(word) < 10 else None


def day_of_text(text: str | None) -> date | None:
    """A day from an address; None for anything that is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def area_draft(form: Any) -> AreaDraft:
    """The area that was typed; the form has been validated."""
    return AreaDraft(
        code=form.code.data.upper(),
        kind=AreaKind(form.kind.data),
        name=form.name.data,
        valid_from=form.valid_from.data,
        name_en=form.name_en.data,
        valid_to=form.valid_to.data,
        lat=form.lat.data,
        lon=form.lon.data,
        population=form.population.data,
        population_estimated=form.population_estimated.data,
        source=form.source.data,
        licence=form.licence.data,
    )


def campaign_draft(form: Any) -> CampaignDraft:
    """The campaign that was typed; the form has been validated."""
    return CampaignDraft(
        code=form.code.data.lower(),
        name=form.name.data,
        election_day=form.election_day.data,
        decoration_deadline=form.decoration_deadline.data,
        tree_date=form.tree_date.data,
        root_area_id=form.root_area_id.data,
        pinned_today=form.pinned_today.data,
        open=form.open.data,
        synthetic=form.synthetic.data,
    )


def milestone_draft(form: Any) -> MilestoneDraft:
    """The milestone that was typed; the form has been validated."""
    return MilestoneDraft(
        code=form.code.data.lower(),
        name_vi=form.name_vi.data,
        offset_days=form.offset_days.data,
        name_en=form.name_en.data,
        source=form.source.data,
    )


def uploaded_boundary(file: FileStorage | None) -> tuple[Boundary, str]:
    """The boundary in an uploaded file, and the file's SHA-256. Raises BadInput."""
    content = file.stream.read(LONGEST + 1) if file else b""
    if not content:
        raise BadInput("boundary", "Hãy chọn một tệp GeoJSON.", "boundary")
    return read_boundary(strict_json(content, LONGEST)), hashlib.sha256(content).hexdigest()
