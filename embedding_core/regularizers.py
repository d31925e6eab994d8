"""Penalties on the size of a weight, and their gradients.

Names, arguments and defaults are Keras's. A penalty looks at every number of the weight, so
an embedding table with a regularizer is updated as a whole at every step.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from embedding_core.ground import configurable
from embedding_core.ground._types import Floats
from embedding_core.ground.checks import not_negative
from embedding_core.ground.configurable import Configurable


@dataclass(frozen=True)
class Regularizer(Configurable):
    """The penalty `l1 * sum(|w|) + l2 * sum(w ** 2)`; the classes below set one or both.

    Raises
    ------
    TypeError
        A factor that is no number.
    ValueError
        A factor that is negative or not finite.
    """

    l1: float = 0.0
    l2: float = 0.0

    def __post_init__(self) -> None:
        for name in ("l1", "l2"):
            not_negative(name, getattr(self, name))

    def __call__(self, weight: Floats) -> float:
        """Return the penalty, one number."""
        return float(self.l1 * np.abs(weight).sum() + self.l2 * np.square(weight).sum())

    def gradient(self, weight: Floats) -> Floats:
        """Return its derivative, of the weight's shape; the one of `abs(w)` at 0 is taken as 0."""
        return np.asarray(self.l1 * np.sign(weight) + 2 * self.l2 * weight, weight.dtype)


class L1(Regularizer):
    """The penalty `l1 * sum(|w|)`, which drives numbers to exactly 0.

    Raises
    ------
    TypeError
        A factor that is no number.
    ValueError
        A factor that is negative or not finite.
    """

    def __init__(self, l1: float = 0.01) -> None:
        super().__init__(l1=l1)

    def get_config(self) -> dict[str, Any]:
        """Return the one factor that can be set."""
        return {"l1": self.l1}


class L2(Regularizer):
    """The penalty `l2 * sum(w ** 2)`, which shrinks all numbers.

    Raises
    ------
    TypeError
        A factor that is no number.
    ValueError
        A factor that is negative or not finite.
    """

    def __init__(self, l2: float = 0.01) -> None:
        super().__init__(l2=l2)

    def get_config(self) -> dict[str, Any]:
        """Return the one factor that can be set."""
        return {"l2": self.l2}


class L1L2(Regularizer):
    """Both penalties; each factor is 0 unless given.

    Raises
    ------
    TypeError
        A factor that is no number.
    ValueError
        A factor that is negative or not finite.
    """


_KNOWN: dict[str, type] = {"l1": L1, "l2": L2, "l1l2": L1L2, "L1": L1, "L2": L2, "L1L2": L1L2}


def get(identifier: Any) -> Regularizer | None:
    """Find a regularizer by name, configuration or object (see `configurable.find`).

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    found: Regularizer | None = configurable.find(
        "regularizer", _KNOWN, identifier, needs=("gradient",)
    )
    return found
