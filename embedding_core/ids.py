"""What is asked of ids before they are used: they are whole, in range, and some are equal.

Differences from Keras: ids outside [0, V) are refused on every platform (Keras wraps, clips or
returns NaN, depending on the backend), as are fractional floats and booleans (Keras truncates
them); lists and plain integers are accepted (Keras's layer refuses them). How lists and floats
become ids, and the words of a refusal, are in `ground.odd_ids`.
"""

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Ids
from embedding_core.ground.checks import is_whole, shown
from embedding_core.ground.compiled import compiled
from embedding_core.ground.odd_ids import from_floats, from_lists, outside

_MOST_ROWS = int(np.iinfo(np.intp).max) + 1  # the last id is still an intp
_MARKS = 32  # for each id, below which it is quicker to mark rows than to sort ids


def check_ids(indices: ArrayLike, num_rows: int) -> Ids:
    """Turn anything that holds whole numbers in [0, num_rows) into an array of row numbers.

    Parameters
    ----------
    indices
        Integers of any dtype and shape; nested lists and plain ints too. Floats are taken
        when they are finite, whole, and small enough for their dtype to count exactly
        (below 2**11 in float16, 2**24 in float32, 2**53 in float64).
    num_rows
        Number of rows V of the table, a whole number.

    Returns
    -------
    numpy.ndarray
        The same numbers, same shape, dtype intp. No copy when they are intp already.

    Raises
    ------
    IndexError
        An id is negative or not below `num_rows`. The message names the first one.
    TypeError
        Booleans, strings, fractions, NaN, infinities, floats too large to be exact, an array of
        objects, or masked ids; a number of rows that is no whole number.
    ValueError
        A ragged list, one that is nested too deeply, or a number of rows that no table can have.
    """
    if not is_whole(num_rows):
        raise TypeError(f"the number of rows must be a whole number: received {shown(num_rows)}.")
    if not 0 <= num_rows <= _MOST_ROWS:
        raise ValueError(f"no table can have {shown(num_rows)} rows.")
    ids = indices if type(indices) is np.ndarray else from_lists(indices, num_rows)
    if ids.dtype.kind not in "iu":
        ids = from_floats(ids, num_rows)
    if ids.size and not (ids.min() >= 0 and ids.max() < num_rows):
        raise outside(ids, num_rows)
    return ids.astype(np.intp, copy=False)  # the array itself, by which a step knows its rows


def distinct(ids: Ids) -> tuple[Ids, Ids]:
    """Find the different row numbers, and where in their list each of the ids stands.

    Parameters
    ----------
    ids
        Shape (n,), row numbers >= 0, in any order.

    Returns
    -------
    rows
        Shape (m,), ascending, each once.
    position
        Shape (n,): `rows[position]` is `ids`.

    Notes
    -----
    The result of `numpy.unique(ids, return_inverse=True)`.
    """
    largest = int(ids.max(initial=-1))
    if largest < _MARKS * ids.size:
        return marked(ids, largest + 1)
    order, starts = grouped(ids)
    position = np.empty(ids.size, np.intp)
    position[order] = np.repeat(np.arange(starts.size), np.diff(starts, append=ids.size))
    return ids[order[starts]], position


@compiled
def marked(ids: Ids, num_rows: int) -> tuple[Ids, Ids]:
    """Do what `distinct` does, with a mark for each of the `num_rows` rows instead of a sort."""
    seen = np.zeros(num_rows, bool)
    seen[ids] = True
    rows = np.flatnonzero(seen)
    rank = np.empty(num_rows, np.intp)
    rank[rows] = np.arange(rows.size)
    return rows, rank[ids]


def grouped(ids: Ids) -> tuple[Ids, Ids]:
    """Put equal row numbers side by side, the smallest first.

    Parameters
    ----------
    ids
        Shape (n,), row numbers >= 0, in any order.

    Returns
    -------
    order
        Shape (n,): `ids[order]` ascends; equal ones stay in their order.
    starts
        Shape (m,): where in it each of the m different ones begins.

    Notes
    -----
    By radix sort: 16 bits at a time, the lowest first. NumPy's stable sort of 16-bit numbers
    counts instead of comparing.
    """
    if ids.size == 0:
        return ids, ids
    order = np.argsort(ids.astype(np.uint16), kind="stable")
    for shift in range(16, int(ids.max()).bit_length(), 16):
        digits = (ids >> shift).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
    in_order = ids[order]
    is_new = np.empty(ids.size, bool)
    is_new[0] = True
    np.not_equal(in_order[1:], in_order[:-1], out=is_new[1:])
    return order, np.flatnonzero(is_new)
