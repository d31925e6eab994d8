"""What is asked of any library's embedding layer: one shape for all adapters.

An adapter makes a `Layer` from a table. What a library does not have, it refuses with
`NotOffered`; what it leaves undefined, because it touches memory outside the table, is listed
with the adapter and never run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground.recording import Subject

OPTIMIZERS = ("sgd", "adagrad", "adam")


class NotOffered(Exception):  # noqa: N818, because it is an answer and no fault
    """The library has no such thing."""


@dataclass(frozen=True)
class Options:
    """How a layer is to be made.

    Attributes
    ----------
    dtype
        Of the table: "float32", or "bfloat16" where NumPy has no such thing.
    padding
        The id that is declared to be padding, or `None`.
    max_norm
        Largest Euclidean length of a row, or `None`.
    pooled
        Return the mean of each bag of ids instead of its rows.
    sparse
        Ask for gradients that name rows.
    optimizer
        One of `OPTIMIZERS`, for `step`.
    learning_rate, decay
        The optimizer's; the decay of weights is 0 where none is asked for.
    """

    dtype: str = "float32"
    padding: int | None = None
    max_norm: float | None = None
    pooled: bool = False
    sparse: bool = False
    optimizer: str = "sgd"
    learning_rate: float = 0.1
    decay: float = 0.0


class Layer(Protocol):
    """A table in some library."""

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Return the rows of the ids, shape `ids.shape + (D,)`, or the means of bags `(n, D)`."""

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Return the gradient of the whole table, shape (V, D), for this gradient of the rows."""

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer and return the table, shape (V, D)."""

    def table(self) -> NDArray[Any]:
        """Return the table as it is, shape (V, D)."""


@dataclass(frozen=True)
class Adapter(Subject):
    """A library, as the cases see it.

    Attributes
    ----------
    make
        Returns a layer that holds a copy of a table.
    first_values
        Returns the values, shape (rows, width), of a table that nobody gave any.
    """

    make: Callable[[NDArray[Any], Options], Layer]
    first_values: Callable[[int, int], NDArray[Any]]


def small_table(rows: int = 4, width: int = 2) -> NDArray[np.float32]:
    """Return a table whose numbers say where they stand: row i is 10 i, 10 i + 1, ..."""
    table: NDArray[np.float32] = (10 * np.arange(rows)[:, None] + np.arange(width)).astype("f4")
    return table
