"""Writes of standards: a draft, its words and rows, its day of coming into force, throwing it away."""

from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from inventory import database, directory, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved, standard_in_force
from inventory.catalogues import loading
from inventory.catalogues.requirement_rules import force_problem
from inventory.clock import campaign_now
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.tables.kind import Kind
from inventory.tables.standard import Requirement, Standard

FIXED = refuse("in_force", "Phiên bản này đã có ngày áp dụng nên không sửa được; hãy lập phiên bản mới.")
_DRAFT = refuse("draft_exists", "Đang có một bản nháp; hãy sửa bản đó, đưa vào áp dụng hoặc bỏ đi trước.")
_SAMPLE = "Tiêu chuẩn mẫu (giả định một phần)"


def new_version(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    """A draft that begins as a copy of the newest version; one draft at a time."""
    try:
        return _new_version(actor, campaign, entry)
    except IntegrityError:
        return _DRAFT  # somebody pressed at the same moment and took the number


@database.action
def _new_version(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    last = db.session.scalars(
        select(Standard).where(Standard.campaign_id == campaign.id).order_by(Standard.number.desc())
    ).first()
    if last is not None and last.in_force_from is None:
        return _DRAFT
    draft = Standard(
        campaign_id=campaign.id,
        number=last.number + 1 if last else 1,
        name=last.name if last else f"Tiêu chuẩn {campaign.name}"[:200],
        note=last.note if last else "",
        in_force_from=None,
        created_at=campaign_now(),
        created_by=actor.person_id,
    )
    db.session.add(draft)
    db.session.flush()
    copied = _copy_rows(last.id, draft.id) if last else 0
    return kept(actor, entry, "standard.copied", draft, rows=copied, of=last.number if last else None)


def _copy_rows(source_id: int, target_id: int) -> int:
    columns = [column.key for column in Requirement.__table__.columns]
    copied = [name for name in columns if name not in {"id", "standard_id", "version"}]
    rows = db.session.scalars(
        select(Requirement)
        .where(Requirement.standard_id == source_id)
        .order_by(Requirement.position, Requirement.id)
    ).all()
    for row in rows:
        db.session.add(Requirement(standard_id=target_id, **{name: getattr(row, name) for name in copied}))
        db.session.flush()
    return len(rows)


def load_sample(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    """Load the shipped standard as a draft, where the campaign has none and its kinds are there."""
    try:
        return _load_sample(actor, campaign, entry)
    except IntegrityError:
        return _DRAFT


@database.action
def _load_sample(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    query = select(func.count()).select_from(Standard).where(Standard.campaign_id == campaign.id)
    if db.session.scalar(query):
        return refuse("exists", "Cuộc bầu cử này đã có tiêu chuẩn; hãy lập phiên bản mới.")
    rows = loading.rows("standard.csv")
    wanted = {row[name] for row in rows for name in ("kind", "priced_kind")} - {""}
    missing = wanted - set(db.session.scalars(select(Kind.code)))
    if missing:
        return refuse(
            "kinds",
            "Danh mục chưa có các loại mà tiêu chuẩn mẫu cần: %(codes)s. Hãy nạp danh mục chuẩn trước.",
            codes=", ".join(sorted(missing)),
        )
    number = loading.load_standard(campaign.id, _SAMPLE, None)
    draft = db.session.get_one(Standard, number)
    draft.created_by = actor.person_id
    return kept(actor, entry, "standard.loaded", draft, rows=len(rows))


@database.action
def save_words(
    actor: Actor,
    campaign: CampaignSeen,
    standard_id: int,
    words: dict[str, str],
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Change name and note of a draft; Stale when somebody changed those very words since."""
    draft = held(campaign, standard_id)
    if draft.in_force_from is not None:
        return FIXED
    changed = {name: (getattr(draft, name), mine) for name, mine in words.items()}
    changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
    if draft.version != base_version and changed:
        return Stale(draft.version, tuple((name, *pair) for name, pair in changed.items()))
    for name, (_theirs, mine) in changed.items():
        setattr(draft, name, mine)
    draft.version += 1
    return kept(
        actor, entry, "standard.changed", draft, **{name: list(pair) for name, pair in changed.items()}
    )


@database.action
def put_in_force(
    actor: Actor, campaign: CampaignSeen, standard_id: int, day: date, base_version: int, entry: Entry
) -> Outcome:
    """Give a draft its day; from then on it never changes. Stale when it is not what was looked at.

    Old visits are read against it from that day on, so every ward's facts move.
    """
    draft = held(campaign, standard_id)
    if draft.in_force_from is not None:
        return FIXED
    if draft.version != base_version:
        return Stale(draft.version)
    count = select(func.count()).select_from(Requirement).where(Requirement.standard_id == draft.id)
    rows = db.session.scalar(count) or 0
    begun = standard_in_force(db.session(), campaign.id, campaign.today) is not None
    problem = force_problem(day, campaign.today, campaign.election_day, rows, begun)
    if problem:
        return Refused((problem,))
    draft.in_force_from = day
    draft.version += 1
    facts_moved(campaign.id, *directory.all_wards(db.session(), campaign.id))
    return kept(actor, entry, "standard.in_force", draft, day=day.isoformat(), rows=rows)


@database.action
def discard(
    actor: Actor, campaign: CampaignSeen, standard_id: int, base_version: int, entry: Entry
) -> Outcome:
    """Throw a draft away; nothing was ever measured against it."""
    draft = held(campaign, standard_id)
    if draft.in_force_from is not None:
        return FIXED
    if draft.version != base_version:
        return Stale(draft.version)
    db.session.execute(delete(Requirement).where(Requirement.standard_id == draft.id))
    done = kept(actor, entry, "standard.discarded", draft, name=draft.name)
    db.session.delete(draft)
    db.session.flush()
    return done


def held(campaign: CampaignSeen, standard_id: int) -> Standard:
    """The version, locked against a second writer until the request ends. Raises Unseen."""
    standard = db.session.scalars(
        select(Standard)
        .where(Standard.id == standard_id, Standard.campaign_id == campaign.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if standard is None:
        raise Unseen("standard", standard_id)
    return standard


def kept(actor: Actor, entry: Entry, act: str, standard: Standard, **detail: Any) -> Done:
    """What every write leaves: its receipt and a line in the trail."""
    db.session.flush()
    receipts.keep(entry, actor.person_id, act, standard.id, standard.version)
    trail.record(act, "standard", standard.id, detail={"number": standard.number, **detail})
    return Done(str(standard.id), standard.version)
