"""The report of an import for programs: counts, problems and how a command ends. Pure."""

from collections.abc import Callable, Iterable
from typing import Any

from inventory.places.import_plan import ImportPlan
from inventory.places.import_problems import RowProblem

CLEAN, ONLY_WARNINGS, HAS_ERRORS = 0, 1, 2


def report(
    found: ImportPlan | None, problems: Iterable[RowProblem], translate: Callable[[str], str] = str
) -> dict[str, Any]:
    """The JSON of `import places --json`; without a plan (an unreadable file) all counts are 0."""
    return {
        "new": len(found.new) if found else 0,
        "changed": len(found.changed) if found else 0,
        "same": len(found.same) if found else 0,
        "missing_from_file": len(found.missing_from_file) if found else 0,
        "problems": [
            {
                "sheet": problem.sheet,
                "row": problem.row,
                "column": problem.column,
                "level": problem.level,
                "code": problem.code,
                "message": problem.sentence(translate),
            }
            for problem in problems
        ],
    }


def exit_code(problems: Iterable[RowProblem]) -> int:
    """0 clean, 1 warnings only, 2 errors."""
    levels = {problem.level for problem in problems}
    if "error" in levels:
        return HAS_ERRORS
    return ONLY_WARNINGS if levels else CLEAN
