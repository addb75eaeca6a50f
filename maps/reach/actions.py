"""Writes of the reach parameters. Every change moves the facts of all wards: a stored run says so."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from inventory import database, directory, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale, refuse
from inventory.receipts import Entry
from maps.reach import loading
from maps.reach.queries import codes_of, is_stored, kinds
from maps.reach.rules import (
    FigureWords,
    KindWords,
    LimitWords,
    SurroundingsWords,
    WardWords,
    figure_problems,
    kind_problems,
    limit_problems,
    surroundings_problems,
    ward_problems,
)
from maps.reach.scalars import canonical
from maps.tables.reach import NoiseLimitRow, ReachArea, ReachFigure, ReachKind, ReachSurroundings

_LOADED = refuse("loaded", "Cuộc bầu cử này đã có tham số; hãy sửa từng dòng.")
_TAKEN = refuse("taken", "Người khác vừa lưu dòng này; hãy tải lại trang.")
_TWICE = refuse("twice", "Quy chuẩn này đã có giới hạn bắt đầu từ giờ đó; hãy sửa dòng đó.", "hour_from")
_NOT_LOADED = refuse("not_loaded", "Hãy nạp giá trị mặc định trước khi sửa.")


def load(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    """Give the campaign the shipped parameters where it has none."""
    return _once(lambda: _load(actor, campaign, entry), _LOADED)


@database.action
def _load(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    rows = loading.load(campaign.id)
    if not rows:
        return _LOADED
    return _kept(actor, campaign, entry, "reach.loaded", campaign.id, 1, rows=rows)


def save_figure(
    actor: Actor, campaign: CampaignSeen, code: str, words: FigureWords, base_version: int, entry: Entry
) -> Outcome:
    """Change a single figure; Stale when somebody changed it since."""
    problems = figure_problems(code, words)
    if problems:
        return Refused(problems)
    columns = {**asdict(words), "value": canonical(code, words.value)}
    own = {"code": code}
    return _once(lambda: _save(actor, campaign, entry, ReachFigure, own, columns, base_version), _TAKEN)


def save_surroundings(
    actor: Actor,
    campaign: CampaignSeen,
    surroundings_id: int,
    words: SurroundingsWords,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Change a kind of surroundings; Stale when somebody changed it since."""
    problems = surroundings_problems(words)
    if problems:
        return Refused(problems)
    _held(campaign, ReachSurroundings, {"id": surroundings_id})
    own = {"id": surroundings_id}
    return _save(actor, campaign, entry, ReachSurroundings, own, asdict(words), base_version)


def add_surroundings(actor: Actor, campaign: CampaignSeen, words: SurroundingsWords, entry: Entry) -> Outcome:
    """A kind of surroundings more."""
    problems = surroundings_problems(words)
    if problems:
        return Refused(problems)
    here = select(func.max(ReachSurroundings.id)).where(ReachSurroundings.campaign_id == campaign.id)
    own = {"code": f"own-{(db.session.scalar(here) or 0) + 1}"}
    return _once(lambda: _save(actor, campaign, entry, ReachSurroundings, own, asdict(words), 0), _TAKEN)


def save_ward(
    actor: Actor, campaign: CampaignSeen, area_id: int, words: WardWords, base_version: int, entry: Entry
) -> Outcome:
    """Say which surroundings a ward has; Stale when somebody said it since."""
    codes = codes_of(db.session(), campaign.id)
    problems = ward_problems(words, codes)
    if problems:
        return Refused(problems)
    columns = {
        "surroundings_id": codes[words.surroundings],
        "source": words.source,
        "guess": words.guess,
    }
    own = {"area_id": area_id}
    outcome = _once(lambda: _save(actor, campaign, entry, ReachArea, own, columns, base_version), _TAKEN)
    return _in_codes(outcome, codes) if isinstance(outcome, Stale) else outcome


def _in_codes(stale: Stale, codes: Mapping[str, int]) -> Stale:
    """A difference of two wards' surroundings by their codes, as the form has them."""
    named: dict[object, str] = {number: code for code, number in codes.items()}
    changed = (
        ("surroundings", named[theirs], named[mine]) if name == "surroundings_id" else (name, theirs, mine)
        for name, theirs, mine in stale.changed
    )
    return replace(stale, changed=tuple(changed))


def save_kind(
    actor: Actor, campaign: CampaignSeen, kind_code: str, words: KindWords, base_version: int, entry: Entry
) -> Outcome:
    """Change the parameters of a kind, or give it some; Stale when somebody did it since."""
    if kind_code not in {kind.code for kind in kinds()}:
        raise Unseen("kind", kind_code)
    problems = kind_problems(words)
    if problems:
        return Refused(problems)
    own = {"kind_code": kind_code}
    return _once(lambda: _save(actor, campaign, entry, ReachKind, own, asdict(words), base_version), _TAKEN)


def save_limit(
    actor: Actor, campaign: CampaignSeen, limit_id: int, words: LimitWords, base_version: int, entry: Entry
) -> Outcome:
    """Change a limit; Stale when somebody changed it since."""
    problems = limit_problems(words)
    if problems:
        return Refused(problems)
    _held(campaign, NoiseLimitRow, {"id": limit_id})
    own = {"id": limit_id}
    return _once(
        lambda: _save(actor, campaign, entry, NoiseLimitRow, own, asdict(words), base_version), _TWICE
    )


def add_limit(actor: Actor, campaign: CampaignSeen, words: LimitWords, entry: Entry) -> Outcome:
    """A limit more."""
    problems = limit_problems(words)
    if problems:
        return Refused(problems)
    columns = asdict(words)
    own = {name: columns.pop(name) for name in ("regulation", "site", "hour_from")}
    if _found(campaign, NoiseLimitRow, own) is not None:
        return _TWICE
    return _once(lambda: _save(actor, campaign, entry, NoiseLimitRow, own, columns, 0), _TWICE)


@database.action
def remove_limit(
    actor: Actor, campaign: CampaignSeen, limit_id: int, base_version: int, entry: Entry
) -> Outcome:
    """Take a limit away. Stale when it is not what was looked at."""
    row = _held(campaign, NoiseLimitRow, {"id": limit_id})
    if row.version != base_version:
        return Stale(row.version)
    told = {"regulation": row.regulation, "site": row.site.value, "hour_from": row.hour_from}
    db.session.delete(row)
    return _kept(actor, campaign, entry, "noise_limit.removed", limit_id, base_version, **told)


def _once(write: Callable[[], Outcome], clash: Refused) -> Outcome:
    """Two who add the same row at the same moment: the second is told."""
    try:
        return write()
    except IntegrityError:
        return clash


@database.action
def _save(
    actor: Actor,
    campaign: CampaignSeen,
    entry: Entry,
    table: Any,
    own: Mapping[str, Any],
    columns: Mapping[str, Any],
    base_version: int,
) -> Outcome:
    """Change the row that `own` names, or add it where there is none and none was seen (version 0)."""
    if not is_stored(db.session(), campaign.id):
        return _NOT_LOADED
    row = _found(campaign, table, own)
    act = f"{table.__tablename__}.{'changed' if row is not None else 'added'}"
    if row is None:
        row = table(campaign_id=campaign.id, version=1, **own, **columns)
        db.session.add(row)
        db.session.flush()
        return _kept(actor, campaign, entry, act, row.id, 1, **_told(own), **_told(columns))
    theirs = {name: getattr(row, name) for name in columns}
    changed = {name: mine for name, mine in columns.items() if theirs[name] != mine}
    if row.version != base_version and changed:
        return Stale(row.version, tuple((name, theirs[name], mine) for name, mine in changed.items()))
    for name, mine in changed.items():
        setattr(row, name, mine)
    row.version += 1
    told = {name: [_plain(theirs[name]), _plain(mine)] for name, mine in changed.items()}
    return _kept(actor, campaign, entry, act, row.id, row.version, **_told(own), **told)


def _found(campaign: CampaignSeen, table: Any, own: Mapping[str, Any]) -> Any:
    return db.session.scalars(
        select(table)
        .where(table.campaign_id == campaign.id, *(getattr(table, name) == it for name, it in own.items()))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()


def _held(campaign: CampaignSeen, table: Any, own: Mapping[str, Any]) -> Any:
    row = _found(campaign, table, own)
    if row is None:
        raise Unseen(table.__tablename__, next(iter(own.values())))
    return row


def _told(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in columns.items()}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _kept(
    actor: Actor, campaign: CampaignSeen, entry: Entry, act: str, subject: int, version: int, **detail: Any
) -> Done:
    """What every write leaves: moved facts, its receipt and a line in the trail."""
    db.session.flush()
    facts_moved(campaign.id, *directory.all_wards(db.session(), campaign.id))
    receipts.keep(entry, actor.person_id, act, subject, version)
    trail.record(act, act.partition(".")[0], subject, detail=detail)
    return Done(str(subject), version)
