"""Whether new numbers can take the place of old ones."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Shape
from embedding_core.ground.checks import as_numbers


def fitting(
    name: str, value: ArrayLike, shape: Shape, dtype: np.dtype[Any], need: str
) -> NDArray[Any]:
    """Return numbers as an array of this shape and dtype; integers must not change by it.

    Parameters
    ----------
    name
        What the numbers are, for the message.
    value
        The numbers; not copied when they fit as they are.
    shape, dtype
        Of what they replace.
    need
        The message about another shape, up to where it names that shape.

    Returns
    -------
    numpy.ndarray
        Of that shape and dtype.

    Raises
    ------
    TypeError
        No numbers.
    ValueError
        Another shape, or fractions and numbers out of range where integers are kept.
    """
    given = as_numbers(name, value)
    if given.shape != shape:
        raise ValueError(f"{need} {given.shape}.")
    if given.dtype == dtype:
        return given
    with np.errstate(invalid="ignore"):  # NaN has no integer: it is found below
        new = given.astype(dtype, copy=False)
    if dtype.kind == "i" and not np.array_equal(new, given):
        where = tuple(int(i) for i in np.argwhere(new != given)[0])
        limits = np.iinfo(dtype)
        raise ValueError(
            f"{name} must be whole numbers from {limits.min} to {limits.max}: received "
            f"{given[where]} at position {where}. Quantize a table of floats with "
            "Embedding.quantize."
        )
    return new
