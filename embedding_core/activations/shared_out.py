"""Activations in which each number of a row changes all of them: what one gains, the others lose.

The way back is that of `axis=-1`, the default, as a `Dense` layer needs it.
"""

from collections.abc import Sequence

import numpy as np
import scipy

from embedding_core.activations.activation import Activation
from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_axes, shown


def _softmax(x: Floats, axis: int | Sequence[int] = -1) -> Floats:
    """Share out 1 along an axis, or along several taken as one."""
    axes = _axes(axis, x)
    return np.asarray(scipy.special.softmax(x, axis=axes)) if x.size else x.copy()


def _softmax_backward(y: Floats, gradient: Floats) -> Floats:
    return np.asarray(y * (gradient - (gradient * y).sum(axis=-1, keepdims=True)))


def _log_softmax(x: Floats, axis: int | Sequence[int] = -1) -> Floats:
    """Give the logarithm of `softmax`, which does not underflow."""
    axes = _axes(axis, x)
    return np.asarray(scipy.special.log_softmax(x, axis=axes)) if x.size else x.copy()


def _log_softmax_backward(y: Floats, gradient: Floats) -> Floats:
    return np.asarray(gradient - np.exp(y) * gradient.sum(axis=-1, keepdims=True))


def _axes(axis: int | Sequence[int], x: Floats) -> int | tuple[int, ...]:
    dimensions = x.ndim
    axes = as_axes("axis", axis)
    numbers = axes if isinstance(axes, tuple) else (axes,)
    if not all(-dimensions <= number < dimensions for number in numbers):
        raise ValueError(
            f"axis must lie in [{-dimensions}, {dimensions}), for the inputs have {dimensions} "
            f"axes: received {shown(axis)} for {shown(x)}."
        )
    if len({number % dimensions for number in numbers}) < len(numbers):
        raise ValueError(f"axis must name each axis once: received {shown(axis)}.")
    return axes


softmax = Activation("softmax", _softmax, _softmax_backward)
log_softmax = Activation("log_softmax", _log_softmax, _log_softmax_backward)
