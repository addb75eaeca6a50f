"""Sparse tables in NumPy: compressed rows, their transpose, and ranges gathered without a loop."""

from dataclasses import dataclass

import numpy as np

from maps.solve.model import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Sparse:
    """A table of `width` columns; row r holds value[start[r]:start[r + 1]] in columns `index`."""

    start: Ints
    index: Ints
    value: Floats
    width: int

    def __len__(self) -> int:
        return len(self.start) - 1

    def counts(self) -> Ints:
        """(rows,) entries of each row."""
        return np.diff(self.start)

    def owner(self) -> Ints:
        """(nnz,) the row of each entry."""
        return np.repeat(np.arange(len(self)), self.counts())

    def row(self, number: int) -> Ints:
        """Columns of one row."""
        return self.index[self.start[number] : self.start[number + 1]]

    def where(self, rows: Ints) -> Ints:
        """Positions of all entries of these rows, one row after the other."""
        return spans(self.start[rows], self.start[rows + 1] - self.start[rows])

    def transposed(self) -> "Sparse":
        """Rows and columns changed places; each row's columns ascend."""
        order = np.argsort(self.index, kind="stable")
        return Sparse(starts(np.bincount(self.index, minlength=self.width)),
                      self.owner()[order], self.value[order], len(self))  # fmt: skip

    def keep(self, rows: Bools, columns: Bools) -> "Sparse":
        """Only these rows and columns, numbered anew."""
        owner = self.owner()
        stays = rows[owner] & columns[self.index]
        renumber = np.cumsum(columns) - 1
        count = np.bincount(owner[stays], minlength=len(self))[rows]
        return Sparse(starts(count), renumber[self.index[stays]], self.value[stays], int(columns.sum()))

    def times(self, vector: Floats) -> Floats:
        """(rows,) table × vector of `width` numbers."""
        return added(self.owner(), self.value * vector[self.index], len(self))

    def sums(self, each: Floats) -> Floats:
        """(rows,) sum of one number for each entry (nnz,)."""
        return added(self.owner(), each, len(self))


def added(index: Ints, value: Floats, size: int) -> Floats:
    """(size,) the sum of the values of each index."""
    return np.asarray(np.bincount(index, value, size), dtype=np.float64)


def starts(counts: Ints) -> Ints:
    """Where each row begins, and one past the last, from the number of entries of each row."""
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)))


def spans(start: Ints, count: Ints) -> Ints:
    """All positions of the ranges [start, start + count), one range after the other."""
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) + np.repeat(start - (ends - count), count), dtype=np.int64)


def table(row: Ints, column: Ints, value: Floats, height: int, width: int) -> Sparse:
    """A table from entries in any order; rows keep the order of their columns."""
    order = np.lexsort((column, row))
    counts = np.bincount(row, minlength=height)
    return Sparse(starts(counts), column[order], np.asarray(value, np.float64)[order], width)
