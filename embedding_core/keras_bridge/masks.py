"""Where a mask gets to: Keras's layers called one after the other, with what they hand on."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.keras_bridge.loading import load_keras


@dataclass(frozen=True, eq=False)
class Stop:
    """One layer on a mask's way.

    Attributes
    ----------
    layer
        The layer's class.
    outputs
        What the layer returned.
    mask
        What it told the next layer, True where a position counts; `None` is no mask.
    warning
        What Keras said about the mask, "" for nothing.
    """

    layer: str
    outputs: NDArray[Any]
    mask: NDArray[np.bool_] | None
    warning: str = ""


def mask_journey(layers: Sequence[Any], inputs: ArrayLike) -> list[Stop]:
    """Call Keras layers in a row and write down the mask behind each.

    Parameters
    ----------
    layers
        Keras layers, from input to output.
    inputs
        For the first of them, for example ids of shape (batch, steps).

    Returns
    -------
    list of Stop
        One for each layer.
    """
    keras = load_keras()
    stops: list[Stop] = []
    values = keras.ops.convert_to_tensor(inputs)
    for layer in layers:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            values = layer(values)
        mask = keras.src.backend.get_keras_mask(values)
        stops.append(
            Stop(
                layer=type(layer).__name__,
                outputs=keras.ops.convert_to_numpy(values),
                mask=None if mask is None else keras.ops.convert_to_numpy(mask),
                warning=" ".join(str(w.message) for w in caught if "mask" in str(w.message)),
            )
        )
    return stops
