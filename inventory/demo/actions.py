"""Builds the demo campaign with the actions that people use; only areas and the campaign are written here."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from inventory.campaigns import CampaignSeen, current
from inventory.catalogues.loading import load_kinds, load_slogans, load_standard
from inventory.clock import set_campaign_day
from inventory.database import db
from inventory.demo import accounts, ground, living, past
from inventory.demo.campaign import PINNED, STANDARD_FROM
from inventory.demo.world import SEED
from inventory.demo_steps import STEPS
from inventory.tables.campaign import Campaign


@dataclass(frozen=True)
class Built:
    """What was made, for the command to tell."""

    places: int
    visits: int
    installations: int


def is_empty() -> bool:
    """Whether there is no campaign at all yet."""
    return db.session.query(Campaign.id).first() is None


def build() -> Built:
    """Write the whole demo into a service without a campaign."""
    areas = ground.areas()
    campaign_id = ground.campaign(areas)
    load_kinds()
    load_standard(campaign_id, "Tiêu chuẩn dự thảo 2021 (giả định một phần)", STANDARD_FROM)
    load_slogans(campaign_id)
    if STEPS.prices:
        STEPS.prices(campaign_id)
    people = accounts.create(accounts.planned(ground.ward_names(areas)), areas)
    db.session.commit()
    campaign = _campaign(campaign_id)
    places = ground.places(campaign)
    living.neighbourhoods(campaign)
    db.session.commit()
    told = past.record(campaign, people, ground.codes(areas), Random(SEED))  # noqa: S311 -- not a secret
    set_campaign_day(PINNED)
    if STEPS.compute:
        STEPS.compute(campaign)
    db.session.commit()
    return Built(places, told.visits, told.installations)


def _campaign(campaign_id: int) -> CampaignSeen:
    campaign = current(db.session(), campaign_id)
    assert campaign is not None  # noqa: S101 -- it was just written
    return campaign


def usernames(names: Mapping[str, str]) -> tuple[str, ...]:
    """The user names of every demo account."""
    return tuple(account.username for account in accounts.planned(dict(names)))
