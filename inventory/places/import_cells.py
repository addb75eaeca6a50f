"""One cell of a list of places into a value: numbers, hours, yes or no, venue types, positions.

Each reader answers a value, None for an empty cell, or a Fault: the code and values of a problem
of import_problems.py. Guesses are never silent: what is not certain is a Fault with a proposal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from inventory import geodesy
from inventory.outcomes import Problem
from inventory.vocabulary import VenueKind
from inventory.wording import clean, fold

#: Far above the largest polling area the law allows (4,000): a slipped key, not a place.
MAX_VOTERS = 100_000
MAX_NUMBER = 9_999
_FORMULA = tuple("=+-@＝＋－＠")


@dataclass(frozen=True)
class Fault:
    """A cell that could not be read as it stands."""

    code: str
    values: tuple[tuple[str, str | int | float], ...] = ()


def _fault(code: str, **values: str | int | float) -> Fault:
    return Fault(code, tuple(values.items()))


def read_text(cell: str) -> str:
    """Text as it is kept. The apostrophe that an export puts before =, +, - and @ comes off again."""
    text = clean(cell)
    if text[:1] == "'" and text[1:2] and (text[1] == "'" or text[1] in _FORMULA):
        return text[1:]
    return text


def looks_like_formula(text: str) -> bool:
    """Would a spreadsheet take this text for a formula?"""
    return text.startswith(_FORMULA)


def shielded(text: str) -> str:
    """The inverse of read_text, for files that a spreadsheet will open."""
    return f"'{text}" if looks_like_formula(text) or text.startswith("'") else text


def read_number(cell: str) -> int | Fault | None:
    """The number of a polling area: "7", "07", "KVBP số 7", "Khu vực bỏ phiếu số 07"."""
    text = clean(cell)
    if not text:
        return None
    match = re.fullmatch(r"[^0-9+\-]*([0-9]{1,6})(?:[.,]0+)?", fold_keeping_dash(text))
    if match and 1 <= int(match[1]) <= MAX_NUMBER:
        return int(match[1])
    return _fault("number_unreadable", text=text[:40])


def fold_keeping_dash(text: str) -> str:
    """Fold a text whose hyphens mean something: a sign, or from-to. fold() alone reads them as spaces."""
    return fold(text.replace("-", "\u2212")).replace("\u2212", "-")


def read_voters(cell: str) -> int | Fault | None:
    """A whole number: "780", "1.234", "1 234", "780.0" (a spreadsheet's own writing)."""
    text = clean(cell)
    if not text:
        return None
    bare = re.sub(r"\s*(cu tri|nguoi)$", "", fold_keeping_dash(text))
    bare = re.sub(r"^([+-]?[0-9]{1,3})((?:[., ][0-9]{3})+)$", lambda m: m[1] + re.sub(r"\D", "", m[2]), bare)
    match = re.fullmatch(r"([+-]?)([0-9]{1,18})(?:[.,]0*)?", bare)
    if match is None:
        return _fault("voters_unreadable", text=text[:40])
    if match[1] == "-" and int(match[2]):
        return _fault("voters_negative", text=text[:40])
    if int(match[2]) > MAX_VOTERS:
        return _fault("voters_huge", text=text[:40], limit="100.000")
    return int(match[2])


_HOUR = r"([0-9]{1,2})(?:\s*(?::|h|g|gio|\.)\s*([0-9]{1,2})?(?::00)?\s*(?:phut|p)?)?"


def read_hours(cell: str) -> tuple[time, time | None] | Fault | None:
    """An hour or a span: "07:00", "7h", "6 giờ 30", "7h00 - 19h00", "từ 7 giờ đến 19 giờ"."""
    text = clean(cell)
    if not text:
        return None
    if re.fullmatch(r"0[.,][0-9]{2,17}", text):
        # A spreadsheet keeps 06:00 as a quarter of a day when the cell has no format of time.
        minutes = round(float(text.replace(",", ".")) * 24 * 60) % (24 * 60)
        return time(minutes // 60, minutes % 60), None
    plain = re.sub(r"^tu\s+", "", fold_keeping_dash(text.replace("–", "-").replace("—", "-")))
    match = re.fullmatch(rf"{_HOUR}(?:\s*(?:-|den|to)\s*{_HOUR})?", plain)
    parts = match.groups() if match else ()
    numbers = [int(part or 0) for part in parts]
    if not numbers or max(numbers[::2]) > 23 or max(numbers[1::2]) > 59:
        return _fault("time_unreadable", text=text[:40])
    opens = time(numbers[0], numbers[1])
    return opens, (time(numbers[2], numbers[3]) if parts[2] else None)


_YES = frozenset({"1", "co", "x", "yes", "y", "true", "dung", "han che", "minh hoa", "gia lap", "✓", "v"})
_NO = frozenset({"0", "khong", "no", "n", "false", "sai", "cong khai", "that", "du lieu that"})


def read_yes_no(cell: str) -> bool | Fault | None:
    """Có or không, x, 1 or 0, in either language."""
    text = clean(cell)
    word = fold(text)
    if not word:
        return None
    if word in _YES:
        return True
    return False if word in _NO else _fault("yes_no_unreadable", text=text[:40])


#: The words an export writes: those of inventory/labels.py, which no pure file may import.
VENUE_KIND_WORDS: Mapping[VenueKind, str] = {
    VenueKind.CULTURAL_HOUSE: "Nhà văn hóa",
    VenueKind.SCHOOL: "Trường học",
    VenueKind.COMMITTEE_OFFICE: "Trụ sở cơ quan",
    VenueKind.COMMUNAL_HOUSE: "Đình, đền",
    VenueKind.PAGODA: "Chùa",
    VenueKind.APARTMENT_ROOM: "Phòng sinh hoạt chung cư",
    VenueKind.PRIVATE_HOUSE: "Nhà dân",
    VenueKind.HOSPITAL: "Bệnh viện",
    VenueKind.ARMED_FORCES: "Đơn vị vũ trang",
    VenueKind.DETENTION: "Cơ sở giam giữ, cai nghiện",
    VenueKind.INDUSTRIAL: "Khu công nghiệp",
    VenueKind.OTHER: "Nơi khác",
}

_MORE_WORDS: Mapping[VenueKind, str] = {
    VenueKind.CULTURAL_HOUSE: "nvh | nha van hoa thon | nha van hoa khu pho | nha van hoa khu"
    " | hoi truong nha van hoa | trung tam van hoa | nha sinh hoat cong dong | nha sinh hoat khu dan cu",
    VenueKind.SCHOOL: "truong | truong mam non | truong tieu hoc | truong thcs | truong thpt"
    " | truong dai hoc",
    VenueKind.COMMITTEE_OFFICE: "tru so | tru so ubnd | hoi truong | hoi truong ubnd | ubnd | uy ban nhan dan"
    " | tru so uy ban nhan dan | tru so ubnd phuong | tru so, hoi truong ubnd",
    VenueKind.COMMUNAL_HOUSE: "dinh | den | dinh lang | dinh chua den",
    VenueKind.PAGODA: "chua den | nha tho | co so ton giao",
    VenueKind.APARTMENT_ROOM: "chung cu | phong sinh hoat cong dong | phong sinh hoat cong dong chung cu"
    " | nha sinh hoat cong dong chung cu",
    VenueKind.PRIVATE_HOUSE: "nha rieng | nha o | ho gia dinh",
    VenueKind.HOSPITAL: "benh vien, co so y te | tram y te | co so y te | nha duong lao",
    VenueKind.ARMED_FORCES: "luc luong vu trang | don vi quan doi | quan doi | cong an | doanh trai | bo doi"
    " | bien phong | don vi bo doi",
    VenueKind.DETENTION: "trai tam giam, co so cai nghien | trai tam giam | nha tam giu | co so cai nghien"
    " | trai giam",
    VenueKind.INDUSTRIAL: "kcn | nha may | cum cong nghiep | cong ty",
    VenueKind.OTHER: "khac | loai khac",
}


def _words(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


_KINDS = {
    **{_words(name): kind for kind, names in _MORE_WORDS.items() for name in names.split(" | ")},
    **{_words(name): kind for kind, name in VENUE_KIND_WORDS.items()},
    **{_words(kind.value): kind for kind in VenueKind},
}


def read_venue_kind(cell: str) -> VenueKind | Fault | None:
    """A venue type by its Vietnamese words or its code; an unknown one is a Fault (a warning)."""
    text = clean(cell)
    if not text:
        return None
    return _KINDS.get(_words(text)) or _fault("unknown_venue_kind", text=text[:40])


def read_pair(lat: str, lon: str) -> geodesy.Position | Fault | None:
    """Latitude and longitude from two cells, in any writing of degrees, within Vietnam."""
    lat, lon = clean(lat), clean(lon)
    if not lat and not lon:
        return None
    if not lat or not lon:
        return _fault("position_half")
    first, second = geodesy.parse_degrees(lat, "lat"), geodesy.parse_degrees(lon, "lon")
    if isinstance(first, Problem) or isinstance(second, Problem):
        return _pair_fault(lat, lon)
    return _within(first, second)


def _pair_fault(lat: str, lon: str) -> Fault:
    """Why a pair could not be read: perhaps each coordinate stands in the other's column."""
    second, first = geodesy.parse_degrees(lat, "lon"), geodesy.parse_degrees(lon, "lat")
    if isinstance(first, float) and isinstance(second, float) and geodesy.in_vietnam(first, second):
        return _fault("position_swapped", lat=degrees_text(first), lon=degrees_text(second))
    both = f"{lat}; {lon}"[:60]
    if _is_metres(lat) or _is_metres(lon):
        return _fault("position_vn2000", text=both)
    return _fault("position_unreadable", text=both)


def _is_metres(text: str) -> bool:
    """Six or seven digits before the point: metres of a plane, as in VN-2000, not degrees."""
    return re.fullmatch(r"[0-9]{6,7}([.,][0-9]*)?", re.sub(r"\s", "", text)) is not None


def _within(lat: float, lon: float) -> geodesy.Position | Fault:
    if geodesy.looks_swapped(lat, lon):
        return _fault("position_swapped", lat=degrees_text(lon), lon=degrees_text(lat))
    if not geodesy.in_vietnam(lat, lon):
        return _fault("position_outside", lat=degrees_text(lat), lon=degrees_text(lon))
    return lat, lon


#: Where one cell that holds both coordinates may be cut, the surest mark first.
_CUTS = (
    re.compile(r"\s*[;|/\n]\s*"),
    re.compile(r"\s*,\s+|\s+,\s*"),
    re.compile(r"(?<=[NBnb])\s*,?\s*(?=[0-9])"),
    re.compile(r"(?<=[0-9])\s*,\s*(?=[0-9]+\.)"),
    re.compile(r"\s+-\s+"),
    re.compile(r"\s+"),
)


def read_position(cell: str) -> geodesy.Position | Fault | None:
    """Both coordinates from one cell: "20,9531; 107,0845", "20.9531,107.0845", degrees with letters."""
    text = clean(cell)
    if not text:
        return None
    bare = text.strip("()[] ")
    worst: Fault | None = None
    for cut in _CUTS:
        parts = [part for part in cut.split(bare) if part]
        if len(parts) != 2:
            continue
        read = read_pair(parts[0], parts[1])
        if not isinstance(read, Fault) and read is not None:
            return read
        if isinstance(read, Fault) and read.code != "position_unreadable":
            worst = worst or read
    return worst or _fault("position_unreadable", text=text[:60])


def degrees_text(degrees: float) -> str:
    """Degrees for a Vietnamese reader, to about 0.1 m: 20,953012."""
    return f"{degrees:.6f}".rstrip("0").rstrip(".").replace(".", ",")
