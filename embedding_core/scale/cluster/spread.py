"""Where a row lies when a table is cut into equal parts, so that no part is asked more often.

Vocabularies are sorted by frequency, and cutting one into parts would put all frequent words
into the first. One multiplication spreads the ids first: id i lies at place i · a mod V, with a
close to V over the golden ratio. Neighbours then lie far apart, and so evenly that any cut into
equal parts is a fair one (Knuth, *The Art of Computer Programming*, volume 3, section 6.4). The
place does not depend on the number of parts, so a table that was saved in two can be read into
three.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ids import check_ids

MOST_ROWS = 3 * 10**9
"""Up to here id · a stays below 2**63."""


class Spread:
    """The places of the rows of one table.

    Parameters
    ----------
    rows
        Number of rows V, from 1 to 3 · 10**9.

    Raises
    ------
    ValueError
        `rows` is outside that range, or no whole number.
    """

    def __init__(self, rows: int) -> None:
        if type(rows) is not int or not 1 <= rows <= MOST_ROWS:
            raise ValueError(
                f"rows must be a whole number from 1 to {MOST_ROWS:,}: received {rows!r}. "
                "A larger table needs several tables."
            )
        self.rows = rows
        self.step = round(rows * (math.sqrt(5) - 1) / 2)
        # Without a common divisor no two ids share a place.
        while math.gcd(self.step, rows) != 1:
            self.step += 1

    def place(self, ids: Any) -> Any:
        """Return the place of each id, in [0, V); NumPy arrays and int64 tensors alike."""
        return ids * self.step % self.rows

    def unspread(self, stored: NDArray[Any]) -> NDArray[Any]:
        """Put rows that were stored by place into the order of the ids."""
        return np.asarray(stored[self.place(np.arange(self.rows, dtype=np.int64))])


def shares(ids: ArrayLike, rows: int, parts: int, way: str = "spread") -> NDArray[np.float64]:
    """Count which share of the look-ups each part of a table gets.

    Parameters
    ----------
    ids
        What was looked up, of any shape, each in [0, rows).
    rows
        Size of the table.
    parts
        Number of parts, from 1 to `rows`.
    way
        `"div"` cuts the table into equal ranges of ids, `"mod"` deals the ids out like cards,
        `"spread"` cuts it into equal ranges of places (see `Spread`).

    Returns
    -------
    numpy.ndarray
        (parts,) float64, summing to 1.

    Raises
    ------
    ValueError
        No ids, a number of parts outside the range, or an unknown way.
    IndexError
        An id outside the table.
    """
    flat = check_ids(ids, rows).reshape(-1).astype(np.int64)
    if not flat.size or not 1 <= parts <= rows:
        raise ValueError(
            f"need ids and from 1 to {rows} parts: received {flat.size} ids and parts={parts!r}."
        )
    if way == "mod":
        part = flat % parts
    elif way in ("div", "spread"):
        part = (flat if way == "div" else Spread(rows).place(flat)) * parts // rows
    else:
        raise ValueError(f"way must be 'div', 'mod' or 'spread': received {way!r}.")
    return np.bincount(part, minlength=parts) / flat.size
