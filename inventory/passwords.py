"""Passwords: Argon2id, the rules of NIST SP 800-63B-4 for a password alone, and random ones."""

import secrets
import unicodedata
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from inventory.outcomes import Problem
from inventory.wording import fold

SHORTEST, LONGEST = 15, 256
# OWASP's second choice for Argon2id; about 0.1 s here. Never inside a transaction.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_CONTEXT = ("halong", "ha long", "baucu", "bau cu", "quangninh", "quang ninh", "trucquan", "truc quan")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def hash_password(password: str) -> str:
    """Hash with a fresh salt."""
    return _hasher.hash(unicodedata.normalize("NFKC", password))


#: Verified against when the user name is unknown, so that the time tells nothing.
_NOBODY = _hasher.hash(secrets.token_hex(16))


def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for somebody unknown."""
    try:
        right = _hasher.verify(stored or _NOBODY, unicodedata.normalize("NFKC", password[:LONGEST]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(right) and bool(stored)


def weakness(password: str, username: str) -> Problem | None:
    """Why a password is too weak, or None. No composition rules, no forced changes."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < SHORTEST:
        return Problem(
            "short", "Mật khẩu cần ít nhất %(least)s ký tự; một câu bốn, năm từ là tốt.", "password",
            (("least", SHORTEST),),
        )
    if len(text) > LONGEST:
        return Problem("long", "Mật khẩu dài nhất %(most)s ký tự.", "password", (("most", LONGEST),))
    plain = "".join(fold(text).split())
    rest = plain
    for word in (*_CONTEXT, fold(username)):
        rest = rest.replace(word.replace(" ", ""), "")
    if plain in _common() or len(set(plain)) < 5 or len(rest) < 6:
        return Problem("common", "Mật khẩu này dễ đoán; hãy chọn một câu khác.", "password")
    return None


def _common() -> frozenset[str]:
    global _words
    if _words is None:
        path = Path(__file__).with_name("common_passwords.txt")
        lines = path.read_text(encoding="utf-8").splitlines()
        _words = frozenset("".join(fold(line).split()) for line in lines if not line.startswith("#"))
    return _words


_words: frozenset[str] | None = None


def random_password() -> str:
    """A random password that can be read out and typed: 4 groups of 5, about 98 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))
