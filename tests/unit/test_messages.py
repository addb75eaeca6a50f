"""Sentences are collected where they are written: each stands as a literal in the call that carries it.

A sentence in a variable is never collected for translation, and nobody notices: it is shown in
Vietnamese to everybody.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "app.py"] + [
    path for context in ("inventory", "maps") for path in sorted((ROOT / context).rglob("*.py"))
]

#: What carries a sentence, and where its msgids stand among the arguments.
CARRIERS: dict[str, tuple[int, ...]] = {
    "Problem": (1,),
    "refuse": (1,),
    "BadInput": (1,),
    "Flag": (1,),
    "Unreadable": (1,),
    "sentence": (0,),
    "Sentence": (0,),
    "_": (0,),
    "_l": (0,),
    "gettext": (0,),
    "lazy_gettext": (0,),
    "ngettext": (0, 1),
    "lazy_ngettext": (0, 1),
}

#: What passes on a sentence that stands as a literal elsewhere, and why it has to.
PASSED_ON: dict[tuple[str, str], str] = {
    ("inventory/answers.py", "gettext(error.message)"): "says a BadInput",
    ("inventory/areas/views.py", "gettext(error.message)"): "says a BadInput at its field",
    ("inventory/pages.py", "gettext(problem.message, **dict(problem.values))"): "says a Problem",
    ("maps/investment/words.py", "gettext(sentence.message, **dict(sentence.values))"): "says a Sentence",
    ("inventory/fields.py", "self.gettext(one if number == 1 else many)"): "WTForms gives its own words",
    (
        "inventory/outcomes.py",
        "Problem(code, message, field, tuple(values.items()))",
    ): "refuse() itself, which is a carrier",
    (
        "inventory/places/workbook_guard.py",
        "Problem(code, message, 'file', tuple(values.items()))",
    ): "Unreadable() itself, which is a carrier",
    (
        "maps/investment/lines.py",
        "Sentence(message, tuple(values.items()))",
    ): "sentence() itself, which is a carrier",
    (
        "inventory/photos/intake.py",
        "Problem(problem.code, problem.message, problem.field, (*problem.values, ('file', name)))",
    ): "the same problem with the file's name",
    (
        "inventory/places/import_report.py",
        "problem.sentence(translate)",
    ): "a RowProblem says itself; its sentence is in import_problems.py",
    ("maps/planning/shapes.py", "Problem(error.code, error.message, FIELD)"): "a BadInput at its field",
    ("maps/coverage/views.py", "_(message, **values)"): "the words of a model that a run stored",
    (
        "maps/plan/stored.py",
        "Sentence(message, tuple(((name, value) for name, value in pairs)))",
    ): "a Sentence read again from a stored plan",
    ("maps/plan/words.py", "_(message, **dict(values))"): "a Sentence of a stored recount",
    ("maps/plan/words.py", "_(text, **dict(*values))"): "a Problem of a stored plan",
    ("inventory/places/import_showing.py", "problem.sentence(gettext)"): "the same, on the page",
    ("inventory/cases/phone_pages.py", "showing.sentence(one)"): "the sentence of a stored outcome",
    ("inventory/field/wordbook.py", "gettext(msgid)"): "the words of the phone, collected from its files",
    (
        "inventory/sync/verdicts.py",
        "Problem(code, message, '', tuple(((str(name), value) for name, value in values)))",
    ): "a note of a stored outcome",
    (
        "inventory/sync/verdicts.py",
        "Problem(code, message, field, values)",
    ): "the sentence of a stored outcome",
    ("inventory/sync/views.py", "gettext(error.message)"): "says a BadInput",
}


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _loose(call: ast.Call) -> bool:
    """Whether a msgid of the call is anything but a string as it stands."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    for place in CARRIERS.get(_called(call), ()):
        said = call.args[place] if place < len(call.args) else named.get("message")
        if not (isinstance(said, ast.Constant) and isinstance(said.value, str)):
            return True
    return False


def _loose_calls(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _loose(node):
            yield path.relative_to(ROOT).as_posix(), ast.unparse(node)


def test_every_sentence_is_a_literal_in_its_call() -> None:
    found = {call for path in FILES for call in _loose_calls(path)}
    assert sorted(found - PASSED_ON.keys()) == []


def test_nothing_is_excused_that_is_not_there() -> None:
    found = {call for path in FILES for call in _loose_calls(path)}
    assert PASSED_ON.keys() <= found
    assert all(PASSED_ON.values())


@pytest.mark.parametrize(
    ("code", "loose"),
    [
        ('refuse("late", "Đã quá hạn.", "day")', False),
        ('refuse("late", "Đã quá hạn, " "không ghi được.")', False),
        ('refuse("late", message)', True),
        ('refuse("late", f"Đã quá {hạn}.")', True),
        ('refuse("late", "Đã quá hạn." + more)', True),
        ('outcomes.Problem(code="late", message=text)', True),
        ('_("Đăng nhập")', False),
        ("_l(word)", True),
        ('ngettext("%(num)s dòng", many, 2)', True),
    ],
)
def test_the_test_sees_what_the_collector_does_not(code: str, loose: bool) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    assert _loose(call) is loose
