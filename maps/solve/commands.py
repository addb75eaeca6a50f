"""`flask maps solve INSTANCE.json`: a bare instance in, one JSON object out; the seam for anyone's benchmark.

Ends with 0 when it answered, 2 when the instance is malformed (a sentence on stderr), 3 when rules
collide (`{"status": "infeasible", "rules": […]}`), 4 when the time ended before any choice was found.
Wants no database and no campaign.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from maps.solve.bare import Collision, answer
from maps.solve.instance import Instance, Malformed, read
from maps.solve.linear import left_behind
from maps.solve.model import OutOfTime, Solution
from maps.solve.watching import Watch

MALFORMED, INFEASIBLE, OUT_OF_TIME = 2, 3, 4


def install(group: AppGroup) -> None:
    """Add the command to `flask maps`."""
    group.add_command(solve)


@click.command("solve")
@click.argument("instance", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--gap", type=click.FloatRange(0.0, 1.0), default=1e-4, show_default=True,
              help="Relative gap at which to stop; 0 proves the optimum.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0.0, 86_400.0), default=60.0, show_default=True,
              help="Time limit; the best answer by then comes with its bound.")  # fmt: skip
def solve(instance: Path, gap: float, seconds: float) -> None:
    """Solve the JSON instance in INSTANCE (- reads the standard input)."""
    clock = Watch(seconds)
    asked = _read(instance)
    try:
        found = answer(asked, gap, clock)
    except OutOfTime:
        _end(OUT_OF_TIME, "Hết thời gian trước khi tìm được phương án nào.")
    if isinstance(found, Collision):
        click.echo(json.dumps({"status": "infeasible", "rules": list(found.rules)}, ensure_ascii=False))
        _end(INFEASIBLE)
    click.echo(json.dumps(told(asked, found), ensure_ascii=False))
    _end(0)


def told(asked: Instance, found: Solution) -> dict[str, Any]:
    """The answer as it is printed: ids in the instance's order, whole numbers as such."""
    return {
        "problem": asked.problem,
        "chosen": [asked.candidates[j] for j in found.chosen.tolist()],
        "value": _plain(found.value),
        "bound": _plain(found.bound),
        "gap": _plain(found.gap),
        "seconds": round(found.seconds, 3),
        "method": found.method,
    }


def _plain(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _read(path: Path) -> Instance:
    try:
        return read(_bytes(path))
    except Malformed as refusal:
        problem = refusal.problem
        _end(MALFORMED, problem.message % dict(problem.values) if problem.values else problem.message)


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as reason:
        _end(MALFORMED, f"Không đọc được tệp {path}: {reason.strerror}.")


def _end(code: int, sentence: str = "") -> NoReturn:
    """Say a sentence on stderr and end with this code."""
    if sentence:
        click.echo(sentence, err=True)
    if left_behind:
        # A solver's thread that did not stop in time would be torn down half-way by a usual exit.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    raise SystemExit(code)
