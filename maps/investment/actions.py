"""What a download leaves behind: a line in the trail that names the file by its hash."""

from inventory import trail
from inventory.vocabulary import Figure
from maps.investment.files import File
from maps.investment.queries import Found


def downloaded(found: Found, file: File, figure: Figure) -> None:
    """Write who took which list, so that a file that turns up can be told from another."""
    trail.record(
        "download",
        "investment",
        found.view.run.id,
        detail={
            "file": file.name,
            "sha256": file.sha256,
            "figure": figure.value,
            "run": found.view.run.number,
            "book": found.book.number,
            "lines": file.lines,
            "total": file.total,
            "plan": found.plan.number if found.plan else None,
        },
    )
