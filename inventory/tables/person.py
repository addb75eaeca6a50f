"""People, the areas they are granted, their sessions, sign-in attempts and reset slips."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from inventory.columns import Serial, words
from inventory.database import Base
from inventory.vocabulary import Role


class Person(Base):
    """Somebody who can sign in. People are never deleted, only disabled: the trail names them."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(words(Role))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(5), default="vi")
    created_at: Mapped[datetime]
    password_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class PersonArea(Base):
    """A grant: the person sees this area and everything below it. Granted by an admin, never inferred."""

    __tablename__ = "person_area"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), primary_key=True)


class SessionRow(Base):
    """One signed-in browser; the cookie holds a 256-bit token, the row its hash."""

    __tablename__ = "session_row"
    __table_args__ = (Index(None, "person_id"),)

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str] = mapped_column(String(32), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")


class SignInAttempt(Base):
    """A failed sign-in, counted per user and address; known devices are let through."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index(None, "username", "at"), Index(None, "address", "at"))

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    username: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class KnownDevice(Base):
    """A browser that has signed in as this person before; its cookie is not slowed by others' guesses."""

    __tablename__ = "known_device"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]


class ResetSlip(Base):
    """A one-time slip an admin hands over, to choose a new password; only its hash is kept."""

    __tablename__ = "reset_slip"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
