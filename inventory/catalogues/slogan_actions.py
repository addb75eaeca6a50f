"""Writes of slogans: a new text, a new edition of one, its withdrawal. No text is ever edited."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.catalogues.slogan_rules import SloganWords, Withdrawal, slogan_problems, withdrawal_problems
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.tables.slogan import Slogan

_NUMBER = refuse(
    "taken", "Số này đã có trong danh mục; muốn sửa câu đó thì ban hành lần mới của nó.", "number"
)
_LATER = refuse("later_edition", "Câu này đã có lần ban hành sau; hãy mở lần mới nhất.")
_GONE = refuse("withdrawn", "Câu này đã được thu hồi. Muốn dùng lại thì ban hành lần mới.")


def add(actor: Actor, campaign: CampaignSeen, words: SloganWords, entry: Entry) -> Outcome:
    """Add a text under a number of its own."""
    try:
        return _add(actor, campaign, words, entry)
    except IntegrityError:
        return _NUMBER  # somebody took the number at the same moment


@database.action
def _add(actor: Actor, campaign: CampaignSeen, words: SloganWords, entry: Entry) -> Outcome:
    if _editions(campaign, words.number):
        return _NUMBER
    problems = slogan_problems(words, _in_force(campaign), campaign.election_day)
    if problems:
        return Refused(problems)
    return _kept(actor, entry, "slogan.added", _insert(campaign, words, 1))


def renew(
    actor: Actor,
    campaign: CampaignSeen,
    slogan_id: int,
    words: SloganWords,
    withdrawal: Withdrawal | None,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """A new edition under the same number; the edition before it is withdrawn, unless it was."""
    try:
        return _renew(actor, campaign, slogan_id, words, withdrawal, base_version, entry)
    except IntegrityError:
        return _LATER


@database.action
def _renew(
    actor: Actor,
    campaign: CampaignSeen,
    slogan_id: int,
    words: SloganWords,
    withdrawal: Withdrawal | None,
    base_version: int,
    entry: Entry,
) -> Outcome:
    old = _held(campaign, slogan_id)
    if old.version != base_version:
        return Stale(old.version)
    if max(_editions(campaign, old.number)) != old.edition:
        return _LATER
    problems = list(slogan_problems(words, _in_force(campaign), campaign.election_day))
    if old.withdrawn_on is None:
        if withdrawal is None:
            return Stale(old.version)
        problems += withdrawal_problems(withdrawal, old.issued_on, campaign.today)
    if problems:
        return Refused(tuple(problems))
    if old.withdrawn_on is None and withdrawal is not None:
        _withdraw(old, withdrawal)
    return _kept(actor, entry, "slogan.renewed", _insert(campaign, words, old.edition + 1), before=old.id)


@database.action
def withdraw(
    actor: Actor,
    campaign: CampaignSeen,
    slogan_id: int,
    withdrawal: Withdrawal,
    base_version: int,
    entry: Entry,
) -> Outcome:
    """Withdraw a text; there is no way back but a new edition."""
    slogan = _held(campaign, slogan_id)
    if slogan.version != base_version:
        theirs = (("withdrawn_on", slogan.withdrawn_on, withdrawal.day),)
        reasons = (("withdrawn_reason", slogan.withdrawn_reason, withdrawal.reason),)
        return Stale(slogan.version, tuple(one for one in (*theirs, *reasons) if one[1] != one[2]))
    if slogan.withdrawn_on is not None:
        return _GONE
    problems = withdrawal_problems(withdrawal, slogan.issued_on, campaign.today)
    if problems:
        return Refused(problems)
    _withdraw(slogan, withdrawal)
    return _kept(actor, entry, "slogan.withdrawn", slogan, reason=withdrawal.reason)


def _held(campaign: CampaignSeen, slogan_id: int) -> Slogan:
    slogan = db.session.scalars(
        select(Slogan)
        .where(Slogan.id == slogan_id, Slogan.campaign_id == campaign.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if slogan is None:
        raise Unseen("slogan", slogan_id)
    return slogan


def _editions(campaign: CampaignSeen, number: int) -> list[int]:
    query = select(Slogan.edition).where(Slogan.campaign_id == campaign.id, Slogan.number == number)
    return list(db.session.scalars(query))


def _in_force(campaign: CampaignSeen) -> frozenset[str]:
    query = select(Slogan.text).where(Slogan.campaign_id == campaign.id, Slogan.withdrawn_on.is_(None))
    return frozenset(db.session.scalars(query))


def _insert(campaign: CampaignSeen, words: SloganWords, edition: int) -> Slogan:
    slogan = Slogan(
        campaign_id=campaign.id,
        number=words.number,
        edition=edition,
        text=words.text,
        source=words.source,
        issued_on=words.issued_on,
    )
    db.session.add(slogan)
    db.session.flush()
    return slogan


def _withdraw(slogan: Slogan, withdrawal: Withdrawal) -> None:
    slogan.withdrawn_on, slogan.withdrawn_reason = withdrawal.day, withdrawal.reason
    slogan.version += 1


def _kept(actor: Actor, entry: Entry, act: str, slogan: Slogan, **detail: Any) -> Done:
    db.session.flush()
    receipts.keep(entry, actor.person_id, act, slogan.id, slogan.version)
    more = {"number": slogan.number, "edition": slogan.edition, **detail}
    trail.record(act, "slogan", slogan.id, detail=more)
    return Done(str(slogan.id), slogan.version)
