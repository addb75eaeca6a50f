"""Writes of price books: a new version, what a draft holds, and its day of coming into force."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from inventory import database, receipts, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import now
from inventory.database import db
from inventory.errors import Unseen
from inventory.outcomes import Done, Outcome, Refused, Stale, refuse
from inventory.receipts import Entry
from inventory.snapshot import read_kinds
from maps.prices.queries import COLUMNS, words_of
from maps.prices.rules import BookWords, RowWords, force_problem, row_problems
from maps.tables.prices import PriceBook, PriceRow

_FIXED = refuse("in_force", "Bản đơn giá này đã có ngày áp dụng nên không sửa được; hãy lập phiên bản mới.")
_DRAFT = refuse("draft_exists", "Đang có một bản nháp; hãy sửa bản đó hoặc đưa vào áp dụng trước.")


def new_version(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    """A draft that begins as a copy of the newest version; one draft at a time."""
    try:
        return _new_version(actor, campaign, entry)
    except IntegrityError:
        return _DRAFT  # somebody pressed at the same moment and took the number


@database.action
def _new_version(actor: Actor, campaign: CampaignSeen, entry: Entry) -> Outcome:
    last = db.session.scalars(
        select(PriceBook).where(PriceBook.campaign_id == campaign.id).order_by(PriceBook.number.desc())
    ).first()
    if last is not None and last.in_force_from is None:
        return _DRAFT
    draft = PriceBook(
        campaign_id=campaign.id,
        number=last.number + 1 if last else 1,
        name=last.name if last else "Đơn giá",
        source=last.source if last else "",
        price_date=last.price_date if last else campaign.today,
        in_force_from=None,
        note=last.note if last else "",
        created_at=now(),
        created_by=actor.person_id,
    )
    if last is not None:
        draft.vat_percent, draft.vat_included = last.vat_percent, last.vat_included
        draft.contingency_percent, draft.takedown_percent = last.contingency_percent, last.takedown_percent
    db.session.add(draft)
    db.session.flush()
    rows = db.session.scalars(select(PriceRow).where(PriceRow.book_id == last.id)).all() if last else []
    _add_rows(draft.id, map(words_of, rows))
    return _kept(actor, entry, "prices.copied", draft, rows=len(rows), of=last.number if last else None)


@database.action
def save_words(
    actor: Actor, campaign: CampaignSeen, book_id: int, words: BookWords, base_version: int, entry: Entry
) -> Outcome:
    """Change what a draft says of itself; Stale when somebody changed the draft since."""
    book = _held(campaign, book_id)
    if book.in_force_from is not None:
        return _FIXED
    theirs = {name: getattr(book, name) for name in asdict(words)}
    changed = {name: mine for name, mine in asdict(words).items() if theirs[name] != mine}
    if book.version != base_version and changed:
        return Stale(book.version, tuple((name, theirs[name], mine) for name, mine in changed.items()))
    for name, mine in changed.items():
        setattr(book, name, mine)
    book.version += 1
    return _kept(actor, entry, "prices.changed", book, **{name: str(mine) for name, mine in changed.items()})


@database.action
def add_row(actor: Actor, campaign: CampaignSeen, book_id: int, words: RowWords, entry: Entry) -> Outcome:
    """A price for a kind and an action that the draft has none for."""
    book = _held(campaign, book_id)
    if book.in_force_from is not None:
        return _FIXED
    problems = row_problems(words, _kind_codes())
    if problems:
        return Refused(problems)
    here = (PriceRow.book_id == book.id, PriceRow.kind_code == words.kind, PriceRow.action == words.action)
    if db.session.scalar(select(func.count()).select_from(PriceRow).where(*here)):
        return refuse("twice", "Loại này đã có đơn giá cho việc này; hãy sửa dòng đó.", "kind")
    book.version += 1
    _add_rows(book.id, [words], book.version)
    return _kept(actor, entry, "prices.row_added", book, **_told(words))


@database.action
def save_row(
    actor: Actor, campaign: CampaignSeen, row_id: int, words: RowWords, base_version: int, entry: Entry
) -> Outcome:
    """Change a row of a draft; its kind and action stay. Stale when somebody changed the row since."""
    book, row = _held_row(campaign, row_id)
    if book.in_force_from is not None:
        return _FIXED
    theirs = words_of(row)
    words = replace(words, kind=theirs.kind, action=theirs.action)
    problems = row_problems(words, _kind_codes())
    if problems:
        return Refused(problems)
    before, after = asdict(theirs), asdict(words)
    changed = {name: mine for name, mine in after.items() if before[name] != mine}
    if row.version != base_version and changed:
        return Stale(row.version, tuple((name, before[name], mine) for name, mine in changed.items()))
    for name in COLUMNS:
        setattr(row, name, after[name])
    book.version += 1
    row.version = book.version
    return _kept(actor, entry, "prices.row_changed", book, was=theirs.unit_price, **_told(words))


@database.action
def remove_row(actor: Actor, campaign: CampaignSeen, row_id: int, base_version: int, entry: Entry) -> Outcome:
    """Take a row out of a draft: the kind is then listed as without a price."""
    book, row = _held_row(campaign, row_id)
    if book.in_force_from is not None:
        return _FIXED
    if row.version != base_version:
        return Stale(row.version)
    told = _told(words_of(row))
    db.session.delete(row)
    book.version += 1
    return _kept(actor, entry, "prices.row_removed", book, **told)


@database.action
def put_in_force(
    actor: Actor, campaign: CampaignSeen, book_id: int, day: date, base_version: int, entry: Entry
) -> Outcome:
    """Give a draft its day; from then on it never changes. Stale when it is not what was looked at."""
    book = _held(campaign, book_id)
    if book.in_force_from is not None:
        return _FIXED
    if book.version != base_version:
        return Stale(book.version)
    rows = db.session.scalar(select(func.count()).select_from(PriceRow).where(PriceRow.book_id == book.id))
    problem = force_problem(day, campaign.today, campaign.election_day, rows or 0, bool(book.source))
    if problem:
        return Refused((problem,))
    book.in_force_from = day
    book.version += 1
    return _kept(actor, entry, "prices.in_force", book, day=day.isoformat(), rows=rows)


def load_book(
    campaign_id: int, rows: Iterable[RowWords], words: BookWords, in_force_from: date | None = None
) -> int:
    """Write a whole book in the current transaction, for a new campaign or a demo; answers its id.

    A row that could not be typed on the page raises ValueError.
    """
    last = db.session.scalar(select(func.max(PriceBook.number)).where(PriceBook.campaign_id == campaign_id))
    book = PriceBook(
        campaign_id=campaign_id,
        number=(last or 0) + 1,
        in_force_from=in_force_from,
        created_at=now(),
        created_by=None,
        **asdict(words),
    )
    db.session.add(book)
    db.session.flush()
    known, kept = _kind_codes(), list(rows)
    for row in kept:
        problems = row_problems(row, known)
        if problems:
            raise ValueError(f"{row.kind} {row.action}: {problems[0].code}")
    _add_rows(book.id, kept)
    trail.record("prices.loaded", "price_book", book.id, detail={"number": book.number, "rows": len(kept)})
    return book.id


def _held(campaign: CampaignSeen, book_id: int) -> PriceBook:
    """The book, locked against a second writer until the request ends."""
    book = db.session.scalars(
        select(PriceBook)
        .where(PriceBook.id == book_id, PriceBook.campaign_id == campaign.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if book is None:
        raise Unseen("price_book", book_id)
    return book


def _held_row(campaign: CampaignSeen, row_id: int) -> tuple[PriceBook, PriceRow]:
    book_id = db.session.scalar(select(PriceRow.book_id).where(PriceRow.id == row_id))
    if book_id is None:
        raise Unseen("price_row", row_id)
    book = _held(campaign, book_id)
    row = db.session.get(PriceRow, row_id, populate_existing=True)
    if row is None:
        raise Unseen("price_row", row_id)
    return book, row


def _kind_codes() -> frozenset[str]:
    return frozenset(kind.code for kind in read_kinds(db.session()))


def _add_rows(book_id: int, rows: Iterable[RowWords], version: int = 1) -> None:
    for words in rows:
        values = asdict(words)
        db.session.add(PriceRow(book_id=book_id, kind_code=values.pop("kind"), version=version, **values))
    db.session.flush()


def _told(words: RowWords) -> dict[str, Any]:
    return {"kind": words.kind, "action": words.action.value, "unit_price": words.unit_price}


def _kept(actor: Actor, entry: Entry, act: str, book: PriceBook, **detail: Any) -> Done:
    """What every write leaves: its receipt and a line in the trail."""
    db.session.flush()
    receipts.keep(entry, actor.person_id, act, book.id, book.version)
    trail.record(act, "price_book", book.id, detail={"number": book.number, **detail})
    return Done(str(book.id), book.version)
