"""First values whose spread depends on the weight's shape."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_seed, finite, one_of
from embedding_core.ground.configurable import Configurable
from embedding_core.initializers.drawn import RandomNormal, truncated_normal, uniform

# A normal cut off at two standard deviations has this standard deviation left.
_TRUNCATED_STDDEV = 0.87962566103423978


@dataclass(frozen=True)
class VarianceScaling(Configurable):
    """Draw with a variance of `scale` divided by the number of inputs, outputs or both.

    Raises
    ------
    TypeError
        `scale` is no number, or `seed` no whole number.
    ValueError
        `scale` is not positive and finite, `seed` negative, or `mode` or `distribution` unknown.

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
        if finite("scale", self.scale) <= 0:
            raise ValueError(f"scale must be positive: received {self.scale}.")
        one_of("mode", self.mode, ("fan_in", "fan_out", "fan_avg"))
        distributions = ("uniform", "truncated_normal", "untruncated_normal")
        one_of("distribution", self.distribution, distributions)
        as_seed(self.seed)

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws with the variance that `shape` calls for."""
        fan_in, fan_out = _fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        variance = self.scale / max(1.0, fan[self.mode])
        if self.distribution == "uniform":
            limit = float(np.sqrt(3 * variance))
            return uniform(self.seed, shape, -limit, limit, dtype)
        stddev = float(np.sqrt(variance))
        if self.distribution == "truncated_normal":
            return truncated_normal(self.seed, shape, 0.0, stddev / _TRUNCATED_STDDEV, dtype)
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
    """Uniform, variance 2 / (inputs + outputs): Keras's default for a `Dense` kernel.

    Raises
    ------
    TypeError, ValueError
        A seed that is no whole number from 0 on.
    """

    fixed = (1.0, "fan_avg", "uniform")


class GlorotNormal(_NamedScaling):
    """Truncated normal, variance 2 / (inputs + outputs).

    Raises
    ------
    TypeError, ValueError
        A seed that is no whole number from 0 on.
    """

    fixed = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_NamedScaling):
    """Uniform, variance 2 / inputs.

    Raises
    ------
    TypeError, ValueError
        A seed that is no whole number from 0 on.
    """

    fixed = (2.0, "fan_in", "uniform")


class HeNormal(_NamedScaling):
    """Truncated normal, variance 2 / inputs.

    Raises
    ------
    TypeError, ValueError
        A seed that is no whole number from 0 on.
    """

    fixed = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_NamedScaling):
    """Uniform, variance 1 / inputs.

    Raises
    ------
    TypeError, ValueError
        A seed that is no whole number from 0 on.
    """

    fixed = (1.0, "fan_in", "uniform")


class LecunNormal(_NamedScaling):
    """Truncated normal, variance 1 / inputs.

    Raises
    ------
    TypeError, ValueError
        A seed that is no whole number from 0 on.
    """

    fixed = (1.0, "fan_in", "truncated_normal")


def _fans(shape: Shape) -> tuple[int, int]:
    """Count the inputs and outputs of one unit of a vector or a matrix."""
    if len(shape) > 2:
        raise ValueError(f"a weight has at most two axes here: received shape {shape}.")
    if not shape:
        return 1, 1
    return shape[0], shape[-1]
