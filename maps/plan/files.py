"""A plan as XLSX or CSV: the row model of the investment list under a heading of its own."""

from dataclasses import dataclass
from datetime import datetime

from inventory.campaigns import CampaignSeen
from inventory.vocabulary import Figure
from inventory.wording import money, number
from maps.coverage.queries import Overview, numbered, totals
from maps.downloads.rows import Heading, document
from maps.investment.files import File, plain_code, written
from maps.investment.lines import BookFact, InvestmentList
from maps.plan.queries import PlanSeen

TITLE = "Kế hoạch đầu tư hệ thống tuyên truyền trực quan"


@dataclass(frozen=True)
class Planned:
    """A plan with its lines as one person sees them; `whole` says whether they may read all of it."""

    seen: PlanSeen
    listed: InvestmentList
    book: BookFact
    view: Overview
    whole: bool


def made(plan: Planned, campaign: CampaignSeen, whose: str, shape: str, moment: datetime) -> File:
    """The plan's lines as a file; `listed` is in Vietnamese, `whose` names the areas, `shape` xlsx or csv."""
    seen, listed, book, view = plan.seen, plan.listed, plan.book, plan.view
    sums = totals(view)
    heading = Heading(
        campaign=campaign.name,
        scope=whose,
        election_day=campaign.election_day,
        facts_version=_facts_version(plan, campaign),
        read_at=datetime.fromisoformat(seen.result["run_day"]),
        standard=f"{view.standard.name} (phiên bản {view.standard.number})",
        book=f"{book.name} (phiên bản {book.number})",
        book_source=book.source,
        book_date=book.price_date,
        share_reported=sums.share(Figure.REPORTED),
        share_verified=sums.share(Figure.VERIFIED),
        surveyed=sums.places_surveyed,
        spots=sums.places,
        total_reported=listed.total,
        total_verified=listed.total,
        synthetic=campaign.synthetic,
        made_at=moment,
        title=f"{TITLE}: {seen.name}",
        more=notes(seen, plan.whole),
    )
    model = document(listed, heading)
    name = f"ke-hoach-{seen.number}_{plain_code(campaign.code)}_{campaign.today:%Y%m%d}"
    return written(name, shape, model, len(listed.priced))


def _facts_version(plan: Planned, campaign: CampaignSeen) -> int:
    """The counter of the plan's facts: of the whole campaign, or of the wards that the reader sees."""
    if plan.whole:
        version: int = plan.seen.result["facts"]
        return version
    run = numbered(campaign.id, plan.seen.run_number or 0)
    return sum(run.area_versions.get(ward.id, 0) for ward in plan.view.wards) if run else 0


def notes(seen: PlanSeen, whole: bool) -> tuple[tuple[str, str], ...]:
    """What the file says of the plan itself; sums of the whole city only to who may read them."""
    named = ("Kế hoạch", f"Số {seen.number}: {seen.name}")
    hashed = ("Mã băm dữ liệu vào", seen.inputs_hash)
    if not whole:
        return named, hashed
    result, proof = seen.result, seen.result["proof"]
    return (
        named,
        ("Ngân sách", f"{money(seen.ask.budget)}; kế hoạch dùng {money(result['total'])}"),
        ("Cử tri được phục vụ thêm", f"{number(result['voters'])} (mỗi yêu cầu đếm một lần)"),
        ("Yêu cầu đạt thêm", f"{number(result['newly_met'])} / {number(result['open'])}"),
        ("Chứng minh", f"đạt {share(proof['share'])} của mức tốt nhất có thể; cách tính: {proof['method']}"),
        ("Đếm lại độc lập", "khớp" if seen.recounted else "chưa khớp"),
        hashed,
    )


def share(value: float) -> str:
    """A share with two decimals, never rounded up to the whole: 0,9991 → "99,91 %"."""
    whole = int(value * 10_000 + 1e-6)
    return f"{number(whole / 100, 2)} %"
