"""The function a `Dense` layer ends with, and its way back.

Names, arguments and defaults are Keras's. A function's further arguments are for calling it; a
layer, which finds an activation by its name, uses the defaults.
"""

from embedding_core.activations.activation import Activation
from embedding_core.activations.rectified import (
    elu,
    hard_sigmoid,
    leaky_relu,
    linear,
    relu,
    relu6,
    selu,
)
from embedding_core.activations.shared_out import log_softmax, softmax
from embedding_core.activations.smooth import (
    exponential,
    log_sigmoid,
    sigmoid,
    softplus,
    softsign,
    tanh,
)
from embedding_core.ground.checks import shown

__all__ = [
    "Activation",
    "elu",
    "exponential",
    "get",
    "hard_sigmoid",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
]

_KNOWN = {
    activation.name: activation
    for activation in (
        linear,
        sigmoid,
        relu,
        tanh,
        softmax,
        elu,
        exponential,
        hard_sigmoid,
        leaky_relu,
        log_sigmoid,
        log_softmax,
        relu6,
        selu,
        softplus,
        softsign,
    )
}


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
