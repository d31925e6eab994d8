"""The four operations the whole argument is about.

`gather` reads rows, `one_hot` writes the same request as a matrix, `scatter_add` sends
gradients back to the rows they came from, and `IndexedSlices` is such a gradient, written
down without the rows that nobody touched. Two identities tie them together::

    gather(table, ids)             ==  one_hot(ids, V) @ table
    scatter_add(gradient, ids, V)  ==  one_hot(ids, V).T @ gradient

Differences from `keras.ops`: `one_hot` is sparse unless told otherwise, and ids are checked,
see `ids`.
"""

from dataclasses import dataclass
from typing import Any, Literal, Self, overload

import numpy as np
import scipy
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.ground._types import Floats, Ids, Shape
from embedding_core.ground.checks import as_dtype, as_numbers, as_shape, is_whole, shown, switch
from embedding_core.ground.rows import copy_rows
from embedding_core.ground.shares import handed_back
from embedding_core.ids import check_ids, distinct


def _check_table(table: Any) -> None:
    if not isinstance(table, np.ndarray) or table.ndim != 2:
        raise ValueError(
            f"a table must be a two-dimensional array (V, D): received {shown(table)}."
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
        Any shape; whole numbers in [0, V), see `ids.check_ids`.
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
        As `ids.check_ids`; `ValueError` also for a table or an `out` of the wrong shape or dtype.
    MemoryError
        There is no room for the rows.

    Notes
    -----
    Same result as `keras.ops.take(table, indices, axis=0)` for ids in range.
    """
    _check_table(table)
    ids = check_ids(indices, table.shape[0])
    shape = (*ids.shape, table.shape[1])
    if out is None:
        out = np.empty(shape, table.dtype)
    elif not _fits(out, shape, table.dtype):
        raise ValueError(
            f"out must be a writeable C-contiguous array of shape {shape} and dtype "
            f"{table.dtype}: received {shown(out)}."
        )
    copy_rows(table, ids, out)
    return out


def _fits(out: Any, shape: Shape, dtype: np.dtype[Any]) -> bool:
    is_array = isinstance(out, np.ndarray) and out.flags.carray
    return bool(is_array and (out.shape, out.dtype) == (shape, dtype))


@overload
def one_hot(
    indices: ArrayLike, num_classes: int, dtype: DTypeLike = ..., dense: Literal[False] = ...
) -> "scipy.sparse.csr_array": ...
@overload
def one_hot(
    indices: ArrayLike, num_classes: int, dtype: DTypeLike = ..., *, dense: Literal[True]
) -> Floats: ...
def one_hot(
    indices: ArrayLike, num_classes: int, dtype: DTypeLike = "float32", dense: bool = False
) -> "scipy.sparse.csr_array | Floats":
    """Write ids as rows that are zero everywhere but in one place.

    Parameters
    ----------
    indices
        Any shape; whole numbers in [0, num_classes), see `ids.check_ids`.
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
        As `ids.check_ids`; `ValueError` also for a `num_classes` that is no positive integer,
        `TypeError` for a `dtype` that is none of numbers, or a `dense` that is no truth value.
    MemoryError
        There is no room for so many zeros.

    Notes
    -----
    Not to be confused with `text.one_hot`, which hashes words and encodes nothing.
    """
    if not is_whole(num_classes) or num_classes > np.iinfo(np.intp).max:
        raise ValueError(f"num_classes must be a whole number: received {shown(num_classes)}.")
    if num_classes < 0 or (num_classes == 0 and np.size(indices)):
        raise ValueError(f"num_classes must be positive: received {num_classes}.")
    ids = check_ids(indices, num_classes)
    dtype = as_dtype(dtype, "fiub")
    switch("dense", dense)
    if dense:
        array = np.zeros((ids.size, num_classes), dtype)
        array[np.arange(ids.size), ids.ravel()] = 1
        return array.reshape(*ids.shape, num_classes)
    ones = np.ones(ids.size, dtype)
    row_starts = np.arange(ids.size + 1)
    return scipy.sparse.csr_array((ones, ids.ravel(), row_starts), shape=(ids.size, num_classes))


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
        As `ids.check_ids`; `ValueError` also when `values` do not match the ids, `TypeError`
        when they are no numbers.
    MemoryError
        There is no room for so many rows.

    Notes
    -----
    Computed as `one_hot(indices, V).T @ values` with SciPy's sparse product. It reads the
    gradient once, in order; so does the loop that takes its place (see `ground.compiled`).
    """
    ids = check_ids(indices, num_rows)
    values = vectors_for(ids, values)
    as_shape("shape", (int(num_rows), values.shape[-1]))
    return _added_up(values, ids, int(num_rows))


def _added_up(values: NDArray[Any], ids: Ids, num_rows: int) -> Floats:
    # SciPy has no sparse float16; and ten thousand float16 terms need a wider sum anyway.
    wide = np.float32 if values.dtype == np.float16 else values.dtype
    flat = np.asarray(values.reshape(ids.size, values.shape[-1]), wide)
    # The transpose of `one_hot`: by columns, one stored number in each.
    ones, starts = np.ones(ids.size, wide), np.arange(ids.size + 1)
    return np.asarray(handed_back(flat, ones, ids.ravel(), starts, num_rows), values.dtype)


def vectors_for(ids: Ids, values: ArrayLike) -> NDArray[Any]:
    """Return values as an array, if it has one vector for each id.

    Raises
    ------
    TypeError
        They are no numbers.
    ValueError
        They do not have the shape `ids.shape + (D,)`.
    """
    array = as_numbers("values", values)
    if array.shape[:-1] != ids.shape or array.ndim == 0:
        raise ValueError(
            f"values must have one vector for each id, shape {ids.shape} + (D,): "
            f"received {array.shape}."
        )
    return array


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
        Ids outside the table, shapes that do not match, or what is no number.

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
        shape: Any = self.dense_shape
        if not isinstance(shape, tuple) or len(shape) != 2 or not all(map(is_whole, shape)):
            raise TypeError(f"dense_shape must be the table's (V, D): received {shown(shape)}.")
        num_rows, width = shape
        ids = check_ids(self.indices, num_rows)
        values = as_numbers("values", self.values)
        if ids.ndim != 1 or values.shape != (ids.size, width):
            raise ValueError(
                f"values must have shape (n, {width}) and indices shape (n,): received "
                f"{values.shape} and {ids.shape}."
            )
        object.__setattr__(self, "indices", ids)
        object.__setattr__(self, "values", values)

    def merged(self) -> Self:
        """Give each touched row once, in ascending order, with the sum of its gradients."""
        if (self.indices[1:] > self.indices[:-1]).all():
            return self
        rows, position = distinct(self.indices)
        return type(self)(_added_up(self.values, position, rows.size), rows, self.dense_shape)

    def dense(self) -> Floats:
        """Spread the gradient over a full (V, D) array, zeros and all."""
        return scatter_add(self.values, self.indices, self.dense_shape[0])

    def __add__(self, other: Self | Floats) -> Self | Floats:
        """Slices and slices concatenate; slices and an array give an array.

        Raises
        ------
        TypeError
            The other one holds no numbers.
        ValueError
            It is the gradient of a table of another shape.
        """
        if not isinstance(other, IndexedSlices):
            array = as_numbers("what is added to a gradient", other)
            if array.shape != self.dense_shape:  # NumPy would spread a smaller one
                raise ValueError(
                    f"cannot add to the gradient of a table of shape {self.dense_shape}: "
                    f"received an array of shape {array.shape}."
                )
            total: Floats = self.dense() + array
            return total
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
