"""What an activation is: a function that keeps an array's shape, and its way back.

The way back is written in terms of the *output*, because that is what a layer still has when
the gradient arrives. So there are those of Keras's activations whose slope can be told from the
output; `gelu`, `silu`, `mish` and others, which take one value twice, are not here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_numbers


@dataclass(frozen=True)
class Activation:
    """A function of an array that keeps its shape.

    Parameters
    ----------
    name
        Keras's name for it.
    function
        From the input to the output, shape kept; its further arguments have Keras's defaults.
    backward
        From the *output* and the gradient of the output to the gradient of the input, for the
        default arguments.
    """

    name: str
    function: Callable[..., Floats]
    backward: Callable[[Floats, Floats], Floats]

    def __call__(self, inputs: ArrayLike, **arguments: Any) -> Floats:
        """Apply the function.

        Parameters
        ----------
        inputs
            Numbers, any shape. Whole numbers and booleans are taken as float64.
        **arguments
            Keras's arguments of the function, for example `axis` of `softmax`.

        Raises
        ------
        TypeError
            Inputs that are no numbers, or an argument that the function does not have.
        ValueError
            An argument outside its range.
        """
        array = as_numbers("inputs", inputs)
        floats = array if array.dtype.kind == "f" else array.astype(np.float64)
        return self.function(floats, **arguments)
