"""The parameters of the reach models, as rows that the office edits."""
