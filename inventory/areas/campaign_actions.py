"""Writes about campaigns: an election's dates, its tree, its milestones."""

from datetime import date

from sqlalchemy import select

from inventory import receipts, trail
from inventory.access.permissions import Actor
from inventory.areas import rules
from inventory.areas.rules import CampaignDraft, MilestoneDraft
from inventory.campaigns import facts_moved
from inventory.database import action, db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Problem, Refused, Stale
from inventory.receipts import Entry
from inventory.tables.area import Area
from inventory.tables.campaign import Campaign, Milestone

_FIELDS = (
    "code", "name", "election_day", "decoration_deadline", "tree_date", "root_area_id", "pinned_today",
    "open", "synthetic",
)  # fmt: skip


@action
def create_campaign(actor: Actor | None, draft: CampaignDraft, entry: Entry | None = None) -> Outcome:
    """Add a campaign. Commands pass no actor and no entry."""
    problems = _problems(draft, None)
    if problems:
        return Refused(tuple(problems))
    campaign = Campaign(**{name: getattr(draft, name) for name in _FIELDS})
    db.session.add(campaign)
    db.session.flush()
    if actor and entry:
        receipts.keep(entry, actor.person_id, "campaign.created", campaign.id, 1)
    trail.record("campaign.created", "campaign", campaign.id, draft.root_area_id, {"code": draft.code})
    return Done(str(campaign.id))


@action
def change_campaign(
    actor: Actor, campaign_id: int, draft: CampaignDraft, entry: Entry, base_version: int
) -> Outcome:
    """Change a campaign's words and dates; its runs are then out of date."""
    campaign = _campaign(campaign_id)
    changed = {
        name: (getattr(campaign, name), getattr(draft, name))
        for name in _FIELDS
        if getattr(campaign, name) != getattr(draft, name)
    }
    if campaign.version != base_version:
        return Stale(campaign.version, tuple((name, old, new) for name, (old, new) in changed.items()))
    problems = _problems(draft, campaign_id)
    if problems:
        return Refused(tuple(problems))
    for name in _FIELDS:
        setattr(campaign, name, getattr(draft, name))
    _bump(actor, campaign, "campaign.changed", entry)
    detail = {name: [_plain(old), _plain(new)] for name, (old, new) in changed.items()}
    trail.record("campaign.changed", "campaign", campaign_id, campaign.root_area_id, detail)
    return Done(str(campaign_id), campaign.version)


@action
def set_milestone(
    actor: Actor | None, campaign_id: int, draft: MilestoneDraft, entry: Entry | None = None
) -> Outcome:
    """Add a milestone, or change the one of this code."""
    campaign = _campaign(campaign_id)
    problems = rules.milestone_problems(draft)
    if problems:
        return Refused(tuple(problems))
    row = db.session.get(Milestone, (campaign_id, draft.code))
    if row is None:
        row = Milestone(campaign_id=campaign_id, code=draft.code)
        db.session.add(row)
    row.name_vi, row.name_en = draft.name_vi, draft.name_en
    row.offset_days, row.source = draft.offset_days, draft.source
    _bump(actor, campaign, "milestone.set", entry)
    detail = {"code": draft.code, "offset_days": draft.offset_days}
    trail.record("milestone.set", "campaign", campaign_id, campaign.root_area_id, detail)
    return Done(str(campaign_id), campaign.version)


@action
def remove_milestone(actor: Actor, campaign_id: int, code: str, entry: Entry) -> Outcome:
    """Take a milestone out. Raises Unseen."""
    campaign = _campaign(campaign_id)
    row = db.session.get(Milestone, (campaign_id, code))
    if row is None:
        raise Unseen("milestone", code)
    db.session.delete(row)
    _bump(actor, campaign, "milestone.removed", entry)
    trail.record("milestone.removed", "campaign", campaign_id, campaign.root_area_id, {"code": code})
    return Done(str(campaign_id), campaign.version)


def _campaign(campaign_id: int) -> Campaign:
    campaign = db.session.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None:
        raise Unseen("campaign", campaign_id)
    return campaign


def _bump(actor: Actor | None, campaign: Campaign, act: str, entry: Entry | None) -> None:
    campaign.version += 1
    db.session.flush()
    if actor and entry:
        receipts.keep(entry, actor.person_id, act, campaign.id, campaign.version)
    facts_moved(campaign.id)


def _problems(draft: CampaignDraft, own_id: int | None) -> list[Problem]:
    found = rules.campaign_problems(draft)
    taken = db.session.scalar(select(Campaign.id).where(Campaign.code == draft.code))
    if taken is not None and taken != own_id:
        found.append(Problem("taken", "Mã này đã có cuộc bầu cử khác dùng.", "code"))
    root = db.session.get(Area, draft.root_area_id)
    if root is None:
        found.append(Problem("root", "Hãy chọn địa bàn của cuộc bầu cử.", "root_area_id"))
    elif not (
        root.valid_from <= draft.tree_date and (root.valid_to is None or draft.tree_date < root.valid_to)
    ):
        found.append(Problem("tree", "Địa bàn này không có hiệu lực vào ngày đọc cây địa bàn.", "tree_date"))
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
