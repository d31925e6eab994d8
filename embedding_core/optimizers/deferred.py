"""Rows that nobody looked up are owed some steps, and get them when somebody looks.

An optimizer with a memory moves every row at every step. A `Deferral` writes down, for each
row, up to which step it has been moved, and has the missing steps made up for in one go before
the row is read. So the result is the dense one and the cost is that of the rows touched.

`DecaySums` holds what Adam needs to make up for any number of steps at once.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core._types import Floats, Ids
from embedding_core.ops import distinct
from embedding_core.variable import Variable

# Rows made up for at once, so that settling a large table needs little extra memory.
_CHUNK = 1 << 16

CatchUp = Callable[[Floats, Ids, NDArray[np.int64], int], None]


class Deferral:
    """The steps that each row of one variable is owed.

    Parameters
    ----------
    num_rows
        Rows V of the variable.
    catch_up
        `catch_up(table, rows, last, clock)` moves distinct rows, in place, from the steps
        `last` (one for each row) to the step `clock`, given no gradient in between.
    """

    def __init__(self, num_rows: int, catch_up: CatchUp) -> None:
        self.clock = 0
        self._last: NDArray[np.int64] = np.zeros(num_rows, np.int64)
        self._catch_up = catch_up
        self._table: NDArray[Any] = np.empty((0, 0))

    def step(self, variable: Variable, rows: Ids) -> NDArray[Any]:
        """Begin a step that touches `rows` (distinct): settle them and count the step.

        Returns
        -------
        numpy.ndarray
            The variable's own table, whose `rows` the caller now moves itself.
        """
        self._table = variable.defer(self.settle)
        self._make_up(rows)
        self.clock += 1
        self._last[rows] = self.clock
        return self._table

    def settle(self, ids: Ids | None = None) -> None:
        """Make up for all missing steps of these rows, or of all rows."""
        if ids is None:
            self._make_up(np.flatnonzero(self._last < self.clock))
        else:
            self._make_up(distinct(ids.ravel())[0])

    def _make_up(self, distinct_rows: Ids) -> None:
        owed = distinct_rows[self._last[distinct_rows] < self.clock]
        for start in range(0, owed.size, _CHUNK):
            rows = owed[start : start + _CHUNK]
            self._catch_up(self._table, rows, self._last[rows], self.clock)
            self._last[rows] = self.clock


class DecaySums:
    r"""The sums that tell how far Adam moves a row in steps without a gradient.

    A row last touched at step t, with moments m and v, is moved by k more steps by

        sum over j of  a(t+j) b1^j m / (q^j s + e),   s = sqrt(v), q = sqrt(b2), j = 1 ... k

    where a(t) is the step size with its bias correction, b1 and b2 are the decay rates and e
    is epsilon. With u = s / (s + e) the denominator is (s + e) (1 + u (q^j - 1)), and 1 over it
    is a geometric series in (q^j - 1), which is small as long as b1^j is not:

        m / (s + e)  times the sum over n of  (-u)^n S_n,
        S_n  =  sum over j of  a(t+j) b1^j (q^j - 1)^n

    The S_n depend on steps and not on rows. This class keeps them for every step t that a row
    may have been touched last, and moves them on with one vectorised addition a step.

    Parameters
    ----------
    beta_1, beta_2
        Adam's decay rates, in [0, 1).
    tolerance
        Largest error of the series, in units of the step size.

    Attributes
    ----------
    terms
        Number of terms N, or 0 when more than 12 would be needed: then this cannot be used.
    """

    def __init__(self, beta_1: float, beta_2: float, tolerance: float) -> None:
        window = 1 if beta_1 == 0 else int(np.ceil(np.log(1e-16) / np.log(beta_1)))
        age = np.arange(window, 0, -1)  # oldest first, as the columns of the sums
        decay, shrink = beta_1**age, beta_2 ** (age / 2) - 1
        enough = [n for n in range(1, 13) if (decay * (-shrink) ** n).sum() <= tolerance]
        self.terms = enough[0] if enough else 0
        self._added = np.array([decay * shrink**n for n in range(self.terms)])
        self._sums = np.zeros((self.terms, 1024))

    def advance(self, clock: int, step_size: float) -> None:
        """Add what the step that makes the clock show `clock` does to rows without gradient."""
        if clock >= self._sums.shape[1]:
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)], axis=1)
        window = min(clock, self._added.shape[1])
        self._sums[:, clock - window : clock] += step_size * self._added[:, -window:]

    def displacement(self, m: Floats, v: Floats, last: NDArray[np.int64], epsilon: float) -> Floats:
        """Return how far rows with these moments, last touched then, have moved since."""
        root = np.sqrt(v)
        bottom = root + epsilon
        ratio = root / bottom
        sums = self._sums[:, last].astype(m.dtype)[:, :, None]
        total = np.zeros_like(m)
        for n in reversed(range(self.terms)):
            total = sums[n] - ratio * total
        return m / bottom * total
