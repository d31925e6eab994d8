"""The function a `Dense` layer ends with, and its way back.

The way back is written in terms of the *output*, because that is what a layer still has when
the gradient arrives.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import shown


@dataclass(frozen=True)
class Activation:
    """A function of an array that keeps its shape.

    Parameters
    ----------
    name
        Keras's name for it.
    function
        From the input to the output, shape kept.
    backward
        From the *output* and the gradient of the output to the gradient of the input.
    """

    name: str
    function: Callable[[Floats], Floats]
    backward: Callable[[Floats, Floats], Floats]

    def __call__(self, inputs: Floats) -> Floats:
        """Apply the function."""
        return self.function(inputs)


# Named functions and not lambdas: a layer that holds one can be pickled.
def _same(x: Floats) -> Floats:
    return x


def _same_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(scipy.special.expit(x))


def _sigmoid_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * (y * (1 - y))


def _relu(x: Floats) -> Floats:
    return np.maximum(x, 0)


def _relu_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * (y > 0)


def _tanh_backward(y: Floats, gradient: Floats) -> Floats:
    return gradient * (1 - y * y)


def _softmax(x: Floats) -> Floats:
    return np.asarray(scipy.special.softmax(x, axis=-1))


def _softmax_backward(y: Floats, gradient: Floats) -> Floats:
    # Each number of a row changes all of them: what one gains, the others lose.
    return np.asarray(y * (gradient - (gradient * y).sum(axis=-1, keepdims=True)))


linear = Activation("linear", _same, _same_backward)
sigmoid = Activation("sigmoid", _sigmoid, _sigmoid_backward)
relu = Activation("relu", _relu, _relu_backward)
tanh = Activation("tanh", np.tanh, _tanh_backward)
softmax = Activation("softmax", _softmax, _softmax_backward)

_KNOWN = {activation.name: activation for activation in (linear, sigmoid, relu, tanh, softmax)}


def get(identifier: str | Activation | None) -> Activation:
    """Find an activation by name; `None` is `linear`.

    Raises
    ------
    ValueError
        An unknown name; the message lists the known ones.
    TypeError
        Neither a name nor an `Activation`.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, Activation):
        return identifier
    if not isinstance(identifier, str):
        raise TypeError(
            f"activation must be a name or an Activation: received {shown(identifier)}."
        )
    if identifier not in _KNOWN:
        raise ValueError(
            f"unknown activation {shown(identifier)}. Known here: {', '.join(_KNOWN)}."
        )
    return _KNOWN[identifier]
