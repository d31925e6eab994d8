"""The function a `Dense` layer ends with, and its way back.

The way back is written in terms of the *output*, because that is what a layer still has when
the gradient arrives.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.special import softmax as scipy_softmax

from embedding_core._types import Floats


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


def _softmax(x: Floats) -> Floats:
    return np.asarray(scipy_softmax(x, axis=-1))


def _softmax_backward(y: Floats, gradient: Floats) -> Floats:
    # Each number of a row changes all of them: what one gains, the others lose.
    return np.asarray(y * (gradient - (gradient * y).sum(axis=-1, keepdims=True)))


linear = Activation("linear", lambda x: x, lambda y, gradient: gradient)
sigmoid = Activation("sigmoid", expit, lambda y, gradient: gradient * (y * (1 - y)))
relu = Activation("relu", lambda x: np.maximum(x, 0), lambda y, gradient: gradient * (y > 0))
tanh = Activation("tanh", np.tanh, lambda y, gradient: gradient * (1 - y * y))
softmax = Activation("softmax", _softmax, _softmax_backward)

_KNOWN = {activation.name: activation for activation in (linear, sigmoid, relu, tanh, softmax)}


def get(identifier: str | Activation | None) -> Activation:
    """Find an activation by name; `None` is `linear`.

    Raises
    ------
    ValueError
        An unknown name; the message lists the known ones.
    """
    if identifier is None:
        return linear
    if isinstance(identifier, Activation):
        return identifier
    if identifier not in _KNOWN:
        raise ValueError(f"unknown activation {identifier!r}. Known here: {', '.join(_KNOWN)}.")
    return _KNOWN[identifier]
