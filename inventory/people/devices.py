"""Phones: whether what a phone sends is its person's, and that person's rights without a session.

A phone proves itself by the cookie that it was given while its person was signed in: what a person who
can no longer sign in has left on it can still be handed over, and only kept (docs/sync.md).
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from inventory.access.permissions import Actor
from inventory.access.scope import areas_below
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.identity import is_id
from inventory.people.sessions import token_hash
from inventory.tables.field import FieldDevice
from inventory.tables.person import Person, PersonArea

#: The cookie that a phone is known by; `/field/me` sets it.
COOKIE = "field-device"


class Standing(StrEnum):
    """Whether something may be taken from a phone."""

    SIGNED_IN = "signed_in"  # its person is signed in
    DEPOSIT = "deposit"  # its person can no longer work here; what is on the phone is kept for the office
    SIGN_IN = "sign_in"  # nobody is signed in: its person has to
    OTHER_PERSON = "other_person"  # somebody else is signed in
    CUT_OFF = "cut_off"  # an administrator has cut this phone off


@dataclass(frozen=True)
class Sending:
    """One phone as it speaks: whose work it says it brings, its own id, and its cookie ("" without)."""

    person_id: int
    device_id: str | None = None
    token: str = ""


def device_hash(token: str, person_id: int) -> str:
    """What the table keeps of a phone's token: one phone has one token and a hash for each person."""
    return token_hash(f"{token}:{person_id}")


def standing(session: Session, actor: Actor | None, sending: Sending, may: bool = True) -> Standing:
    """Whether this phone may hand over work of `sending.person_id`; `may` says that `actor` still has
    the right to do such work."""
    phones = _phones(session, sending)
    if any(phone.cut_off_at is not None for phone in phones):
        return Standing.CUT_OFF
    if actor is not None and actor.person_id != sending.person_id:
        return Standing.OTHER_PERSON
    if actor is not None and may:
        return Standing.SIGNED_IN
    proven = bool(sending.token) and any(_is_proven(phone, sending) for phone in phones)
    if actor is not None:
        return Standing.DEPOSIT if proven else Standing.SIGN_IN
    active = session.scalar(select(Person.active).where(Person.id == sending.person_id))
    return Standing.DEPOSIT if proven and active is False else Standing.SIGN_IN


def is_cut_off(session: Session, sending: Sending) -> bool:
    """Whether an administrator has cut this phone off, whatever id it gives itself by now."""
    return any(phone.cut_off_at is not None for phone in _phones(session, sending))


def _phones(session: Session, sending: Sending) -> Sequence[FieldDevice]:
    """The rows of this person on this phone: by its id, and by its cookie. A phone that was cut off is
    still the same one under another id, and without its cookie."""
    named: list[ColumnElement[bool]] = []
    if sending.device_id is not None and is_id(sending.device_id):
        named.append(FieldDevice.id == sending.device_id)
    if sending.token:
        named.append(FieldDevice.token_hash == device_hash(sending.token, sending.person_id))
    if not named:
        return ()
    return session.scalars(
        select(FieldDevice).where(FieldDevice.person_id == sending.person_id, or_(*named))
    ).all()


def _is_proven(phone: FieldDevice, sending: Sending) -> bool:
    """Whether the cookie is that of the very phone that speaks."""
    if sending.device_id not in (None, phone.id):
        return False
    return hmac.compare_digest(phone.token_hash, device_hash(sending.token, sending.person_id))


def actor_of(
    session: Session, person_id: int, campaign: CampaignSeen | None, session_id: int = 0
) -> Actor | None:
    """A person with the rights of this moment, without a session; None when there is no such person.

    Whether they may still sign in is another question: ask `is_active`.
    """
    person = session.get(Person, person_id)
    if person is None:
        return None
    granted = frozenset(session.scalars(select(PersonArea.area_id).where(PersonArea.person_id == person_id)))
    day = campaign.tree_date if campaign else now().date()
    return Actor(
        person_id=person.id,
        username=person.username,
        name=person.name,
        role=person.role,
        session_id=session_id,
        granted=granted,
        areas=areas_below(session, granted, day),
        tree_date=day,
        language=person.language,
    )


def is_active(session: Session, person_id: int) -> bool:
    """Whether the person may sign in."""
    return bool(session.scalar(select(Person.active).where(Person.id == person_id)))
