"""First values drawn from one distribution, whatever the weight's shape is."""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import DTypeLike

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_seed, finite
from embedding_core.ground.configurable import Configurable


@dataclass(frozen=True)
class RandomUniform(Configurable):
    """Draw evenly from [minval, maxval): Keras's default for an embedding table.

    Raises
    ------
    TypeError, ValueError
        A number that is none or not finite, or a seed that is no whole number from 0 on.
    """

    minval: float = -0.05
    maxval: float = 0.05
    seed: int | None = None

    def __post_init__(self) -> None:
        _check(self, "minval", "maxval")

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws."""
        return uniform(self.seed, shape, self.minval, self.maxval, dtype)


@dataclass(frozen=True)
class RandomNormal(Configurable):
    """Draw from a normal distribution.

    Raises
    ------
    TypeError, ValueError
        A number that is none or not finite, or a seed that is no whole number from 0 on.
    """

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def __post_init__(self) -> None:
        _check(self, "mean", "stddev")

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws."""
        draws = np.random.default_rng(self.seed).standard_normal(shape)
        return (self.mean + self.stddev * draws).astype(dtype)


@dataclass(frozen=True)
class TruncatedNormal(Configurable):
    """Draw from a normal distribution cut off at two standard deviations on either side.

    Raises
    ------
    TypeError, ValueError
        A number that is none or not finite, or a seed that is no whole number from 0 on.
    """

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def __post_init__(self) -> None:
        _check(self, "mean", "stddev")

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws."""
        return truncated_normal(self.seed, shape, self.mean, self.stddev, dtype)


def _check(initializer: RandomUniform | RandomNormal | TruncatedNormal, *names: str) -> None:
    for name in names:
        finite(name, getattr(initializer, name))
    as_seed(initializer.seed)


def uniform(seed: int | None, shape: Shape, low: float, high: float, dtype: DTypeLike) -> Floats:
    """Draw evenly from [low, high)."""
    return np.random.default_rng(seed).uniform(low, high, shape).astype(dtype)


def truncated_normal(
    seed: int | None, shape: Shape, mean: float, stddev: float, dtype: DTypeLike
) -> Floats:
    """Draw from a normal distribution without its tails beyond two standard deviations."""
    # A uniform draw between the two cut-off probabilities, sent through the inverse of the
    # normal distribution function, never has to be drawn a second time.
    low, high = scipy.special.ndtr([-2.0, 2.0])
    probability = np.random.default_rng(seed).uniform(low, high, shape)
    return np.asarray(mean + stddev * scipy.special.ndtri(probability)).astype(dtype)
