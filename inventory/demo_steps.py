"""What the derived side adds to the demo, so that inventory need not know maps: a registry of two steps.

`prices` loads the price book before anybody looks; `compute` makes a coverage run at a moment.
"""

from collections.abc import Callable
from dataclasses import dataclass

from inventory.campaigns import CampaignSeen


@dataclass
class Steps:
    """Filled in by maps/cli.py at the start."""

    prices: Callable[[int], None] | None = None
    compute: Callable[[CampaignSeen], None] | None = None


STEPS = Steps()
