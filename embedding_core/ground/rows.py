"""Copy rows out of a table, at the speed of memory, wherever the table stands.

A table whose optimizer keeps what it remembers beside each row stands in wider rows than its own.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Ids


def copy_rows(table: NDArray[Any], ids: Ids, out: NDArray[Any]) -> None:
    """Write the rows `ids` of a table into `out`.

    Parameters
    ----------
    table
        Shape (V, D), any dtype.
    ids
        Any shape; they have passed `ids.check_ids` for V rows.
    out
        Shape `ids.shape + (D,)`, the table's dtype, C-contiguous.
    """
    lines, step = _as_lines(table)
    if lines is None:
        out[...] = table[ids]  # np.take would copy the whole table first
    else:
        # The ids are known to be in range, so "clip" never clips; it spares NumPy a second
        # check and the buffer that the default mode puts between the table and `out`.
        np.take(lines, ids if step == 1 else ids * step, axis=0, out=out, mode="clip")


def _as_lines(table: NDArray[Any]) -> tuple[NDArray[Any] | None, int]:
    """Show memory without gaps in which row i of the table is line i * step, if it is like that."""
    if table.flags.c_contiguous:
        return table, 1
    num_rows, width = table.shape
    step, rest = divmod(table.strides[0], width * table.itemsize)
    if rest or step < 1 or table.strides[1] != table.itemsize:
        return None, 0
    shape, strides = ((num_rows - 1) * step + 1, width), (width * table.itemsize, table.itemsize)
    return np.lib.stride_tricks.as_strided(table, shape, strides, writeable=False), step
