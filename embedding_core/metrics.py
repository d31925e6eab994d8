"""What is reported while a model trains, and changes nothing.

A metric gives one number for each prediction, and the model reports their mean. `Mean` is the
running mean itself, with Keras's `update_state` and `result`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground import configurable
from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_name, as_numbers, number
from embedding_core.ground.configurable import Configurable
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

    Raises
    ------
    TypeError
        A name that is no string, or a threshold that is no number.
    """

    name: str = "binary_accuracy"
    threshold: float = 0.5

    def __post_init__(self) -> None:
        as_name(self.name)
        number("threshold", self.threshold)

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction, of the predictions' shape.

        Raises
        ------
        TypeError, ValueError
            Labels or predictions that are no numbers, or that do not match.
        """
        outputs = as_numbers("predictions", y_pred)
        labels = match_labels(y_true, outputs)
        return np.equal(outputs > self.threshold, labels).astype(np.float64)


@dataclass(frozen=True)
class SparseCategoricalAccuracy(Configurable):
    """The share of predictions whose largest number is that of the right class.

    Parameters
    ----------
    name
        Under which it is reported.

    Raises
    ------
    TypeError
        A name that is no string.
    """

    name: str = "sparse_categorical_accuracy"

    def __post_init__(self) -> None:
        as_name(self.name)

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction, shape (...) for predictions (..., C).

        Raises
        ------
        TypeError, ValueError
            Labels or predictions that are no numbers, or that do not match.
        """
        outputs = as_numbers("predictions", y_pred)
        labels = class_labels(y_true, outputs.shape)
        return np.asarray(np.argmax(outputs, axis=-1) == labels, np.float64)


@dataclass(frozen=True)
class CategoricalAccuracy(Configurable):
    """The same for labels that are one-hot rows, shape (..., C).

    Raises
    ------
    TypeError
        A name that is no string.
    """

    name: str = "categorical_accuracy"

    def __post_init__(self) -> None:
        as_name(self.name)

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction, shape (...).

        Raises
        ------
        TypeError, ValueError
            Labels or predictions that are no numbers, or that do not match.
        """
        outputs = as_numbers("predictions", y_pred)
        labels = match_labels(y_true, outputs)
        return np.asarray(outputs.argmax(axis=-1) == labels.argmax(axis=-1), np.float64)


@dataclass(frozen=True)
class AccuracyByShape(Configurable):
    """What the name "accuracy" means: the accuracy that fits the labels and predictions.

    Raises
    ------
    TypeError
        A name that is no string.

    Notes
    -----
    Keras's rule (`compile_utils.get_metric`): one output, binary; labels without an axis of
    classes, sparse categorical; otherwise categorical.
    """

    name: str = "accuracy"

    def __post_init__(self) -> None:
        as_name(self.name)

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction.

        Raises
        ------
        TypeError, ValueError
            Labels or predictions that are no numbers, or that do not match.
        """
        labels = as_numbers("labels", y_true).shape
        outputs = as_numbers("predictions", y_pred).shape
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

    Raises
    ------
    TypeError
        A name that is no string.
    """

    def __init__(self, name: str = "mean") -> None:
        self.name = as_name(name)
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
        TypeError
            Values or weights that are no numbers.
        ValueError
            Weights of another shape; nothing is added.
        """
        numbers = as_numbers("values", values).astype(np.float64)
        weights = np.ones(numbers.shape)
        if sample_weight is not None:
            weights = as_numbers("sample_weight", sample_weight).astype(np.float64)
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
    """Find a metric by name, configuration or object (see `configurable.find`).

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    if isinstance(identifier, str) and identifier in ("accuracy", "acc"):
        return AccuracyByShape(identifier)  # Keras reports it under the name it was asked by
    found: Metric = configurable.find("metric", _KNOWN, identifier, needs=("name",))
    return found
