"""First values that nobody draws: a constant, zeros, ones, a diagonal of ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import finite, number
from embedding_core.ground.configurable import Configurable


@dataclass(frozen=True)
class Constant(Configurable):
    """Every number is `value`.

    Raises
    ------
    TypeError
        `value` is no number.
    """

    value: float = 0.0

    def __post_init__(self) -> None:
        number("value", self.value)

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return an array of the shape and dtype, filled with `value`."""
        return np.full(shape, self.value, dtype)


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
