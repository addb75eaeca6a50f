"""A rescue file is read as far as it can be, and nothing in it is believed."""

import io
import json
import tracemalloc
import zipfile

import pytest

from inventory.identity import new_id
from inventory.rescue import archive, reading
from tests.rescue_files import RescueFile, jsonl, stored

BODY = {"act": "confirm", "installation": "x", "note": "Băng rôn ở cổng – tốt"}


def _file(entries: int = 3, photos: int = 2) -> RescueFile:
    file = RescueFile(7, "lan.anh")
    ids = [file.add({**BODY, "n": number}) for number in range(entries)]
    for number in range(photos):
        # A picture that holds the marks of a ZIP itself, as a photo of a ZIP on a screen would not.
        file.picture(b"\xff\xd8PK\x03\x04PK\x07\x08" + bytes([number]) * 5000, ids[0])
    file.drafts.append({"target": "place:12", "saved_at": "2026-04-19T01:00:00Z"})
    return file


def test_a_whole_file_is_read_to_the_byte() -> None:
    file = _file()
    data = file.content()
    found = reading.read(data)
    assert [(entry.id, entry.body) for entry in found.entries] == file.entries
    assert {photo.id: data[photo.start : photo.end] for photo in found.photos} == {
        photo_id: content for photo_id, (content, _row) in file.photos.items()
    }
    assert (found.person_id, found.username, found.drafts, found.lost) == (7, "lan.anh", ("place:12",), ())


def test_a_file_with_sizes_in_front_is_read_as_well() -> None:
    file = _file(2, 1)
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file.content())) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    found = reading.read(target.getvalue())
    assert len(found.entries) == 2
    assert len(found.photos) == 1
    assert found.lost == ()


def test_wherever_the_file_is_cut_what_stands_before_the_cut_is_taken_and_the_rest_is_named() -> None:
    file = _file(4, 2)
    data = file.content()
    whole = [entry_id for entry_id, _body in file.entries]
    first_photo = data.index(b"photos/")
    for cut in [
        *range(data.index(b"entries.jsonl") + 40, first_photo, 97),
        *range(first_photo, len(data), 997),
    ]:
        found = reading.read(data[:cut])
        got = [entry.id for entry in found.entries]
        assert got == whole[: len(got)]
        if cut < first_photo - 200:
            assert len(got) < 4
        lost = {one.name for one in found.lost if one.what == "photo"}
        assert lost | {photo.id for photo in found.photos} == set(file.photos)
        assert lost or cut > first_photo


def test_a_line_that_was_changed_is_lost_alone() -> None:
    file = _file(3, 0)
    rows = file.lines()
    rows[1]["body"] = rows[1]["body"].replace("tốt", "hỏng")
    data = stored([("manifest.json", _manifest(file)), ("entries.jsonl", jsonl(rows))])
    found = reading.read(data)
    assert [entry.id for entry in found.entries] == [rows[0]["id"], rows[2]["id"]]
    assert [(one.what, one.name, one.code) for one in found.lost] == [("entry", "2", "hash")]


def test_a_photo_with_another_hash_is_lost_alone() -> None:
    file = _file(1, 3)
    spoiled = list(file.photos)[1]
    content, row = file.photos[spoiled]
    file.photos[spoiled] = (content[:-1] + b"!", row)
    found = reading.read(file.content())
    assert len(found.photos) == 2
    assert [(one.what, one.name, one.code) for one in found.lost] == [("photo", spoiled, "hash")]


def _manifest(file: RescueFile) -> bytes:
    return json.dumps(file.manifest()).encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_rescue"),
        (b"%PDF-1.7", "not_rescue"),
        (stored([("xl/workbook.xml", b"<x/>")]), "not_rescue"),
        (stored([("manifest.json", b"{}")]), "not_rescue"),
        (stored([("manifest.json", b"[" * 100_000)]), "not_rescue"),
        (stored([("manifest.json", b'{"kind": "trucquan-rescue", "format": 9}')]), "format"),
        (_file().content()[:300], "damaged"),
    ],
)
def test_what_does_not_say_whose_it_is_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(reading.NoRescue) as told:
        reading.read(data)
    assert told.value.problem.code == code


def test_packed_members_are_passed_over_so_that_nothing_can_grow() -> None:
    bomb = stored([("manifest.json", b" " * 50_000_000)], zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    with pytest.raises(reading.NoRescue):
        reading.read(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize("name", ["../manifest.json", "/photos/x", "photos/../../etc/passwd", "photos/1"])
def test_a_name_that_the_app_does_not_write_is_no_member(name: str) -> None:
    assert list(archive.members(stored([(name, b"x")]))) == []


def test_a_file_of_marks_costs_one_look() -> None:
    head = stored([("manifest.json", b"x")])[:43]
    hostile = head * 20_000 + b"PK\x07\x08" * 20_000
    assert len(list(archive.members(hostile))) == archive.MOST_MEMBERS


def test_the_same_entry_twice_is_one_and_another_body_under_its_id_is_not_swallowed() -> None:
    file = RescueFile(7)
    same = new_id()
    file.add({"n": 1}, same)
    file.add({"n": 2}, same)
    file.add({"n": 1}, same)
    assert [entry.body for entry in reading.read(file.content()).entries] == ['{"n": 1}', '{"n": 2}']
