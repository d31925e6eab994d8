"""How wrong a prediction is, as one number, and how that number changes with it."""

from typing import Any

from embedding_core.ground import configurable
from embedding_core.losses.binary import BinaryCrossentropy
from embedding_core.losses.categorical import CategoricalCrossentropy
from embedding_core.losses.labels import class_labels, match_labels
from embedding_core.losses.loss import Loss
from embedding_core.losses.regression import MeanAbsoluteError, MeanSquaredError
from embedding_core.losses.sparse_categorical import SparseCategoricalCrossentropy

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "class_labels",
    "get",
    "match_labels",
]

_KNOWN: dict[str, type[Loss]] = {
    "bce": BinaryCrossentropy,
    "BCE": BinaryCrossentropy,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "mae": MeanAbsoluteError,
    "MAE": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "mse": MeanSquaredError,
    "MSE": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
}
_KNOWN |= {cls.__name__: cls for cls in _KNOWN.values()}


def get(identifier: Any) -> Any:
    """Find a loss by name, configuration or object (see `configurable.find`).

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    return configurable.find("loss", _KNOWN, identifier, needs=("gradient", "check_labels"))
