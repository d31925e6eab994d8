"""Small helpers for labels and vectors: ``keras.utils``.

Differences from Keras: `to_categorical` refuses fractions and numbers outside [0, num_classes),
where Keras cuts fractions and counts negative numbers from the end. `normalize` divides along the
axis that it is told (Keras 3.15, given a matrix in NumPy and ``axis=0``, divides each row by the
length of a column, or fails). `pad_sequences` is in `text`.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_float, as_numbers, is_whole, positive_int, shown
from embedding_core.ids import check_ids


def to_categorical(x: ArrayLike, num_classes: int | None = None) -> NDArray[np.float64]:
    """Turn the numbers of classes into one-hot rows.

    Parameters
    ----------
    x
        Whole numbers in [0, num_classes), any shape; a last axis of length 1 is dropped.
    num_classes
        Length C of each row; by default the largest number plus one.

    Returns
    -------
    numpy.ndarray
        Shape `x.shape + (C,)`, float64: 1 at the class, 0 elsewhere.

    Raises
    ------
    IndexError
        A number outside [0, num_classes).
    TypeError
        Anything else than whole numbers.
    ValueError
        `num_classes` is no positive integer, or no labels from which to tell it.
    MemoryError
        There is no room for so long rows.
    """
    labels = as_numbers("x", x, "the numbers of classes")
    if num_classes is None:
        if not labels.size:
            raise ValueError(f"num_classes must be given for no labels: received {shown(x)}.")
        num_classes = int(check_ids(labels, np.iinfo(np.intp).max).max()) + 1
    at = check_ids(labels, positive_int("num_classes", num_classes))
    if at.ndim > 1 and at.shape[-1] == 1:
        at = at[..., 0]
    try:
        rows = np.zeros((*at.shape, num_classes))
    except (MemoryError, ValueError) as error:  # ValueError: more than an index can count
        raise MemoryError(f"no room for {num_classes} numbers for each of {shown(x)}.") from error
    np.put_along_axis(rows, at[..., None], 1.0, -1)
    return rows


def normalize(x: ArrayLike, axis: int = -1, order: Any = 2) -> Floats:
    """Divide the vectors along an axis by their length, so that each is 1 long.

    Parameters
    ----------
    x
        Numbers, any shape with that axis. A vector of zeros stays as it is.
    axis
        Along which a vector lies.
    order
        Which length, as in `numpy.linalg.norm`: 2 for the usual one, 1 for the sum of the sizes,
        `numpy.inf` for the largest.

    Returns
    -------
    numpy.ndarray
        A new array of the same shape; floats keep their dtype.

    Raises
    ------
    TypeError
        No numbers, or an axis that is no whole number.
    ValueError
        An axis that `x` does not have.
    """
    array = as_numbers("x", x)
    if not is_whole(axis):
        raise TypeError(f"axis must be a whole number: received {shown(axis)}.")
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"x has {array.ndim} axes: received axis {shown(axis)} for {shown(x)}.")
    lengths = np.linalg.norm(array, as_float("order", order), axis, keepdims=True)
    return np.asarray(array / np.where(lengths == 0, np.ones_like(lengths), lengths))
