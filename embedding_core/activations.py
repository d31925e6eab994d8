"""The function a `Dense` layer ends with, and its derivative.

Each derivative is written in terms of the *output*, because that is what a layer still has
when the gradient comes back.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from embedding_core._types import Floats


@dataclass(frozen=True)
class Activation:
    """A function of one number, applied to each number of an array.

    Parameters
    ----------
    name
        Keras's name for it.
    function
        From the input to the output, shape kept.
    derivative
        From the *output* to the derivative at that point, shape kept.
    """

    name: str
    function: Callable[[Floats], Floats]
    derivative: Callable[[Floats], Floats]

    def __call__(self, inputs: Floats) -> Floats:
        """Apply the function."""
        return self.function(inputs)


linear = Activation("linear", lambda x: x, np.ones_like)
sigmoid = Activation("sigmoid", expit, lambda y: y * (1 - y))
relu = Activation("relu", lambda x: np.maximum(x, 0), lambda y: (y > 0).astype(y.dtype))
tanh = Activation("tanh", np.tanh, lambda y: 1 - y * y)

_KNOWN = {activation.name: activation for activation in (linear, sigmoid, relu, tanh)}


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
