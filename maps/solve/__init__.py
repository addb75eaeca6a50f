"""The optimiser: which candidates to choose, with a proven limit. NumPy and HiGHS only (docs/solver.md)."""
