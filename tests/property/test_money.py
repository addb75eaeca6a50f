"""Money in words can be read back to the very amount, by a reader that shares no code with the writer."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.wording import clean, fold, matches, money_words, number, vietnamese_key

_UNITS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4,
    "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip

amounts = st.one_of(
    st.integers(0, 10**6),
    st.integers(0, 10**13),
    st.integers(0, 10**27),
    st.builds(lambda digit, power: digit * 10**power, st.integers(1, 999), st.integers(0, 20)),
)


def read_back(words: str) -> int:
    """The amount that a person hears. A stack machine: units, then tens, hundreds, scales, billions."""
    spoken = words.lower().split()
    assert spoken.pop() == "đồng"
    sign = -1 if spoken[0] == "âm" else 1
    return sign * hear(spoken[1:] if sign < 0 else spoken)


def hear(spoken: list[str]) -> int:
    if "tỷ" in spoken:
        last = len(spoken) - 1 - spoken[::-1].index("tỷ")
        return hear(spoken[:last]) * 10**9 + (hear(spoken[last + 1 :]) if spoken[last + 1 :] else 0)
    total, group, pending = 0, 0, 0
    for word in spoken:
        if word in _UNITS:
            pending = _UNITS[word]
        elif word == "linh":
            continue
        elif word == "trăm":
            group, pending = pending * 100, 0
        elif word == "mươi":
            group, pending = group + pending * 10, 0
        elif word == "mười":
            group += 10
        else:
            scale = {"nghìn": 10**3, "triệu": 10**6}[word]
            total, group, pending = total + (group + pending) * scale, 0, 0
    return total + group + pending


@given(amounts)
@settings(max_examples=1000)
def test_an_amount_in_words_reads_back(amount):
    words = money_words(amount)
    assert read_back(words) == amount
    assert words[0].isupper()
    assert "  " not in words


@given(st.integers(1, 10**15))
def test_a_debt_reads_back(amount):
    assert read_back(money_words(-amount)) == -amount


@given(st.integers(-(10**20), 10**20))
def test_a_written_number_reads_back(value):
    assert int(number(value).replace(".", "")) == value
    assert int(number(value, locale="en").replace(",", "")) == value


hostile = st.text(st.characters(), max_size=40)


@given(hostile)
def test_clean_text_is_storable_and_stays_clean(text):
    kept = clean(text)
    kept.encode()
    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert clean(clean(text, lines=True), lines=True) == clean(text, lines=True)


@given(hostile)
def test_folding_twice_is_folding_once_and_a_text_finds_itself(text):
    assert fold(fold(text)) == fold(text)
    assert matches(text, text) == 0


@given(st.lists(hostile, max_size=6))
def test_the_order_is_total(texts):
    backwards = list(reversed(texts))
    assert sorted(texts, key=vietnamese_key) == sorted(backwards, key=vietnamese_key)
    assert len({vietnamese_key(text) for text in texts}) == len(set(texts))
