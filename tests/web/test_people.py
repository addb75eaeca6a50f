"""People: the admin's pages, one's own account, slips, and who may change whom (claims 29 and 31)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from inventory.clock import now
from inventory.database import db
from inventory.identity import new_id
from inventory.passwords import verify_password
from inventory.people import actions, rules
from inventory.people.actions import PersonDraft
from inventory.people.commands import make_admin
from inventory.tables.campaign import Campaign
from inventory.tables.person import Person, PersonArea, ResetSlip, SessionRow
from inventory.tables.trail import TrailLine
from inventory.vocabulary import Role
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.web.query_counting import MOST, counted
from tests.web.signing import OTHER_PASSWORD, PASSWORD, give_password, knock


def _acts(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(TrailLine.act).order_by(TrailLine.number)))


def _person(app: Flask, person_id: int) -> Any:
    with app.app_context():
        return db.session.get_one(Person, person_id)


def _typed(visitor: Visitor, address: str, **words: Any) -> dict[str, Any]:
    """The fields of a page's form as they stand, with some of them typed anew."""
    visitor.get(address)
    fields: dict[str, Any] = visitor.fields(address)
    chosen = [
        node.get("value")
        for node in visitor.page.iter("{http://www.w3.org/1999/xhtml}input")
        if node.get("name") == "areas" and node.get("checked") is not None
    ]
    return {key: value for key, value in {**fields, "areas": chosen, **words}.items() if value is not None}


def test_an_admin_adds_a_person_who_chooses_a_password_with_a_slip(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    admin = visit("admin")
    body = _typed(
        admin, "/people/new", username="Lan.Anh", name="Trần Lan Anh", role="ward_staff", areas=[city.ward_a]
    )
    page = admin.post("/people/new", body).location
    again = admin.post("/people/new", body).location
    assert page == again
    admin.get(page)
    assert "chưa đặt" in admin.words()
    fields = admin.fields(f"{page}/slip")
    admin.post(f"{page}/slip", fields, 200)
    code = re.search(r"[a-z2-9]{5}(-[a-z2-9]{5}){3}", admin.words())
    assert code
    assert admin.post(f"{page}/slip", fields).location == page  # the code is shown this once only
    admin.get(page)
    assert code.group() not in admin.words()
    newcomer = visit(None)
    reset = {"username": "lan.anh", "code": code.group().upper().replace("-", " "), "again": PASSWORD}
    newcomer.post("/reset", {**reset, "password": PASSWORD})
    knock(newcomer, "lan.anh")
    newcomer.get("/account")
    assert "Phường Hồng Thử" in newcomer.words()
    newcomer.post("/reset", {**reset, "password": PASSWORD}, 422)  # once is once
    assert _acts(app) == [
        "person.created",
        "slip.made",
        "password.reset",
        "sign_in",
        "reset.failed",
    ]
    with app.app_context():
        assert code.group() not in db.session.scalars(select(ResetSlip.code_hash)).one()


def _slip(app: Flask, person_id: int, code: str = "abcde-fghjk-mnpqr-stuvw") -> str:
    with app.app_context():
        actions.make_slip(None, person_id, code)
        db.session.commit()
    return code


def test_a_slip_ends_sessions_and_old_slips_and_dies_after_a_day(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    leader = city.people["leader"]
    give_password(app, leader)
    member = visit("leader")
    old, code = _slip(app, leader, "old22-old22-old22-old22"), _slip(app, leader)
    visitor = visit(None)
    choice = {"username": "leader", "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    visitor.post("/reset", {**choice, "code": old}, 422)
    visitor.post("/reset", {**choice, "code": code, "username": "admin"}, 422)
    visitor.post("/reset", {**choice, "code": code, "again": "khác hẳn đấy nhé"}, 422)
    visitor.post("/reset", {"username": "leader", "code": code, "password": "ngắn", "again": "ngắn"}, 422)
    assert "ít nhất 15 ký tự" in visitor.words()
    with app.app_context():
        db.session.execute(update(ResetSlip).values(expires_at=now() - timedelta(seconds=1)))
        db.session.commit()
    visitor.post("/reset", {**choice, "code": code}, 422)
    member.get("/account")
    visitor.post("/reset", {**choice, "code": _slip(app, leader, "new22-new22-new22-new22")})
    member.get("/account", 303)
    knock(visit(None), "leader", PASSWORD, 422)
    knock(visit(None), "leader", OTHER_PASSWORD)


def test_slips_cannot_be_guessed_faster_than_passwords(app: Flask, city: City, visit: VisitorMaker) -> None:
    _slip(app, city.people["leader"])
    visitor = visit(None)
    body = {"username": "leader", "code": "x", "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    for _number in range(10):
        visitor.post("/reset", body, 422)
    assert int(visitor.post("/reset", body, 429).headers["Retry-After"]) > 0


def test_changing_the_password_ends_the_other_sessions(app: Flask, city: City, visit: VisitorMaker) -> None:
    give_password(app, city.people["ward_lead"])
    here, elsewhere = visit("ward_lead"), visit("ward_lead")
    body = {"old": PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    here.post("/account/password", {**body, "old": OTHER_PASSWORD}, 422)
    here.post("/account/password", {**body, "password": "123456789012345", "again": "123456789012345"}, 422)
    elsewhere.get("/account")
    here.post("/account/password", body)
    here.get("/account")
    assert elsewhere.get("/account", 303).location.startswith("/sign-in")
    assert verify_password(_person(app, city.people["ward_lead"]).password_hash, OTHER_PASSWORD)
    assert _acts(app) == ["password.changed"]


def test_one_sees_and_ends_ones_own_sessions_only(app: Flask, city: City, visit: VisitorMaker) -> None:
    here, lost, other = visit("leader"), visit("leader"), visit("auditor")
    here.get("/account")
    with app.app_context():
        rows = {
            row.person_id: row.id for row in db.session.scalars(select(SessionRow).order_by(SessionRow.id))
        }
        first = db.session.scalar(select(func.min(SessionRow.id)))
    here.post(f"/account/sessions/{rows[city.people['auditor']]}/end", status=404)
    other.get("/account")
    here.post(f"/account/sessions/{rows[city.people['leader']]}/end")
    lost.get("/account", 303)
    third = visit("leader")
    here.post("/account/sessions/end")
    third.get("/account", 303)
    assert here.post(f"/account/sessions/{first}/end").location == "/sign-in"
    here.get("/account", 303)
    assert _acts(app) == ["look.refused", "session.ended", "session.ended", "session.ended"]


@pytest.mark.parametrize("words", [{"active": None}, {"role": "auditor"}])
def test_locking_or_another_role_signs_out_at_once(
    app: Flask, city: City, visit: VisitorMaker, words: dict[str, Any]
) -> None:
    member, admin = visit("leader"), visit("admin")
    address = f"/people/{city.people['leader']}"
    member.get("/account")
    admin.post(address, _typed(admin, address, **words))
    assert member.get("/account", 303).location.startswith("/sign-in")
    assert _acts(app) == ["person.changed"]


def test_other_areas_hold_at_once_without_signing_out(app: Flask, city: City, visit: VisitorMaker) -> None:
    member, admin = visit("ward_staff"), visit("admin")
    address = f"/people/{city.people['ward_staff']}"
    admin.post(address, _typed(admin, address, areas=[city.ward_b]))
    member.get("/account")
    assert "Xã Đồng Thử" in member.words()
    assert "Phường Hồng Thử" not in member.words()


def test_nobody_locks_or_demotes_themself_nor_the_last_admin(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    admin = visit("admin")
    own = f"/people/{city.people['admin']}"
    for words in ({"active": None}, {"role": "leader"}):
        admin.post(own, _typed(admin, own, **words), 422)
        assert "Không ai tự đổi vai trò" in admin.words()
    admin.post(own, _typed(admin, own, name="Tên khác"))
    assert _person(app, city.people["admin"]).name == "Tên khác"


@given(
    st.sampled_from(Role),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from(Role),
    st.booleans(),
    st.booleans(),
)
def test_there_is_always_an_admin_left(
    role: Role, active: bool, others: int, new_role: Role, new_active: bool, oneself: bool
) -> None:
    standing = rules.Standing(1, role, active, others)
    problem = rules.change_problem(1 if oneself else 2, standing, new_role, new_active)
    if problem is None and role is Role.ADMIN and active:
        assert others or (new_role is Role.ADMIN and new_active)
    if oneself and problem is None:
        assert new_role is role
        assert new_active


def test_the_second_to_save_sees_both_values(app: Flask, city: City, visit: VisitorMaker) -> None:
    first, second = visit("admin"), visit("admin")
    address = f"/people/{city.people['leader']}"
    mine = _typed(first, address, name="Tên thứ nhất")
    theirs = _typed(second, address, name="Tên thứ hai")
    first.post(address, mine)
    second.post(address, theirs, 409)
    assert "Tên thứ nhất" in second.words()
    assert second.fields(address)["name"] == "Tên thứ hai"
    second.post(address, {**second.fields(address), "areas": [city.root]})
    assert _person(app, city.people["leader"]).name == "Tên thứ hai"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"username": "x"}, "Tên đăng nhập gồm"),
        ({"username": "Lan Anh"}, "Tên đăng nhập gồm"),
        ({"username": "lan\x00anh\u202e!"}, "Tên đăng nhập gồm"),
        ({"username": "LEADER"}, "đã có người dùng"),
        ({"name": ""}, "Hãy điền chỗ này."),
        ({"name": "\u200b \u200b"}, "Họ và tên cần"),
        ({"name": "x" * 121}, "120 ký tự"),
        ({"areas": None}, "ít nhất một địa bàn"),
        ({"areas": ["999999"]}, ""),
        ({"areas": ["9" * 19]}, ""),
        ({"areas": ["x"]}, ""),
        ({"role": "king"}, ""),
        ({"role": None}, ""),
    ],
)
def test_a_wrong_person_is_refused_with_a_sentence(
    app: Flask, city: City, visit: VisitorMaker, words: dict[str, Any], sentence: str
) -> None:
    admin = visit("admin")
    right = {"username": "lan.anh", "name": "Lan Anh", "role": "ward_staff", "areas": [city.ward_a]}
    body = _typed(admin, "/people/new", **{**right, **words})
    admin.post("/people/new", body, 422)
    assert sentence in admin.words()
    assert _acts(app) == []


def test_eight_presses_at_once_make_one_person(app: Flask, city: City, visit: VisitorMaker) -> None:
    body = {"username": "lan.anh", "name": "Lan Anh", "role": "ward_staff", "areas": [city.ward_a]}
    body |= {"entry_id": new_id(), "active": "y"}
    visitors = [visit("admin") for _ in range(8)]
    bodies = [{**body, "csrf_token": visitor.token()} for visitor in visitors]

    def press(number: int) -> tuple[int, str | None]:
        answer = visitors[number].client.post("/people/new", data=bodies[number])
        return answer.status_code, answer.location

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(press, range(8)))
    assert len(answers) == 1
    assert answers.pop()[0] == 303
    assert _acts(app) == ["person.created"]


def test_no_field_beside_the_forms_own_is_written(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    address = f"/people/{city.people['leader']}"
    extra = {"id": "99", "password_hash": "x", "created_at": "2000-01-01", "version": "77", "language": "en"}
    admin.post(address, _typed(admin, address, **{**extra, "username": "other"}))
    row = _person(app, city.people["leader"])
    assert (row.username, row.password_hash, row.version, row.language) == ("leader", "", 2, "vi")


def test_broken_ids_of_forms_are_refused(app: Flask, city: City, visit: VisitorMaker) -> None:
    admin = visit("admin")
    address = f"/people/{city.people['leader']}"
    right = _typed(admin, address, name="X Y")
    for words in (
        {"entry_id": ""},
        {"entry_id": "x' or 1"},
        {"base_version": "-1"},
        {"base_version": "9" * 40},
    ):
        admin.post(address, {**right, **words}, 400)
    admin.get("/people/999999", 404)
    admin.post("/people/999999", {**right, "entry_id": new_id()}, 404)
    admin.post(address, right)
    admin.post(address, {**right, "name": "Z T"}, 422)  # the same entry with other words
    assert _person(app, city.people["leader"]).name == "X Y"


def test_the_list_searches_without_marks_and_filters(app: Flask, city: City, visit: VisitorMaker) -> None:
    with app.app_context():
        for number in range(60):
            draft = PersonDraft(
                f"p{number:02d}", f"Đặng Thị Bưởi {number}", Role.WARD_STAFF, frozenset({city.ward_b})
            )
            actions.create_person(None, draft)
        db.session.commit()
    admin = visit("admin")
    admin.get("/people?q=dang+thi+buoi")
    assert "60 trên 67 người" in admin.words()
    link = next(
        node for node in admin.page.iter("{http://www.w3.org/1999/xhtml}a") if node.get("rel") == "next"
    )
    admin.get(link.get("href"))
    assert "p59" in admin.words()
    assert "p00" not in admin.words()
    for query, count in (
        ("role=leader", 1),
        (f"area={city.ward_b}", 61),
        (f"area={city.root}", 67),
        ("active=no", 0),
        ("q=%00", 67),
        ("area=x&role=&after=%00", 67),
        ("role=king", 67),
    ):
        admin.get(f"/people?{query}")
        assert f"{count} trên 67 người" in admin.words(), query


@pytest.mark.parametrize("address", ["/account", "/people", "/people?q=a", "/people/new", "/people/1"])
def test_pages_of_people_ask_few_queries(app: Flask, city: City, visit: VisitorMaker, address: str) -> None:
    admin = visit("admin")
    with counted(app) as asked:
        admin.get(address)
    assert len(asked) <= MOST, asked


@pytest.mark.parametrize("who", ["ward_staff", "ward_lead", "culture_office", "leader", "auditor"])
def test_only_admins_manage_people(app: Flask, city: City, visit: VisitorMaker, who: str) -> None:
    visitor = visit(who)
    for address in ("/people", "/people/new", f"/people/{city.people['leader']}"):
        visitor.get(address, 403)
    visitor.post("/people/new", {"username": "x"}, 403)
    visitor.post(f"/people/{city.people['admin']}/slip", {"entry_id": new_id()}, 403)
    visit(None).get("/people", 303)


def test_the_command_makes_the_first_admin_once(app: Flask) -> None:
    with app.app_context():
        made = make_admin("Quan.Tri", "Người quản trị")
        password = made.splitlines()[-1].split()[-1]
        row = db.session.scalars(select(Person)).one()
        assert (row.username, row.role, row.active) == ("quan.tri", Role.ADMIN, True)
        assert verify_password(row.password_hash, password)
        with pytest.raises(SystemExit, match=r"quan\.tri"):
            make_admin("nguoi.khac", "")
        slip = make_admin("quan.tri", "")
        assert "/reset" in slip
        assert db.session.scalar(select(func.count()).select_from(Person)) == 1
        assert db.session.scalar(select(func.count()).select_from(PersonArea)) == 0


def test_the_command_explains_a_wrong_name(app: Flask) -> None:
    with app.app_context(), pytest.raises(SystemExit, match="3 đến 32"):
        make_admin("x", "")


def test_the_command_refuses_somebody_who_is_no_admin(app: Flask, city: City) -> None:
    with app.app_context(), pytest.raises(SystemExit, match="không phải quản trị"):
        make_admin("leader", "")


def _second_campaign(app: Flask, city: City, root: int) -> int:
    with app.app_context():
        later = Campaign(
            code="thu-2026",
            name="Bầu cử thử 2026",
            election_day=date(2026, 3, 15),
            decoration_deadline=date(2026, 3, 1),
            tree_date=date(2021, 4, 19),
            root_area_id=root,
            open=False,
        )
        db.session.add(later)
        db.session.commit()
        return later.id


def test_with_one_campaign_there_is_nothing_to_choose(city: City, visit: VisitorMaker) -> None:
    visitor = visit("ward_staff")
    visitor.get("/account")
    assert "Mọi trang là của cuộc bầu cử đang chọn" not in visitor.words()


@pytest.mark.parametrize("who", ["ward_staff", "culture_office", "leader", "auditor", "admin"])
def test_everybody_may_choose_the_campaign_of_the_pages(
    app: Flask, city: City, visit: VisitorMaker, who: str
) -> None:
    later = _second_campaign(app, city, city.root)
    visitor = visit(who)
    visitor.get("/account")
    words = visitor.words()
    assert "Bầu cử thử 2021 đang chọn Ngày bầu cử: 23/05/2021 · đang mở" in words
    assert "Bầu cử thử 2026 Ngày bầu cử: 15/03/2026 · đã đóng Chọn" in words
    answer = visitor.post("/campaign", {"campaign": str(later), "next": "/account"})
    assert answer.location == "/account"
    visitor.get("/account")
    assert "Bầu cử thử 2026 đang chọn" in visitor.words()
    visitor.get("/")
    assert (
        visitor.post("/campaign", {"campaign": str(city.campaign), "next": "//evil.example"}).location == "/"
    )
    visitor.get("/account")
    assert "Bầu cử thử 2021 đang chọn" in visitor.words()


@pytest.mark.parametrize("campaign", ["999999", "", "x", "1 OR 1", "-1", "9" * 30])
def test_an_unknown_campaign_is_not_found_and_changes_nothing(
    app: Flask, city: City, visit: VisitorMaker, campaign: str
) -> None:
    _second_campaign(app, city, city.root)
    visitor = visit("ward_staff")
    visitor.post("/campaign", {"campaign": campaign}, 404)
    visitor.get("/account")
    assert "Bầu cử thử 2021 đang chọn" in visitor.words()


@pytest.mark.parametrize("who", ["ward_staff", "ward_lead", "culture_office", "leader"])
def test_a_campaign_shows_nothing_of_wards_outside_its_tree(
    app: Flask, city: City, visit: VisitorMaker, who: str
) -> None:
    """The chosen campaign is ward B's alone: whoever works in ward A sees no ward and no place there."""
    later = _second_campaign(app, city, city.ward_b)
    visitor = visit(who)
    visitor.post("/campaign", {"campaign": str(later)})
    for address in ("/", "/places", "/coverage", "/map", "/investment", "/account"):
        visitor.get(address)
        assert "Nhà văn hóa khu" not in visitor.words()
    visitor.get(f"/places/{city.places_a[0]}", 404)
    visitor.get(f"/places/{city.places_b[0]}", 404)


def test_a_choice_that_names_no_campaign_falls_back(app: Flask, city: City, visit: VisitorMaker) -> None:
    """A cookie may be older than the database."""
    visitor = visit("leader")
    with visitor.client.session_transaction() as cookie:
        cookie["campaign"] = 4_711
    visitor.get("/")
    assert "Bầu cử thử 2021" in visitor.words()


def test_the_choice_ends_with_the_session(app: Flask, city: City, visit: VisitorMaker) -> None:
    later = _second_campaign(app, city, city.root)
    visitor = visit("leader")
    visitor.post("/campaign", {"campaign": str(later)})
    visitor.post("/sign-out")
    with visitor.client.session_transaction() as cookie:
        assert "campaign" not in cookie
