"""HEIC from phones becomes an upright JPEG where the extra is installed; without it a sentence says so."""

import base64
import io

import pytest
from PIL import Image

from inventory.outcomes import Problem
from inventory.photos import pictures
from inventory.photos.pictures import Picture

#: 64 x 48, navy with a red corner, to be turned a quarter; made with libheif for this test.
SAMPLE = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAA"
    "AAAAADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAAGoAAgAAAAACVgABAAAAAAAAADgAAAA4aWluZgAAAAAAAgAAABVp"
    "bmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZo"
    "dmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAA"
    "AwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAA"
    "AAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAAAlpcm90"
    "AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAKptZGF0AAAAZigBrw7gNIHz"
    "me/ysr7PJYHOp0ccUCbRWno14ptxmKJwjrP+vwXBbPcwNzTKH1r8K+1MeRR76vxEXRfEzIGy8HXm8va4x4i/in/jr/q7/sjg"
    "Q85/Xx8pf1AK//8Qxh3mJdCLTOOM+AAAAAZFeGlmAABNTQAqAAAACAACAQ8AAgAAAAgAAAAmARIAAwAAAAEABgAAAAAAAFNO"
    "LTQ3MTEA"
)


@pytest.mark.skipif(not pictures.reads_heic(), reason="requirements-heic.txt is not installed")
def test_heic_is_shown_as_a_jpeg_turned_once_without_its_camera() -> None:
    picture = pictures.read(SAMPLE)
    assert isinstance(picture, Picture), picture
    assert (picture.width, picture.height) == (48, 64)
    shown = Image.open(io.BytesIO(picture.shown))
    assert (shown.format, shown.size) == ("JPEG", (48, 64))
    red = shown.getpixel((44, 4))
    assert isinstance(red, tuple)
    assert red[0] > 150 > red[2], "the red corner is at the upper right now"
    assert b"SN-4711" not in picture.shown
    assert picture.original == SAMPLE


@pytest.mark.skipif(pictures.reads_heic(), reason="requirements-heic.txt is installed")
def test_without_the_extra_a_sentence_says_what_to_do() -> None:
    problem = pictures.read(SAMPLE)
    assert isinstance(problem, Problem)
    assert problem.code == "photo_heic"
    assert "JPEG" in problem.message
