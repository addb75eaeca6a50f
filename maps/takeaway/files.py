"""The file of a map: its name, and what the trail says of it."""

import hashlib
import re
from dataclasses import dataclass

from inventory.vocabulary import Figure
from inventory.wording import fold
from maps.takeaway.queries import Taken

MIME = {"html": "text/html; charset=utf-8", "pdf": "application/pdf"}


@dataclass(frozen=True)
class File:
    """A file ready to be sent."""

    name: str
    mime: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the bytes, by which a map that turns up is recognised."""
        return hashlib.sha256(self.content).hexdigest()


def named(taken: Taken, shape: str, content: bytes, words: str = "") -> File:
    """The file under the name of its campaign, area, day, run and figure; `shape` is html or pdf."""
    figure = "da-xac-minh" if taken.figure is Figure.VERIFIED else "da-bao-cao"
    run = f"lan-{taken.run.number}" if taken.run else "chua-tinh"
    day = f"{taken.campaign.today:%Y%m%d}"
    plan = (f"ke-hoach-{taken.plan.seen.number}",) if taken.plan else ()
    area = (plain(taken.whose),) if taken.ward is not None else ()
    extra = (words,) if words else ()
    parts = ("ban-do", plain(taken.campaign.code), *area, day, run, figure, *plan, *extra)
    return File(f"{'_'.join(parts)}.{shape}", MIME[shape], content)


def plain(words: str) -> str:
    """Words as every file system takes them."""
    return re.sub(r"[^a-z0-9]+", "-", fold(words)).strip("-")[:60] or "khong-ten"
