"""Rows of unequal length to one array: ``keras.utils.pad_sequences``.

Differences from Keras: no sequences give an array of shape (0, maxlen or 0) where Keras fails;
``maxlen`` below 1, numbers that ``dtype`` cannot hold (3.7 as an integer) and an unknown
``padding`` or ``truncating`` are always refused, where Keras casts or may not notice.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from embedding_core.ground.checks import as_dtype, one_of, shown
from embedding_core.text._checks import as_count

_ENDS = ("pre", "post")


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: npt.DTypeLike = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: float | str = 0.0,
) -> npt.NDArray[Any]:
    """Cut and fill sequences to one length.

    Parameters
    ----------
    sequences : sequence of n sequences
        Each holds numbers, or arrays of one shape ``s``.
    maxlen : int or None, optional
        The length wanted, at least 1; ``None`` takes the longest sequence's.
    dtype : dtype, optional
        Of the result; ``object`` for strings of any length.
    padding, truncating : {"pre", "post"}, optional
        Whether short sequences are filled, and long ones cut, at their beginning or end.
    value : float or str, optional
        What to fill with.

    Returns
    -------
    (n, maxlen, *s) array of ``dtype``
        The sequences.

    Raises
    ------
    TypeError
        When ``sequences`` or one of them has no length, or ``dtype`` names none.
    ValueError
        When an option is unknown, ``maxlen`` below 1, an element's shape differs from the
        others', or ``dtype`` cannot hold an element or ``value``.
    MemoryError
        When there is no room for so long rows.

    Notes
    -----
    Keras: ``keras.utils.pad_sequences``.
    """
    for name, end in (("padding", padding), ("truncating", truncating)):
        one_of(name, end, _ENDS)
    longest = max(_lengths(sequences), default=0)
    if maxlen is None:
        maxlen = longest
    else:
        maxlen = as_count("maxlen", maxlen, 1, "None takes the longest sequence")
    cut = slice(-maxlen, None) if truncating == "pre" else slice(maxlen)
    try:
        rows = [row[cut] for row in sequences]
    except TypeError as error:  # a dictionary or a set has a length and no order
        raise TypeError(
            f"sequences must hold lists or arrays: received {shown(sequences)}"
        ) from error
    lengths = [len(row) for row in rows]
    wanted = as_dtype(dtype, "biufcOUSmM", "one of numbers, strings or objects")
    # All elements end to end: type and values are checked once, not once a row.
    elements = _cast(_end_to_end(rows, wanted), wanted, "sequences")
    try:
        fill = _cast(np.asarray(value), wanted, "value")
    except ValueError as error:
        raise ValueError(f"value must fit dtype {wanted}, received {shown(value)}") from error
    padded = np.full((len(rows), maxlen, *elements.shape[1:]), fill, dtype=wanted)
    ends = np.cumsum(lengths, dtype=np.intp).tolist()
    for at, (end, length) in enumerate(zip(ends, lengths, strict=True)):
        start = 0 if padding == "post" else maxlen - length
        padded[at, start : start + length] = elements[end - length : end]
    return padded


def _lengths(sequences: Sequence[Any]) -> list[int]:
    if isinstance(sequences, str | bytes) or not _has_length(sequences):
        raise TypeError(
            f"sequences must be a list of sequences, received {type(sequences).__name__}: "
            f"{shown(sequences)}"
        )
    for position, row in enumerate(sequences):
        if isinstance(row, str | bytes) or not _has_length(row):
            raise TypeError(
                "sequences must hold sequences, received "
                f"{type(row).__name__} at position {position}: {shown(row)}; "
                "for one sequence, write [sequence]"
            )
    return [len(row) for row in sequences]


def _has_length(value: object) -> bool:
    try:
        len(value)  # type: ignore[arg-type]
    except TypeError:  # an array without axes says that it has one, and has none
        return False
    return True


def _end_to_end(rows: list[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    # As objects, numbers and strings may stand together; else NumPy finds their common type.
    common = dtype if dtype.kind == "O" else None
    arrays: list[npt.NDArray[Any]] = []
    for at, row in enumerate(rows):
        if not len(row):
            continue
        try:
            array = np.asarray(row, dtype=common)
        except ValueError as error:
            raise ValueError(f"sequences[{at}] is not an array: {shown(row)}; {error}") from error
        if arrays and array.shape[1:] != arrays[0].shape[1:]:
            raise ValueError(
                f"every element must have the shape {arrays[0].shape[1:]} of the first, "
                f"received {array.shape[1:]} in sequences[{at}]"
            )
        arrays.append(array)
    return np.concatenate(arrays) if arrays else np.empty(0, dtype)


def _cast(values: npt.NDArray[Any], dtype: np.dtype[Any], name: str) -> npt.NDArray[Any]:
    """Return the values in the dtype; an integer dtype takes only what it holds exactly."""
    if values.dtype == dtype:
        return values
    try:
        # int64 ids and 3.0 may become int32; 3.7, 2**40 and NaN may not.
        with np.errstate(invalid="ignore"):
            cast = values.astype(dtype)
    except (TypeError, ValueError, OverflowError) as error:
        unfit = (value for value in values.ravel().tolist() if not _fits(value, dtype))
        raise ValueError(
            f"{name} must fit dtype {dtype}, received {shown(next(unfit, values))}: {error}"
        ) from error
    if dtype.kind in "iub" and not np.array_equal(cast, values):
        wrong = values[cast != values].tolist()[0]
        raise ValueError(
            f"{name} must fit dtype {dtype}, received {wrong!r}: pass whole numbers in its range, "
            "or another dtype"
        )
    return cast


def _fits(value: object, dtype: np.dtype[Any]) -> bool:
    try:
        np.asarray(value).astype(dtype)
    except (TypeError, ValueError, OverflowError):
        return False
    return True
