"""Typesetting: a layout and values in, PDF bytes out, in a process of its own with a limit of time.

A layout is a file of Typst; what it sets comes as JSON through `sys.inputs`, so that no text of people is
ever read as markup. Fonts are ours alone. The process holds no database, no secret and no network address.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

FONTS = Path(__file__).with_name("fonts")
SECONDS = 60
#: How many sheets are set at once: each takes some 150 MB while it lasts.
_AT_ONCE = BoundedSemaphore(2)


class Unfinished(Exception):
    """The sheet was not set in time, or not at all; the message is for the log."""


def pdf(layout: Path, values: dict[str, Any], moment: int, seconds: float = SECONDS) -> bytes:
    """The sheet as PDF; `moment` (seconds since 1970) is its date of creation. Raises Unfinished."""
    work = json.dumps({"layout": str(layout), "values": values, "moment": moment}, ensure_ascii=False)
    command = [sys.executable, "-m", "inventory.typesetting"]
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    if not _AT_ONCE.acquire(timeout=seconds):
        raise Unfinished("others are being set")
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, nothing from outside
            command,
            input=work.encode(),
            capture_output=True,
            timeout=seconds,
            cwd=Path(__file__).parents[1],
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unfinished(f"not done in {seconds} seconds") from None
    finally:
        _AT_ONCE.release()
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise Unfinished(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _set() -> None:
    """The child: JSON from standard input, PDF to standard output."""
    import typst

    work = json.load(sys.stdin.buffer)
    layout = Path(work["layout"])
    compiler = typst.Compiler(
        layout,
        root=layout.parent,
        font_paths=typst.Fonts(False, False, [FONTS]),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(work["values"], ensure_ascii=False)},
    )
    try:
        made = compiler.compile(format="pdf", timestamp=work["moment"], pdf_standards=["ua-1"])
    except typst.TypstError as error:
        # A name with a letter that the font lacks: PDF/UA refuses the file, a reader would not.
        if "could not be displayed" not in error.message:
            raise
        made = compiler.compile(format="pdf", timestamp=work["moment"])
    sys.stdout.buffer.write(made[0] if isinstance(made, list) else made or b"")


if __name__ == "__main__":
    _set()
