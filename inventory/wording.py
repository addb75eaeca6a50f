"""How Vietnamese offices write: numbers, money, days, distances, amounts in words, search and order.

Plain code without a framework. `locale` is "vi" or "en" (a longer tag counts by its first two
letters); days are dd/mm/yyyy in both, because the documents are. What is unknown (None) is
written as a dash, so that a page never shows a made-up zero.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from inventory.clock import HA_NOI

Number = int | float | Decimal
VietnameseKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]

NBSP = "\u00a0"
UNKNOWN = "–"


def number(value: Number | None, places: int = 0, locale: str = "vi") -> str:
    """1234567 → 1.234.567; at most `places` decimals, rounded half up, without trailing zeros."""
    if value is None:
        return UNKNOWN
    rounded = _half_up(value, places)
    text = f"{rounded:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    return text if _english(locale) else text.translate(_SWAPPED)


def money(amount: int | None, locale: str = "vi") -> str:
    """Whole đồng: 1234567 → "1.234.567 đ", joined by a no-break space."""
    return UNKNOWN if amount is None else f"{number(amount, locale=locale)}{NBSP}đ"


def day(value: date | None) -> str:
    """A date as dd/mm/yyyy; an aware moment is first taken to Vietnam's day."""
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime):
        value = _in_vietnam(value).date()
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def moment(value: datetime | None) -> str:
    """An aware moment as "09:12 19/04/2021" in Vietnam. A naive one raises ValueError."""
    if value is None:
        return UNKNOWN
    local = _in_vietnam(value)
    return f"{local.hour:02d}:{local.minute:02d} {day(local)}"


def percent(share: float | None, locale: str = "vi") -> str:
    """A share from 0 to 1 as whole per cent: 0.413 → "41 %".

    What is not all never reads 100 %, and what is something never reads 0 %: a leader reads both
    ends as facts.
    """
    if share is None:
        return UNKNOWN
    whole = int(_half_up(Decimal(str(share)) * 100, 0))
    if 0 < share < 1:
        whole = min(max(whole, 1), 99)
    return f"{number(whole, locale=locale)}{'' if _english(locale) else NBSP}%"


def metres(distance: float | None, locale: str = "vi") -> str:
    """A distance in metres: "120 m" below one kilometre, else "1,2 km"."""
    if distance is None:
        return UNKNOWN
    if _half_up(distance, 0) < 1000:
        return f"{number(distance, locale=locale)}{NBSP}m"
    return f"{number(Decimal(str(distance)) / 1000, places=1, locale=locale)}{NBSP}km"


def _english(locale: str) -> bool:
    return str(locale).lower().startswith("en")


def _half_up(value: Number, places: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise ValueError("not a finite number")
    if exact == exact.to_integral_value():
        return exact.quantize(Decimal(1)) if abs(exact) < Decimal(10) ** 27 else Decimal(int(exact))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _in_vietnam(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a moment must know its zone")
    return value.astimezone(HA_NOI)


_SWAPPED = str.maketrans(",.", ".,")

# --- amounts in words (domain §5.6) ---------------------------------------------------------

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ((1_000_000, "triệu"), (1_000, "nghìn"), (1, ""))
_BILLION = 1_000_000_000


def money_words(amount: int, even: bool = False) -> str:
    """Đồng in words: 1005000 → "Một triệu không trăm linh năm nghìn đồng".

    Mốt and tư after tens of two and more, lăm after tens, linh for a zero ten. From 10¹² on the
    billions are read as a number of their own ("một nghìn tỷ"). `even` adds "chẵn".
    """
    words = _read(abs(amount))
    if amount < 0:
        words.insert(0, "âm")
    words.append("đồng chẵn" if even else "đồng")
    sentence = " ".join(words)
    return sentence[0].upper() + sentence[1:]


def _read(value: int) -> list[str]:
    if value == 0:
        return [_DIGITS[0]]
    billions, rest = divmod(value, _BILLION)
    words = [*_read(billions), "tỷ"] if billions else []
    for scale, name in _SCALES:
        group, rest = divmod(rest, scale)
        if group:
            words += _read_group(group, whole=bool(words))
            if name:
                words.append(name)
    return words


def _read_group(group: int, whole: bool) -> list[str]:
    """Read 1..999; `whole` groups stand behind others and speak their zero hundreds too."""
    hundreds, tens, units = group // 100, group // 10 % 10, group % 10
    words = []
    if hundreds or whole:
        words += [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif units and words:
        words.append("linh")
    if units == 5 and tens:
        words.append("lăm")
    elif tens > 1 and units in (1, 4):
        words.append("mốt" if units == 1 else "tư")
    elif units:
        words.append(_DIGITS[units])
    return words


# --- text as it is kept, searched and sorted ------------------------------------------------

_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306": 1, "\u0302": 2, "\u031b": 3}
#: The letters in dictionary order; breve, circumflex and horn follow their base letter.
_LETTERS = (
    *("a", "a\u0306", "a\u0302", "b", "c", "d", "đ", "e", "e\u0302", "f", "g", "h", "i", "j", "k", "l", "m"),
    *("n", "o", "o\u0302", "o\u031b", "p", "q", "r", "s", "t", "u", "u\u031b", "v", "w", "x", "y", "z"),
)
_PLACE_IN_ALPHABET = {letter: place for place, letter in enumerate(_LETTERS)}
_GLYPHS = re.compile(r"[0-9]{1,18}|.", re.DOTALL)
#: Old placement of the tone mark → new placement, for the three open pairs that are written both ways.
_OLD_PLACEMENT = re.compile(
    r"([oO][\u0300\u0309\u0303\u0301\u0323])([aAeE])|([uU][\u0300\u0309\u0303\u0301\u0323])([yY])"
)
#: After a consonant a final y and i are the same sound: Mỹ and Mĩ, Lý and Lí.
_FINAL_Y = re.compile(r"\b([bcdghklmnpqrstvx]+)y\b")


def clean(text: str, lines: bool = False) -> str:
    """The text as it is kept: NFC, white space collapsed, nothing invisible in it.

    Control and format characters (bidirectional overrides and zero-width ones among them), lone
    surrogates and non-characters are dropped. `lines` keeps line breaks of a longer note.
    """
    if (
        text.isprintable()
        and "  " not in text
        and text.strip() == text
        and unicodedata.is_normalized("NFC", text)
    ):
        return text
    if lines:
        kept = "\n".join(clean(line) for line in re.split(r"\r\n|[\r\n\u2028\u2029]", text))
        return re.sub(r"\n{3,}", "\n\n", kept).strip("\n")
    spaced = (" " if glyph.isspace() else glyph for glyph in text)
    seen = "".join(glyph for glyph in spaced if not _invisible(glyph))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _invisible(glyph: str) -> bool:
    code = ord(glyph)
    return (
        unicodedata.category(glyph) in {"Cc", "Cf", "Cs"}
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text without marks, for search: "Phường Hồng Hà" → "phuong hong ha"; đ → d.

    Where the tone mark stands ("Hoà", "Hòa") and hyphens ("pa-nô", "pa nô") make no difference.
    """
    bare = "".join(
        glyph for glyph in unicodedata.normalize("NFKD", clean(text)) if unicodedata.category(glyph) != "Mn"
    )
    return " ".join(bare.casefold().replace("đ", "d").replace("-", " ").split())


@lru_cache(maxsize=4096)
def _exact(text: str) -> str:
    """Lower case with its marks, the tone mark always in its new place."""
    apart = unicodedata.normalize("NFD", clean(text))
    placed = _OLD_PLACEMENT.sub(_move_tone, apart)
    return unicodedata.normalize("NFC", placed).casefold()


def _move_tone(found: re.Match[str]) -> str:
    marked, after = found.group(1) or found.group(3), found.group(2) or found.group(4)
    return marked[0] + after + marked[1]


def matches(query: str, text: str) -> int | None:
    """Rank of a search: 0 with these very marks, 1 without regard to marks, None no match.

    Without marks every word of the query must be in the text, in any order; a final y equals i and
    a word may be written apart or together ("panô", "pa nô").
    """
    if _exact(query) in _exact(text):
        return 0
    wanted, held = _FINAL_Y.sub(r"\1i", fold(query)), _FINAL_Y.sub(r"\1i", fold(text))
    if wanted in held or all(word in held for word in wanted.split()):
        return 1
    together = wanted.replace(" ", "")
    return 1 if len(together) > 2 and together in held.replace(" ", "") else None


@lru_cache(maxsize=4096)
def vietnamese_key(text: str) -> VietnameseKey:
    """Sort key: a ă â b c d đ e ê …, then tones (ngang huyền hỏi ngã sắc nặng), then the text itself.

    Numbers inside count as numbers ("khu 2" before "khu 10"); spaces come before punctuation,
    digits and letters. Two different texts never have the same key.
    """
    primary: list[tuple[int, int]] = []
    tones: list[int] = []
    for token in _GLYPHS.findall(unicodedata.normalize("NFD", text.casefold())):
        if token in _TONES and tones:
            tones[-1] = _TONES[token]
        elif token in _SHAPES and primary:
            primary[-1] = _shaped(primary[-1], token)
        else:
            primary.append(_weight(token))
            tones.append(0)
    return tuple(primary), tuple(tones), text


def _weight(token: str) -> tuple[int, int]:
    if token.isspace():
        return 0, 0
    if token[0] in "0123456789":
        return 2, int(token)
    if token in _PLACE_IN_ALPHABET:
        return 3, _PLACE_IN_ALPHABET[token]
    return (4 if token.isalpha() else 1), ord(token)


def _shaped(weight: tuple[int, int], mark: str) -> tuple[int, int]:
    """The weight of the letter before, now that it carries a breve, circumflex or horn."""
    if weight[0] != 3:
        return weight
    return 3, _PLACE_IN_ALPHABET.get(_LETTERS[weight[1]][0] + mark, weight[1])
