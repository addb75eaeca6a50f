"""Passwords (claim 31): long phrases pass, common and guessable ones do not, Argon2id is set as asked."""

import unicodedata
from pathlib import Path

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerificationError

from inventory import passwords

COMMON = Path(passwords.__file__).with_name("common_passwords.txt")


def _lines() -> list[str]:
    return [line for line in COMMON.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def test_all_ten_thousand_common_passwords_are_refused() -> None:
    lines = _lines()
    assert len(lines) == len(set(lines)) == 10_000
    assert [word for word in lines if passwords.weakness(word, "lan.anh") is None] == []
    assert [word for word in lines if not passwords.is_common(word)] == []


def test_common_passwords_count_as_common_when_written_out_longer() -> None:
    for word in ("123456789012345", "passwordpassword", "qwertyqwertyqwerty", "aaaaaaaaaaaaaaaa"):
        assert passwords.weakness(word, "lan.anh") is not None, word


@pytest.mark.parametrize(
    "phrase",
    [
        "mưa rơi trên đá",  # 15 characters, spaces and marks
        "cá kho tộ ngon nhé",
        "correct horse battery",
        "con đường nhỏ sau chợ cũ " * 3,  # 75 characters
        "một câu thật dài mà chỉ mình tôi biết, viết ra từ một buổi chiều ở cảng",
        "ＡＢＣ một hai ba bốn",
    ],
)
def test_phrases_are_accepted_whole(phrase: str) -> None:
    assert len(phrase) >= passwords.SHORTEST
    assert passwords.weakness(phrase, "lan.anh") is None
    stored = passwords.hash_password(phrase)
    assert passwords.verify_password(stored, phrase)
    assert passwords.verify_password(stored, unicodedata.normalize("NFD", phrase))
    assert not passwords.verify_password(stored, phrase[:-1] + "!")
    assert not passwords.verify_password(stored, phrase + "!")


@pytest.mark.parametrize(
    ("phrase", "code"),
    [
        ("mười bốn ký tự", "short"),
        ("", "short"),
        ("x" * 257, "long"),
        ("halong halong halong", "common"),
        ("Bầu cử Quảng Ninh 21", "common"),
        ("lan.anh.lan.anh.2021", "common"),
        ("abcdefghijklmnopq", "common"),
        ("987654321098765", "common"),
        ("mật khẩu mật khẩu", "common"),
    ],
)
def test_guessable_passwords_are_refused_with_a_sentence(phrase: str, code: str) -> None:
    problem = passwords.weakness(phrase, "lan.anh")
    assert problem is not None
    assert problem.code == code
    assert problem.field == "password"


def test_no_rule_of_composition() -> None:
    assert passwords.weakness("chỉ toàn chữ thường thôi", "lan.anh") is None


def test_nobody_costs_as_much_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            raise VerificationError

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for stored in (None, "", "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA"):
        assert not passwords.verify_password(stored, "sai rồi")
    costs = [extract_parameters(stored) for stored in verified[:2]]
    assert len(verified) == 3
    assert all((cost.memory_cost, cost.time_cost) == (19_456, 2) for cost in costs)


def test_argon2id_is_as_strong_as_promised() -> None:
    chosen = extract_parameters(passwords.hash_password("cá kho tộ ngon nhé"))
    assert chosen.type.name == "ID"
    assert chosen.memory_cost >= 19_456
    assert chosen.time_cost >= 2
    assert chosen.parallelism == 1


def test_random_passwords_pass_their_own_rule() -> None:
    made = {passwords.random_password() for _ in range(200)}
    assert len(made) == 200
    assert all(passwords.weakness(word, "lan.anh") is None for word in made)
