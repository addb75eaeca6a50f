"""What docs/trust.md says is tested is tested: each test that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
CLAIMS = {1, 3, 4, *range(8, 21), *range(22, 33), 34, 37, 38, 40, 41, 42, 43, 47, 48, 55, 56, 57}


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    assert len(named) > 40
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).is_file() or f"def {name}" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_file_that_is_named_is_there() -> None:
    for path in re.findall(r"`((?:inventory|maps|static)/[\w/.-]+|\w+(?:\.conf)?\.py)`", TEXT):
        assert (ROOT / path).exists(), path


def test_every_claim_has_its_line() -> None:
    assert {int(number) for number in re.findall(r"(?m)^\| (\d+) ", TEXT)} >= CLAIMS
