"""Activations without a corner, each number by itself."""

import numpy as np
import scipy

from embedding_core.activations.activation import Activation
from embedding_core.ground._types import Floats


def _sigmoid(x: Floats) -> Floats:
    # SciPy gives float16 back as a wider float.
    return np.asarray(scipy.special.expit(x), x.dtype if x.dtype.kind == "f" else None)


def _sigmoid_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * (y * (1 - y))


def _log_sigmoid(x: Floats) -> Floats:
    return np.asarray(-np.logaddexp(0, -x))


def _log_sigmoid_backward(y: Floats, gradient: Floats) -> Floats:
    return -gradient * np.expm1(y)


def _tanh_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * (1 - y * y)


def _softplus(x: Floats) -> Floats:
    return np.asarray(np.logaddexp(x, 0))


def _softplus_backward(y: Floats, gradient: Floats) -> Floats:
    return -gradient * np.expm1(-y)


def _softsign(x: Floats) -> Floats:
    return np.asarray(x / (1 + np.abs(x)))


def _softsign_backward(y: Floats, gradient: Floats) -> Floats:
    return np.asarray(gradient * np.square(1 - np.abs(y)))


def _exponential_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * y


sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_backward)
log_sigmoid = Activation("log_sigmoid", _log_sigmoid, _log_sigmoid_backward)
tanh = Activation("tanh", np.tanh, _tanh_backward)
softplus = Activation("softplus", _softplus, _softplus_backward)
softsign = Activation("softsign", _softsign, _softsign_backward)
exponential = Activation("exponential", np.exp, _exponential_backward)
