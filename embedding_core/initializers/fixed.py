"""First values that nobody draws: a constant, zeros, ones, a diagonal of ones, a given array."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_numbers, finite, number
from embedding_core.ground.configurable import Configurable


@dataclass(frozen=True)
class Constant(Configurable):
    """Every number is `value`, or they are those of an array that is repeated to fit.

    Parameters
    ----------
    value
        A number, or an array or nested lists of numbers; kept as lists, which JSON can hold.

    Raises
    ------
    TypeError
        `value` holds something else than numbers.
    ValueError
        Lists of different lengths.
    """

    value: Any = 0.0

    def __post_init__(self) -> None:
        if isinstance(self.value, (list, tuple, np.ndarray)):
            object.__setattr__(self, "value", as_numbers("value", self.value).tolist())
        else:
            number("value", self.value)

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return an array of the shape and dtype, filled with `value`.

        Raises
        ------
        ValueError
            An array that cannot be repeated to this shape.
        """
        try:
            return np.full(shape, self.value, dtype)
        except ValueError as error:
            raise ValueError(
                f"a value of shape {np.shape(self.value)} cannot fill a weight of shape {shape}."
            ) from error


@dataclass(frozen=True, eq=False)
class Given:
    """The numbers of an array: what an array given as an initializer becomes.

    Parameters
    ----------
    array
        First values, of the weight's shape.

    Raises
    ------
    TypeError, ValueError
        Something else than numbers; lists of different lengths.

    Notes
    -----
    It has no configuration, as in Keras: an array is no setting. `Constant` has one.
    """

    array: NDArray[Any]

    def __post_init__(self) -> None:
        as_numbers("array", self.array)

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return a copy in this dtype.

        Raises
        ------
        ValueError
            The weight has another shape.
        """
        if tuple(shape) != self.array.shape:
            raise ValueError(
                f"an array of shape {self.array.shape} was given for a weight of shape {shape}."
            )
        return self.array.astype(dtype)


@dataclass(frozen=True)
class Zeros(Configurable):
    """Every number is 0."""

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return an array of zeros."""
        return np.zeros(shape, dtype)


@dataclass(frozen=True)
class Ones(Configurable):
    """Every number is 1."""

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return an array of ones."""
        return np.ones(shape, dtype)


@dataclass(frozen=True)
class Identity(Configurable):
    """`gain` on the diagonal of a matrix and 0 elsewhere: a table of one-hot rows.

    Parameters
    ----------
    gain
        Factor.

    Raises
    ------
    TypeError, ValueError
        A gain that is no finite number.
    """

    gain: float = 1.0

    def __post_init__(self) -> None:
        finite("gain", self.gain)

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return the matrix; it need not be square.

        Raises
        ------
        ValueError
            The weight is not a matrix.
        """
        if len(shape) != 2:
            raise ValueError(f"Identity makes matrices (n, m) only: received shape {shape}.")
        return np.asarray(self.gain * np.eye(*shape), dtype)
