"""What is looked at before the first step, so that no training stops in the middle."""

from typing import Any, Protocol

import numpy as np

from embedding_core.batches import Samples
from embedding_core.callbacks import check_verbose
from embedding_core.ground._types import Floats, Mask
from embedding_core.ground.checks import is_whole, positive_int, shown, switch


class Fed(Protocol):
    """What a check needs of a model: `Sequential` has it."""

    layers: list[Any]
    loss: Any

    def _forward(self, inputs: Any, mask: Mask | None = None) -> tuple[Floats, Mask | None]:
        """Compute outputs and their mask."""


def check_loop(
    batch_size: Any,
    verbose: Any = 0,
    epochs: Any = 1,
    initial_epoch: Any = 0,
    shuffle: Any = True,
    validation_batch_size: Any = 1,
) -> None:
    """Refuse arguments of `fit` and its like that are none.

    Raises
    ------
    TypeError, ValueError
        One of them is none.
    """
    positive_int("batch_size", batch_size)
    positive_int("epochs", epochs)
    positive_int("validation_batch_size", validation_batch_size)
    if not is_whole(initial_epoch) or initial_epoch < 0:
        raise ValueError(
            "initial_epoch must be a whole number, at least 0: received "
            f"{shown(initial_epoch)} of type {type(initial_epoch).__name__}."
        )
    switch("shuffle", shuffle)
    check_verbose(verbose)


def check(model: Fed, data: Samples) -> None:
    """Refuse bad inputs and labels anywhere in the data.

    Parameters
    ----------
    model
        Compiled. It is built if it was not.
    data
        Of which the first sample goes through the model: what the layers and the loss refuse
        about shapes, they refuse about one sample.

    Raises
    ------
    IndexError, TypeError, ValueError
        Inputs, labels or weights that the model cannot take.
    """
    if model.layers:
        model.layers[0].check_inputs(data.x)
    outputs, mask = model._forward(data.x[:1])
    shape = (len(data), *outputs.shape[1:])
    model.loss.check_labels(data.y, shape)
    one = data[:1]
    try:
        model.loss(one.y, outputs, one.weight, mask)
    except ValueError:
        # Said again about all samples, so that the message shows the caller's shapes.
        model.loss(data.y, np.broadcast_to(outputs, shape), data.weight)
        raise
