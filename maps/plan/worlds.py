"""Reads everything a plan follows from, at one moment, and the hash of it.

The newest run's gaps and the facts have to be of the same version: when facts moved on since, they
are counted anew first, so that no plan is made from an old picture.
"""

from dataclasses import asdict, dataclass

from inventory import database
from inventory.campaigns import CampaignSeen
from inventory.facts import Facts
from inventory.outcomes import Done, Problem, Refused
from inventory.snapshot import read_facts
from maps.coverage import actions as coverage
from maps.coverage import queries as runs
from maps.investment import books
from maps.plan.ask import Ask, inputs_hash
from maps.plan.terms import World
from maps.planning.demand import points
from maps.planning.inputs import Inputs, as_words
from maps.planning.queries import inputs as read_inputs
from maps.reach.model import ReachModel
from maps.reach.queries import model as read_model
from maps.reach.reaching import Reach

#: Facts may move between the count and the reading; so often it is tried again.
ATTEMPTS = 3


@dataclass(frozen=True)
class Ground:
    """The world of a plan with the run and book it is made from."""

    world: World
    run_id: str
    book_id: int

    def hashed(self, ask: Ask) -> str:
        """The hash of all inputs, printed on the plan."""
        world = self.world
        return inputs_hash(
            ask,
            run=self.run_id,
            facts=world.facts.version,
            standard=world.facts.standard.id,
            today=world.today.isoformat(),
            book=asdict(world.book),
            inputs=as_words(world.inputs),
            reach=asdict(world.reach.model),
        )


def ground(campaign: CampaignSeen) -> Ground | Refused:
    """Count anew where facts moved on, then read all of it."""
    for _ in range(ATTEMPTS):
        outcome = coverage.run(None, campaign)
        if isinstance(outcome, Refused):
            return outcome
        assert isinstance(outcome, Done)  # noqa: S101 -- a run is never stale
        database.finish()
        run_id = outcome.subject
        with database.snapshot() as session:
            facts = read_facts(session, campaign.id)
            inputs = read_inputs(session, campaign.id)
            model = read_model(session, campaign.id)
        if _same(run_id, facts, campaign):
            return _ground(campaign, run_id, facts, inputs, model)
    return Refused((Problem("moving", "Dữ kiện đang thay đổi liên tục; hãy thử lại sau ít phút."),))


def _same(run_id: str, facts: Facts, campaign: CampaignSeen) -> bool:
    newest = runs.latest(campaign.id)
    same = newest is not None and newest.id == run_id and newest.facts_version == facts.version
    database.release()
    return same


def _ground(
    campaign: CampaignSeen, run_id: str, facts: Facts, inputs: Inputs, model: ReachModel
) -> Ground | Refused:
    with database.writing(False):
        book = books.in_force(campaign)
        gaps = runs.run_gaps(run_id)
        database.release()
    if book is None:
        return Refused((Problem("no_book", "Chưa có đơn giá nào đang áp dụng nên chưa lập được kế hoạch."),))
    world = World(
        facts=facts,
        gaps=gaps,
        book=book,
        inputs=inputs,
        reach=Reach(model),
        points=points(facts, inputs.weights),
        today=campaign.today,
    )
    return Ground(world, run_id, book.id)
