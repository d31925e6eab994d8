"""The four operations the whole argument is about.

`gather` reads rows, `one_hot` writes the same request as a matrix, `scatter_add` sends
gradients back to the rows they came from, and `IndexedSlices` is such a gradient, written
down without the rows that nobody touched. Two identities tie them together::

    gather(table, ids)             ==  one_hot(ids, V) @ table
    scatter_add(gradient, ids, V)  ==  one_hot(ids, V).T @ gradient

Differences from `keras.ops`: ids outside [0, V) are refused here on every platform (Keras
wraps, clips or returns NaN, depending on the backend); fractional floats and booleans are
refused (Keras truncates them); lists and plain integers are accepted (Keras's layer refuses
them); `one_hot` is sparse unless told otherwise.
"""

from dataclasses import dataclass
from typing import Any, Literal, NoReturn, Self, overload

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from scipy.sparse import csr_array

from embedding_core._types import Floats, Ids, Shape

# The first integer that a float dtype cannot tell from its successor.
_FIRST_AMBIGUOUS = {"float16": 2**11, "float32": 2**24, "float64": 2**53}


def check_ids(indices: ArrayLike, num_rows: int) -> Ids:
    """Turn anything that holds whole numbers in [0, num_rows) into an array of row numbers.

    Parameters
    ----------
    indices
        Integers of any dtype and shape; nested lists and plain ints too. Floats are taken
        when they are finite, whole, and small enough for their dtype to count exactly
        (below 2**11 in float16, 2**24 in float32, 2**53 in float64).
    num_rows
        Number of rows V of the table.

    Returns
    -------
    numpy.ndarray
        The same numbers, same shape, dtype intp. No copy when they are intp already.

    Raises
    ------
    IndexError
        An id is negative or not below `num_rows`. The message names the first one.
    TypeError
        Booleans, strings, fractions, NaN, infinities, or floats too large to be exact.
    ValueError
        A ragged list.
    """
    ids = _as_array(indices, num_rows)
    if ids.dtype.kind == "f":
        ids = _whole_numbers(ids, num_rows)
    elif ids.dtype.kind not in "iu":
        _refuse(ids, num_rows)
    # One pass over the ids: read as unsigned, a negative number is larger than any table,
    # because the sign bit is worth more than the largest positive number of its dtype.
    unsigned = ids.view(ids.dtype.str.replace("i", "u"))  # the byte order stays
    limit = num_rows
    if ids.dtype.kind == "i":
        limit = min(num_rows, np.iinfo(ids.dtype).max + 1)
    if ids.size and int(unsigned.max()) >= limit:
        where = tuple(int(i) for i in np.argwhere(unsigned >= limit)[0])
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
    huge = [i for i in ids.flat if isinstance(i, int) and not -(2**63) <= i < 2**63]
    if huge:
        raise IndexError(f"id {huge[0]} is outside [0, {num_rows}): the table has {num_rows} rows.")
    cure = (
        "For the places where a mask is true, use numpy.flatnonzero."
        if ids.dtype.kind == "b"
        else "Map words to ids first, for example with text.TextVectorization."
    )
    raise TypeError(
        f"ids must be integers in [0, {num_rows}): received {first!r} of dtype {ids.dtype}. {cure}"
    )


def _as_array(indices: ArrayLike, num_rows: int) -> NDArray[Any]:
    if not isinstance(indices, np.ndarray) and _holds_bool(indices):
        raise TypeError(
            f"ids must be integers in [0, {num_rows}): received a boolean in {indices!r:.60}. "
            "For the places where a mask is true, use numpy.flatnonzero."
        )
    ids = rectangle(indices)
    if ids.size == 0 and not isinstance(indices, np.ndarray):
        return ids.astype(np.intp)  # an empty list has no dtype of its own
    return ids


def rectangle(values: ArrayLike) -> NDArray[Any]:
    """Turn nested lists into an array.

    Raises
    ------
    ValueError
        The lists have different lengths.
    """
    try:
        return np.asarray(values)
    except ValueError as error:
        raise ValueError(
            "ids must form a rectangle, but the lists have different lengths: received "
            f"{values!r:.60}. Pad them first, for example with text.pad_sequences."
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


def _check_table(table: NDArray[Any]) -> None:
    if np.ndim(table) != 2:
        raise ValueError(
            f"a table must be a two-dimensional array (V, D): received shape {np.shape(table)}."
        )


def gather(
    table: NDArray[Any], indices: ArrayLike, out: NDArray[Any] | None = None
) -> NDArray[Any]:
    """Read the rows of a table: the whole forward pass of an embedding layer.

    Parameters
    ----------
    table
        Shape (V, D), any dtype.
    indices
        Any shape; whole numbers in [0, V), see `check_ids`.
    out
        Where to write, shape `indices.shape + (D,)`, the table's dtype, C-contiguous and
        writeable. By default a new array.

    Returns
    -------
    numpy.ndarray
        Shape `indices.shape + (D,)`, the table's dtype: a copy of the rows, never a view.

    Raises
    ------
    IndexError, TypeError, ValueError
        As `check_ids`; `ValueError` also for a table or an `out` of the wrong shape or dtype.

    Notes
    -----
    Same result as `keras.ops.take(table, indices, axis=0)` for ids in range.
    """
    _check_table(table)
    ids = check_ids(indices, table.shape[0])
    shape = (*ids.shape, table.shape[1])
    if out is None:
        out = np.empty(shape, table.dtype)
    elif out.shape != shape or out.dtype != table.dtype or not out.flags.carray:
        raise ValueError(
            f"out must be a writeable C-contiguous array of shape {shape} and dtype "
            f"{table.dtype}: received shape {out.shape}, dtype {out.dtype}."
        )
    lines, step = _as_lines(table)
    if lines is None:
        out[...] = table[ids]  # np.take would copy the whole table first
    elif ids.size and table.shape[1]:
        # The ids are known to be in range, so "clip" never clips; it spares NumPy a second
        # check and the buffer that the default mode puts between the table and `out`.
        np.take(lines, ids if step == 1 else ids * step, axis=0, out=out, mode="clip")
    return out


def _as_lines(table: NDArray[Any]) -> tuple[NDArray[Any] | None, int]:
    """Show memory without gaps in which row i of the table is line i * step, if it is like that.

    So stands a table whose optimizer keeps what it remembers beside each row.
    """
    if table.flags.c_contiguous:
        return table, 1
    num_rows, width = table.shape
    step, rest = divmod(table.strides[0], width * table.itemsize or 1)
    if rest or step < 1 or table.strides[1] != table.itemsize:
        return None, 0
    shape, strides = ((num_rows - 1) * step + 1, width), (width * table.itemsize, table.itemsize)
    return np.lib.stride_tricks.as_strided(table, shape, strides, writeable=False), step


@overload
def one_hot(
    indices: ArrayLike, num_classes: int, dtype: DTypeLike = ..., dense: Literal[False] = ...
) -> csr_array: ...
@overload
def one_hot(
    indices: ArrayLike, num_classes: int, dtype: DTypeLike = ..., *, dense: Literal[True]
) -> Floats: ...
def one_hot(
    indices: ArrayLike, num_classes: int, dtype: DTypeLike = "float32", dense: bool = False
) -> csr_array | Floats:
    """Write ids as rows that are zero everywhere but in one place.

    Parameters
    ----------
    indices
        Any shape; whole numbers in [0, num_classes), see `check_ids`.
    num_classes
        Length V of each row.
    dtype
        Of the ones and zeros.
    dense
        Give an array with all its zeros instead of the sparse matrix.

    Returns
    -------
    scipy.sparse.csr_array or numpy.ndarray
        Sparse: shape (n, V) for n ids in C order, one stored number a row.
        Dense: shape `indices.shape + (V,)`.

    Raises
    ------
    IndexError, TypeError, ValueError
        As `check_ids`; `ValueError` also for a `num_classes` that is no positive integer.

    Notes
    -----
    Not to be confused with `text.one_hot`, which hashes words and encodes nothing.
    """
    if isinstance(num_classes, bool) or not isinstance(num_classes, (int, np.integer)):
        raise ValueError(f"num_classes must be a whole number: received {num_classes!r}.")
    if num_classes < 0 or (num_classes == 0 and np.size(indices)):
        raise ValueError(f"num_classes must be positive: received {num_classes}.")
    ids = check_ids(indices, num_classes)
    if dense:
        array = np.zeros((ids.size, num_classes), dtype)
        array[np.arange(ids.size), ids.ravel()] = 1
        return array.reshape(*ids.shape, num_classes)
    ones = np.ones(ids.size, dtype)
    row_starts = np.arange(ids.size + 1)
    return csr_array((ones, ids.ravel(), row_starts), shape=(ids.size, num_classes))


def scatter_add(values: Floats, indices: ArrayLike, num_rows: int) -> Floats:
    """Add each vector to the row it belongs to: the transpose of `gather`.

    Parameters
    ----------
    values
        Shape `indices.shape + (D,)`.
    indices
        Whole numbers in [0, num_rows); a row named several times gets the sum.
    num_rows
        Number of rows V of the result.

    Returns
    -------
    numpy.ndarray
        Shape (V, D), dtype of `values`; rows that nobody named are zero. float16 is summed
        in float32.

    Raises
    ------
    IndexError, TypeError, ValueError
        As `check_ids`; `ValueError` also when `values` do not match the ids.

    Notes
    -----
    Computed as `one_hot(indices, V).T @ values` with SciPy's sparse product. It reads the
    gradient once, in order.
    """
    ids = check_ids(indices, num_rows)
    if values.shape[:-1] != ids.shape or values.ndim == 0:
        raise ValueError(
            f"values must have one vector for each id, shape {ids.shape} + (D,): "
            f"received {values.shape}."
        )
    # SciPy has no sparse float16; and ten thousand float16 terms need a wider sum anyway.
    wide = np.float32 if values.dtype == np.float16 else values.dtype
    flat = values.reshape(ids.size, values.shape[-1]).astype(wide, copy=False)
    total = one_hot(ids, num_rows, wide).T @ flat
    return np.asarray(total, values.dtype)


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
    The result of `numpy.unique(ids, return_inverse=True)`. NumPy sorts
    plain integers with vector instructions but not pairs, so each id is sorted together with
    its place in one 64-bit integer.
    """
    bits = max(ids.size - 1, 0).bit_length()
    if ids.size == 0 or int(ids.max()) >= 1 << (63 - bits):
        rows, position = np.unique(ids, return_inverse=True)
        return rows, position
    keys = (ids << bits) | np.arange(ids.size)
    keys.sort()
    in_order = keys >> bits
    is_new = np.empty(ids.size, bool)
    is_new[0] = True
    np.not_equal(in_order[1:], in_order[:-1], out=is_new[1:])
    position = np.empty(ids.size, np.intp)
    position[keys & ((1 << bits) - 1)] = np.cumsum(is_new) - 1
    return in_order[is_new], position


@dataclass(frozen=True, eq=False, repr=False)
class IndexedSlices:
    """A gradient that mentions only the rows that were touched.

    Parameters
    ----------
    values
        Shape (n, D): one gradient vector for each look-up.
    indices
        Shape (n,), dtype intp: the row each vector belongs to. Rows may repeat.
    dense_shape
        (V, D) of the table.

    Raises
    ------
    IndexError, TypeError, ValueError
        Ids outside the table, or shapes that do not match.

    Notes
    -----
    The name and the fields are those of `tf.IndexedSlices`, which is what TensorFlow's
    `gather` hands back as its gradient.
    """

    values: Floats
    indices: Ids
    dense_shape: Shape

    # Lets `array + slices` reach __radd__ instead of NumPy trying to spread the object.
    __array_ufunc__ = None

    def __post_init__(self) -> None:
        num_rows, width = self.dense_shape
        ids = check_ids(self.indices, num_rows)
        if ids.ndim != 1 or self.values.shape != (ids.size, width):
            raise ValueError(
                f"values must have shape (n, {width}) and indices shape (n,): received "
                f"{self.values.shape} and {ids.shape}."
            )
        object.__setattr__(self, "indices", ids)

    def merged(self) -> Self:
        """Give each touched row once, in ascending order, with the sum of its gradients."""
        if (self.indices[1:] > self.indices[:-1]).all():
            return self
        rows, position = distinct(self.indices)
        return type(self)(scatter_add(self.values, position, rows.size), rows, self.dense_shape)

    def dense(self) -> Floats:
        """Spread the gradient over a full (V, D) array, zeros and all."""
        return scatter_add(self.values, self.indices, self.dense_shape[0])

    def __add__(self, other: Self | Floats) -> Self | Floats:
        """Slices and slices concatenate; slices and an array give an array."""
        if not isinstance(other, IndexedSlices):
            if np.shape(other) != self.dense_shape:  # NumPy would spread a smaller one
                raise ValueError(
                    f"cannot add to the gradient of a table of shape {self.dense_shape}: "
                    f"received an array of shape {np.shape(other)}."
                )
            return self.dense() + other
        if self.dense_shape != other.dense_shape:
            raise ValueError(
                f"cannot add gradients of tables {self.dense_shape} and {other.dense_shape}."
            )
        return type(self)(
            np.concatenate([self.values, other.values]),
            np.concatenate([self.indices, other.indices]),
            self.dense_shape,
        )

    __radd__ = __add__

    def __repr__(self) -> str:
        values = " ".join(np.array2string(self.values, threshold=20).split())
        return f"IndexedSlices(rows {self.indices}, values {values}, of a {self.dense_shape} table)"
