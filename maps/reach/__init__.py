"""Reach: how far a thing is heard, read or seen, by a named model whose parameters the office edits."""
