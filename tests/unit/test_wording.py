"""How offices write: the cases of domain §5.6 and those that go wrong elsewhere."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inventory.wording import (
    clean,
    day,
    fold,
    matches,
    metres,
    moment,
    money,
    money_words,
    number,
    percent,
    vietnamese_key,
)


@pytest.mark.parametrize(
    ("value", "places", "vi", "en"),
    [
        (0, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (-1234567, 0, "-1.234.567", "-1,234,567"),
        (12.5, 1, "12,5", "12.5"),
        (12.5, 0, "13", "13"),
        (2.5, 0, "3", "3"),
        (0.125, 2, "0,13", "0.13"),
        (1234.0, 2, "1.234", "1,234"),
        (Decimal("0.80"), 2, "0,8", "0.8"),
        (-0.2, 0, "0", "0"),
        (2**63, 0, "9.223.372.036.854.775.808", "9,223,372,036,854,775,808"),
        (10**40, 0, "10" + ".000" * 13, "10" + ",000" * 13),
        (None, 0, "–", "–"),
    ],
)
def test_numbers_use_dots_for_thousands_and_a_decimal_comma(value, places, vi, en):
    assert number(value, places) == vi
    assert number(value, places, locale="en") == en


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError):
        number(value)


def test_money_never_breaks_before_its_unit():
    assert money(1234567) == "1.234.567\u00a0đ"
    assert money(1234567, locale="en") == "1,234,567\u00a0đ"
    assert money(None) == "–"


def test_days_and_moments_are_those_of_vietnam():
    assert day(date(2021, 4, 9)) == "09/04/2021"
    assert day(datetime(2021, 4, 8, 17, 0, tzinfo=UTC)) == "09/04/2021"
    assert moment(datetime(2021, 4, 8, 17, 5, tzinfo=UTC)) == "00:05 09/04/2021"
    assert day(None) == moment(None) == "–"
    with pytest.raises(ValueError):
        moment(datetime(2021, 4, 8, 17, 5))


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0"), (0.001, "1"), (0.413, "41"), (0.415, "42"), (0.999, "99"), (1, "100"), (1.0, "100")],
)
def test_a_share_says_all_or_nothing_only_when_it_is(share, text):
    assert percent(share) == f"{text}\u00a0%"
    assert percent(share, locale="en") == f"{text}%"


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (0.4, "0 m"),
        (120.4, "120 m"),
        (999.4, "999 m"),
        (999.5, "1 km"),
        (1234.5, "1,2 km"),
        (1_234_500, "1.234,5 km"),
    ],
)
def test_distances(distance, text):
    assert metres(distance) == text.replace(" ", "\u00a0")


def test_distances_in_english():
    assert metres(1234.5, locale="en") == "1.2\u00a0km"
    assert metres(None) == "–"


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không"),
        (1, "Một"),
        (5, "Năm"),
        (10, "Mười"),
        (11, "Mười một"),
        (14, "Mười bốn"),
        (15, "Mười lăm"),
        (20, "Hai mươi"),
        (21, "Hai mươi mốt"),
        (24, "Hai mươi tư"),
        (25, "Hai mươi lăm"),
        (55, "Năm mươi lăm"),
        (100, "Một trăm"),
        (101, "Một trăm linh một"),
        (104, "Một trăm linh bốn"),
        (105, "Một trăm linh năm"),
        (110, "Một trăm mười"),
        (115, "Một trăm mười lăm"),
        (301, "Ba trăm linh một"),
        (731, "Bảy trăm ba mươi mốt"),
        (1_000, "Một nghìn"),
        (1_001, "Một nghìn không trăm linh một"),
        (1_015, "Một nghìn không trăm mười lăm"),
        (10_000, "Mười nghìn"),
        (350_000, "Ba trăm năm mươi nghìn"),
        (1_000_001, "Một triệu không trăm linh một"),
        (1_005_000, "Một triệu không trăm linh năm nghìn"),
        (5_000_000_000, "Năm tỷ"),
        (1_005_000_000, "Một tỷ không trăm linh năm triệu"),
        (1_063_000_000, "Một tỷ không trăm sáu mươi ba triệu"),
        (2_846_300_000, "Hai tỷ tám trăm bốn mươi sáu triệu ba trăm nghìn"),
        (10**12, "Một nghìn tỷ"),
        (10**12 + 10**9, "Một nghìn không trăm linh một tỷ"),
        (2 * 10**12 + 5 * 10**3, "Hai nghìn tỷ không trăm linh năm nghìn"),
        (10**18, "Một tỷ tỷ"),
        (-21, "Âm hai mươi mốt"),
    ],
)
def test_amounts_in_words(amount, words):
    assert money_words(amount) == f"{words} đồng"


def test_an_even_amount_says_so_when_asked():
    assert money_words(350_000, even=True) == "Ba trăm năm mươi nghìn đồng chẵn"


def test_fold_forgets_marks_hyphens_and_where_the_tone_stands():
    assert fold("  Phường  Hồng  Hà ") == "phuong hong ha"
    assert fold("Đồng Đăng") == "dong dang"
    assert fold("Hoà Bình") == fold("Hòa Bình") == fold("HOA BINH")
    assert fold("pa-nô") == fold("pa nô") == "pa no"
    assert fold("\u0110a\u0323i Ye\u0302n") == "dai yen"


@pytest.mark.parametrize(
    ("query", "text", "rank"),
    [
        ("bãi cháy", "Phường Bãi Cháy", 0),
        ("bai chay", "Phường Bãi Cháy", 1),
        ("BAI CHAY", "Phường Bãi Cháy", 1),
        ("bãi cháu", "Phường Bãi Cháy", None),
        ("Hòa Bình", "Xã Hoà Bình", 0),
        ("Hoà Bình", "Xã Hòa Bình", 0),
        ("ủy ban", "Uỷ ban nhân dân", 0),
        ("hoà", "Hoàn Kiếm", 0),
        ("dai yen", "Đại Yên", 1),
        ("đại", "Dai", 1),
        ("panô", "Pa-nô tấm lớn", 1),
        ("pa nô", "Panô", 1),
        ("mĩ", "Mỹ Đức", 1),
        ("khu 4 bai chay", "Bãi Cháy · Nhà văn hóa khu 4", 1),
        ("", "Bãi Cháy", 0),
        ("7", "Khu vực bỏ phiếu số 7", 0),
    ],
)
def test_search_puts_exact_marks_first(query, text, rank):
    assert matches(query, text) == rank


def test_names_sort_as_in_a_vietnamese_dictionary():
    right = [
        "An Bình",
        "Ăng",
        "Âu Lâu",
        "Bãi Cháy",
        "Cao Thắng",
        "Dân Chủ",
        "Đại Yên",
        "Đồng Lâm",
        "Hà Khánh",
        "Hòa Bình",
        "Hồng Gai",
        "Hồng Hà",
        "khu 2",
        "khu 10",
        "Kỳ Thượng",
        "Lê Lợi",
        "Tuần Châu",
        "Ưng",
        "Vũ Oai",
        "Yết Kiêu",
    ]
    mixed = sorted(right, key=len)
    assert sorted(mixed, key=vietnamese_key) == right


def test_tones_sort_after_letters():
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=vietnamese_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
    ]
    assert sorted(["mạ", "mab", "mã"], key=vietnamese_key) == ["mã", "mạ", "mab"]


def test_two_texts_never_share_a_key():
    assert (
        len(
            {vietnamese_key(text) for text in ("Hồng", "hồng", "HỒNG", "ho\u0302\u0300ng", "khu 2", "khu 02")}
        )
        == 6
    )


def test_kept_text_has_nothing_invisible():
    assert clean("  Nhà\tvăn \u00a0hóa\r\n khu 4 ") == "Nhà văn hóa khu 4"
    assert clean("Ha\u0323 Long") == "Hạ Long"
    assert clean("a\x00b\u200bc\u202ed\ud800e\ufffef") == "abcdef"
    assert clean("một\r\n  hai \n\n\n\nba", lines=True) == "một\nhai\n\nba"
    clean("\ud83d").encode()


def test_a_long_run_of_digits_is_no_trouble():
    assert vietnamese_key("1" * 10_000) < vietnamese_key("2" * 10_000)
