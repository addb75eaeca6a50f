"""The files of a list: row model, heading and name; Vietnamese whatever the screen's language."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from inventory.campaigns import CampaignSeen
from inventory.vocabulary import Figure
from inventory.wording import fold
from maps.coverage.queries import totals
from maps.downloads.csv_file import csv_bytes
from maps.downloads.rows import Document, Heading, document
from maps.downloads.xlsx_file import xlsx
from maps.investment.queries import Found

LOCALE = "vi"
MIME = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_WRITERS = {"xlsx": xlsx, "csv": csv_bytes}


@dataclass(frozen=True)
class File:
    """A file ready to be sent, with what the trail says of it."""

    name: str
    mime: str
    content: bytes
    lines: int
    total: int

    @property
    def sha256(self) -> str:
        """The hash of the bytes, by which a printed or sent file is recognised."""
        return hashlib.sha256(self.content).hexdigest()


def made(found: Found, campaign: CampaignSeen, whose: str, shape: str, moment: datetime) -> File:
    """The whole list of a person as a file; `whose` names their areas, `shape` is xlsx or csv."""
    model = document_of(found, campaign, whose, moment)
    listed = found.listed
    figure = "da-xac-minh" if listed.figure is Figure.VERIFIED else "da-bao-cao"
    run = f"{campaign.today:%Y%m%d}_lan-{found.view.run.number}"
    name = f"danh-muc-dau-tu_{plain_code(campaign.code)}_{run}_{figure}"
    return written(name, shape, model, len(listed.priced))


def written(stem: str, shape: str, model: Document, lines: int) -> File:
    """A row model as a file; `stem` is its name without the ending, `shape` is xlsx or csv."""
    return File(f"{stem}.{shape}", MIME[shape], _WRITERS[shape](model), lines, model.total)


def document_of(found: Found, campaign: CampaignSeen, whose: str, moment: datetime) -> Document:
    """The row model: the list in its figure, with both figures' totals in the heading."""
    listed = {figure: found.in_figure(figure, LOCALE) for figure in Figure}
    view, book = found.view, found.book
    sums = totals(view)
    heading = Heading(
        campaign=campaign.name,
        scope=whose,
        election_day=campaign.election_day,
        facts_version=found.facts.version,
        read_at=view.run.read_at,
        standard=f"{view.standard.name} (phiên bản {view.standard.number})",
        book=f"{book.name} (phiên bản {book.number})",
        book_source=book.source,
        book_date=book.price_date,
        share_reported=sums.share(Figure.REPORTED),
        share_verified=sums.share(Figure.VERIFIED),
        surveyed=sums.places_surveyed,
        spots=sums.places,
        total_reported=listed[Figure.REPORTED].total,
        total_verified=listed[Figure.VERIFIED].total,
        synthetic=campaign.synthetic,
        made_at=moment,
    )
    return document(listed[found.listed.figure], heading)


def plain_code(code: str) -> str:
    """A campaign's code as every file system takes it."""
    return re.sub(r"[^a-z0-9]+", "-", fold(code)).strip("-") or "chien-dich"
