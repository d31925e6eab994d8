"""How wrong a prediction is, as one number, and how that number changes with it."""

from typing import Any

from embedding_core.ground import configurable
from embedding_core.losses.binary import BinaryCrossentropy
from embedding_core.losses.categorical import CategoricalCrossentropy
from embedding_core.losses.functions import (
    CLASSES,
    binary_crossentropy,
    categorical_crossentropy,
    mean_absolute_error,
    mean_squared_error,
    sparse_categorical_crossentropy,
)
from embedding_core.losses.labels import class_labels, match_labels
from embedding_core.losses.loss import Loss
from embedding_core.losses.reduction import squeeze_or_expand_to_same_rank
from embedding_core.losses.regression import MeanAbsoluteError, MeanSquaredError
from embedding_core.losses.sparse_categorical import SparseCategoricalCrossentropy

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "Loss",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "class_labels",
    "get",
    "match_labels",
    "mean_absolute_error",
    "mean_squared_error",
    "sparse_categorical_crossentropy",
    "squeeze_or_expand_to_same_rank",
]

_KNOWN: dict[str, type[Loss]] = {function.__name__: cls for function, cls in CLASSES.items()}
_KNOWN |= {cls.__name__: cls for cls in CLASSES.values()}
_KNOWN |= {"bce": BinaryCrossentropy, "mae": MeanAbsoluteError, "mse": MeanSquaredError}
_KNOWN |= {short.upper(): _KNOWN[short] for short in ("bce", "mae", "mse")}


def get(identifier: Any) -> Any:
    """Find a loss by name, configuration, function or object (see `configurable.find`).

    A function, or its name, gives the object that reduces what it returns.

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    for function, cls in CLASSES.items():
        if identifier is function:
            return cls()
    return configurable.find("loss", _KNOWN, identifier, needs=("gradient", "check_labels"))
