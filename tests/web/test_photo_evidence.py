"""What a reviewer sees of photos: how many told ones are here, doubts, pictures used twice, file names."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from inventory.clock import now
from inventory.database import db
from inventory.photos import queries
from inventory.photos.doubles import doubles
from inventory.photos.rules import file_name
from inventory.tables.campaign import Campaign
from inventory.tables.field import ExpectedPhoto
from inventory.vocabulary import PositionSource
from tests import told_photos as phone
from tests.city import City
from tests.conftest import VisitorMaker
from tests.unit.test_likeness import jpeg, street
from tests.unit.test_pictures import encoded, scene
from tests.web.furnished import acting
from tests.web.test_installations import banner, make

AT = {"lat": 20.95, "lon": 107.01, "position_source": PositionSource.DEVICE}


@pytest.fixture
def made(app: Flask, city: City) -> str:
    with app.app_context():
        return make(city, banner(city, **AT, shown_text="Chữ trên băng rôn"))


def test_of_200_told_photos_exactly_the_lost_ones_are_named(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene(64, 48))
    told = [phone.told(data if n == 0 else b"%d" % n, made, name=f"ảnh {n}.jpg") for n in range(200)]
    for one in told[:3]:
        phone.tell(app, city, one)
    with app.app_context():
        number = phone.entry(city, "ward_staff")
        first = db.session.get_one(ExpectedPhoto, told[1].photo_id)
        columns = {column.key: getattr(first, column.key) for column in ExpectedPhoto.__table__.columns}
        for one in told[3:]:
            words = {"id": one.photo_id, "entry_id": number, "sha256": one.sha256, "name": one.name}
            db.session.add(ExpectedPhoto(**{**columns, **words, "size": one.size}))
        db.session.commit()
    visitor = visit("ward_staff")
    assert phone.send(visitor.client, told[0].photo_id, data)[-1] == 201
    visitor.get(f"/installations/{made}")
    assert "1/200 ảnh đã về" in visitor.words()
    with app.app_context():
        for who, count in (("ward_lead", 199), ("culture_office", 199), ("other_ward", 0)):
            actor, campaign = acting(city.people[who])
            missing = queries.missing(db.session(), actor, campaign)
            assert len(missing) == count
            assert {one.id for one in missing} == {one.photo_id for one in told[1:][:count]}
        assert missing == ()


def test_the_reviewer_sees_photo_and_text_together_and_what_to_doubt(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    data = encoded(scene())
    with app.app_context():
        db.session.execute(update(Campaign).values(pinned_today=None))
        db.session.commit()
    told = phone.told(
        data, made, origin="gallery", reason="máy ảnh hỏng", lat=20.96, lon=107.01, accuracy_m=9.0,
        taken_at=now() + timedelta(hours=30),
    )  # fmt: skip
    phone.tell(app, city, told)
    phone.tell(app, city, phone.told(b"never comes", made))
    phone.send(visit("ward_staff").client, told.photo_id, data)
    office = visit("culture_office")
    office.get("/reviews")
    words = office.words()
    assert "1/2 ảnh đã về" in words
    assert "Từ thư viện ảnh: máy ảnh hỏng." in words
    assert "Đồng hồ trên máy chạy trước giờ máy chủ." in words
    assert "Chụp cách vị trí đã ghi" in words
    assert "Chữ trên băng rôn" in words
    sources = {node.get("src") for node in office.page.iter() if isinstance(node.tag, str)}
    assert f"/photos/{told.photo_id}" in sources, "large, beside the text"


def test_a_picture_used_for_two_things_is_shown_with_both_to_who_sees_both(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    one, near = encoded(street(1)), encoded(jpeg(street(1), 55), quality=70)
    with app.app_context():
        second = make(city, banner(city, serial="hai"))
        abroad = make(
            city, banner(city, area_id=city.ward_b, venue_id=None, zone=None, serial="ba"), "other_ward"
        )
    sent = {}
    for who, thing, data in (
        ("ward_staff", made, one),
        ("ward_staff", second, near),
        ("other_ward", abroad, one),
    ):
        told = phone.told(data, thing)
        phone.tell(app, city, told, who)
        assert phone.send(visit(who).client, told.photo_id, data)[-1] == 201
        sent[thing] = told.photo_id
    office = visit("culture_office")
    office.get(f"/reviews?item={made}")
    text = office.words()
    assert "gần như cùng một ảnh" in text
    assert text.count("cùng một ảnh") == 2
    links = {node.get("href") for node in office.page.iter() if isinstance(node.tag, str)}
    assert {f"/installations/{second}", f"/installations/{abroad}"} <= links
    with app.app_context():
        actor, campaign = acting(city.people["ward_lead"])
        seen = doubles(actor, campaign, made, city.ward_a, app.config["SETTINGS"].media)
        assert [one.installation_id for one in seen] == [second], "another ward's copy shows to nobody here"
    office.get(f"/reviews?item={second}")
    assert "gần như cùng một ảnh" in office.words()


def test_names_of_downloads_say_what_they_are_in_ascii(
    app: Flask, city: City, visit: VisitorMaker, made: str
) -> None:
    client = visit("ward_staff").client
    for data in (encoded(scene()), encoded(scene(80, 60))):
        told = phone.told(data, made, name="ảnh Đồng chí Nguyễn Văn Á.jpg", role="close_up")
        phone.tell(app, city, told)
        phone.send(client, told.photo_id, data)
    header = client.get(f"/photos/{told.photo_id}").headers["Content-Disposition"]
    assert header == 'inline; filename="phuong-hong-thu-kvbp1-gate-banner-h-close-up-02.jpg"'
    odd = file_name('phuong "x"\r\n', None, "", "BANNER_H", "overview", 3)
    assert odd == "phuong-x-banner-h-overview-03.jpg"
