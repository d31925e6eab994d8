"""Activations with a corner: a straight line on one side, another or a curve on the other."""

import numpy as np

from embedding_core.activations.activation import Activation
from embedding_core.ground._types import Floats
from embedding_core.ground.checks import finite, not_negative

# Klambauer et al. (2017): with these two numbers mean 0 and variance 1 are kept.
_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


def _same(x: Floats) -> Floats:
    return x


def _same_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient


def _relu(
    x: Floats, negative_slope: float = 0.0, max_value: float | None = None, threshold: float = 0.0
) -> Floats:
    """Keep what is above `threshold`, up to `max_value`; below, `negative_slope` of the way to it.

    Raises
    ------
    TypeError, ValueError
        An argument that is no finite number, or a `max_value` below 0.
    """
    threshold = finite("threshold", threshold)
    above = np.where(x > threshold, x, np.zeros_like(x)) if threshold else np.maximum(x, 0)
    if max_value is not None:
        above = np.minimum(above, not_negative("max_value", max_value))
    if not finite("negative_slope", negative_slope):
        return above
    return np.asarray(above - negative_slope * np.maximum(threshold - x, 0))


def _relu_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * (y > 0)


def _leaky_relu(x: Floats, negative_slope: float = 0.2) -> Floats:
    return _relu(x, negative_slope)


def _leaky_relu_backward(y: Floats, gradient: Floats) -> Floats:
    return np.where(y > 0, gradient, 0.2 * gradient)


def _relu6(x: Floats) -> Floats:
    return _relu(x, max_value=6)


def _relu6_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * ((y > 0) & (y < 6))


def _hard_sigmoid(x: Floats) -> Floats:
    return _relu6(x + 3) / 6


def _hard_sigmoid_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * ((y > 0) & (y < 1)) / 6


def _elu(x: Floats, alpha: float = 1.0) -> Floats:
    return np.where(x > 0, x, finite("alpha", alpha) * np.expm1(np.minimum(x, 0)))


def _elu_backward(y: Floats, gradient: Floats) -> Floats:
    return np.where(y > 0, gradient, gradient * (y + 1))


def _selu(x: Floats) -> Floats:
    return np.asarray(_SELU_SCALE * _elu(x, _SELU_ALPHA))


def _selu_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * np.where(y > 0, y.dtype.type(_SELU_SCALE), y + _SELU_SCALE * _SELU_ALPHA)


# Named functions and not lambdas: a layer that holds one can be pickled.
linear = Activation("linear", _same, _same_backward)
relu = Activation("relu", _relu, _relu_backward)
leaky_relu = Activation("leaky_relu", _leaky_relu, _leaky_relu_backward)
relu6 = Activation("relu6", _relu6, _relu6_backward)
hard_sigmoid = Activation("hard_sigmoid", _hard_sigmoid, _hard_sigmoid_backward)
elu = Activation("elu", _elu, _elu_backward)
selu = Activation("selu", _selu, _selu_backward)
