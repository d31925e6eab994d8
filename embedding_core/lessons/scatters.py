"""Five ways to add vectors up by row in NumPy and SciPy, and one that loses some of them.

What an embedding layer's backward pass needs: vector n belongs to row `ids[n]`, and a row that is
named twice gets the sum. All functions here take the same arguments and give what
`ops.scatter_add` gives; they differ in time, in memory and in the order in which they round.
`overwrite` looks as if it did the same, and is wrong when an id repeats.

`FIVE_WAYS` holds the five by name, to be tested and timed side by side.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.checks import as_shape
from embedding_core.ids import check_ids
from embedding_core.ops import scatter_add, vectors_for

Scatter = Callable[[Floats, ArrayLike, int], Floats]


def _scatter(add: Callable[[Floats, Ids, int], NDArray[Any]]) -> Scatter:
    """Check the arguments, and hand over a list of ids and a matrix of values."""

    # Its name and its words, not its annotations: a caller passes other types than `add` gets.
    @wraps(add, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    def checked(values: Floats, indices: ArrayLike, num_rows: int) -> Floats:
        ids = check_ids(indices, num_rows)
        values = vectors_for(ids, values)
        as_shape("shape", (int(num_rows), values.shape[-1]))
        flat = values.reshape(ids.size, values.shape[-1])
        return np.asarray(add(flat, ids.ravel(), num_rows), values.dtype)

    del checked.__wrapped__  # or help() and the book would show the arguments of `add`
    return checked


def _wide(values: Floats) -> np.dtype[Any]:
    """Name the dtype to sum in: ten thousand float16 terms need more digits than they have."""
    return np.dtype(np.float32) if values.dtype == np.float16 else values.dtype


@_scatter
def loop(values: Floats, ids: Ids, num_rows: int) -> NDArray[Any]:
    """Add one vector after the other, in a Python loop.

    Parameters
    ----------
    values
        Shape `indices.shape + (D,)`, floats.
    indices
        Whole numbers in [0, num_rows), any shape, repeated as one likes.
    num_rows
        Number of rows V of the result.

    Returns
    -------
    numpy.ndarray
        Shape (V, D), dtype of `values`; rows that nobody named are zero. float16 is summed in
        float32.

    Raises
    ------
    IndexError, TypeError, ValueError
        As `ops.scatter_add`. The same holds for every function of this module.
    MemoryError
        There is no room for so many rows.
    """
    total = np.zeros((num_rows, values.shape[1]), _wide(values))
    for row, vector in zip(ids.tolist(), values, strict=True):
        total[row] += vector
    return total


@_scatter
def add_at(values: Floats, ids: Ids, num_rows: int) -> NDArray[Any]:
    """Use `numpy.add.at`, which writes each sum back before it reads the next row.

    Arguments, result and errors are those of `loop`.
    """
    total = np.zeros((num_rows, values.shape[1]), _wide(values))
    np.add.at(total, ids, values)
    return total


@_scatter
def sort_and_reduce(values: Floats, ids: Ids, num_rows: int) -> NDArray[Any]:
    """Bring equal ids together, then sum each stretch with `numpy.add.reduceat`.

    Arguments, result and errors are those of `loop`. The sorted copy of `values` needs their
    memory once more.
    """
    total = np.zeros((num_rows, values.shape[1]), _wide(values))
    order = np.argsort(ids, kind="stable")
    in_order = ids[order]
    starts = np.flatnonzero(np.diff(in_order, prepend=-1))
    total[in_order[starts]] = np.add.reduceat(values[order], starts, axis=0, dtype=total.dtype)
    return total


@_scatter
def count_columns(values: Floats, ids: Ids, num_rows: int) -> NDArray[Any]:
    """Let `numpy.bincount` count each column, with the column's numbers as weights.

    Arguments, result and errors are those of `loop`. `bincount` sums in float64, whatever the
    dtype of `values`, so this way rounds least.
    """
    total = np.empty((num_rows, values.shape[1]), values.dtype)
    for column in range(values.shape[1]):
        total[:, column] = np.bincount(ids, weights=values[:, column], minlength=num_rows)
    return total


def one_hot_product(values: Floats, indices: ArrayLike, num_rows: int) -> Floats:
    """Multiply by the transposed one-hot matrix, stored without its zeros.

    Arguments, result and errors are those of `loop`. This is `ops.scatter_add`, the way that
    the package's own layer goes.
    """
    return scatter_add(values, indices, num_rows)


@_scatter
def overwrite(values: Floats, ids: Ids, num_rows: int) -> NDArray[Any]:
    """Get it wrong: `total[ids] += values` keeps only the last vector of each row.

    Arguments and errors are those of `loop`; the result is too, as long as no id repeats. NumPy
    reads all rows, adds, and then writes all rows, so that of two sums for one row the second
    replaces the first. It is here to be caught.
    """
    total = np.zeros((num_rows, values.shape[1]), _wide(values))
    total[ids] += values
    return total


FIVE_WAYS: dict[str, Scatter] = {
    "Python loop": loop,
    "np.add.at": add_at,
    "sort, np.add.reduceat": sort_and_reduce,
    "np.bincount per column": count_columns,
    "sparse one-hot product": one_hot_product,
}
"""By the name a picture shows, `loop` and the four that leave the loop to compiled code."""
