"""What is reported while a model trains, and changes nothing."""

import inspect
from typing import Any

from embedding_core.ground import configurable
from embedding_core.metrics.accuracy import (
    Accuracy,
    AccuracyByShape,
    BinaryAccuracy,
    CategoricalAccuracy,
    SparseCategoricalAccuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
)
from embedding_core.metrics.errors import MeanAbsoluteError, MeanSquaredError
from embedding_core.metrics.metric import Metric
from embedding_core.metrics.reduction import Mean, MeanMetricWrapper, Sum
from embedding_core.metrics.top_k import (
    SparseTopKCategoricalAccuracy,
    TopKCategoricalAccuracy,
    sparse_top_k_categorical_accuracy,
    top_k_categorical_accuracy,
)

__all__ = [
    "Accuracy",
    "AccuracyByShape",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "Mean",
    "MeanAbsoluteError",
    "MeanMetricWrapper",
    "MeanSquaredError",
    "Metric",
    "SparseCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
    "Sum",
    "TopKCategoricalAccuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "get",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
]

_KNOWN: dict[str, type[Metric]] = {
    "accuracy": AccuracyByShape,
    "acc": AccuracyByShape,
    "binary_accuracy": BinaryAccuracy,
    "sparse_categorical_accuracy": SparseCategoricalAccuracy,
    "categorical_accuracy": CategoricalAccuracy,
    "top_k_categorical_accuracy": TopKCategoricalAccuracy,
    "sparse_top_k_categorical_accuracy": SparseTopKCategoricalAccuracy,
    "mae": MeanAbsoluteError,
    "MAE": MeanAbsoluteError,
    "mean_absolute_error": MeanAbsoluteError,
    "mse": MeanSquaredError,
    "MSE": MeanSquaredError,
    "mean_squared_error": MeanSquaredError,
}
_KNOWN |= {cls.__name__: cls for cls in (*_KNOWN.values(), Accuracy, Mean, Sum)}


def get(identifier: Any) -> Any:
    """Find a metric by name, configuration, function or object (see `configurable.find`).

    What a name finds is reported under it, as when Keras compiles; of a function of labels and
    predictions, the mean is reported under the function's name.

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    if isinstance(identifier, str) and identifier in _KNOWN:
        identifier = {"class_name": identifier, "config": {"name": identifier}}
    if inspect.isfunction(identifier):
        return MeanMetricWrapper(identifier, identifier.__name__)
    return configurable.find(
        "metric", _KNOWN, identifier, needs=("name", "update_state", "result", "reset_state")
    )
