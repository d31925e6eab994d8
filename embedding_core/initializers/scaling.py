"""First values whose spread depends on the weight's shape."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_axes, as_seed, as_shape, finite, one_of, shown
from embedding_core.ground.configurable import Configurable
from embedding_core.initializers.drawn import RandomNormal, truncated_normal, uniform

# A normal cut off at two standard deviations has this standard deviation left.
_TRUNCATED_STDDEV = 0.87962566103423978


@dataclass(frozen=True)
class VarianceScaling(Configurable):
    """Draw with a variance of `scale` divided by the number of inputs, outputs or both.

    Parameters
    ----------
    scale
        Factor, > 0.
    mode
        What it is divided by: "fan_in", "fan_out" or their mean, "fan_avg".
    distribution
        "uniform", "truncated_normal" or "untruncated_normal".
    seed
        Repeats the draw.
    input_axes, output_axes
        Which axes of the weight count the inputs and which the outputs, see `fans`; both or
        neither.

    Raises
    ------
    TypeError
        `scale` is no number, `seed` no whole number, or the axes no lists of whole numbers.
    ValueError
        `scale` is not positive and finite, `seed` negative, `mode` or `distribution` unknown, or
        one list of axes is given without the other.

    Notes
    -----
    Glorot and Bengio (2010) and He et al. (2015) are two settings of it. For a matrix
    (V, D) the inputs are V: a table started this way has smaller numbers the more rows it has.
    """

    scale: float = 1.0
    mode: str = "fan_in"
    distribution: str = "truncated_normal"
    seed: int | None = None
    input_axes: Sequence[int] | None = None
    output_axes: Sequence[int] | None = None

    def __post_init__(self) -> None:
        if finite("scale", self.scale) <= 0:
            raise ValueError(f"scale must be positive: received {self.scale}.")
        one_of("mode", self.mode, ("fan_in", "fan_out", "fan_avg"))
        distributions = ("uniform", "truncated_normal", "untruncated_normal")
        one_of("distribution", self.distribution, distributions)
        as_seed(self.seed)
        _check_axes(self.input_axes, self.output_axes)

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return independent draws with the variance that `shape` calls for.

        Raises
        ------
        ValueError
            The weight does not have the axes that were named.
        """
        fan_in, fan_out = fans(shape, self.input_axes, self.output_axes)
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
    """A `VarianceScaling` with a name of its own: the seed and the axes are left to choose."""

    fixed: tuple[float, str, str]

    def __init__(
        self,
        seed: int | None = None,
        input_axes: Sequence[int] | None = None,
        output_axes: Sequence[int] | None = None,
    ) -> None:
        super().__init__(*self.fixed, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        """Return the seed and the axes, which can be set."""
        return {
            "seed": self.seed,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


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


def fans(
    shape: Shape,
    input_axes: Sequence[int] | None = None,
    output_axes: Sequence[int] | None = None,
) -> tuple[int, int]:
    """Count the inputs and the outputs of the units whose weight this is.

    Parameters
    ----------
    shape
        Of the weight. Without named axes the last is that of the outputs and the one before it
        that of the inputs; axes before these are the places of a convolution, each of which has
        them all. A vector has as many of one as of the other, a single number one of each.
    input_axes, output_axes
        Axes whose lengths are multiplied instead.

    Returns
    -------
    tuple
        Number of inputs, number of outputs.

    Raises
    ------
    TypeError
        A shape or axes that are no lists of whole numbers.
    ValueError
        A shape that no array can have, an axis that the weight does not have, or one list without
        the other.
    """
    shape = as_shape("shape", shape)
    _check_axes(input_axes, output_axes)
    if input_axes is not None and output_axes is not None:
        for axis in (*input_axes, *output_axes):
            if not -len(shape) <= axis < len(shape):
                raise ValueError(f"a weight of shape {shape} has no axis {axis}.")
        return math.prod(shape[a] for a in input_axes), math.prod(shape[a] for a in output_axes)
    if len(shape) < 2:
        return (shape[0], shape[0]) if shape else (1, 1)
    places = math.prod(shape[:-2])
    return places * shape[-2], places * shape[-1]


def _check_axes(input_axes: Any, output_axes: Any) -> None:
    given = [axes for axes in (input_axes, output_axes) if axes is not None]
    for axes in given:
        if not isinstance(as_axes("axes", axes), tuple):
            raise TypeError(f"axes must be a list of whole numbers: received {shown(axes)}.")
    if len(given) == 1:
        raise ValueError(
            "input_axes and output_axes go together, give both or neither: received "
            f"{shown(input_axes)} and {shown(output_axes)}."
        )
