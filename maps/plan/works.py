"""How much of a budget is left for the lines, once what is added to them is paid. Pure, in whole đồng."""

from maps.investment.lines import BookFact
from maps.investment.pricing import additions


def total_of(book: BookFact, works: int) -> int:
    """Works with taking down, VAT and contingency: what a budget has to hold."""
    return works + sum(addition.amount for addition in additions(book, works))


def works_limit(book: BookFact, budget: int) -> int:
    """The largest sum of lines whose total keeps within the budget, by bisection: additions only grow."""
    low, high = 0, max(0, budget)
    while low < high:
        middle = (low + high + 1) // 2
        if total_of(book, middle) <= budget:
            low = middle
        else:
            high = middle - 1
    return low
