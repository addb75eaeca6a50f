"""The page of reach: parameters in force, their forms, what they come to, quiet places."""

from collections.abc import Callable
from dataclasses import asdict

import pytest
from flask import Flask
from sqlalchemy import func, select

from inventory.campaigns import facts_moved, facts_versions
from inventory.database import db
from inventory.errors import Unseen
from inventory.identity import new_id
from inventory.installations import actions as installations
from inventory.installations.record import Record
from inventory.outcomes import Done, Refused, Stale
from inventory.receipts import entry_of
from inventory.tables.installation import Installation, Review
from inventory.tables.place import Place, Venue
from inventory.tables.trail import TrailLine
from inventory.vocabulary import AreaKind, PositionSource, ReviewState, VenueKind, Zone
from maps.reach import actions, defaults, loading, queries
from maps.reach.rules import FigureWords, WardWords
from maps.reach.sound import SoundModel
from maps.tables.reach import NoiseLimitRow, ReachArea, ReachFigure, ReachKind, ReachSurroundings
from tests.city import City
from tests.client import Visitor
from tests.web.furnished import acting

Visit = Callable[[str | None], Visitor]


@pytest.fixture
def office(app: Flask, city: City, visit: Visit) -> Visitor:
    """The culture office of a campaign whose parameters were loaded."""
    with app.app_context():
        loading.load(city.campaign)
        db.session.commit()
    return visit("culture_office")


def filled(visitor: Visitor, address: str) -> dict[str, str]:
    """Open a page; the values of the form that it sends to itself."""
    visitor.get(address)
    return visitor.fields(address)


def figure(app: Flask, city: City, code: str) -> str | None:
    """A figure as it is kept."""
    with app.app_context():
        return db.session.scalar(
            select(ReachFigure.value).where(
                ReachFigure.campaign_id == city.campaign, ReachFigure.code == code
            )
        )


def versions(app: Flask, city: City) -> dict[int, int]:
    """The facts' counters of both wards."""
    with app.app_context():
        return facts_versions(db.session(), city.campaign)


def row_id(app: Flask, table: type[NoiseLimitRow] | type[ReachSurroundings]) -> int:
    """Some row of a list."""
    with app.app_context():
        return db.session.scalars(select(table.id).order_by(table.id)).first() or 0


def test_before_anything_is_loaded_the_page_shows_the_shipped_model(visit: Visit) -> None:
    for who in ("ward_staff", "culture_office", "leader", "auditor"):
        answer = visit(who).get("/reach")
        assert "theo ISO 9613-2 rút gọn" in answer.text
        assert "300 lần chiều cao chữ" in answer.text
        assert ("Nạp giá trị mặc định" in answer.text) == (who == "culture_office")
        assert "/reach/kinds/" not in answer.text


def test_the_office_loads_the_shipped_parameters_once(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    sent = filled(office, "/reach")
    office.post("/reach", sent)
    office.post("/reach", sent)  # the same press again
    office.get("/reach")
    office.post("/reach", {**sent, "entry_id": new_id()})
    assert "đã có tham số" in office.get("/reach").text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ReachFigure)) == len(
            defaults.scalar_texts()
        )
        kinds = set(db.session.scalars(select(ReachKind.kind_code)))
        assert {"BANNER_H", "SPK_CLUSTER_FM"} <= kinds  # and none that the city does not know
        lines = db.session.scalars(select(TrailLine).where(TrailLine.act == "reach.loaded")).all()
        assert len(lines) == 1


def test_loaded_parameters_are_the_shipped_model(app: Flask, city: City, office: Visitor) -> None:
    with app.app_context():
        model = queries.model(db.session(), city.campaign)
        wards = [(city.ward_a, AreaKind.PHUONG), (city.ward_b, AreaKind.XA)]
        shipped = defaults.model(wards)
        known = {kind.code for kind in queries.kinds()}
    assert model.stored
    assert model.scalars == shipped.scalars
    assert model.surroundings == shipped.surroundings
    assert dict(model.by_area) == dict(shipped.by_area)
    assert set(model.limits) == set(shipped.limits)
    assert set(model.kinds) == {kind for kind in shipped.kinds if kind.code in known}


def test_a_campaign_without_rows_has_the_shipped_model(app: Flask, city: City) -> None:
    with app.app_context():
        model = queries.model(db.session(), city.campaign)
    assert not model.stored
    assert model == defaults.model([(city.ward_a, AreaKind.PHUONG), (city.ward_b, AreaKind.XA)])


def test_every_list_has_its_forms_and_says_where_a_number_is_from(office: Visitor) -> None:
    text = office.get("/reach").text
    for address in ("/reach/figures/target", "/reach/kinds/SPK_CLUSTER_FM", "/reach/limits/new"):
        assert f'href="{address}"' in text
    assert "QCVN 26:2025/BNNMT" in text
    assert "chưa rõ" in text
    assert "chưa có tham số" not in text  # every kind of the test city has some
    assert text.count("giả định") > 20


def test_a_figure_is_changed_and_the_facts_of_every_ward_move(
    app: Flask, city: City, office: Visitor
) -> None:
    before = versions(app, city)
    sent = filled(office, "/reach/figures/target")
    assert sent["value"] == "65"
    office.post("/reach/figures/target", {**sent, "value": "70,5", "source": "Đo ngày 12/04/2021"})
    assert figure(app, city, "target") == "70.5"
    assert "70,5" in office.get("/reach").text
    after = versions(app, city)
    assert all(after[ward] == before.get(ward, 0) + 1 for ward in (city.ward_a, city.ward_b))
    with app.app_context():
        assert queries.model(db.session(), city.campaign).scalars.target == 70.5


def test_the_model_is_chosen_and_named(app: Flask, city: City, office: Visitor) -> None:
    sent = filled(office, "/reach/figures/model")
    office.post("/reach/figures/model", {**sent, "value": "fema"})
    assert "theo FEMA CPG 1-17" in office.get("/reach").text
    with app.app_context():
        assert queries.model(db.session(), city.campaign).scalars.model is SoundModel.FEMA


def test_a_figure_that_cannot_be_is_told_and_the_last_good_one_stays(
    app: Flask, city: City, office: Visitor
) -> None:
    wrong = (
        *(("target", value, "từ 30 đến 100") for value in ("abc", "", "nan", "1e9")),
        ("humidity", "0", "từ 5 đến 100"),
        ("model", "magic", "Cần sửa"),
    )
    for code, value, words in wrong:
        kept, address = figure(app, city, code), f"/reach/figures/{code}"
        answer = office.post(address, {**filled(office, address), "value": value}, status=422)
        assert words in answer.text, (code, value)
        assert figure(app, city, code) == kept


def test_a_number_needs_a_source_or_the_word_that_it_is_assumed(
    app: Flask, city: City, office: Visitor
) -> None:
    address = "/reach/figures/target"
    sent = filled(office, address)
    sent.pop("guess", None)
    answer = office.post(address, {**sent, "value": "70", "source": ""}, status=422)
    assert "Hãy ghi nguồn" in answer.text
    assert figure(app, city, "target") == "65"


def test_two_who_change_the_same_figure(app: Flask, city: City, office: Visitor, visit: Visit) -> None:
    address, other = "/reach/figures/target", visit("culture_office")
    mine, theirs = filled(office, address), filled(other, address)
    other.post(address, {**theirs, "value": "70"})
    answer = office.post(address, {**mine, "value": "68"}, status=409)
    assert "của người đó là “70”" in answer.text
    assert figure(app, city, "target") == "70"
    again = office.fields(address)
    office.post(address, again)
    assert figure(app, city, "target") == "68"


def test_a_kind_gets_its_parameters(app: Flask, city: City, office: Visitor) -> None:
    address = "/reach/kinds/SPK_CLUSTER_FM"
    sent = filled(office, address)
    assert (sent["sensitivity"], sent["watts"], sent["horns"]) == ("110", "30", "2")
    office.post(address, {**sent, "watts": "50", "source": "Hồ sơ thiết bị"})
    with app.app_context():
        row = db.session.scalars(select(ReachKind).where(ReachKind.kind_code == "SPK_CLUSTER_FM")).one()
        assert (row.watts, row.sensitivity, row.version) == (50.0, 110.0, 2)
        assert queries.model(db.session(), city.campaign).kind_of["SPK_CLUSTER_FM"].watts == 50.0


def test_a_kind_with_impossible_parameters_is_refused(app: Flask, office: Visitor) -> None:
    address = "/reach/kinds/SPK_CLUSTER_FM"
    sent = filled(office, address)
    wrong = (
        *(("watts", "0"), ("watts", "-3"), ("watts", "30000")),
        *(("coverage", "400"), ("horns", "99"), ("aimed", "3")),
    )
    for field, value in wrong:
        office.post(address, {**sent, "entry_id": new_id(), field: value}, status=422)
    with app.app_context():
        row = db.session.scalars(select(ReachKind).where(ReachKind.kind_code == "SPK_CLUSTER_FM")).one()
        assert (row.watts, row.coverage, row.horns, row.aimed, row.version) == (30.0, 90.0, 2, 1, 1)


def test_a_kind_without_power_is_shown_as_one_that_cannot_be_computed(office: Visitor) -> None:
    address = "/reach/kinds/SPK_CLUSTER_FM"
    sent = filled(office, address)
    office.post(address, {**sent, "watts": "", "sensitivity": ""})
    assert "không tính được" in office.get("/reach").text


def test_a_ward_gets_its_surroundings(app: Flask, city: City, office: Visitor) -> None:
    address = f"/reach/wards/{city.ward_a}"
    sent = filled(office, address)
    assert sent["surroundings"] == "dense"
    office.post(address, {**sent, "surroundings": "street", "source": "Khảo sát tiếng ồn"})
    with app.app_context():
        model = queries.model(db.session(), city.campaign)
        assert model.around(city.ward_a).code == "street"
        assert model.around(city.ward_b).code == "houses"
        assert db.session.scalar(select(func.count()).select_from(ReachArea)) == 1
    office.post(address, {**filled(office, address), "surroundings": "road"})
    with app.app_context():
        assert queries.model(db.session(), city.campaign).around(city.ward_a).code == "road"


def test_two_who_say_a_wards_surroundings_see_their_names(
    app: Flask, city: City, office: Visitor, visit: Visit
) -> None:
    address, other = f"/reach/wards/{city.ward_a}", visit("culture_office")
    office.post(address, {**filled(office, address), "surroundings": "street"})
    mine = filled(office, address)
    other.post(address, {**filled(other, address), "surroundings": "road"})
    answer = office.post(address, {**mine, "surroundings": "open"}, status=409)
    assert "của người đó là “Trục đường lớn”" in answer.text


def test_surroundings_are_added_and_changed(app: Flask, city: City, office: Visitor) -> None:
    sent = filled(office, "/reach/surroundings/new")
    office.post("/reach/surroundings/new", {**sent, "name_vi": "Chợ", "ambient": "68", "loss": "6"})
    assert "Chợ" in office.get("/reach").text
    with app.app_context():
        row = db.session.scalars(select(ReachSurroundings).where(ReachSurroundings.name_vi == "Chợ")).one()
        address = f"/reach/surroundings/{row.id}"
        assert queries.model(db.session(), city.campaign).around_of[row.code].ambient == 68.0
    office.post(address, {**filled(office, address), "ambient": "72,5"})
    answer = office.post(address, {**filled(office, address), "ambient": "300"}, status=422)
    assert "từ 20 đến 100" in answer.text
    with app.app_context():
        row = db.session.scalars(select(ReachSurroundings).where(ReachSurroundings.name_vi == "Chợ")).one()
        assert row.ambient == 72.5


def test_limits_are_added_filled_in_and_taken_away(app: Flask, office: Visitor) -> None:
    new = {
        "regulation": "QCVN thử",
        "in_force_from": "2021-01-01",
        "site": "special",
        "hour_from": "6",
        "hour_until": "18",
        "limit_db": "",
    }
    address = "/reach/limits/new"
    office.post(address, {**filled(office, address), **new})
    again = office.post(address, {**filled(office, address), **new}, status=422)
    assert "đã có giới hạn bắt đầu từ giờ đó" in again.text
    with app.app_context():
        row = db.session.scalars(select(NoiseLimitRow).where(NoiseLimitRow.regulation == "QCVN thử")).one()
        address, number = f"/reach/limits/{row.id}", row.id
        assert row.limit_db is None
    office.post(address, {**filled(office, address), "limit_db": "52,5"})
    for field, value in (
        ("hour_from", "24"),
        ("hour_until", "6"),
        ("limit_db", "500"),
        ("in_force_from", ""),
    ):
        office.post(address, {**filled(office, address), field: value}, status=422)
    office.get(address)
    removal = office.fields(f"{address}/removal")
    office.post(f"{address}/removal", {**removal, "base_version": "1", "entry_id": new_id()})
    with app.app_context():
        assert db.session.get_one(NoiseLimitRow, number).limit_db == 52.5
    office.post(f"{address}/removal", removal)
    with app.app_context():
        assert db.session.get(NoiseLimitRow, number) is None


def test_before_loading_nothing_can_be_edited(app: Flask, city: City, visit: Visit) -> None:
    office = visit("culture_office")
    for address in ("/reach/figures/target", "/reach/kinds/BANNER_H"):
        assert office.get(address, status=303).headers["Location"] == "/reach"
    assert "Hãy nạp giá trị mặc định" in office.get("/reach").text
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        words = FigureWords("70", "đo", False)
        outcome = actions.save_figure(actor, campaign, "target", words, 0, entry_of(new_id(), asdict(words)))
    assert isinstance(outcome, Refused)
    assert outcome.problems[0].code == "not_loaded"


def test_what_is_not_there_answers_404(office: Visitor) -> None:
    for address in ("figures/none", "kinds/NONE", "limits/99999", "surroundings/99999"):
        office.get(f"/reach/{address}", status=404)


def test_actions_refuse_what_no_form_sends(app: Flask, city: City, office: Visitor) -> None:
    with app.app_context():
        actor, campaign = acting(city.people["culture_office"])
        words = WardWords("nowhere", "đo", False)
        outcome = actions.save_ward(actor, campaign, city.ward_a, words, 0, entry_of(new_id(), {}))
        assert isinstance(outcome, Refused)
        assert [problem.field for problem in outcome.problems] == ["surroundings"]
        with pytest.raises(Unseen):
            actions.remove_limit(actor, campaign, 99_999, 1, entry_of(new_id(), {}))
        limit = db.session.scalars(select(NoiseLimitRow)).first()
        assert limit is not None
        assert isinstance(actions.remove_limit(actor, campaign, limit.id, 7, entry_of(new_id(), {})), Stale)


def test_the_calculator(visit: Visit) -> None:
    visitor = visit("leader")
    usual = visitor.get("/reach").text
    assert "114,8 dB ở 1 m" in usual
    text = visitor.get("/reach?watts=30&sensitivity=110&around=dense&speed=50").text
    for metres in ("86", "123", "69"):  # ISO in a dense town, FEMA, and what is driven in 5 s
        assert f"{metres}\u00a0m" in text


def test_the_calculator_says_what_it_cannot_compute(visit: Visit) -> None:
    leader = visit("leader")
    wrong = ("watts=0", "watts=abc", "watts=nan&speed=1", "watts=30&sensitivity=900", "watts=30&around=moon")
    for query in wrong:
        text = leader.get(f"/reach?{query}").text
        assert "Lỗi:" in text, query
        assert "dB ở 1 m; mức nghe rõ" not in text


def loud(app: Flask, city: City, metres: float) -> str:
    """A working loudspeaker north of the first place of ward A, which is a school; the loudspeaker's id."""
    with app.app_context():
        place = db.session.get_one(Place, city.places_a[0])
        venue = db.session.get_one(Venue, place.venue_id)
        venue.kind, venue.lat, venue.lon = VenueKind.SCHOOL, 20.95, 107.01
        actor, campaign = acting(city.people["ward_staff"])
        thing = Record(
            "SPK_CLUSTER_FM",
            city.ward_a,
            zone=Zone.PUBLIC,
            lat=20.95 + metres / 110_700,
            lon=107.01,
            position_source=PositionSource.MAP,
        )
        made = installations.record(actor, campaign, thing, entry_of(new_id(), {}))
        assert isinstance(made, Done), made
        review = db.session.get(Review, (made.subject, city.campaign))
        assert review is not None
        review.state = ReviewState.SUBMITTED
        db.session.commit()
        return made.subject


def test_a_school_beside_a_loudspeaker_is_told_as_something_to_turn_down(
    app: Flask, city: City, office: Visitor, visit: Visit
) -> None:
    thing = loud(app, city, 40)
    text = office.get("/reach/quiet?hour=10").text
    assert "cần chỉnh hướng/âm lượng" in text
    assert "55\u00a0dBA" in text or "55 dBA" in text
    assert f"/installations/{thing}" in text
    assert "45 dBA" in office.get("/reach/quiet?hour=22").text
    # A ward that sees neither the place nor the thing reads nothing of them.
    assert thing not in visit("other_ward").get("/reach/quiet?hour=10").text


def test_quiet_places_tell_neither_level_nor_distance_of_what_is_restricted(
    app: Flask, city: City, visit: Visit
) -> None:
    """Who may not know where the barracks are learns nothing from the schools round them."""
    thing = loud(app, city, 40)
    with app.app_context():
        far = db.session.get_one(Place, city.places_b[0])
        far.restricted = True
        row = db.session.get_one(Installation, thing)
        row.venue_id, row.area_id = far.venue_id, city.ward_b
        facts_moved(city.campaign, city.ward_a, city.ward_b)
        db.session.commit()
    # Who only reads does not know; the office does.
    for who in ("leader", "auditor"):
        text = visit(who).get("/reach/quiet?hour=10").text
        assert "cần chỉnh hướng/âm lượng" in text
        assert "vị trí không hiển thị" in text
        assert "cách" not in text
        assert "\u00a0dB<" not in text
    assert f"/installations/{thing}" in visit("culture_office").get("/reach/quiet?hour=10").text


def test_quiet_places_that_are_quiet(app: Flask, city: City, visit: Visit) -> None:
    loud(app, city, 3_000)
    assert "Không có nơi nào vượt giới hạn" in visit("leader").get("/reach/quiet?hour=10").text


def test_an_hour_that_is_none_is_the_usual_one(visit: Visit) -> None:
    leader = visit("leader")
    for hour in ("99", "-1", "abc", ""):
        assert "từ 6 giờ đến 21 giờ" in leader.get(f"/reach/quiet?hour={hour}").text


def test_where_the_regulations_figure_is_unknown_nothing_is_compared(
    app: Flask, city: City, office: Visitor
) -> None:
    loud(app, city, 40)
    with app.app_context():
        for row in db.session.scalars(select(NoiseLimitRow)):
            if row.limit_db is not None:
                db.session.delete(row)
            else:
                row.in_force_from = row.in_force_from.replace(year=2020)
        db.session.commit()
    text = office.get("/reach/quiet?hour=10").text
    assert "chưa có số giới hạn" in text
    assert "cần chỉnh" not in text
