"""Downloads: one row model of the investment list, one writer for each file format."""
