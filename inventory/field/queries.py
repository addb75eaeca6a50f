"""What a phone may know of its person's wards: how much there is, the things, and what came of entries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from inventory.access import scope
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.directory import restricted_venue
from inventory.field.rules import MOST_LINES, Cursor
from inventory.identity import is_id
from inventory.installations.record import FIELDS, plain
from inventory.restricted import may_know_position
from inventory.tables.area import Area
from inventory.tables.field import FieldEntry
from inventory.tables.installation import Installation, Photo, Review
from inventory.tables.place import Place, Venue
from inventory.tables.trail import TrailLine
from inventory.vocabulary import WARD_KINDS, ReviewState, VenueKind

MINE_DAYS = 14
MOST_MINE = 1000
_NO_HASH = "0" * 16
#: What would tell where a thing is.
_POSITION = ("lat", "lon", "accuracy_m", "position_source", "position_age_s")


@dataclass(frozen=True)
class WardSize:
    """A ward that a person sees, and how many places and things it has."""

    id: int
    name: str
    kind: str
    features: int


@dataclass(frozen=True)
class Moved:
    """What happened in a ward since a cursor: ids of things; None when everything has to be told."""

    cursor: Cursor
    things: frozenset[str] | None


def wards(
    session: Session, actor: Actor, campaign: CampaignSeen, only: int | None = None
) -> tuple[WardSize, ...]:
    """The wards of the campaign that the actor sees (or one of them), with their sizes, by id."""
    tree = scope.below(frozenset({campaign.root_area_id}), campaign.tree_date)
    here = (Place.area_id == Area.id) & (Place.campaign_id == campaign.id)
    places = select(func.count()).select_from(Place).where(here).scalar_subquery()
    thing = Installation
    things = select(func.count()).select_from(thing).where(thing.area_id == Area.id).scalar_subquery()
    rows = session.execute(
        select(Area.id, Area.name, Area.kind, places + things)
        .where(
            Area.id.in_(tree),
            Area.kind.in_(sorted(WARD_KINDS)),
            scope.where(actor, Area.id),
            Area.id == only if only is not None else true(),
        )
        .order_by(Area.id)
    )
    return tuple(WardSize(number, name, kind.value, count) for number, name, kind, count in rows)


def outline(session: Session, area_id: int) -> dict[str, Any] | None:
    """The ward's line as GeoJSON, where it is known."""
    found: dict[str, Any] | None = session.scalar(select(Area.boundary).where(Area.id == area_id))
    return found


def places(
    session: Session, actor: Actor, campaign: CampaignSeen, area_id: int
) -> list[tuple[Place, Venue, bool]]:
    """The ward's places by number, each with its venue and whether its position is hidden."""
    rows = session.execute(
        select(Place, Venue, restricted_venue(campaign.id))
        .join(Venue, Venue.id == Place.venue_id)
        .where(Place.campaign_id == campaign.id, Place.area_id == area_id, scope.where(actor, Place.area_id))
        .order_by(Place.number, Place.id)
    )
    return [(place, venue, not may_know_position(actor, closed, venue.kind)) for place, venue, closed in rows]


def moved(session: Session, campaign: CampaignSeen, area_id: int, since: Cursor | None) -> Moved:
    """The newest line about the ward's things, and the things that the lines after the cursor speak of.

    Other lines of the ward (a run) tell of the whole campaign: not even their hash goes to a phone.
    """
    line = TrailLine
    last = session.execute(
        select(line.number, line.hash)
        .where(line.area_id == area_id, line.subject.in_(("installation", "photo")))
        .order_by(line.number.desc())
        .limit(1)
    ).first()
    newest = Cursor(campaign.id, last.number, last.hash[:16]) if last else Cursor(campaign.id, 0, _NO_HASH)
    if since is None or since.campaign != campaign.id or not _is_ours(session, area_id, since):
        return Moved(newest, None)
    rows = session.execute(
        select(line.subject, line.subject_id)
        .where(line.area_id == area_id, line.number > since.number)
        .order_by(line.number)
        .limit(MOST_LINES + 1)
    ).all()
    if len(rows) > MOST_LINES:
        return Moved(newest, None)
    told = {row.subject_id for row in rows if row.subject == "installation"}
    photos = {row.subject_id for row in rows if row.subject == "photo" and is_id(row.subject_id)}
    if photos:
        told |= set(session.scalars(select(Photo.installation_id).where(Photo.id.in_(photos))))
    return Moved(newest, frozenset(told))


def _is_ours(session: Session, area_id: int, since: Cursor) -> bool:
    """Whether the cursor's line is still there as it was; a restored database may have another."""
    if since.number == 0:
        return since.hash == _NO_HASH
    line = TrailLine
    found = session.scalar(select(line.hash).where(line.number == since.number, line.area_id == area_id))
    return found is not None and found[:16] == since.hash


def things(
    session: Session, actor: Actor, campaign: CampaignSeen, area_id: int, only: frozenset[str] | None
) -> list[dict[str, Any]]:
    """The ward's things (or some of them) as a phone keeps them, by id: the record's fields and the rest.

    `review` is null before this campaign saw the thing; `photos` are this campaign's, the newest first.
    """
    row = Installation
    some: ColumnElement[bool] = row.id.in_(only) if only is not None else true()
    of_review = (
        *(Review.state, Review.reason_code, Review.reason_field, Review.reason_text),
        *(Review.submitted_by, Review.decided_at, Review.verified_version),
    )
    closed = restricted_venue(campaign.id)
    found = session.execute(
        select(
            *(row.id, row.version, row.updated_at, row.synthetic, Venue.kind, closed),
            *(getattr(row, name) for name in FIELDS),
            *of_review,
        )
        .outerjoin(Venue, Venue.id == row.venue_id)
        .outerjoin(Review, and_(Review.installation_id == row.id, Review.campaign_id == campaign.id))
        .where(row.area_id == area_id, scope.where(actor, row.area_id), some)
        .order_by(row.id)
    ).all()
    pictures = _photos(session, campaign, area_id, some)
    return [_thing(actor, columns, pictures[columns[0]]) for columns in found]


def _thing(actor: Actor, columns: Any, photos: list[dict[str, str]]) -> dict[str, Any]:
    number, version, updated_at, synthetic, venue_kind, closed, *rest = columns
    values = {name: plain(value) for name, value in zip(FIELDS, rest[: len(FIELDS)], strict=True)}
    hidden = not may_know_position(actor, bool(closed), venue_kind or VenueKind.OTHER)
    if hidden:
        values.update(dict.fromkeys(_POSITION))
    return {
        "id": number,
        "version": version,
        **values,
        "hidden": hidden,
        "synthetic": synthetic,
        "updated_at": moment(updated_at),
        "review": _review(rest[len(FIELDS) :]),
        "photos": photos,
    }


def _review(columns: Iterable[Any]) -> dict[str, Any] | None:
    state, code, field, text, by, decided_at, verified_version = columns
    if state is None:
        return None
    return {
        "state": state.value,
        "reason_code": code,
        "reason_field": field,
        "reason_text": text,
        "submitted_by": by,
        "decided_at": moment(decided_at),
        "verified_version": verified_version,
    }


def _photos(
    session: Session, campaign: CampaignSeen, area_id: int, some: Any
) -> dict[str, list[dict[str, str]]]:
    rows = session.execute(
        select(Photo.installation_id, Photo.id, Photo.role)
        .join(Installation, Installation.id == Photo.installation_id)
        .where(
            Installation.area_id == area_id,
            some,
            Photo.campaign_id == campaign.id,
            Photo.withdrawn_at.is_(None),
        )
        .order_by(Photo.received_at.desc(), Photo.id.desc())
    )
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for thing, photo, role in rows:
        found[thing].append({"id": photo, "role": role})
    return found


def mine(
    session: Session, actor: Actor, campaign: CampaignSeen, area_id: int, today: datetime
) -> list[dict[str, Any]]:
    """What came of this person's entries in the ward of the last 14 days, the newest first."""
    entry, since = FieldEntry, today - timedelta(days=MINE_DAYS)
    rows = session.execute(
        select(entry, Review.state, Review.verified_version)
        .outerjoin(Review, and_(Review.installation_id == entry.about, Review.campaign_id == campaign.id))
        .where(
            entry.person_id == actor.person_id,
            entry.campaign_id == campaign.id,
            entry.area_id == area_id,
            entry.received_at >= since,
        )
        .order_by(entry.id.desc())
        .limit(MOST_MINE)
    )
    return [_mine(one, state, version) for one, state, version in rows]


def _mine(entry: FieldEntry, review: ReviewState | None, verified: int | None) -> dict[str, Any]:
    return {
        "id": entry.id,
        "act": entry.act.value,
        "state": _state(entry, review, verified),
        "outcome": entry.outcome.value,
        "code": entry.code,
        "subject": entry.subject_id,
        "version": entry.version,
        "settled_how": entry.settled_how,
        "reason": _reason(entry),
        "received_at": moment(entry.received_at),
    }


def _reason(entry: FieldEntry) -> str:
    """What who decided wrote about it, for its person to read."""
    settled = (entry.detail or {}).get("settled")
    found = settled.get("reason") if isinstance(settled, dict) else ""
    return found if isinstance(found, str) else ""


def _state(entry: FieldEntry, review: ReviewState | None, verified: int | None) -> str:
    """In one word: a case that is "open" or "settled"; else "verified", "returned", or the outcome."""
    if entry.case_state is not None:
        return entry.case_state.value
    if verified is not None and entry.version and verified >= entry.version:
        return ReviewState.VERIFIED.value
    return ReviewState.RETURNED.value if review is ReviewState.RETURNED else entry.outcome.value


def moment(value: datetime | None) -> str | None:
    """A moment as phones read it."""
    return value.isoformat(timespec="milliseconds") if value else None
