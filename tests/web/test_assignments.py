"""Assignments on the screen and on paper: giving, taking, sharing evenly, two leads, sheets, codes."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from sqlalchemy import delete, select, update

from inventory.assignments import codes, queries
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import new_id
from inventory.tables.assignment import Assignment
from inventory.tables.installation import Installation
from inventory.tables.person import Person, PersonArea
from inventory.tables.place import Place, Venue
from inventory.tables.trail import TrailLine
from inventory.vocabulary import VenueKind
from inventory.wording import fold
from tests.city import City
from tests.client import Visitor
from tests.conftest import VisitorMaker
from tests.web.furnished import acting, furnish

TYPST = '#panic("x") *đậm* $x$ \\ `y` <b>'


def held(app: Flask) -> dict[int, tuple[int, str, int]]:
    """Place → person, group, position."""
    with app.app_context():
        rows = db.session.scalars(select(Assignment))
        return {row.place_id: (row.person_id, row.team, row.position) for row in rows}


def more_places(app: Flask, city: City, count: int) -> list[int]:
    """Places of ward A from number 3 on, along a line; every fourth without a position."""
    made = []
    with app.app_context():
        for number in range(3, 3 + count):
            venue = Venue(
                area_id=city.ward_a,
                name=f"Nhà số {number}",
                folded=fold(f"Nhà số {number}"),
                kind=VenueKind.CULTURAL_HOUSE,
                address=f"Ngõ {number}",
                lat=None if number % 4 == 0 else 20.95 + number * 0.001,
                lon=None if number % 4 == 0 else 107.01,
            )
            db.session.add(venue)
            db.session.flush()
            place = Place(
                campaign_id=city.campaign,
                area_id=city.ward_a,
                venue_id=venue.id,
                code=f"more-{number}",
                number=number,
                name=f"KVBP {number}",
                folded=f"kvbp {number}",
            )
            db.session.add(place)
            db.session.flush()
            made.append(place.id)
        db.session.commit()
    return made


def give(lead: Visitor, city: City, places: list[int], person: object, status: int = 303, **more: Any) -> Any:
    """Tick places and give them, as the page does."""
    lead.get(f"/assignments/{city.ward_a}")
    form = lead.fields(f"/assignments/{city.ward_a}")
    data = {**form, "act": "give", "person": str(person), **more, "place": [str(one) for one in places]}
    return lead.post(f"/assignments/{city.ward_a}", data, status)


def columns_of(row: Installation) -> dict[str, Any]:
    """A thing's values, to make another like it."""
    return {column.key: getattr(row, column.key) for column in Installation.__table__.columns}


def of_ward(app: Flask, city: City) -> tuple[queries.Given, ...]:
    with app.app_context():
        actor, campaign = acting(city.people["ward_staff"])
        return queries.of_area(db.session(), actor, campaign, city.ward_a)


def test_ticked_places_are_given_with_their_order_and_a_line_of_the_trail(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    lead, staff = visit("ward_lead"), city.people["ward_staff"]
    give(lead, city, city.places_a, staff, team="Tổ 1")
    assert {place: row[:2] for place, row in held(app).items()} == dict.fromkeys(
        city.places_a, (staff, "Tổ 1")
    )
    rows = of_ward(app, city)
    assert [row.place_id for row in rows] == city.places_a
    assert sorted(row.position for row in rows) == [0, 1]
    assert {(row.person, row.team) for row in rows} == {("Người ward_staff", "Tổ 1")}
    with app.app_context():
        line = db.session.scalars(select(TrailLine).where(TrailLine.act == "assignments.saved")).one()
        assert (line.area_id, line.detail["places"], line.detail["given"]) == (
            city.ward_a,
            city.places_a,
            {str(staff): 2},
        )
    lead.get(f"/assignments/{city.ward_a}")
    assert "Đã giao 2 trên 2 nơi cho 1 người." in lead.words()
    assert "Người ward_staff · Tổ 1" in lead.words()


def test_taking_back_leaves_the_others_in_order(app: Flask, city: City, visit: VisitorMaker) -> None:
    more = more_places(app, city, 4)
    lead = visit("ward_lead")
    give(lead, city, [*city.places_a, *more], city.people["ward_staff"])
    give(lead, city, more[:2], "", act="take")
    left = held(app)
    assert left.keys() == {*city.places_a, *more[2:]}
    assert sorted(row[2] for row in left.values()) == [0, 1, 2, 3]


def test_a_place_without_a_position_comes_last_and_it_is_said(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    more = more_places(app, city, 4)  # the second of them is number 4, without a position
    lead = visit("ward_lead")
    give(lead, city, [*city.places_a, *more], city.people["ward_staff"])
    assert held(app)[more[1]][2] == 5
    lead.get(f"/assignments/{city.ward_a}")
    assert "1 nơi chưa có vị trí, xếp cuối" in lead.words()


def test_the_same_press_again_changes_nothing(app: Flask, city: City, visit: VisitorMaker) -> None:
    lead, staff = visit("ward_lead"), city.people["ward_staff"]
    lead.get(f"/assignments/{city.ward_a}")
    form = lead.fields(f"/assignments/{city.ward_a}")
    data = {**form, "act": "give", "person": str(staff), "place": [str(city.places_a[0])]}
    for _press in range(3):
        lead.post(f"/assignments/{city.ward_a}", data)
    with app.app_context():
        assert [row.version for row in db.session.scalars(select(Assignment))] == [1]
        acts = db.session.scalars(select(TrailLine.act).where(TrailLine.act == "assignments.saved"))
        assert len(list(acts)) == 1


def test_two_leads_at_once_the_second_sees_what_the_first_did(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    lead, office = visit("ward_lead"), visit("culture_office")
    address, place = f"/assignments/{city.ward_a}", city.places_a[0]
    for one in (lead, office):
        one.get(address)
    mine, theirs = lead.fields(address), office.fields(address)
    office.post(
        address, {**theirs, "act": "give", "person": str(city.people["ward_lead"]), "place": [str(place)]}
    )
    late = {**mine, "act": "give", "person": str(city.people["ward_staff"]), "place": [str(place)]}
    lead.post(address, late, 409)
    assert held(app)[place][0] == city.people["ward_lead"]
    assert "KVBP 1: của người đó là “Người ward_lead”, vừa nhập là “Người ward_staff”" in lead.words()
    again = lead.fields(address)
    assert again["place"] == str(place)  # what was ticked is still ticked
    lead.post(address, {**again, "act": "give", "place": [str(place)]})
    assert held(app)[place][0] == city.people["ward_staff"]


def test_nobody_is_given_a_place_of_another_ward_nor_to_somebody_of_another_ward(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    lead = visit("ward_lead")
    give(lead, city, city.places_b, city.people["ward_staff"], 422)
    give(lead, city, city.places_a, city.people["other_ward"], 422)
    give(lead, city, city.places_a, "", 422)
    give(lead, city, [], city.people["ward_staff"], 422)
    assert held(app) == {}
    lead.get(f"/assignments/{city.ward_b}", 404)
    lead.get(f"/assignments/{city.ward_b}/divide?person=1", 404)
    lead.get(f"/assignments/{city.people['other_ward']}/route.pdf", 404)


def test_a_forged_preview_gives_nothing_to_strangers(app: Flask, city: City, visit: VisitorMaker) -> None:
    lead, address = visit("ward_lead"), f"/assignments/{city.ward_a}/divide"
    lead.get(f"{address}?person={city.people['ward_staff']}")
    form = lead.fields(address)
    for plan in (
        f"{city.places_b[0]}:{city.people['ward_staff']}",
        f"{city.places_a[0]}:{city.people['other_ward']}",
    ):
        lead.post(address, {**form, "entry_id": new_id(), "plan": plan}, 422)
    for plan in ("", "1", "1:2,", "a:b", "1:2;3:4", "9" * 50 + ":1"):
        lead.post(address, {**form, "entry_id": new_id(), "plan": plan}, 400)
    assert held(app) == {}


def test_an_even_sharing_is_shown_before_it_is_saved_and_saved_as_it_was_shown(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    more_places(app, city, 5)
    lead, address = visit("ward_lead"), f"/assignments/{city.ward_a}/divide"
    two = [city.people["ward_staff"], city.people["ward_lead"]]
    lead.get(f"{address}?person={two[0]}&person={two[1]}&team=T%E1%BB%95+2")
    assert held(app) == {}
    assert "Chưa lưu gì." in lead.words()
    assert "đường chim bay nhân 1,3" in lead.words()
    form = lead.fields(address)
    shown = {int(a): int(b) for a, b in (pair.split(":") for pair in form["plan"].split(","))}
    lead.post(address, form)
    assert {place: row[0] for place, row in held(app).items()} == shown
    counts = sorted(list(shown.values()).count(person) for person in two)
    assert counts == [3, 4]
    assert {row[1] for row in held(app).values()} == {"Tổ 2"}
    lead.post(address, form)  # pressed twice
    assert len(held(app)) == 7


def test_what_is_kept_counts_and_stays(app: Flask, city: City, visit: VisitorMaker) -> None:
    more = more_places(app, city, 4)
    lead, address = visit("ward_lead"), f"/assignments/{city.ward_a}/divide"
    staff, boss = city.people["ward_staff"], city.people["ward_lead"]
    give(lead, city, city.places_a, boss)
    lead.get(f"{address}?person={staff}&person={boss}&keep=y")
    form = lead.fields(address)
    shown = {int(a): int(b) for a, b in (pair.split(":") for pair in form["plan"].split(","))}
    assert shown.keys() == set(more)
    assert list(shown.values()).count(boss) == 1
    lead.post(address, form)
    assert [held(app)[place][0] for place in city.places_a] == [boss, boss]


def test_a_group_is_given_places_by_sharing_them_among_its_people(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    more = more_places(app, city, 4)
    lead = visit("ward_lead")
    give(lead, city, city.places_a[:1], city.people["ward_staff"], team="Tổ 1")
    give(lead, city, city.places_a[1:], city.people["ward_lead"], team="Tổ 1")
    answer = give(lead, city, more, "team:Tổ 1")
    lead.get(answer.headers["Location"])
    shown = lead.fields(f"/assignments/{city.ward_a}/divide")
    assert {int(pair.split(":")[0]) for pair in shown["plan"].split(",")} == set(more)
    assert shown["team"] == "Tổ 1"
    lead.post(f"/assignments/{city.ward_a}/divide", shown)
    assert sorted(row[0] for row in held(app).values()) == sorted(
        [city.people["ward_staff"]] * 3 + [city.people["ward_lead"]] * 3
    )


def test_a_preview_that_is_out_of_date_is_not_saved(app: Flask, city: City, visit: VisitorMaker) -> None:
    lead, address = visit("ward_lead"), f"/assignments/{city.ward_a}/divide"
    lead.get(f"{address}?person={city.people['ward_staff']}")
    form = lead.fields(address)
    give(visit("culture_office"), city, city.places_a[:1], city.people["ward_lead"])
    lead.post(address, form, 409)
    assert held(app) == {city.places_a[0]: (city.people["ward_lead"], "", 0)}


def test_somebody_who_moved_away_or_was_disabled_is_shown_and_given_nothing_more(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    lead, staff = visit("ward_lead"), city.people["ward_staff"]
    give(lead, city, city.places_a[:1], staff)
    with app.app_context():
        db.session.execute(
            update(PersonArea).where(PersonArea.person_id == staff).values(area_id=city.ward_b)
        )
        db.session.commit()
    lead.get(f"/assignments/{city.ward_a}")
    assert "Người ward_staff: đã chuyển đi, 1 nơi" in lead.words()
    give(lead, city, city.places_a[1:], staff, 422)
    with app.app_context():
        db.session.execute(update(Person).where(Person.id == staff).values(active=False))
        db.session.commit()
    lead.get(f"/assignments/{city.ward_a}")
    assert "Người ward_staff: tài khoản đã khóa, 1 nơi" in lead.words()
    give(lead, city, city.places_a[:1], city.people["ward_lead"])
    assert held(app)[city.places_a[0]][0] == city.people["ward_lead"]


def test_an_office_chooses_a_ward_and_a_lead_is_led_to_theirs(city: City, visit: VisitorMaker) -> None:
    office = visit("culture_office")
    office.get("/assignments")
    assert "Phường Hồng Thử" in office.words()
    assert "đã giao 0 trên 2 nơi" in office.words()
    answer = visit("ward_lead").get("/assignments", 303)
    assert answer.headers["Location"] == f"/assignments/{city.ward_a}"


def test_a_ward_without_places_or_people_says_what_to_do(app: Flask, city: City, visit: VisitorMaker) -> None:
    with app.app_context():
        db.session.execute(delete(PersonArea).where(PersonArea.person_id == city.people["other_ward"]))
        db.session.commit()
    office = visit("culture_office")
    office.get(f"/assignments/{city.ward_b}")
    assert "chưa có tài khoản cán bộ nào" in office.words()
    with app.app_context():
        db.session.execute(delete(Place).where(Place.area_id == city.ward_b))
        db.session.commit()
    office.get(f"/assignments/{city.ward_b}")
    assert "chưa có nơi bỏ phiếu" in office.words()


# --- paper ------------------------------------------------------------------------------------


def words_of(content: bytes, folder: Path) -> str:
    """The text of a PDF, as poppler reads it."""
    path = folder / "sheet.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def seen_by_a_camera(content: bytes, folder: Path, dpi: int = 150) -> list[str]:
    """Every QR code on the pages of a PDF, printed by poppler and read by zxing."""
    path = folder / "seen.pdf"
    path.write_bytes(content)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", path, folder / "page"], check=True)
    found = []
    for page in sorted(folder.glob("page*.png")):
        with Image.open(page) as picture:
            found += [one.text for one in zxingcpp.read_barcodes(picture.convert("L"))]
        page.unlink()
    return found


def test_the_route_sheet_has_every_place_in_order_with_its_code(
    app: Flask, city: City, visit: VisitorMaker, tmp_path: Path
) -> None:
    more = more_places(app, city, 6)
    with app.app_context():
        db.session.execute(update(Venue).where(Venue.name == "Nhà số 3").values(name=TYPST))
        db.session.execute(update(Place).where(Place.id == more[2]).values(restricted=True))
        db.session.commit()
    lead, staff = visit("ward_lead"), city.people["ward_staff"]
    give(lead, city, [*city.places_a, *more], staff, team=TYPST)
    answer = lead.get(f"/assignments/{staff}/route.pdf")
    assert answer.mimetype == "application/pdf"
    words = words_of(answer.data, tmp_path)
    order = sorted(held(app), key=lambda place: held(app)[place][2])
    sent = [codes.of_place(place) for place in order]
    positions = [words.index(code) for code in sent]
    assert positions == sorted(positions)
    assert sorted(seen_by_a_camera(answer.data, tmp_path)) == sorted(sent)
    for said in ("Phiếu đi thực địa: Người ward_staff", "Phường Hồng Thử", "19/04/2021", "Bầu cử thử 2021"):
        assert said in words
    assert "DỮ LIỆU MINH HỌA" in words
    assert "700 cử tri · 5 mục cần ghi" in words
    assert "Trang 1 / 2" in words
    assert words.count("Đã khảo sát") == 8
    # Names are words and not programs, and a restricted venue's address stays off the paper.
    assert '#panic("x") *đậm* $x$' in words
    assert "Ngõ 4" in words
    assert "Nơi hạn chế: địa chỉ không in." in words
    assert "Ngõ 5" not in words


def test_a_person_prints_their_own_sheet_and_nobody_elses(city: City, visit: VisitorMaker) -> None:
    staff = visit("ward_staff")
    assert staff.get(f"/assignments/{city.people['ward_staff']}/route.pdf").data.startswith(b"%PDF")
    staff.get(f"/assignments/{city.people['ward_lead']}/route.pdf", 404)


def test_labels_are_read_by_a_camera_from_the_label_that_was_asked_for(
    app: Flask, city: City, visit: VisitorMaker, tmp_path: Path
) -> None:
    made = furnish(app, city).rows
    staff = visit("ward_staff")
    ours = codes.of_installation(str(made[city.ward_a]["installation_id"]))
    for sheet, start, pages in (("24", 1, 1), ("24", 24, 1), ("65", 65, 1)):
        answer = staff.get(f"/labels.pdf?sheet={sheet}&start={start}")
        assert seen_by_a_camera(answer.data, tmp_path, 200) == [ours]
        assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == pages
        words = words_of(answer.data, tmp_path)
        assert "Băng rôn ngang" in words
        assert "KVBP 1" in words
    staff.get(f"/labels?area={city.ward_a}&kind=BANNER_H")
    assert "1 tem trên 1 tờ A4." in staff.words()
    staff.get(f"/labels?area={city.ward_a}&kind=FLAG_DECOR")
    assert "Không có công trình nào để in tem." in staff.words()
    staff.get(f"/labels?area={city.ward_b}", 404)
    office = visit("culture_office")
    office.get(f"/labels?area={city.ward_b}&place={city.places_a[0]}")  # another ward was chosen
    assert office.fields("/labels")["place"] == ""
    for wrong in ("start=0", "start=25", "start=x", "sheet=7", "kind=NONE", f"place={city.places_b[0]}"):
        staff.get(f"/labels.pdf?{wrong}", 400)


def test_labels_fill_the_sheets_after_used_ones(
    app: Flask, city: City, visit: VisitorMaker, tmp_path: Path
) -> None:
    furnish(app, city)
    with app.app_context():
        first = db.session.scalars(select(Installation).where(Installation.area_id == city.ward_a)).first()
        assert first is not None
        columns = columns_of(first)
        for _copy in range(24):
            db.session.add(Installation(**{**columns, "id": new_id(), "entry_id": None}))
        db.session.commit()
        ids = list(db.session.scalars(select(Installation.id).where(Installation.area_id == city.ward_a)))
    staff = visit("ward_staff")
    staff.get("/labels?sheet=24&start=20")
    assert "25 tem trên 2 tờ A4." in staff.words()
    answer = staff.get("/labels.pdf?sheet=24&start=20")
    assert sorted(seen_by_a_camera(answer.data, tmp_path)) == sorted(map(codes.of_installation, ids))


# --- codes ------------------------------------------------------------------------------------


def test_a_code_leads_to_its_place_or_thing_and_a_foreign_one_is_not_there(
    app: Flask, city: City, visit: VisitorMaker
) -> None:
    made = furnish(app, city).rows
    staff, place = visit("ward_staff"), city.places_a[0]
    thing, foreign = (str(made[ward]["installation_id"]) for ward in (city.ward_a, city.ward_b))
    code = codes.of_installation(thing)
    for typed in (code, code.lower(), code.replace("-", ""), code[3:].replace("0", "O").replace("1", "l")):
        answer = staff.get(f"/codes?code={typed}", 303)
        assert answer.headers["Location"] == f"/installations/{thing}"
        assert staff.get(f"/codes/{typed}", 303).headers["Location"] == f"/installations/{thing}"
    answer = staff.get(f"/codes/{codes.of_place(place)}", 303)
    assert answer.headers["Location"] == f"/places/{place}"
    for gone in (codes.of_installation(foreign), codes.of_place(city.places_b[0]), codes.of_place(99_999)):
        staff.get(f"/codes/{gone}", 404)
        staff.get(f"/codes?code={gone}", 404)
        assert "trong phần được xem" in staff.words()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    staff.get(f"/codes?code={wrong}", 422)
    assert "Mã này chưa đúng" in staff.words()
    staff.get(f"/codes/{wrong}", 404)


def test_two_things_with_one_code_are_a_list(app: Flask, city: City, visit: VisitorMaker) -> None:
    made = furnish(app, city).rows
    first = str(made[city.ward_a]["installation_id"])
    twin = "0" * 8 + first[8:]
    with app.app_context():
        row = db.session.get_one(Installation, first)
        columns = columns_of(row)
        db.session.add(Installation(**{**columns, "id": twin, "entry_id": None}))
        db.session.commit()
    assert codes.of_installation(twin) == codes.of_installation(first)
    staff = visit("ward_staff")
    page = staff.get(f"/codes/{codes.of_installation(first)}").get_data(as_text=True)
    assert f"/installations/{first}" in page
    assert f"/installations/{twin}" in page


def test_reading_who_has_what_is_for_the_ward_alone(app: Flask, city: City) -> None:
    with app.app_context():
        actor, campaign = acting(city.people["ward_staff"])
        with pytest.raises(Unseen):
            queries.of_area(db.session(), actor, campaign, city.ward_b)
