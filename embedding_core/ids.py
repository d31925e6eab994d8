"""What is asked of ids before they are used: they are whole, in range, and some are equal.

Differences from Keras: ids outside [0, V) are refused on every platform (Keras wraps, clips or
returns NaN, depending on the backend), as are fractional floats and booleans (Keras truncates
them); lists and plain integers are accepted (Keras's layer refuses them).
"""

from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Ids
from embedding_core.ground.checks import is_whole, shown

# The first integer that a float dtype cannot tell from its successor.
_FIRST_AMBIGUOUS = {"float16": 2**11, "float32": 2**24, "float64": 2**53}
_MOST_ROWS = int(np.iinfo(np.intp).max) + 1  # the last id is still an intp


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
        Booleans, strings, fractions, NaN, infinities, or floats too large to be exact; a
        number of rows that is no whole number.
    ValueError
        A ragged list, one that is nested too deeply, or more rows than any table can have.
    """
    if not is_whole(num_rows):
        raise TypeError(f"the number of rows must be a whole number: received {shown(num_rows)}.")
    if num_rows > _MOST_ROWS:
        raise ValueError(f"no table can have {shown(num_rows)} rows.")
    ids = _as_array(indices, num_rows)
    if ids.dtype.kind == "f":
        ids = _whole_numbers(ids, num_rows)
    elif ids.dtype.kind not in "iu":
        _refuse(ids, num_rows)
    if ids.size and not (ids.min() >= 0 and ids.max() < num_rows):
        where = tuple(int(i) for i in np.argwhere((ids < 0) | (ids >= num_rows))[0])
        cure = (
            "Ids count from 0; there is no counting from the end."
            if ids[where] < 0
            else "Make the table larger (input_dim), or map unknown words to one id."
        )
        raise IndexError(
            f"id {ids[where]} at position {where} is outside [0, {num_rows}): the table has "
            f"{num_rows} rows. {cure}"
        )
    return ids.astype(np.intp, copy=False)


def _refuse(ids: NDArray[Any], num_rows: int) -> NoReturn:
    first = ids.flat[0] if ids.size else None
    # Integers that no integer dtype holds come as an array of objects.
    outside = [i for i in ids.flat if isinstance(i, int) and not 0 <= i < num_rows]
    if outside:
        raise IndexError(
            f"id {outside[0]} is outside [0, {num_rows}): the table has {num_rows} rows."
        )
    cure = (
        "For the places where a mask is true, use numpy.flatnonzero."
        if ids.dtype.kind == "b"
        else "Map words to ids first, for example with text.TextVectorization."
    )
    raise TypeError(
        f"ids must be integers in [0, {num_rows}): received {shown(first)} of dtype {ids.dtype}. "
        f"{cure}"
    )


def _as_array(indices: ArrayLike, num_rows: int) -> NDArray[Any]:
    ids = rectangle(indices)
    if not isinstance(indices, np.ndarray) and _holds_bool(indices):
        raise TypeError(
            f"ids must be integers in [0, {num_rows}): received a boolean in {shown(indices)}. "
            "For the places where a mask is true, use numpy.flatnonzero."
        )
    if ids.size == 0 and not isinstance(indices, np.ndarray):
        return ids.astype(np.intp)  # an empty list has no dtype of its own
    return ids


def rectangle(values: ArrayLike) -> NDArray[Any]:
    """Turn nested lists into an array.

    Raises
    ------
    ValueError
        The lists have different lengths, or are nested too deeply.
    """
    try:
        return np.asarray(values)
    except (ValueError, RecursionError) as error:
        raise ValueError(
            "ids must form a rectangle, but the lists have different lengths: received "
            f"{shown(values)}. Pad them first, for example with text.pad_sequences."
        ) from error


def _holds_bool(indices: object) -> bool:
    """NumPy would turn `[True, 2]` into integers without a word."""
    if isinstance(indices, np.ndarray):
        return bool(indices.dtype.kind == "b")
    if isinstance(indices, (list, tuple)):
        return any(_holds_bool(item) for item in indices)
    return isinstance(indices, (bool, np.bool_))


def _whole_numbers(ids: NDArray[Any], num_rows: int) -> NDArray[np.int64]:
    first_ambiguous = _FIRST_AMBIGUOUS.get(ids.dtype.name)
    if first_ambiguous is None:
        raise TypeError(f"float ids must be float16, float32 or float64: received {ids.dtype}.")
    # NaN fails the comparison, so this one test also finds every value that is not finite.
    whole = np.trunc(ids) == ids
    bad = ~((np.abs(ids) < first_ambiguous) & whole)
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        problem = (
            f"is not below {first_ambiguous}, up to where {ids.dtype} counts exactly"
            if whole[where]
            else f"is not a whole number in [0, {num_rows})"
        )
        raise TypeError(f"float id {ids[where]} at position {where} {problem}. Pass integer ids.")
    return ids.astype(np.int64)


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
    The result of `numpy.unique(ids, return_inverse=True)`, by radix sort: 16 bits at a time,
    the lowest first. NumPy's stable sort of 16-bit numbers counts instead of comparing.
    """
    if ids.size == 0:
        return ids, ids
    order = np.argsort(ids.astype(np.uint16), kind="stable")
    shift = 16
    while int(ids.max()) >> shift:
        digits = (ids >> shift).astype(np.uint16)
        order = order[np.argsort(digits[order], kind="stable")]
        shift += 16
    in_order = ids[order]
    is_new = np.empty(ids.size, bool)
    is_new[0] = True
    np.not_equal(in_order[1:], in_order[:-1], out=is_new[1:])
    position = np.empty(ids.size, np.intp)
    position[order] = np.cumsum(is_new) - 1
    return in_order[is_new], position
