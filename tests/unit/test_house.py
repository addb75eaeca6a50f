"""The rules of the house that import-linter cannot hold (docs/architecture.md)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
VAGUE = {"utils", "helpers", "common", "misc", "manager", "handler", "util", "helper"}


def _files() -> Iterator[Path]:
    yield ROOT / "app.py"
    for context in ("inventory", "maps"):
        yield from sorted((ROOT / context).rglob("*.py"))


FILES = [path for path in _files() if "versions" not in path.parts]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_are_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a file begins with what it is for"
    assert len(text.splitlines()) <= LONGEST_FILE
    assert path.stem not in VAGUE
    if path.name == "__init__.py":
        assert len(tree.body) == 1, "a package's file is one docstring"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"
        if isinstance(node, ast.ImportFrom):
            assert node.module != "app", "nobody imports the factory"
        if isinstance(node, ast.Import):
            assert all(name.name != "app" for name in node.names), "nobody imports the factory"


def test_no_template_switches_escaping_off() -> None:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), path
        assert "autoescape false" not in text, path


def test_the_zone_of_the_election_is_said_once() -> None:
    said = [path.name for path in FILES if "Asia/Ho_Chi_Minh" in path.read_text(encoding="utf-8")]
    assert said == ["clock.py"]


def test_unescaped_text_is_made_in_one_place() -> None:
    made = [path.name for path in FILES if re.search(r"\bMarkup\(", path.read_text(encoding="utf-8"))]
    assert made == ["local_map.py"]


def test_every_bench_runs_with_the_others() -> None:
    folder = ROOT / "tests/bench"
    every = (folder / "__main__.py").read_text(encoding="utf-8")
    for path in folder.glob("[!_]*.py"):
        if "__main__" in path.read_text(encoding="utf-8"):
            assert f'"{path.stem}"' in every, path


def test_no_address_of_a_content_network() -> None:
    for folder in ("inventory", "maps", "templates", "static/js", "static/css"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".js", ".css"}:
                text = path.read_text(encoding="utf-8")
                for host in ("cdn.", "unpkg.", "cdnjs.", "code.jquery", "netdna.", "googleapis"):
                    assert f"//{host}" not in text, f"{path}: {host}"
