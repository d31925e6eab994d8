"""Rules that a weight has to obey after each update.

Names, arguments, defaults and the small 1e-7 in each denominator are Keras's. Mind `axis`:
the default 0 measures the *columns* of an embedding table. For one norm a word, say
`UnitNorm(axis=1)`. Several axes, `axis=[0, 1]`, are measured as one long vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embedding_core.ground import configurable
from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_axes, not_negative, number
from embedding_core.ground.configurable import Configurable

_EPSILON = 1e-7


Axis = int | Sequence[int]


@dataclass(frozen=True)
class Constraint(Configurable):
    """Base of the rules: this one changes nothing."""

    def __call__(self, weight: Floats) -> Floats:
        """Return the projected weight; subclasses say how."""
        return weight


@dataclass(frozen=True)
class NonNeg(Constraint):
    """No number below 0: negative ones become 0."""

    def __call__(self, weight: Floats) -> Floats:
        """Return the projected weight, a new array."""
        return np.maximum(weight, 0)


@dataclass(frozen=True)
class MaxNorm(Constraint):
    """No vector along `axis` longer than `max_value`: longer ones are scaled down.

    Raises
    ------
    TypeError
        No number, or an axis that is no whole number and no list of them.
    ValueError
        A length below 0.
    """

    max_value: float = 2
    axis: Axis = 0

    def __post_init__(self) -> None:
        not_negative("max_value", self.max_value)
        as_axes("axis", self.axis)

    def __call__(self, weight: Floats) -> Floats:
        """Return the projected weight, a new array."""
        norms = _norms(weight, self.axis)
        return weight * (np.clip(norms, 0, self.max_value) / (_EPSILON + norms))


@dataclass(frozen=True)
class UnitNorm(Constraint):
    """Every vector along `axis` has length 1.

    Raises
    ------
    TypeError
        An axis that is no whole number and no list of them.
    """

    axis: Axis = 0

    def __post_init__(self) -> None:
        as_axes("axis", self.axis)

    def __call__(self, weight: Floats) -> Floats:
        """Return the projected weight, a new array."""
        return weight / (_EPSILON + _norms(weight, self.axis))


@dataclass(frozen=True)
class MinMaxNorm(Constraint):
    """Every vector along `axis` is moved towards a length between two bounds.

    `rate` is how far it goes in one update: 1 all the way, 0 not at all.

    Raises
    ------
    TypeError
        No number, or an axis that is no whole number and no list of them.
    ValueError
        A length below 0, a smallest one above the largest, or a rate outside [0, 1].
    """

    min_value: float = 0.0
    max_value: float = 1.0
    rate: float = 1.0
    axis: Axis = 0

    def __post_init__(self) -> None:
        not_negative("min_value", self.min_value)
        not_negative("max_value", self.max_value)
        if self.min_value > self.max_value:
            raise ValueError(
                f"min_value must be at most max_value: received {self.min_value} and "
                f"{self.max_value}."
            )
        if not 0 <= number("rate", self.rate) <= 1:
            raise ValueError(f"rate must lie in [0, 1]: received {self.rate}.")
        as_axes("axis", self.axis)

    def __call__(self, weight: Floats) -> Floats:
        """Return the projected weight, a new array."""
        norms = _norms(weight, self.axis)
        clipped = np.clip(norms, self.min_value, self.max_value)
        desired = self.rate * clipped + (1 - self.rate) * norms
        return np.asarray(weight * (desired / (_EPSILON + norms)))


def _norms(weight: Floats, axis: Axis) -> Floats:
    along = as_axes("axis", axis)
    return np.asarray(np.sqrt(np.sum(np.square(weight), axis=along, keepdims=True)))


_KNOWN: dict[str, type] = {
    "non_neg": NonNeg,
    "max_norm": MaxNorm,
    "unit_norm": UnitNorm,
    "min_max_norm": MinMaxNorm,
}
_KNOWN |= {cls.__name__: cls for cls in _KNOWN.values()}


def get(identifier: Any) -> Constraint | None:
    """Find a constraint by name, configuration or object (see `configurable.find`).

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    found: Constraint | None = configurable.find("constraint", _KNOWN, identifier)
    return found
