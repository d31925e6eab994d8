"""A table in one byte a number, with one scale a row: what `quantize("int8")` makes.

Keras's absolute-maximum scheme: each row is stretched so that its largest number becomes 127,
and rounded. A row is gathered as bytes and turned back into floats afterwards, so a look-up
never needs the whole table as floats. Differences from Keras: the scale is float32 whatever
the layer's dtype is; float16 layers are taken, and numbers that are not finite are refused.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Floats

LARGEST = 127
_EPSILON = np.float32(1e-7)  # which float16 does not have

# Rows at once, so that a large table needs little memory besides the two of them.
_CHUNK = 1 << 16


def quantize_rows(table: Floats) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Round each row to whole numbers between -127 and 127, on a scale of its own.

    Parameters
    ----------
    table
        Shape (V, D).

    Returns
    -------
    bytes_
        Shape (V, D), int8.
    scale
        Shape (V,), float32: 127 / (largest absolute value + 1e-7). A number is off by at most
        half a step, 0.5 / scale.

    Raises
    ------
    ValueError
        A row holds NaN, an infinity or a number too large for a float32 scale.
    """
    rounded = np.empty(table.shape, np.int8)
    scale = np.empty(len(table), np.float32)
    for start in range(0, len(table), _CHUNK):
        part = slice(start, start + _CHUNK)
        rows = table[part]
        largest = np.abs(rows).max(axis=1)
        scale[part] = LARGEST / (largest + _EPSILON)
        # NaN fails the comparison, so this one test finds all three.
        bad = np.flatnonzero(~(scale[part] >= np.finfo(np.float32).tiny))
        if bad.size:
            raise ValueError(
                f"row {start + bad[0]} cannot be written in int8: its largest number is "
                f"{largest[bad[0]]}. Every number must be finite and within float32."
            )
        rounded[part] = np.rint(rows * scale[part, None])
    return rounded, scale


def dequantize_rows(
    rows: NDArray[np.int8], scale: NDArray[np.float32], dtype: np.dtype[Any]
) -> Floats:
    """Turn rows of bytes back into floats.

    Parameters
    ----------
    rows
        Shape (..., D), int8.
    scale
        Shape (...), float32.
    dtype
        Of the result; float16 is computed in float32, where no scale overflows.

    Returns
    -------
    numpy.ndarray
        Shape (..., D).
    """
    wide = np.result_type(dtype, np.float32)
    return np.asarray(np.divide(rows, scale[..., None], dtype=wide), dtype)
