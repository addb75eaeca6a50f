"""What a download costs: `python -m tests.bench.downloads` prints a table, with openpyxl beside it.

City size is 3,600 lines (300 places × 12 requirements), province size five times that. Each case
runs in a process of its own, so that its peak memory is its own; both writers get the same rows.
"""

import io
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import openpyxl

from inventory.vocabulary import Figure, GapReason, LineAction
from maps.downloads.csv_file import csv_bytes
from maps.downloads.rows import Document, Heading, document
from maps.downloads.xlsx_file import xlsx
from maps.investment.lines import InvestmentList, Line, sentence
from maps.investment.rules import subtotals

SIZES = {"city": (3_600, 33), "province": (18_000, 165)}
NOW = datetime(2021, 4, 19, 2, 12, tzinfo=UTC)


def line(number: int, wards: int) -> Line:
    """A line like those of Hạ Long: every text is different where real ones are."""
    area = number % wards
    requirement = f"Băng rôn có tên và số khu vực bỏ phiếu {number % 12}"
    why = sentence(
        "%(requirement)s: cần %(needed)s, dùng tốt 0, còn thiếu %(needed)s.",
        requirement=requirement,
        needed=str(1 + number % 9),
    )
    return Line(
        action=LineAction.BUY, area_id=area, area_code=f"{6000 + area:05d}", area_name=f"Phường số {area}",
        place_id=number // 12, place_number=number // 12 % 18, place_name=f"KVBP số {number // 12}",
        venue_name=f"Nhà văn hóa khu {number // 12}", requirement_id=number % 12, requirement=requirement,
        kind="BANNER_H", kind_name="băng rôn ngang", mandatory=number % 3 > 0, voters=600 + number % 700,
        quantity=1 + number % 9, unit="cái", unit_price=350_000, price_id=1, price_source="Báo giá 12/BG",
        price_guess=True, amount=350_000 * (1 + number % 9), from_store=0, shared=0,
        reason=GapReason.NOTHING_RECORDED, why=(why,), nearest_m=float(number % 2000), synthetic=True,
    )  # fmt: skip


def rows(size: str) -> Document:
    """The row model of a list of this size."""
    count, wards = SIZES[size]
    lines = tuple(line(number, wards) for number in range(count))
    works = sum(one.amount or 0 for one in lines)
    found = InvestmentList(
        Figure.REPORTED, lines, (), (), (), (), subtotals(lines), works, (), works
    )  # fmt: skip
    heading = Heading(
        "Bầu cử 2021", "Hạ Long", date(2021, 5, 23), 1, NOW, "Tiêu chuẩn số 1", "Sổ giá số 1", "Khảo giá",
        "01/03/2021", 0.57, 0.41, 187, 316, works, works, True, NOW,
    )  # fmt: skip
    return document(found, heading)


def by_openpyxl(made: Document) -> bytes:
    """The same rows by openpyxl's streaming writer, without any format, freeze, filter or print setup."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Danh mục")
    for group in made.groups:
        for cells in group.rows:
            sheet.append(cells)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


WRITERS: dict[str, Callable[[Document], bytes]] = {
    "xlsx": xlsx,
    "openpyxl": by_openpyxl,
    "csv": csv_bytes,
}


def measure(size: str, writer: str) -> None:
    """One case: best of three in seconds, kB written, and MB that the writing added to the peak."""
    started = time.perf_counter()
    made = rows(size)
    modelled = time.perf_counter() - started
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, size_kb = [], 0
    for _ in range(3):
        started = time.perf_counter()
        size_kb = len(WRITERS[writer](made)) // 1024
        seconds.append(time.perf_counter() - started)
    added = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"{modelled:.3f} {min(seconds):.3f} {size_kb} {added:.0f}")


def main() -> None:
    """The table."""
    print(f"{'size':<10}{'writer':<10}{'rows model s':>14}{'write s':>10}{'kB':>8}{'peak + MB':>11}")
    took: dict[tuple[str, str], float] = {}
    for size in SIZES:
        for writer in WRITERS:
            command = [sys.executable, "-m", "tests.bench.downloads", size, writer]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            took[size, writer] = float(said[1])
            print(f"{size:<10}{writer:<10}{said[0]:>14}{said[1]:>10}{said[2]:>8}{said[3]:>11}")
    for size in SIZES:
        print(f"{size}: ours takes {took[size, 'xlsx'] / took[size, 'openpyxl']:.2f} × openpyxl write_only")
    growth = took["province", "xlsx"] / took["city", "xlsx"]
    print(f"xlsx: province takes {growth:.1f} × city, for 5 × the lines")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], sys.argv[2])
    else:
        main()
