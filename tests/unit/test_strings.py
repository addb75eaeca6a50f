"""Every sentence of the screens has its English, with the same placeholders, compiled and up to date."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "inventory/locale/en/LC_MESSAGES"
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|&\w+;")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What the code and the templates say now, collected as `make strings` does."""
    keywords = re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    target = tmp_path_factory.mktemp("strings") / "messages.pot"
    options = [part for word in keywords for part in ("-k", word)]
    subprocess.run(
        [Path(sys.executable).parent / "pybabel", "-q", "extract", "-F", "inventory/locale/babel.cfg",
         *options, "-o", target, "."],
        cwd=ROOT, check=True,
    )  # fmt: skip
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The English catalogue."""
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (str(value),)


def test_no_sentence_is_missing_in_english(collected: Catalog, english: Catalog) -> None:
    missing = []
    for message in collected:
        if not message.id:
            continue
        found = english.get(_texts(message.id)[0])
        if found is None or not all(_texts(found.string)) or found.fuzzy:
            missing.append(_texts(message.id)[0])
    assert missing == [], f"{len(missing)} sentences; add them to messages.po and run make strings"


def test_no_english_sentence_is_left_over(collected: Catalog, english: Catalog) -> None:
    left = [message.id for message in english if message.id and collected.get(_texts(message.id)[0]) is None]
    assert left == []


def test_placeholders_are_the_same(english: Catalog) -> None:
    for message in english:
        if not message.id:
            continue
        wanted = sorted(_PLACEHOLDER.findall(_texts(message.id)[0]))
        for text in _texts(message.string):
            assert sorted(_PLACEHOLDER.findall(text)) == wanted, message.id


def test_the_compiled_file_is_of_this_catalogue(english: Catalog) -> None:
    with (FOLDER / "messages.mo").open("rb") as file:
        compiled = read_mo(file)
    for message in english:
        if message.id:
            found = compiled.get(_texts(message.id)[0])
            assert found is not None, "run make strings"
            assert _texts(found.string) == _texts(message.string), "run make strings"
