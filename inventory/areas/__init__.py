"""Areas and campaigns: the dated tree with its boundaries, and the elections that read it."""
