"""Ids that need a second look: lists and floats, and what is no id at all, with its cure.

An array of integers, which is what a batch holds as a rule, meets nothing of this: see
`ids.check_ids`.
"""

from collections.abc import Sized
from typing import Any, NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground.checks import shown

# The first integer that a float dtype cannot tell from its successor.
_FIRST_AMBIGUOUS = {"float16": 2**11, "float32": 2**24, "float64": 2**53}

_OF_A_MASK = "For the places where a mask is true, use numpy.flatnonzero."
_MISSING = ("NAType", "NaTType")  # of pandas; NA cannot be compared
_OF_WORDS = "Map words to ids first, for example with text.TextVectorization."


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


def from_lists(indices: ArrayLike, num_rows: int) -> NDArray[Any]:
    """Turn lists, a number, or what else NumPy reads, into an array that may hold ids.

    Raises
    ------
    TypeError
        A boolean among them, which NumPy would turn into 0 or 1 without a word, or an array of
        `numpy.ma` some of whose ids are masked: what is under a mask, NumPy does not compare.
    ValueError
        As `rectangle`.
    """
    if np.ma.is_masked(indices):
        raise TypeError(
            f"ids must all be there: received {shown(indices)}, some of them masked. Fill in what "
            "is missing first, for example with .filled(0) for padding."
        )
    ids = rectangle(indices)
    if _holds_bool(indices):
        raise TypeError(
            f"ids must be integers in [0, {num_rows}): received a boolean in {shown(indices)}. "
            f"{_OF_A_MASK}"
        )
    # An empty list has no dtype of its own.
    return ids if ids.size else ids.astype(np.intp)


def _holds_bool(indices: object) -> bool:
    if isinstance(indices, np.ndarray):
        return bool(indices.dtype.kind == "b")
    if isinstance(indices, (list, tuple)):
        return any(_holds_bool(item) for item in indices)
    return isinstance(indices, (bool, np.bool_))


def from_floats(ids: NDArray[Any], num_rows: int) -> NDArray[np.int64]:
    """Turn floats that are whole, and small enough to be exact, into integers.

    Raises
    ------
    TypeError
        Other floats, or no numbers.
    IndexError
        Integers that no integer dtype holds: they come as an array of objects.
    """
    if ids.dtype.kind != "f":
        _refuse(ids, num_rows)
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


def outside(ids: NDArray[Any], num_rows: int) -> IndexError:
    """Name the first id that no row has, where it stands, and what helps."""
    where = tuple(int(i) for i in np.argwhere((ids < 0) | (ids >= num_rows))[0])
    cure = (
        "Ids count from 0; there is no counting from the end."
        if ids[where] < 0
        else "Make the table larger (input_dim), or map unknown words to one id."
    )
    return IndexError(
        f"id {ids[where]} at position {where} is outside [0, {num_rows}): the table has "
        f"{num_rows} rows. {cure}"
    )


def _refuse(ids: NDArray[Any], num_rows: int) -> NoReturn:
    for i in ids.flat:
        if isinstance(i, int) and not isinstance(i, bool) and not 0 <= i < num_rows:
            raise IndexError(f"id {i} is outside [0, {num_rows}): the table has {num_rows} rows.")
    # The first that is no integer; of nothing but integers, or of nothing, the first.
    odd = [i for i in ids.flat if type(i) is not int and not isinstance(i, np.integer)]
    first = odd[0] if odd else ids.flat[0] if ids.size else None
    raise TypeError(
        f"ids must be integers in [0, {num_rows}): received {shown(first)} of dtype {ids.dtype}. "
        f"{_cure(first, ids)}"
    )


def _cure(first: object, ids: NDArray[Any]) -> str:
    """Say what turns an array into ids, by the first thing in it that is no integer."""
    if isinstance(first, (bool, np.bool_)):
        return _OF_A_MASK
    if isinstance(first, (str, bytes)):
        return _OF_WORDS
    if isinstance(first, Sized):  # lists, tuples or arrays, one for each sample
        return (
            "Each of them holds a sequence: pad the sequences with text.pad_sequences, or, when "
            "all have one length, make one array of them with numpy.stack."
        )
    if ids.dtype == object and (ids.size == 0 or isinstance(first, (int, np.integer))):
        return "Make it an array of integers first, with .astype(int)."
    if first is None or type(first).__name__ in _MISSING or first != first:
        return "Fill in what is missing first, for example with 0, the id of padding."
    return "Pass integer ids."
