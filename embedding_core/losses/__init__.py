"""How wrong a prediction is, as one number, and how that number changes with it."""

from typing import Any

from embedding_core.ground import configurable
from embedding_core.losses._shared import class_labels, match_labels
from embedding_core.losses.binary import BinaryCrossentropy
from embedding_core.losses.categorical import SparseCategoricalCrossentropy
from embedding_core.losses.squared import MeanSquaredError

__all__ = [
    "BinaryCrossentropy",
    "Loss",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "class_labels",
    "get",
    "match_labels",
]

Loss = BinaryCrossentropy | SparseCategoricalCrossentropy | MeanSquaredError

_KNOWN: dict[str, type] = {
    "bce": BinaryCrossentropy,
    "BCE": BinaryCrossentropy,
    "binary_crossentropy": BinaryCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "mse": MeanSquaredError,
    "MSE": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
}
_KNOWN |= {cls.__name__: cls for cls in _KNOWN.values()}


def get(identifier: Any) -> Loss:
    """Find a loss by name, configuration or object (see `configurable.find`).

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    found: Loss = configurable.find("loss", _KNOWN, identifier, needs=("gradient", "check_labels"))
    return found
