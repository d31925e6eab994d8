"""Where the numbers of a new weight come from.

Names, arguments, defaults and distributions are Keras's. The random stream is NumPy's, so a
seed repeats here but does not give Keras's numbers. Without a seed each call draws anew
(Keras draws a seed when the initializer is made and repeats it from then on).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike
from scipy.special import ndtr, ndtri

from embedding_core import configurable
from embedding_core._types import Floats, Initializer, Shape
from embedding_core.configurable import Configurable

# A normal cut off at two standard deviations has this standard deviation left.
_TRUNCATED_STDDEV = 0.87962566103423978


@dataclass(frozen=True)
class Constant(Configurable):
    """Every number is `value`."""

    value: float = 0.0

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
class RandomUniform(Configurable):
    """Draw evenly from [minval, maxval): Keras's default for an embedding table."""

    minval: float = -0.05
    maxval: float = 0.05
    seed: int | None = None

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws."""
        return _uniform(self.seed, shape, self.minval, self.maxval, dtype)


@dataclass(frozen=True)
class RandomNormal(Configurable):
    """Draw from a normal distribution."""

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws."""
        draws = np.random.default_rng(self.seed).standard_normal(shape)
        return (self.mean + self.stddev * draws).astype(dtype)


@dataclass(frozen=True)
class TruncatedNormal(Configurable):
    """Draw from a normal distribution cut off at two standard deviations on either side."""

    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws."""
        return _truncated_normal(self.seed, shape, self.mean, self.stddev, dtype)


@dataclass(frozen=True)
class VarianceScaling(Configurable):
    """Draw with a variance of `scale` divided by the number of inputs, outputs or both.

    Raises
    ------
    ValueError
        `scale` is not positive, or `mode` or `distribution` is unknown.

    Notes
    -----
    Glorot and Bengio (2010) and He et al. (2015) are two settings of it. For a matrix
    (V, D) the inputs are V: a table started this way has smaller numbers the more rows it has.
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "truncated_normal"
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.scale <= 0:
            raise ValueError(f"scale must be positive: received {self.scale}.")
        if self.mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"mode must be fan_in, fan_out or fan_avg: received {self.mode!r}.")
        if self.distribution not in ("uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError(
                "distribution must be uniform, truncated_normal or untruncated_normal: "
                f"received {self.distribution!r}."
            )

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws with the variance that `shape` calls for."""
        fan_in, fan_out = _fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        variance = self.scale / max(1.0, fan[self.mode])
        if self.distribution == "uniform":
            limit = float(np.sqrt(3 * variance))
            return _uniform(self.seed, shape, -limit, limit, dtype)
        stddev = float(np.sqrt(variance))
        if self.distribution == "truncated_normal":
            return _truncated_normal(self.seed, shape, 0.0, stddev / _TRUNCATED_STDDEV, dtype)
        return RandomNormal(0.0, stddev, self.seed)(shape, dtype)


class _NamedScaling(VarianceScaling):
    """A `VarianceScaling` with a name of its own: only the seed is left to choose."""

    fixed: tuple[float, str, str]

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(*self.fixed, seed=seed)

    def get_config(self) -> dict[str, Any]:
        """Return the seed, the one thing that can be set."""
        return {"seed": self.seed}


class GlorotUniform(_NamedScaling):
    """Uniform, variance 2 / (inputs + outputs): Keras's default for a `Dense` kernel."""

    fixed = (1.0, "fan_avg", "uniform")


class GlorotNormal(_NamedScaling):
    """Truncated normal, variance 2 / (inputs + outputs)."""

    fixed = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_NamedScaling):
    """Uniform, variance 2 / inputs."""

    fixed = (2.0, "fan_in", "uniform")


class HeNormal(_NamedScaling):
    """Truncated normal, variance 2 / inputs."""

    fixed = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_NamedScaling):
    """Uniform, variance 1 / inputs."""

    fixed = (1.0, "fan_in", "uniform")


class LecunNormal(_NamedScaling):
    """Truncated normal, variance 1 / inputs."""

    fixed = (1.0, "fan_in", "truncated_normal")


def _uniform(seed: int | None, shape: Shape, low: float, high: float, dtype: DTypeLike) -> Floats:
    return np.random.default_rng(seed).uniform(low, high, shape).astype(dtype)


def _truncated_normal(
    seed: int | None, shape: Shape, mean: float, stddev: float, dtype: DTypeLike
) -> Floats:
    # A uniform draw between the two cut-off probabilities, sent through the inverse of the
    # normal distribution function, never has to be drawn a second time.
    probability = np.random.default_rng(seed).uniform(ndtr(-2.0), ndtr(2.0), shape)
    return np.asarray(mean + stddev * ndtri(probability)).astype(dtype)


def _fans(shape: Shape) -> tuple[int, int]:
    """Count the inputs and outputs of one unit of a vector or a matrix."""
    if len(shape) > 2:
        raise ValueError(f"a weight has at most two axes here: received shape {shape}.")
    if not shape:
        return 1, 1
    return shape[0], shape[-1]


_KNOWN: dict[str, type] = {
    "constant": Constant,
    "zero": Zeros,
    "zeros": Zeros,
    "one": Ones,
    "ones": Ones,
    "uniform": RandomUniform,
    "random_uniform": RandomUniform,
    "normal": RandomNormal,
    "random_normal": RandomNormal,
    "truncated_normal": TruncatedNormal,
    "variance_scaling": VarianceScaling,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_uniform": HeUniform,
    "he_normal": HeNormal,
    "lecun_uniform": LecunUniform,
    "lecun_normal": LecunNormal,
}
_KNOWN |= {cls.__name__: cls for cls in _KNOWN.values()}


def get(identifier: Any) -> Initializer:
    """Find an initializer by name, configuration or object (see `configurable.find`)."""
    found: Initializer = configurable.find("initializer", _KNOWN, identifier)
    return found


def seeded(initializer: Initializer, rng: np.random.Generator | None) -> Initializer:
    """Return the initializer with a seed drawn from `rng`, if it wants one and has none."""
    if rng is None or getattr(initializer, "seed", 0) is not None:
        return initializer
    config = {**initializer.get_config(), "seed": int(rng.integers(2**32))}  # type: ignore[attr-defined]
    return type(initializer).from_config(config)  # type: ignore[attr-defined, no-any-return]
