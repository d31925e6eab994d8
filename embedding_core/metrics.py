"""What is reported while a model trains, and changes nothing.

A metric gives one number for each prediction, and the model reports their mean. `Mean` is the
running mean itself, with Keras's `update_state` and `result`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core import configurable
from embedding_core._types import Floats
from embedding_core.configurable import Configurable
from embedding_core.losses import class_labels, match_labels


@dataclass(frozen=True)
class BinaryAccuracy(Configurable):
    """The share of predictions on the right side of a threshold.

    Parameters
    ----------
    name
        Under which it is reported.
    threshold
        A prediction above it counts as 1. Predictions that are logits need 0.0.
    """

    name: str = "binary_accuracy"
    threshold: float = 0.5

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction, of the predictions' shape."""
        labels = match_labels(y_true, y_pred)
        return np.equal(y_pred > self.threshold, labels).astype(np.float64)


@dataclass(frozen=True)
class SparseCategoricalAccuracy(Configurable):
    """The share of predictions whose largest number is that of the right class.

    Parameters
    ----------
    name
        Under which it is reported.
    """

    name: str = "sparse_categorical_accuracy"

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction, shape (...) for predictions (..., C)."""
        labels = class_labels(y_true, np.shape(y_pred))
        return np.asarray(np.argmax(y_pred, axis=-1) == labels, np.float64)


@dataclass(frozen=True)
class CategoricalAccuracy(Configurable):
    """The same for labels that are one-hot rows, shape (..., C)."""

    name: str = "categorical_accuracy"

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction, shape (...)."""
        labels = match_labels(y_true, y_pred)
        return np.asarray(y_pred.argmax(axis=-1) == labels.argmax(axis=-1), np.float64)


@dataclass(frozen=True)
class AccuracyByShape(Configurable):
    """What the name "accuracy" means: the accuracy that fits the labels and predictions.

    Notes
    -----
    Keras's rule (`compile_utils.get_metric`): one output, binary; labels without an axis of
    classes, sparse categorical; otherwise categorical.
    """

    name: str = "accuracy"

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction."""
        labels, outputs = np.shape(y_true), np.shape(y_pred)
        if len(outputs) < 2 or outputs[-1] == 1:
            return BinaryAccuracy()(y_true, y_pred)
        if len(labels) < len(outputs) or labels[-1] == 1:
            return SparseCategoricalAccuracy()(y_true, y_pred)
        return CategoricalAccuracy()(y_true, y_pred)


class Mean:
    """The weighted mean of all values seen so far.

    Parameters
    ----------
    name
        For display.
    """

    def __init__(self, name: str = "mean") -> None:
        self.name = name
        self.reset_state()

    def update_state(self, values: ArrayLike, sample_weight: ArrayLike | None = None) -> None:
        """Add values, with one weight for each sample or for each value (1 by default).

        Parameters
        ----------
        values
            Any shape.
        sample_weight
            The first axes of `values`; what lies behind one weight counts as one value,
            their mean, as in Keras.

        Raises
        ------
        ValueError
            Weights of another shape; nothing is added.
        """
        numbers = np.asarray(values, np.float64)
        weights = np.ones(numbers.shape)
        if sample_weight is not None:
            weights = np.asarray(sample_weight, np.float64)
        if weights.shape != numbers.shape[: weights.ndim]:
            raise ValueError(
                f"sample_weight must have the shape of the values, {numbers.shape}, or of their "
                f"first axes: received {weights.shape}."
            )
        if numbers.size:
            numbers = numbers.mean(axis=tuple(range(weights.ndim, numbers.ndim)))
            self._total += float((numbers * weights).sum())
            self._count += float(weights.sum())

    def result(self) -> float:
        """Return the mean; 0 when nothing was seen, as in Keras."""
        return self._total / self._count if self._count else 0.0

    def reset_state(self) -> None:
        """Forget everything."""
        self._total = self._count = 0.0


Metric = BinaryAccuracy | SparseCategoricalAccuracy | CategoricalAccuracy | AccuracyByShape

_KNOWN: dict[str, type] = {
    "accuracy": AccuracyByShape,
    "acc": AccuracyByShape,
    "binary_accuracy": BinaryAccuracy,
    "sparse_categorical_accuracy": SparseCategoricalAccuracy,
    "categorical_accuracy": CategoricalAccuracy,
}
_KNOWN |= {cls.__name__: cls for cls in _KNOWN.values()}


def get(identifier: Any) -> Metric:
    """Find a metric by name, configuration or object (see `configurable.find`)."""
    if identifier in ("accuracy", "acc"):
        return AccuracyByShape(identifier)  # Keras reports it under the name it was asked by
    found: Metric = configurable.find("metric", _KNOWN, identifier)
    return found
