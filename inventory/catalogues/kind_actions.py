"""Writes of kinds: load the shipped taxonomy, add a kind, change one and in which conditions it works."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from inventory import database, directory, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen, facts_moved
from inventory.catalogues import kind_queries as queries
from inventory.catalogues import loading
from inventory.catalogues.kind_rules import (
    OF_FACTS,
    KindWords,
    changes,
    code_problem,
    kind_problems,
    shape_problem,
)
from inventory.database import db
from inventory.errors import Unseen
from inventory.labels import label
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.tables.campaign import Campaign
from inventory.tables.kind import Kind, KindCondition
from inventory.vocabulary import Condition

_LOADED = refuse("loaded", "Danh mục đã có loại; hãy sửa hoặc thêm từng loại.")
_TAKEN = refuse("taken", "Mã này đã có trong danh mục.", "code")


def load(actor: Actor, entry: Entry) -> Outcome:
    """Load the shipped taxonomy where there is none."""
    try:
        return _load(actor, entry)
    except IntegrityError:
        return _LOADED  # somebody loaded it at the same moment


@database.action
def _load(actor: Actor, entry: Entry) -> Outcome:
    count = loading.load_kinds()
    if not count:
        return _LOADED
    _facts_move()
    return _kept(actor, entry, "kinds.loaded", "all", 1, kinds=count)


def add(actor: Actor, words: KindWords, entry: Entry) -> Outcome:
    """Add a kind as the last of its family."""
    try:
        return _add(actor, words, entry)
    except IntegrityError:
        return _TAKEN


@database.action
def _add(actor: Actor, words: KindWords, entry: Entry) -> Outcome:
    wrong_code = code_problem(words.code, queries.codes())
    problems = (*([wrong_code] if wrong_code else []), *kind_problems(words, queries.folded_names()))
    if problems:
        return Refused(problems)
    last = db.session.scalar(select(func.max(Kind.position)).where(Kind.family == words.family))
    if last is None:
        last = db.session.scalar(select(func.max(Kind.position)))
    position = 0 if last is None else last + 1
    db.session.execute(update(Kind).where(Kind.position >= position).values(position=Kind.position + 1))
    db.session.add(Kind(code=words.code, family=words.family, position=position, **_columns(words)))
    db.session.flush()
    _write_conditions(words)
    _facts_move()
    return _kept(actor, entry, "kind.added", words.code, 1, family=words.family.value, name=words.name_vi)


@database.action
def change(
    actor: Actor, campaign: CampaignSeen | None, words: KindWords, base_version: int, entry: Entry
) -> Outcome:
    """Change a kind; its code and family stay. Stale when somebody changed it since."""
    kind = db.session.get(Kind, words.code, with_for_update=True, populate_existing=True)
    if kind is None:
        raise Unseen("kind", words.code)
    was = queries.words_of(kind, *queries.conditions_of(kind.code))
    changed = changes(was, words)
    if kind.version != base_version and changed:
        return Stale(kind.version, changed)
    problems = (*kind_problems(words, queries.folded_names(kind.code)), *_in_the_way(campaign, was, words))
    if problems:
        return Refused(problems)
    for name, value in _columns(words).items():
        setattr(kind, name, value)
    kind.version += 1
    if (was.exists, was.works) != (words.exists, words.works):
        _write_conditions(words)
    if OF_FACTS & {name for name, _was, _now in changed}:
        _facts_move()
    detail = {name: [_plain(old), _plain(new)] for name, old, new in changed}
    return _kept(actor, entry, "kind.changed", kind.code, kind.version, **detail)


def _in_the_way(campaign: CampaignSeen | None, was: KindWords, words: KindWords) -> list[Problem]:
    """What is recorded or asked for forbids some changes."""
    found = []
    fixed = shape_problem(was, words)
    if fixed and queries.is_recorded(was.code):
        found.append(fixed)
    dropped = [word for word in was.exists if word not in words.exists]
    met = [word for word in dropped if word in queries.conditions_met(was.code)] if dropped else []
    if met:
        names = ", ".join(label(word) for word in met)
        found.append(
            Problem(
                "met",
                "Đang có công trình ở tình trạng này nên không bỏ được: %(names)s.",
                "exists",
                (("names", names),),
            )
        )
    if was.in_use and not words.in_use and campaign is not None:
        standard = queries.asked_for(campaign, was.code)
        if standard is not None:
            found.append(
                Problem(
                    "asked_for",
                    "“%(standard)s” đang cần loại này; hãy sửa tiêu chuẩn trước.",
                    "in_use",
                    (("standard", standard),),
                )
            )
    return found


def _columns(words: KindWords) -> dict[str, Any]:
    values = asdict(words)
    for name in ("code", "family", "exists", "works"):
        del values[name]
    return values


def _write_conditions(words: KindWords) -> None:
    db.session.execute(delete(KindCondition).where(KindCondition.kind_code == words.code))
    db.session.add_all(
        KindCondition(kind_code=words.code, condition=word, works=word in words.works, position=place)
        for place, word in enumerate(Condition)
        if word in words.exists
    )
    db.session.flush()


def _facts_move() -> None:
    """Kinds are the same in every campaign, so every ward of every campaign moves."""
    for campaign_id in db.session.scalars(select(Campaign.id).order_by(Campaign.id)).all():
        facts_moved(campaign_id, *directory.all_wards(db.session(), campaign_id))


def _plain(value: object) -> object:
    return [str(word) for word in value] if isinstance(value, tuple) else value


def _kept(actor: Actor, entry: Entry, act: str, code: str, version: int, **detail: Any) -> Done:
    db.session.flush()
    receipts.keep(entry, actor.person_id, act, code, version)
    trail.record(act, "kind", code, detail=detail)
    return Done(code, version)
