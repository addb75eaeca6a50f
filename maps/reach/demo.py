"""The reach parameters of the demo campaign: the shipped ones, every guess marked as one."""

from inventory import trail
from maps.reach import loading


def load(campaign_id: int) -> None:
    """Write them in the current transaction."""
    trail.record("reach.loaded", "reach", campaign_id, detail={"rows": loading.load(campaign_id)})
