"""The trail (claim 56): append-only, every tampering found, read by the auditor alone, safe as a file."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from inventory import trail
from inventory.clock import HA_NOI
from inventory.database import db
from inventory.history import rules
from inventory.tables.trail import TrailLine
from inventory.trail import Break
from tests.city import City
from tests.conftest import VisitorMaker
from tests.web.query_counting import MOST, counted

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠x", " =1+1", "|calc",
    "%0A=1",
    '=HYPERLINK("http://evil.example")', "\u00a0=1",
)  # fmt: skip


def _write(app: Flask, lines: int) -> tuple[int, str]:
    with app.app_context():
        for number in range(lines):
            trail.record("tried", "test", number, detail={"word": f"câu {number}"})
        db.session.commit()
        return trail.head(db.session())


def _unguard(session: Session) -> None:
    """What only the owner of the database can do."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("DROP TRIGGER trail_line_fixed ON trail_line"))
        return
    session.execute(text("DROP TRIGGER trail_line_no_update"))
    session.execute(text("DROP TRIGGER trail_line_no_delete"))


def _edit(session: Session) -> None:
    session.execute(update(TrailLine).where(TrailLine.number == 5).values(detail={"word": "khác"}))


def _remove(session: Session) -> None:
    session.execute(delete(TrailLine).where(TrailLine.number == 5))


def _insert(session: Session) -> None:
    for number in range(10, 4, -1):
        session.execute(update(TrailLine).where(TrailLine.number == number).values(number=number + 1))
    row = session.get_one(TrailLine, 4)
    values = {column.name: getattr(row, column.name) for column in TrailLine.__table__.columns}
    forged = TrailLine(**{**values, "number": 5, "subject_id": "forged", "previous_hash": row.hash})
    forged.hash = trail.digest(forged)
    session.add(forged)


def _swap(session: Session) -> None:
    for old, new in ((5, 99), (6, 5), (99, 6)):
        session.execute(update(TrailLine).where(TrailLine.number == old).values(number=new))


def _cut(session: Session) -> None:
    session.execute(delete(TrailLine).where(TrailLine.number > 7))


def _rewrite(session: Session) -> None:
    """The most that the owner can do: change a line and all hashes behind it."""
    _edit(session)
    previous = trail.GENESIS
    session.expire_all()
    for line in session.scalars(select(TrailLine).order_by(TrailLine.number)).all():
        line.previous_hash = previous
        line.hash = previous = trail.digest(line)


@pytest.mark.parametrize(
    ("tamper", "needs_head", "found"),
    [
        (_edit, False, Break(5, "changed")),
        (_remove, False, Break(5, "missing")),
        (_insert, False, Break(6, "changed")),
        (_swap, False, Break(5, "changed")),
        (_cut, True, Break(8, "cut")),
        (_rewrite, True, Break(10, "rewritten")),
    ],
)
def test_every_tampering_is_found(
    app: Flask, city: City, tamper: Callable[[Session], None], needs_head: bool, found: Break
) -> None:
    head = _write(app, 10)
    with app.app_context():
        session = db.session()
        assert trail.verify(session, head) is None
        _unguard(session)
        tamper(session)
        session.commit()
        assert trail.verify(session, head if needs_head else None) == found


@pytest.mark.parametrize("tamper", [_edit, _remove, _cut])
def test_the_table_itself_refuses_changes(app: Flask, city: City, tamper: Callable[[Session], None]) -> None:
    _write(app, 10)
    with app.app_context():
        with pytest.raises(DBAPIError, match="append-only"):
            tamper(db.session())
        db.session.rollback()
        assert trail.verify(db.session()) is None


def test_the_page_says_how_far_the_chain_holds(app: Flask, city: City, visit: VisitorMaker) -> None:
    number, digest = _write(app, 10)
    auditor = visit("auditor")
    auditor.get("/trail?check=1")
    assert f"Chuỗi còn nguyên đến dòng {number}." in auditor.words()
    assert digest in auditor.words()
    for query, words in (
        (f"number={number}&hash={digest}", "Chuỗi còn nguyên"),
        (f"number={number}&hash={'0' * 64}", "bị viết lại"),
        (f"number={number + 5}&hash={digest}", "bị cắt"),
        ("number=&hash=", "Chuỗi còn nguyên"),
        ("number=x&hash=%00", "Số chưa đúng"),
    ):
        auditor.get(f"/trail?check=1&{query}")
        assert words in auditor.words(), query
    with app.app_context():
        _unguard(db.session())
        _edit(db.session())
        db.session.commit()
    auditor.get("/trail?check=1")
    assert "Chuỗi đứt ở dòng 5" in auditor.words()


def test_the_auditor_pages_and_filters_the_whole_trail(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    admin.get("/people/999999", 404)
    admin.get("/places", 403) if "places.index" in app.view_functions else admin.get("/trail", 403)
    _write(app, 60)
    auditor = visit("auditor")
    auditor.get("/trail")
    assert "62 trên 62 dòng" in auditor.words()
    assert "câu 59" in auditor.words()
    assert "câu 9 " not in auditor.words()
    link = next(
        node for node in auditor.page.iter("{http://www.w3.org/1999/xhtml}a") if node.get("rel") == "next"
    )
    auditor.get(link.get("href"))
    assert "Bị từ chối xem" in auditor.words()
    assert "Người admin" in auditor.words()
    today = datetime.now(UTC).astimezone(HA_NOI).date()
    for query, count in (
        ("person=nguoi+admin", 2),
        ("person=nobody", 0),
        ("act=tried", 60),
        ("act=look.refused&subject=person&subject_id=999999", 1),
        (f"day={today.isoformat()}", 62),
        (f"day={today:%d/%m/%Y}", 62),
        ("day=2001-01-01", 0),
        ("day=x", 62),
        ("act=%00&subject=king", 62),
        ("subject_id=%00&before=%00", 62),
        ("before=99999999999999999999999", 62),
    ):
        auditor.get(f"/trail?{query}")
        assert f"{count} trên 62 dòng" in auditor.words(), query


def test_the_trail_asks_few_queries(app: Flask, city: City, visit: VisitorMaker) -> None:
    _write(app, 60)
    auditor = visit("auditor")
    with counted(app) as asked:
        auditor.get("/trail?person=nguoi")
    assert len(asked) <= MOST, asked


@pytest.mark.parametrize("who", ["ward_staff", "ward_lead", "culture_office", "leader", "admin"])
def test_nobody_else_reads_the_trail(app: Flask, city: City, visit: VisitorMaker, who: str) -> None:
    visitor = visit(who)
    visitor.get("/trail", 403)
    visitor.get("/trail.csv", 403)


def test_the_file_is_safe_and_is_itself_a_line(app: Flask, city: City, visit: VisitorMaker) -> None:
    with app.app_context():
        for word in HOSTILE:
            trail.record("tried", "test", word, detail={word: word})
        db.session.commit()
    response = visit("auditor").get("/trail.csv?act=tried")
    content = response.get_data()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(rows) == len(HOSTILE) + 1
    for row in rows:
        assert not [cell for cell in row[1:] if cell.lstrip(" \u00a0")[:1] in set("=+-@\t\r\n|%＝＋－＠")]
    with app.app_context():
        last = db.session.scalars(select(TrailLine).order_by(TrailLine.number.desc()).limit(1)).one()
        assert (last.act, last.detail) == ("trail.exported", {"lines": len(HOSTILE), "act": "tried"})
        assert last.person_id == city.people["auditor"]
        assert trail.verify(db.session()) is None


def test_user_text_in_details_stays_text(app: Flask, city: City, visit: VisitorMaker) -> None:
    with app.app_context():
        trail.record("tried", "test", "x", detail={"note": "<script>alert(1)</script>{{7*7}}"})
        db.session.commit()
    page = visit("auditor").get("/trail").get_data(as_text=True)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_write_that_fails_leaves_no_line(app: Flask, city: City) -> None:
    with app.app_context():
        trail.record("tried", "test", 1)
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(TrailLine)) == 0


@given(st.dates(date(1946, 1, 1), date(2090, 1, 1)))
def test_a_day_is_vietnams(day: date) -> None:
    begin, end = rules.bounds(day)
    assert (end - begin).total_seconds() == 24 * 3600
    assert begin.astimezone(HA_NOI).date() == day


_words: Any = st.dictionaries(
    st.text(max_size=5), st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5)
)


@given(_words)
def test_any_detail_is_one_line_of_text(detail: dict[str, Any]) -> None:
    assert isinstance(rules.detail_text(json.loads(json.dumps(detail))), str)


@pytest.mark.parametrize(
    "path", ["/campaigns/1/milestones/a%00b/remove", "/campaigns/1/milestones/%ED%A0%80/remove"]
)
def test_odd_bytes_in_an_address_can_be_written_down(
    app: Flask, city: City, visit: VisitorMaker, path: str
) -> None:
    visitor = visit("ward_staff")
    visitor.post(path, status=403)
    visit("admin").post(path, {"entry_id": "0190f0f0-0000-7000-8000-000000000001"}, 404)
    with app.app_context():
        assert trail.verify(db.session()) is None
