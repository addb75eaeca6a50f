"""Catalogues: the kinds, the standards and the slogans that an office edits."""
