"""What the ways from ids to rows cost, counted on paper: multiplications and bytes.

n ids ask a table of V rows with D numbers each. Three ways give the same n rows: reading them
(`ops.gather`), a sparse one-hot matrix times the table, a dense one-hot matrix times the table.

A count holds every array once for each time it must be written and once for each time it must be
read. What a library copies besides, and what a cache spares, is in no count: `peak_memory` and
a clock tell how far a real run is from it.
"""

import tracemalloc
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from embedding_core.ground.checks import (
    as_dtype,
    as_numbers,
    expect,
    one_of,
    positive_int,
    shown,
    switch,
)

WAYS = ("look-up", "sparse product", "dense product")

SLOTS = {"sgd": 0, "adagrad": 1, "adam": 2}
"""How many numbers an optimizer remembers for each number of the table."""

_ID = 8  # bytes of an int64
_ROW_START = 8  # in SciPy's sparse matrix of int64 ids


@dataclass(frozen=True)
class Cost:
    """What has to be done, whoever does it.

    Attributes
    ----------
    multiplications
        Of the product, forward and backward. An optimizer's own, a few for each number that it
        moves, are not among them; the bytes show how many numbers it moves.
    read, written
        Bytes.
    memory
        Bytes that are held at once in the worst moment, the table among them.
    """

    multiplications: int
    read: int
    written: int
    memory: int

    @property
    def moved(self) -> int:
        """Bytes that are read or written, which is what a memory of limited speed has to carry."""
        return self.read + self.written


def forward(way: str, n: int, V: int, D: int, dtype: DTypeLike = "float32") -> Cost:
    """Count the way from ids to rows.

    Parameters
    ----------
    way
        One of `WAYS`.
    n, V, D
        Number of ids, rows of the table, numbers in a row.
    dtype
        Of the table and of the ones and zeros. Ids are int64.

    Returns
    -------
    Cost
        The one-hot matrix is written and then read; ids and table are there already.

    Raises
    ------
    ValueError
        An unknown way, or a number that is no positive integer.
    TypeError
        A dtype that is none of numbers.
    """
    _check(way, n, V, D)
    size = as_dtype(dtype).itemsize
    ids, output, table = n * _ID, n * D * size, V * D * size
    encoded = _encoding(way, n, V, size)
    return Cost(
        multiplications=_multiplications(way, n, V, D),
        read=ids + encoded + (table if way == "dense product" else output),
        written=encoded + output,
        memory=table + ids + encoded + output,
    )


def training_step(
    way: str,
    n: int,
    V: int,
    D: int,
    dtype: DTypeLike = "float32",
    optimizer: str = "sgd",
    every_row: bool = False,
) -> Cost:
    """Count a step: forward, the table's gradient, and the optimizer's change of the table.

    Parameters
    ----------
    way, n, V, D, dtype
        As `forward`.
    optimizer
        One of `SLOTS`.
    every_row
        Let the optimizer move all V rows after a look-up too, as Keras's Adam does. After a
        product it always does, because the gradient of a product is a whole matrix.

    Returns
    -------
    Cost
        The gradient that arrives from the rest of the model is read and held; the rest of the
        model, the same in every way, is left out. Repeated ids are counted as different ones.

    Raises
    ------
    ValueError
        As `forward`; an unknown optimizer.
    TypeError
        As `forward`; `every_row` that is neither True nor False.
    """
    first = forward(way, n, V, D, dtype)
    one_of("optimizer", optimizer, tuple(SLOTS))
    switch("every_row", every_row)
    row = D * np.dtype(dtype).itemsize
    slots, arriving = SLOTS[optimizer], n * row
    gradient = (min(n, V) if way == "look-up" else V) * row
    moved = (V * row if every_row else gradient) * (1 + slots)
    to_place = _encoding(way, n, V, np.dtype(dtype).itemsize) or n * _ID
    return Cost(
        multiplications=2 * first.multiplications,
        read=first.read + to_place + arriving + gradient + moved,
        written=first.written + gradient + moved,
        memory=first.memory + arriving + gradient + slots * V * row,
    )


def largest_table(memory: Callable[[int], int], limit: int) -> int:
    """Find how many rows a table may have.

    Parameters
    ----------
    memory
        From a number of rows to bytes, growing: `lambda V: forward(way, n, V, D).memory`.
    limit
        Bytes there are.

    Returns
    -------
    int
        The largest V whose `memory(V)` is at most `limit`; 0 when one row is too many.

    Raises
    ------
    TypeError
        `memory` cannot be called.
    ValueError
        `limit` is no positive integer.
    """
    expect("memory", memory, Callable, "a function")  # type: ignore[arg-type]
    positive_int("limit", limit)
    return bisect_right(range(1, limit + 1), limit, key=memory)


def slope(rows: Sequence[float], costs: Sequence[float]) -> float:
    """Fit a power law: find with which power of the number of rows a cost grows.

    Parameters
    ----------
    rows, costs
        Equally many, at least two, positive.

    Returns
    -------
    float
        The slope of the least-squares line through their logarithms: 0 for a cost that does not
        depend on the rows, 1 for one that is proportional to them.

    Raises
    ------
    ValueError
        Fewer than two different numbers of rows, or a number that has no logarithm.
    TypeError
        Something else than numbers.
    """
    x, y = as_numbers("rows", rows).astype(float), as_numbers("costs", costs).astype(float)
    fit = x.shape == y.shape and x.ndim == 1 and len(set(x.tolist())) > 1
    if not fit or not (min(x.min(), y.min()) > 0 and max(x.max(), y.max()) < np.inf):
        raise ValueError(
            "a slope needs positive costs at two or more different numbers of rows: received "
            f"rows {shown(rows)} and costs {shown(costs)}."
        )
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def peak_memory(way: Callable[[], object]) -> int:
    """Measure how many bytes a call holds at its worst moment, beyond what was held before.

    Parameters
    ----------
    way
        What to call. Only what Python and NumPy allocate is seen: not TensorFlow's tensors.

    Returns
    -------
    int
        Bytes, the call's result among them.

    Raises
    ------
    RuntimeError
        `tracemalloc` is running already; its figures would be lost.
    """
    if tracemalloc.is_tracing():
        raise RuntimeError("tracemalloc is running already: call tracemalloc.stop() first.")
    tracemalloc.start()
    try:
        way()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _check(way: str, *sizes: object) -> None:
    one_of("way", way, WAYS)
    for name, size in zip("nVD", sizes, strict=True):
        if isinstance(size, bool) or not isinstance(size, int) or size < 1:
            raise ValueError(f"{name} must be a whole number from 1 on: received {shown(size)}.")


def _encoding(way: str, n: int, V: int, size: int) -> int:
    """Count the bytes of the one-hot matrix."""
    if way == "dense product":
        return n * V * size
    if way == "sparse product":  # the ones, and where each row begins; the ids are the columns
        return n * size + (n + 1) * _ROW_START
    return 0


def _multiplications(way: str, n: int, V: int, D: int) -> int:
    return {"look-up": 0, "sparse product": n * D, "dense product": n * V * D}[way]
