"""A penalty on what comes out of a layer: Keras's `activity_regularizer`.

The penalty is of the outputs of the last call, divided by the number of samples. It is one of the
layer's `losses`, and its derivative joins the gradient of the outputs where `backward` takes that
up. `call` gets the mask if it takes one, so a layer of one's own may be written without.
"""

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Config, Floats, Mask, Shape
from embedding_core.ground.checks import as_numbers
from embedding_core.ground.configurable import serialize
from embedding_core.layers.described import Described
from embedding_core.regularizers import get


class Active(Described):
    """What is called, and may be told to keep its outputs small.

    Parameters
    ----------
    activity_regularizer
        Object, name or configuration of a regularizer.
    **kwargs
        As `Described`.

    Raises
    ------
    TypeError, ValueError
        As `Described` and `regularizers.get`.
    """

    def __init__(self, *args: Any, activity_regularizer: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activity_regularizer = get(activity_regularizer)
        # Of the last call: the penalty and its derivative.
        self._activity: tuple[float, Floats] | None = None

    def call(self, inputs: Any, mask: Mask | None = None) -> Floats:
        """Compute the outputs."""
        raise NotImplementedError

    def _run(self, inputs: Any, mask: Mask | None) -> Floats:
        """Call with the mask, if `call` takes one, and measure what comes out."""
        self._activity = None
        outputs = self.call(inputs, mask) if _takes_mask(type(self).call) else self.call(inputs)
        if self.activity_regularizer is not None:
            samples = max(len(outputs), 1) if np.ndim(outputs) else 1
            penalty = self.activity_regularizer(outputs) / samples
            self._activity = penalty, self.activity_regularizer.gradient(outputs) / samples
        return outputs

    @property
    def activity_losses(self) -> list[float]:
        """The penalty on the outputs of the last call, if there was one and is a regularizer."""
        return [] if self._activity is None else [self._activity[0]]

    def _gradient_of(self, gradient: Any, expected: Shape) -> NDArray[Any]:
        """Return the gradient of the last outputs, the penalty's too, if it has their shape."""
        array = as_numbers("gradient", gradient)
        if array.shape != expected:
            raise ValueError(
                f"layer {self.name}: the gradient must have the shape of the last outputs, "
                f"{expected}: received {array.shape}."
            )
        return array if self._activity is None else array + self._activity[1]

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        config = super().get_config()
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = serialize(self.activity_regularizer)
        return config


@lru_cache
def _takes_mask(call: Callable[..., Any]) -> bool:
    taken = inspect.signature(call).parameters.values()
    return any(p.name == "mask" or p.kind is p.VAR_POSITIONAL for p in taken)
