"""A plan's lines as the investment list of one person: their wards' lines, with sums of their own."""

from inventory.access.permissions import Actor
from inventory.campaigns import CampaignSeen
from maps.investment import books
from maps.investment.lines import BookFact, InvestmentList
from maps.investment.pricing import additions
from maps.investment.rules import subtotals
from maps.plan import queries
from maps.plan.queries import PlanSeen


def book_of(campaign: CampaignSeen, seen: PlanSeen) -> BookFact | None:
    """The price book that a plan was made with, whatever is in force now."""
    return books.of_id(campaign, seen.book_id) if seen.book_id is not None else None


def listed(actor: Actor, seen: PlanSeen, book: BookFact, locale: str) -> InvestmentList:
    """The lines that the actor sees; the additions are those of their sum."""
    found = queries.lines(actor, seen, locale)
    priced = tuple(one.line for one in found if one.part == "priced")
    works = sum(line.amount or 0 for line in priced)
    added = additions(book, works)
    return InvestmentList(
        figure=seen.ask.figure,
        priced=priced,
        unpriced=(),
        covered=tuple(one.line for one in found if one.part != "priced"),
        to_verify=(),
        to_survey=(),
        subtotals=subtotals(priced),
        works=works,
        additions=added,
        total=works + sum(addition.amount for addition in added),
    )
