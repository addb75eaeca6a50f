"""Pictures: what is taken, what is refused, and that nothing of the camera is left in what is shown."""

import io
import random
import resource
import struct
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from inventory.outcomes import Problem
from inventory.photos import intake, pictures, store
from inventory.photos.pictures import Picture
from inventory.vocabulary import PhotoRole

SECRET = b"<script>alert(1)</script>"


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """A picture whose left upper corner is red, so that turning shows."""
    image = Image.effect_noise((width, height), 40).convert("RGB")
    image.paste("red", (0, 0, width // 4, height // 4))
    return image


def from_camera(orientation: int = 6) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Phone"
    exif[ExifTags.Base.BodySerialNumber] = "SN-4711"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2021:04:19 08:30:00"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (20.0, 57.0, 11.0)
    return encoded(scene(), exif=exif, comment=b"SN-4711") + SECRET


def taken(data: bytes) -> Picture:
    picture = pictures.read(data)
    assert isinstance(picture, Picture), picture
    return picture


def refused(data: bytes) -> str:
    problem = pictures.read(data)
    assert isinstance(problem, Problem), "it was taken"
    return problem.code


def png(width: int, height: int, body: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_nothing_of_the_camera_is_left_in_what_is_shown() -> None:
    original = from_camera()
    assert b"SN-4711" in original
    picture = taken(original)
    for copy in (picture.shown, picture.thumbnail):
        shown = Image.open(io.BytesIO(copy))
        assert not dict(shown.getexif())
        assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        for trace in (b"SN-4711", b"Exif", b"Phone", SECRET):
            assert trace not in copy
    assert picture.original == original, "the evidence itself is kept as it came"
    assert picture.taken_at is not None
    assert picture.taken_at.isoformat() == "2021-04-19T08:30:00+07:00"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_upright(orientation: int) -> None:
    picture = taken(from_camera(orientation))
    shown = Image.open(io.BytesIO(picture.shown))
    assert shown.size == (picture.width, picture.height) == ((480, 640) if orientation > 4 else (640, 480))
    corners = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}
    right, low = corners[orientation]
    pixel = shown.getpixel((right * (shown.width - 9) + 4, low * (shown.height - 9) + 4))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[1] < 60


def test_large_ones_are_made_smaller_and_small_ones_stay() -> None:
    large = taken(encoded(scene(4000, 3000)))
    assert Image.open(io.BytesIO(large.shown)).size == (1600, 1200)
    assert Image.open(io.BytesIO(large.thumbnail)).size == (320, 240)
    assert (large.width, large.height) == (4000, 3000)
    assert Image.open(io.BytesIO(taken(encoded(scene(40, 30))).thumbnail)).size == (40, 30)
    assert taken(encoded(Image.new("RGB", (9000, 1)), "PNG")).width == 9000


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_mode_of_the_three_formats(mode: str, form: str) -> None:
    try:
        data = encoded(Image.new(mode, (60, 40)), form)
    except (OSError, ValueError):
        return  # the format has no such mode
    assert Image.open(io.BytesIO(taken(data).shown)).mode == "RGB"


def test_what_is_transparent_is_on_white_paper() -> None:
    shown = Image.open(io.BytesIO(taken(encoded(Image.new("RGBA", (20, 20)), "PNG")).shown))
    assert shown.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "photo_empty"),
        (b"<html><script>alert(1)</script>", "photo_format"),
        (b"%PDF-1.7", "photo_format"),
        (b"\xff\xd8\xff", "photo_format"),
        (encoded(Image.new("RGB", (9, 9)), "GIF"), "photo_format"),
        (encoded(Image.new("RGB", (9, 9)), "TIFF"), "photo_format"),
        (encoded(Image.new("RGB", (9, 9)), "BMP"), "photo_format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "photo_format"),
        (bytes(pictures.LARGEST_BYTES + 1), "photo_bytes"),
        (from_camera()[:9000], "photo_broken"),
        (png(50, 50, b"not deflated"), "photo_broken"),
        (encoded(scene(), "PNG")[:50_000], "photo_broken"),
        (encoded(scene(), "WEBP")[:5_000], "photo_broken"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, code: str) -> None:
    assert refused(data) == code


@pytest.mark.parametrize("side", [5001, 13_000, 30_000, 2**31 - 1])
def test_bombs_are_refused_before_they_are_decoded(side: int) -> None:
    body = zlib.compress(bytes(1_000_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(png(side, side, body)) == "photo_pixels"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 100_000, "kB"


def mutated(data: bytes, seed: int) -> bytes:
    """Bits flipped, bytes cut, repeated or exchanged."""
    chance = random.Random(seed)
    changed = bytearray(data)
    for _ in range(chance.randint(1, 40)):
        place = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[place] ^= 1 << chance.randrange(8)
            case 1:
                del changed[place : place + chance.randrange(200)]
            case 2:
                changed[place:place] = changed[place : place + chance.randrange(200)]
            case _:
                changed[place] = chance.choice(b"\x00\xff\xd8\xd9\xda")
        if len(changed) < 10:
            break
    return bytes(changed)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_mutated_pictures_are_taken_or_refused_and_never_raise(form: str) -> None:
    data = from_camera() if form == "JPEG" else encoded(scene(200, 150), form)
    for seed in range(60):  # 500 in the soak
        picture = pictures.read(mutated(data, seed))
        assert isinstance(picture, Picture | Problem)
        if isinstance(picture, Picture):
            assert not dict(Image.open(io.BytesIO(picture.shown)).getexif())


def test_the_folder_keeps_whole_files_under_their_hash(tmp_path: Path) -> None:
    name = store.put(tmp_path, b"abc")
    assert store.put(tmp_path, b"abc") == name
    assert store.get(tmp_path, name) == b"abc"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]
    assert store.path_of(tmp_path, name) == tmp_path / name[:2] / name[2:4] / name
    for evil in ("../../etc/passwd", "", "A" * 64, name + "/", name[:63]):
        with pytest.raises(ValueError):
            store.path_of(tmp_path, evil)


def test_a_full_disk_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    upload = intake.Upload(PhotoRole.OVERVIEW, "a.jpg", io.BytesIO(encoded(scene())))
    (received,) = intake.receive([upload], tmp_path)
    assert received.kept is None
    assert received.problem is not None
    assert received.problem.code == "photo_not_kept"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_one_bad_photo_of_twenty_leaves_nineteen(tmp_path: Path) -> None:
    good = [encoded(Image.new("RGB", (30, 30), (0, 0, shade))) for shade in range(0, 190, 10)]
    files = [*good[:7], b"not a picture", *good[7:]]
    uploads = [
        intake.Upload(PhotoRole.CLOSE_UP, f"C:\\ảnh\\{number}.png", io.BytesIO(data))
        for number, data in enumerate(files)
    ]
    uploads.append(intake.Upload(PhotoRole.LABEL, "", io.BytesIO(b"")))  # a box that was left empty
    received = intake.receive(uploads, tmp_path)
    assert len(received) == 20
    assert [one.name for one in received if one.problem] == ["7.png"]
    assert sum(one.kept is not None for one in received) == 19
    many = intake.receive([*uploads[:-1], uploads[0]], tmp_path)
    assert many[-1].problem is not None
    assert many[-1].problem.code == "photo_many"
