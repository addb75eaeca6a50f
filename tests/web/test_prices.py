"""Price books: versions, one draft that is edited, none in force that is, đồng as offices write them."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from inventory.campaigns import CampaignSeen
from inventory.database import db
from inventory.identity import new_id
from inventory.outcomes import Done, Refused
from inventory.receipts import entry_of
from inventory.tables.trail import TrailLine
from inventory.vocabulary import LineAction
from maps.investment import books
from maps.prices import actions, demo
from maps.prices.rules import BookWords, RowWords, dong, force_problem, row_problems, whole_percent
from maps.tables.prices import PriceBook, PriceRow
from tests.city import TODAY, City
from tests.client import Visitor
from tests.web.furnished import acting

Visit = Callable[[str | None], Visitor]


def drafted(office: Visitor) -> str:
    """Press "Phiên bản mới"; the draft's address."""
    office.get("/prices")
    return office.post("/prices", office.fields("/prices")).headers["Location"]


def row_address(app: Flask, draft: str, kind: str) -> str:
    with app.app_context():
        book = int(draft.rsplit("/", 1)[1])
        number = db.session.scalar(
            select(PriceRow.id).where(PriceRow.book_id == book, PriceRow.kind_code == kind)
        )
    return f"{draft}/rows/{number}"


def price(app: Flask, address: str) -> int | None:
    with app.app_context():
        return db.session.scalar(
            select(PriceRow.unit_price).where(PriceRow.id == int(address.rsplit("/", 1)[1]))
        )


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("350.000", 350_000),
        ("350000", 350_000),
        ("350.000 đ", 350_000),
        ("350.000\u00a0đ", 350_000),
        ("1.234.567 đồng", 1_234_567),
        ("23400000 VND", 23_400_000),
        ("70.000₫", 70_000),
        ("0", 0),
        ("350,000", None),
        ("350.00", None),
        ("3.5000", None),
        ("1.000,5", None),
        ("-5", None),
        ("", None),
        ("350 nghìn", None),
        ("１２３", None),
        ("1e6", None),
        ("9" * 16, None),
        ("đ", None),
        ("1.000.00", None),
    ],
)
def test_dong_is_read_as_offices_write_it(text: str, amount: int | None) -> None:
    assert dong(text) == amount


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("10", 10),
        ("10 %", 10),
        ("0", 0),
        ("100", 100),
        ("101", None),
        ("-1", None),
        ("7,5", None),
        ("", None),
    ],
)
def test_a_percentage_is_whole(text: str, share: int | None) -> None:
    assert whole_percent(text) == share


def test_a_row_is_a_price_for_a_kind_and_an_action() -> None:
    good = RowWords("BANNER_H", LineAction.BUY, 350_000, False, "cái", low=250_000, high=500_000)
    kinds = frozenset({"BANNER_H"})
    assert row_problems(good, kinds) == ()
    for field, value in (
        ("kind", "NOTHING"),
        ("action", LineAction.SURVEY),
        ("unit_price", 0),
        ("unit_price", 10**13),
        ("low", 350_001),
        ("high", 349_999),
    ):
        bad = RowWords(**{**vars(good), field: value})
        assert {problem.field for problem in row_problems(bad, kinds)} >= {field}, field


def test_a_version_begins_today_or_later_and_before_the_election() -> None:
    today, election = date(2021, 4, 19), date(2021, 5, 23)
    assert force_problem(today, today, election, 3, named=True) is None
    assert force_problem(election, today, election, 3, named=True) is None
    for day, rows, named, code in (
        (date(2021, 4, 18), 3, True, "past"),
        (date(2021, 5, 24), 3, True, "late"),
        (today, 0, True, "empty"),
        (today, 3, False, "source"),
    ):
        problem = force_problem(day, today, election, rows, named)
        assert problem is not None
        assert problem.code == code


def test_the_page_shows_the_version_in_force_and_what_has_no_price(visit: Visit) -> None:
    leader = visit("leader")
    leader.get("/prices")
    words = leader.words().replace("\u00a0", " ")
    assert "đang áp dụng" in words
    assert "350.000 đ" in words
    assert "giả định" in words
    assert "số liệu thử" in words
    assert "Xe tuyên truyền: chưa có đơn giá" in words
    assert "Phiên bản mới" not in words


def test_a_new_version_is_a_copy_and_there_is_one_draft(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    office.get("/prices")
    form = office.fields("/prices")
    first = office.post("/prices", form).headers["Location"]
    assert office.post("/prices", form).headers["Location"] == first, "the same press is the same draft"
    office.get(first)
    assert "bản nháp" in office.words()
    assert "Sửa Cờ Tổ quốc, Mua mới" in office.words()
    with app.app_context():
        assert db.session.query(PriceBook).count() == 2
        assert db.session.query(PriceRow).filter_by(book_id=int(first.rsplit("/", 1)[1])).count() == 6
    office.post("/prices", {"entry_id": new_id()})
    office.get("/prices")
    assert "Đang có một bản nháp" in office.words()
    with app.app_context():
        assert db.session.query(PriceBook).count() == 2


def test_a_price_is_edited_in_the_draft_and_the_list_waits_for_its_day(
    app: Flask, city: City, visit: Visit
) -> None:
    office = visit("culture_office")
    draft = drafted(office)
    address = row_address(app, draft, "FLAG_NATIONAL")
    office.get(address)
    form = office.fields(address)
    assert form["unit_price"] == "70.000"
    office.post(address, {**form, "unit_price": "85.500 đ", "guess": "", "source": "Báo giá 12/BG"})
    assert price(app, address) == 85_500
    office.post(address, {**form, "unit_price": "85.500 đ", "guess": "", "source": "Báo giá 12/BG"})
    with app.app_context():
        _actor, campaign = acting(city.people["leader"])
        assert _in_force(campaign, "FLAG_NATIONAL") == 70_000
    office.get(f"{draft}/in-force")
    office.post(f"{draft}/in-force", office.fields(f"{draft}/in-force"))
    with app.app_context():
        _actor, campaign = acting(city.people["leader"])
        assert _in_force(campaign, "FLAG_NATIONAL") == 85_500
        acts = [line.act for line in db.session.scalars(select(TrailLine).order_by(TrailLine.number))]
        assert acts == ["prices.copied", "prices.row_changed", "prices.in_force"]


def _in_force(campaign: CampaignSeen, kind: str) -> int:
    book = books.in_force(campaign)
    assert book is not None
    return next(row.unit_price for row in book.rows if row.kind == kind)


def test_a_version_in_force_never_changes(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    draft = drafted(office)
    address = row_address(app, draft, "BANNER_H")
    pages = (address, f"{draft}/words", f"{draft}/in-force", f"{draft}/rows/new")
    forms = {}
    for page in pages:
        office.get(page)
        forms[page] = office.fields(page)
    office.get(address)
    forms[f"{address}/removal"] = office.fields(f"{address}/removal")
    office.post(f"{draft}/in-force", {**forms[f"{draft}/in-force"], "entry_id": new_id()})
    changed = {"unit_price": "1", "name": "khác", "kind": "SPK_MOBILE", "unit_vi": "xe", "day": "2021-05-01"}
    for page in pages:
        office.post(page, {**forms[page], **{k: v for k, v in changed.items() if k in forms[page]}}, 422)
        assert "không sửa được" in office.words(), page
    office.post(f"{address}/removal", forms[f"{address}/removal"])
    assert price(app, address) == 350_000
    office.get(draft)
    assert "Sửa Cờ Tổ quốc" not in office.words()
    assert office.get(address, 303).headers["Location"] == draft


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"unit_price": "350,000"}, "Viết số tiền nguyên đồng"),
        ({"unit_price": "0"}, "Đơn giá phải lớn hơn 0"),
        ({"unit_price": ""}, "Hãy điền chỗ này."),
        ({"unit_vi": ""}, "Hãy điền chỗ này."),
        ({"low": "400.000"}, "Mức thấp phải không lớn hơn đơn giá."),
        ({"high": "1.000"}, "Mức cao phải không nhỏ hơn đơn giá."),
        ({"source": "x" * 501}, "Chữ dài quá."),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_typed(
    app: Flask, city: City, visit: Visit, typed: dict[str, str], said: str
) -> None:
    office = visit("culture_office")
    address = row_address(app, drafted(office), "BANNER_H")
    office.get(address)
    form = {**office.fields(address), **typed}
    office.post(address, form, 422)
    assert said in office.words()
    for name, value in typed.items():
        assert office.fields(address)[name] == value
    assert price(app, address) == 350_000


def test_two_people_edit_one_price_and_the_second_is_told(app: Flask, city: City, visit: Visit) -> None:
    one, two = visit("culture_office"), visit("culture_office")
    address = row_address(app, drafted(one), "BANNER_H")
    one.get(address)
    two.get(address)
    mine = two.fields(address)
    one.post(address, {**one.fields(address), "unit_price": "360.000"})
    two.post(address, {**mine, "unit_price": "370.000"}, 409)
    assert "của người đó là “360.000”, vừa nhập là “370.000”" in two.words()
    assert price(app, address) == 360_000
    again = two.fields(address)
    assert again["unit_price"] == "370.000"
    two.post(address, again)
    assert price(app, address) == 370_000


def test_percentages_and_source_of_a_draft(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    draft = drafted(office)
    office.get(f"{draft}/words")
    form = office.fields(f"{draft}/words")
    office.post(f"{draft}/words", {**form, "vat_percent": "7,5"}, 422)
    assert "số nguyên từ 0 đến 100" in office.words()
    office.post(f"{draft}/words", {**form, "price_date": "30/02/2021"}, 422)
    form = {**office.fields(f"{draft}/words"), "price_date": "2021-04-10"}
    form |= {"vat_percent": "8 %", "contingency_percent": "0", "vat_included": "y", "note": "a\nb"}
    office.post(f"{draft}/words", form)
    with app.app_context():
        book = db.session.get_one(PriceBook, int(draft.rsplit("/", 1)[1]))
        assert (book.vat_percent, book.contingency_percent, book.takedown_percent) == (8, 0, 10)
        assert book.vat_included
        assert book.price_date == date(2021, 4, 10)


def test_rows_are_added_once_and_removed(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    draft = drafted(office)
    office.get(f"{draft}/rows/new?kind=SPK_MOBILE")
    form = office.fields(f"{draft}/rows/new")
    assert form["kind"] == "SPK_MOBILE"
    assert form["unit_vi"] == "xe"
    office.post(f"{draft}/rows/new", {**form, "unit_price": "1.800.000"})
    office.post(f"{draft}/rows/new", {**form, "unit_price": "1.800.000"})
    office.get(draft)
    assert "Chưa có đơn giá mua mới" not in office.words()
    office.post(f"{draft}/rows/new", {**form, "unit_price": "2", "entry_id": new_id()}, 422)
    assert "Loại này đã có đơn giá cho việc này" in office.words()
    address = row_address(app, draft, "SPK_MOBILE")
    office.get(address)
    office.post(f"{address}/removal", office.fields(f"{address}/removal"))
    assert price(app, address) is None
    office.get(address, 404)


def test_who_may_see_and_set_prices(city: City, visit: Visit) -> None:
    for who, status in (("leader", 200), ("auditor", 200), ("ward_staff", 403), ("admin", 403)):
        visit(who).get("/prices", status)
    leader = visit("leader")
    leader.post("/prices", {"entry_id": new_id()}, 403)
    leader.get(f"/prices/{city.book}/words", 403)
    visit("culture_office").get("/prices/999999", 404)


def test_a_broken_form_is_refused(city: City, visit: Visit) -> None:
    office = visit("culture_office")
    office.post("/prices", {"entry_id": "x"}, 400)
    office.post(f"/prices/{city.book}/in-force", {"entry_id": new_id(), "day": "2021-04-30"}, 400)


def test_the_demo_book_prices_every_kind_and_marks_every_guess(app: Flask, city: City) -> None:
    rows = demo.rows()
    assert {row.kind for row in rows if row.action is LineAction.BUY} >= {
        "BANNER_H",
        "SPK_MOBILE",
        "LED_SCREEN",
    }
    assert all(row.guess or row.source for row in rows)
    assert all(not row_problems(row, frozenset({row.kind})) for row in rows)
    with app.app_context():
        known = set(db.session.scalars(select(PriceRow.kind_code))) | {"SPK_MOBILE"}
        kept = [row for row in rows if row.kind in known]
        words = BookWords("Đơn giá", "thử", date(2021, 3, 1), 10, False, 5, 10)
        actions.load_book(city.campaign, kept, words, in_force_from=TODAY)
        db.session.commit()
        _actor, campaign = acting(city.people["leader"])
        book = books.in_force(campaign)
        assert book is not None
        assert (book.number, len(book.rows)) == (2, len(kept))
        with pytest.raises(ValueError, match="kind"):
            actions.load_book(city.campaign, [RowWords("NONE", LineAction.BUY, 1, False, "cái")], words)


def test_an_action_says_what_happened(app: Flask, city: City) -> None:
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        made = actions.new_version(actor, campaign, entry_of(new_id(), {}))
        assert isinstance(made, Done)
        again = actions.new_version(actor, campaign, entry_of(new_id(), {}))
        assert isinstance(again, Refused)
