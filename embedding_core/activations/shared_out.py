"""Activations in which each number of a row changes all of them: what one gains, the others lose.

The way back is that of `axis=-1`, the default, as a `Dense` layer needs it.
"""

import numpy as np
import scipy

from embedding_core.activations.activation import Activation
from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_axes


def _softmax(x: Floats, axis: int | tuple[int, ...] = -1) -> Floats:
    """Share out 1 along an axis, or along several taken as one."""
    return np.asarray(scipy.special.softmax(x, axis=as_axes("axis", axis)))


def _softmax_backward(y: Floats, gradient: Floats) -> Floats:
    return np.asarray(y * (gradient - (gradient * y).sum(axis=-1, keepdims=True)))


def _log_softmax(x: Floats, axis: int | tuple[int, ...] = -1) -> Floats:
    """Give the logarithm of `softmax`, which does not underflow."""
    return np.asarray(scipy.special.log_softmax(x, axis=as_axes("axis", axis)))


def _log_softmax_backward(y: Floats, gradient: Floats) -> Floats:
    return np.asarray(gradient - np.exp(y) * gradient.sum(axis=-1, keepdims=True))


softmax = Activation("softmax", _softmax, _softmax_backward)
log_softmax = Activation("log_softmax", _log_softmax, _log_softmax_backward)
