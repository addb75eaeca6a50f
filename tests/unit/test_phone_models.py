"""A phone is called by a few words that its person knows, whatever its browser says."""

import pytest

from inventory.cases.models import model

PIXEL = (
    "Mozilla/5.0 (Linux; Android 10; Pixel 3 Build/QQ1A) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
)
REDUCED = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Mobile Safari/537.36"
)
SAMSUNG = (
    "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-A546E) AppleWebKit/537.36 "
    "SamsungBrowser/21.0 Chrome/110.0 Mobile Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 "
    "Version/17.4 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (PIXEL, "Pixel 3 · Android 10 · Chrome 120"),
        (REDUCED, "Android 10 · Chrome 124"),
        (SAMSUNG, "SAMSUNG SM-A546E · Android 13 · Samsung Internet 21"),
        (IPHONE, "iPhone, iOS 17 · Safari 17"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko Firefox/128.0", "Linux · Firefox 128"),
        ("Mozilla/5.0 (ForWhoKnowsWhat)", ""),
        ("Máy của chị Lan", "Máy của chị Lan"),
        ("", ""),
    ],
)
def test_a_phone_has_a_short_name(name: str, words: str) -> None:
    assert model(name) == words


def test_no_name_is_long() -> None:
    assert len(model("x" * 500)) == 80
