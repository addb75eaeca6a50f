"""What a map that is taken away leaves behind: a line in the trail that names the file by its hash."""

from inventory import trail
from maps.takeaway.files import File
from maps.takeaway.queries import Taken


def downloaded(taken: Taken, file: File) -> None:
    """Write who took which map, so that a file that turns up can be told from another."""
    run = taken.run
    trail.record(
        "download",
        "map",
        run.id if run else taken.campaign.id,
        area_id=taken.ward,
        detail={
            "file": file.name,
            "sha256": file.sha256,
            "figure": taken.figure.value,
            "run": run.number if run else None,
            "places": len(taken.drawn.rows),
            "plan": taken.plan.seen.number if taken.plan else None,
        },
    )
