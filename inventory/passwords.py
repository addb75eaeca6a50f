"""Passwords: Argon2id, the rules of NIST SP 800-63B-4 for a password alone, and random ones.

Hashing takes about 0.1 s and 19 MiB, so it is never done inside a transaction (`database.release()`
first), and at most two are done at once in a process, however many sign in together.
"""

import secrets
import threading
import unicodedata
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inventory.outcomes import Problem
from inventory.wording import fold

SHORTEST, LONGEST = 15, 256
# OWASP's second choice for Argon2id.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_at_once = threading.BoundedSemaphore(2)
#: Words that everybody here would try first; they add nothing to a password's strength.
_CONTEXT = (
    "halong", "baucu", "quangninh", "trucquan", "hongai", "honggai", "baichay", "campha", "uongbi",
    "mongcai", "matkhau", "password", "tuyentruyen", "khauhieu", "caicach", "vietnam",
)  # fmt: skip
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
#: Fewer letters than this beside the known words are no secret.
_LEAST_OWN = 6


def hash_password(password: str) -> str:
    """Hash with a fresh salt."""
    with _at_once:
        return _hasher.hash(unicodedata.normalize("NFKC", password))


#: Verified against when the user name is unknown, so that the time tells nothing.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for somebody unknown or without a password."""
    text = unicodedata.normalize("NFKC", password)[: LONGEST + 1]
    try:
        with _at_once:
            right = _hasher.verify(stored or _NOBODY, text)
    except (VerificationError, InvalidHashError):
        return False
    return right and bool(stored)


def weakness(password: str, username: str) -> Problem | None:
    """Why a password is too weak, or None. No composition rules, no forced changes."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < SHORTEST:
        return Problem(
            "short",
            "Mật khẩu cần ít nhất %(least)s ký tự; một câu bốn, năm từ là tốt.",
            "password",
            (("least", SHORTEST),),
        )
    if len(text) > LONGEST:
        return Problem("long", "Mật khẩu dài nhất %(most)s ký tự.", "password", (("most", LONGEST),))
    if is_common(text) or _is_regular(text) or len(_own(text, username)) < _LEAST_OWN:
        return Problem("common", "Mật khẩu này dễ đoán; hãy chọn một câu khác.", "password")
    return None


def is_common(password: str) -> bool:
    """Whether it is one of the shipped common passwords, whatever its case, marks and spaces."""
    return _plain(password) in common_passwords()


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The shipped list, folded as the passwords are that are held against it."""
    path = Path(__file__).with_name("common_passwords.txt")
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(_plain(line) for line in lines if not line.startswith("#"))


def _plain(text: str) -> str:
    return "".join(fold(text).split())


def _own(text: str, username: str) -> str:
    """What is left of a password without the words that everybody would try."""
    rest = _letters(text)
    for word in (*_CONTEXT, _letters(username)):
        rest = rest.replace(word, "") if word else rest
    return rest


def _letters(text: str) -> str:
    return "".join(glyph for glyph in _plain(text) if glyph.isalnum())


def _is_regular(text: str) -> bool:
    """Whether it is one short piece again and again, or runs along the alphabet or the digits."""
    plain = _plain(text)
    if len(set(plain)) < 5:
        return True
    if any((plain[:size] * len(plain))[: len(plain)] == plain for size in range(1, 9)):
        return True
    steps = [ord(after) - ord(before) for before, after in pairwise(plain)]
    runs = sum(1 for step in steps if step in {1, -1, 9, -9})
    return runs > 0.8 * len(steps)


def random_password() -> str:
    """A random password that can be read out and typed: 4 groups of 5, about 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
