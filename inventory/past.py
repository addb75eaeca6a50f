"""The past: the facts as they stood at the end of a day, computed from the events.

States and the office's decisions come from `installation_event`, answers from visits that were
finished by then, the standard is the one in force on that day. Places, voters, kinds, wards and
neighbourhoods have no history and are told as they are now; so are the counters of the facts.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from inventory.clock import campaign_now, end_of
from inventory.facts import Facts, InstallationFact
from inventory.snapshot import REPORTED, answers, frame, state_fact
from inventory.tables.installation import InstallationEvent
from inventory.vocabulary import ReviewState

#: What each act makes of the review in its campaign; an act that is not here leaves it as it is.
_REVIEWS = {
    "recorded": ReviewState.SUBMITTED,
    "amended": ReviewState.SUBMITTED,
    "moved": ReviewState.SUBMITTED,
    "reverted": ReviewState.SUBMITTED,
    "submitted": ReviewState.SUBMITTED,
    "verified": ReviewState.VERIFIED,
    "returned": ReviewState.RETURNED,
}


def read_facts_on(session: Session, campaign_id: int, day: date) -> Facts:
    """The facts at the end of a day of Viet Nam. Raises Unseen where no standard was in force then.

    `read_at` is the day's last moment, or the present while the day lasts. One pass over the events.
    """
    end = end_of(day)
    facts = frame(session, campaign_id, day, min(campaign_now(), end - timedelta(microseconds=1)))
    areas = frozenset(area.id for area in facts.areas)
    rows = session.execute(_states(campaign_id, end))
    return replace(
        facts,
        installations=tuple(_fact(row) for row in rows if row.state["area_id"] in areas),
        answers=answers(session, campaign_id, end),
    )


def _states(campaign_id: int, end: datetime) -> Select[Any]:
    """Of each installation in the campaign: its last state, the last act on its review, the last
    verified state where that is not the last one too."""
    event = InstallationEvent
    ours = event.campaign_id == campaign_id
    of_review = case((and_(ours, event.act.in_(_REVIEWS)), event.number))
    last = (
        select(
            event.installation_id.label("id"),
            func.max(event.number).label("last"),
            func.max(of_review).label("reviewed"),
            func.max(case((and_(ours, event.act == "verified"), event.number))).label("verified"),
        )
        .where(event.at < end)
        .group_by(event.installation_id)
        .having(func.max(of_review).is_not(None))
        .subquery()
    )
    state, review, verified = aliased(event), aliased(event), aliased(event)
    earlier = and_(
        verified.installation_id == last.c.id,
        verified.number == last.c.verified,
        last.c.verified < last.c.last,
    )
    return (
        select(
            last.c.id,
            state.state,
            review.act,
            (last.c.verified == last.c.last).label("as_verified"),
            verified.state.label("verified_state"),
        )
        .join(state, and_(state.installation_id == last.c.id, state.number == last.c.last))
        .join(review, and_(review.installation_id == last.c.id, review.number == last.c.reviewed))
        .outerjoin(verified, earlier)
        .order_by(last.c.id)
    )


def _fact(row: Row[Any]) -> InstallationFact:
    review = _REVIEWS[row.act]
    state = state_fact(row.state)
    verified = state if row.as_verified else None
    if row.verified_state is not None:
        verified = state_fact(row.verified_state)
    return InstallationFact(
        row.id,
        state if review in REPORTED else None,
        # What was returned is in neither figure, whatever was verified before (design §6).
        verified if review is not ReviewState.RETURNED else None,
    )
