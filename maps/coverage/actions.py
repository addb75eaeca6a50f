"""A coverage run: read the facts at one moment, compute every gap, store them with their version.

The computing holds no lock; only the rows are written in the transaction of the request. The same
facts, standard and day lead to the same gaps, so such a run is stored once and answered again. A run
of a past day is computed from the events and never becomes the newest. A run whose independent
recount differs is not stored: the last good one stays.
"""

from dataclasses import dataclass, fields
from datetime import date
from time import perf_counter
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from inventory import database, trail
from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from inventory.clock import day_of
from inventory.errors import Unseen
from inventory.facts import Facts
from inventory.identity import new_id
from inventory.outcomes import Done, Outcome, Refused, refuse
from inventory.past import read_facts_on
from inventory.snapshot import read_facts
from maps.coverage.computing import Computed, Step, Watch, compute, unwatched
from maps.coverage.following import Run
from maps.coverage.gaps import Gap
from maps.coverage.reached import PointReach
from maps.coverage.recount import Difference
from maps.coverage.rules import stock
from maps.planning import queries as planning
from maps.planning.weights import Weights
from maps.reach import queries as reaching
from maps.reach.reaching import Reach
from maps.tables.coverage import CoverageGap, CoverageReach, CoverageRun

#: Two people who press at the same moment take the same number; the second tries again.
ATTEMPTS = 5
_COLUMNS = tuple(field.name for field in fields(Gap))
_POINT_COLUMNS = tuple(field.name for field in fields(PointReach))
#: The newest run of this process with its facts, for the next one to follow; of one campaign only, and
#: not of a nation: it would keep a gigabyte.
_last: dict[int, Run] = {}
_MOST_KEPT = 60_000


@dataclass(frozen=True)
class _Read:
    """What a run is computed from. `past`: the facts are those of an earlier day."""

    facts: Facts
    reach: Reach
    weights: Weights
    past: bool

    @property
    def day(self) -> date:
        return day_of(self.facts.read_at)


def run(
    actor: Actor | None, campaign: CampaignSeen, day: date | None = None, watch: Watch = unwatched
) -> Outcome:
    """Compute and store the gaps of a campaign; `again` says that these facts (or later ones) had been.

    `actor` is None for the command; `day` is a day that has passed. Refused while the campaign has no
    standard in force, for a day that has not come, and where the independent recount differs.
    """
    if day is not None and day > campaign.today:
        return refuse("day_ahead", "Ngày cần tính lại phải là hôm nay hoặc một ngày đã qua.", "day")
    database.release()
    with database.snapshot() as session:
        read = _read(session, campaign, day)
        if isinstance(read, Refused):
            return read
        known = _same(session, read, campaign)
    watch(Step.FACTS)
    if known is not None:
        return Done(known, again=True)
    begun = perf_counter()
    before = None if read.past else _last.get(campaign.id)
    found = compute(read.facts, read.reach, read.weights, before, watch)
    if found.sample.difference is not None:
        return _differs(campaign, found.sample.difference)
    _remember(campaign, read, found)
    return _stored(actor, campaign, read, found, perf_counter() - begun)


def _read(session: Session, campaign: CampaignSeen, day: date | None) -> "_Read | Refused":
    past = day is not None and day < campaign.today
    try:
        facts = read_facts_on(session, campaign.id, day) if past and day else read_facts(session, campaign.id)
    except Unseen:
        if past:
            return refuse(
                "no_standard", "Ngày đó chưa có tiêu chuẩn nào được áp dụng nên không tính được.", "day"
            )
        return refuse("no_standard", "Chưa có tiêu chuẩn nào đang áp dụng nên chưa tính được.")
    reach = Reach(reaching.model(session, campaign.id))
    return _Read(facts, reach, planning.inputs(session, campaign.id).weights, past)


def _remember(campaign: CampaignSeen, read: _Read, found: Computed) -> None:
    if not read.past and len(read.facts.installations) <= _MOST_KEPT:
        _last.clear()
        _last[campaign.id] = found.run


def _differs(campaign: CampaignSeen, difference: Difference) -> Refused:
    """The run is not stored, and nothing of it is followed; the trail says where it went wrong."""
    _last.pop(campaign.id, None)
    # A short write of its own: whoever asked (a page, a worker) may end its transaction without a commit.
    with database.writing(False):
        trail.record(
            "coverage.differs",
            "coverage_run",
            campaign.id,
            area_id=difference.area_id,
            detail={
                "place": difference.place_id,
                "requirement": difference.requirement,
                "figure": difference.figure,
                "stored": difference.stored,
                "recounted": difference.recounted,
            },
        )
    return refuse(
        "recount_differs",
        "Phần đếm lại độc lập cho kết quả khác (yêu cầu %(requirement)s), nên lần tính này không được lưu; "
        "lần tính trước vẫn còn nguyên. Hãy báo cho người quản trị.",
        requirement=difference.requirement or "–",
    )


def _stored(
    actor: Actor | None, campaign: CampaignSeen, read: _Read, found: Computed, seconds: float
) -> Outcome:
    for _ in range(ATTEMPTS - 1):
        try:
            return _store(actor, campaign, read, found, seconds)
        except IntegrityError:
            continue
    return _store(actor, campaign, read, found, seconds)


@database.action
def _store(
    actor: Actor | None, campaign: CampaignSeen, read: _Read, found: Computed, seconds: float
) -> Outcome:
    session = database.db.session()
    known = _same(session, read, campaign) or _newer(session, read, campaign)
    if known is not None:
        return Done(known, again=True)
    row = _new_row(session, actor, campaign, read, found, seconds)
    if found.run.gaps:
        session.execute(insert(CoverageGap), [_row(row.id, gap) for gap in found.run.gaps])
    if found.points:
        session.execute(insert(CoverageReach), [_point(row.id, point) for point in found.points])
    trail.record(
        "coverage.run",
        "coverage_run",
        row.id,
        detail={
            "number": row.number,
            "facts": row.facts_version,
            "gaps": len(found.run.gaps),
            "checked": row.checked,
            **({"day": read.day.isoformat()} if read.past else {}),
        },
    )
    return Done(row.id)


def _new_row(
    session: Session,
    actor: Actor | None,
    campaign: CampaignSeen,
    read: _Read,
    found: Computed,
    seconds: float,
) -> CoverageRun:
    facts = read.facts
    last = session.scalar(select(func.max(CoverageRun.number)).where(CoverageRun.campaign_id == campaign.id))
    row = CoverageRun(
        id=new_id(),
        campaign_id=campaign.id,
        number=(last or 0) + 1,
        standard_id=facts.standard.id,
        facts_version=facts.version,
        area_versions={str(area): version for area, version in facts.area_versions},
        store=[[area, kind, units] for (area, kind), units in sorted(stock(facts).items())],
        read_at=facts.read_at,
        campaign_day=read.day,
        person_id=actor.person_id if actor else None,
        seconds=seconds,
        recomputed=read.past,
        checked=found.sample.cells,
        said=_said(read.reach),
    )
    session.add(row)
    session.flush()
    return row


def _said(reach: Reach) -> dict[str, Any]:
    """The model's name and target in every language, by channel, to print beside what is reached."""
    first: dict[str, str] = {}
    for kind in reach.model.kinds:
        first.setdefault(kind.channel.value, kind.code)
    return {
        language: {
            channel: [said.message, dict(said.values)]
            for channel, said in ((channel, reach.said(code, language)) for channel, code in first.items())
        }
        for language in ("vi", "en")
    }


def _same(session: Session, read: _Read, campaign: CampaignSeen) -> str | None:
    """The run that was computed from these very facts, for this day."""
    return session.scalar(
        select(CoverageRun.id)
        .where(
            CoverageRun.campaign_id == campaign.id,
            CoverageRun.facts_version == read.facts.version,
            CoverageRun.standard_id == read.facts.standard.id,
            CoverageRun.campaign_day == read.day,
            CoverageRun.recomputed == read.past,
        )
        .order_by(CoverageRun.number.desc())
        .limit(1)
    )


def _newer(session: Session, read: _Read, campaign: CampaignSeen) -> str | None:
    """A run of later facts that somebody stored meanwhile: an older picture must not become the newest."""
    if read.past:
        return None
    return session.scalar(
        select(CoverageRun.id)
        .where(
            CoverageRun.campaign_id == campaign.id,
            CoverageRun.facts_version > read.facts.version,
            ~CoverageRun.recomputed,
        )
        .order_by(CoverageRun.number.desc())
        .limit(1)
    )


def _row(run_id: str, gap: Gap) -> dict[str, Any]:
    """The columns of a gap; their names are those of its fields."""
    row = {name: getattr(gap, name) for name in _COLUMNS}
    row["run_id"] = run_id
    row["broken"] = [list(item) for item in gap.broken]
    return row


def _point(run_id: str, point: PointReach) -> dict[str, Any]:
    """The columns of a point; their names are those of its fields."""
    return {"run_id": run_id, **{name: getattr(point, name) for name in _POINT_COLUMNS}}
