"""How often predictions are right."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_numbers, number
from embedding_core.losses.labels import class_labels, match_labels
from embedding_core.metrics.metric import Metric
from embedding_core.metrics.reduction import MeanMetricWrapper


def accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """Return 1.0 where a prediction equals its label, else 0.0, of the predictions' shape.

    Raises
    ------
    TypeError, ValueError
        Labels or predictions that are no numbers, or that do not match.
    """
    outputs = as_numbers("predictions", y_pred)
    return np.asarray(match_labels(y_true, outputs) == outputs, np.float64)


def binary_accuracy(y_true: ArrayLike, y_pred: ArrayLike, threshold: float = 0.5) -> Floats:
    """Return 1.0 where a prediction is on its label's side of a threshold, else 0.0.

    Parameters
    ----------
    y_true
        0 or 1, shape (n,) or that of the predictions.
    y_pred
        Predictions, shape (n, 1) or that of the labels.
    threshold
        A prediction above it counts as 1.

    Returns
    -------
    numpy.ndarray
        Of the predictions' shape.

    Raises
    ------
    TypeError, ValueError
        Labels or predictions that are no numbers, or that do not match.
    """
    outputs = as_numbers("predictions", y_pred)
    labels = match_labels(y_true, outputs)
    right = (outputs > number("threshold", threshold)) == labels
    return np.asarray(right, np.float64)


def categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """Return 1.0 where the largest number of a row is at the one of its one-hot row, else 0.0.

    Parameters
    ----------
    y_true, y_pred
        Rows, shape (..., C).

    Returns
    -------
    numpy.ndarray
        Shape (...).

    Raises
    ------
    TypeError, ValueError
        Labels or predictions that are no numbers, or that do not match.
    """
    outputs = rows(y_pred)
    labels = match_labels(y_true, outputs)
    return np.asarray(outputs.argmax(axis=-1) == labels.argmax(axis=-1), np.float64)


def sparse_categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """Return 1.0 where the largest number of a row is that of the right class, else 0.0.

    Parameters
    ----------
    y_true
        The number of the right class, shape (...) or (..., 1).
    y_pred
        Rows, shape (..., C).

    Returns
    -------
    numpy.ndarray
        Shape (...).

    Raises
    ------
    TypeError, ValueError
        Labels or predictions that are no numbers, or that do not match.
    """
    outputs = rows(y_pred)
    labels = class_labels(y_true, outputs.shape)
    return np.asarray(np.argmax(outputs, axis=-1) == labels, np.float64)


def rows(y_pred: ArrayLike) -> Any:
    """Return predictions of at least one class, or refuse them with a `ValueError`."""
    outputs = as_numbers("predictions", y_pred)
    if not outputs.ndim or not outputs.shape[-1]:
        raise ValueError(
            f"predictions must have shape (..., C) for C classes: received {outputs.shape}."
        )
    return outputs


class Share(MeanMetricWrapper):
    """Base of the metrics whose function follows from the class."""

    get_config = Metric.get_config


class Accuracy(Share):
    """The share of predictions that equal their labels. Keras's class of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    """

    def __init__(self, name: str = "accuracy", dtype: DTypeLike | None = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(Share):
    """The share of predictions on the right side of a threshold. Keras's class of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.
    threshold
        A prediction above it counts as 1. Predictions that are logits need 0.0.

    Raises
    ------
    TypeError
        A name that is no string, a dtype that is none of floats, a threshold that is no number.
    """

    def __init__(
        self,
        name: str = "binary_accuracy",
        dtype: DTypeLike | None = None,
        threshold: float = 0.5,
    ) -> None:
        self.threshold = number("threshold", threshold)
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


class CategoricalAccuracy(Share):
    """The share of rows whose largest number is at the one of a one-hot row of labels.

    Keras's class of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    """

    def __init__(self, name: str = "categorical_accuracy", dtype: DTypeLike | None = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(Share):
    """The share of rows whose largest number is that of the right class.

    Keras's class of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    """

    def __init__(
        self, name: str = "sparse_categorical_accuracy", dtype: DTypeLike | None = None
    ) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


def accuracy_by_shape(y_true: ArrayLike, y_pred: ArrayLike) -> Floats:
    """Judge by the accuracy that fits the shapes of labels and predictions.

    Raises
    ------
    TypeError, ValueError
        Labels or predictions that are no numbers, or that do not match.
    """
    labels = as_numbers("labels", y_true).shape
    outputs = as_numbers("predictions", y_pred).shape
    if len(outputs) < 2 or outputs[-1] == 1:
        return binary_accuracy(y_true, y_pred)
    if len(labels) < len(outputs) or labels[-1] == 1:
        return sparse_categorical_accuracy(y_true, y_pred)
    return categorical_accuracy(y_true, y_pred)


class AccuracyByShape(Share):
    """What the name "accuracy" means: the accuracy that fits the labels and predictions.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.

    Notes
    -----
    Keras's rule (`compile_utils.get_metric`): one output, binary; labels without an axis of
    classes, sparse categorical; otherwise categorical.
    """

    def __init__(self, name: str = "accuracy", dtype: DTypeLike | None = None) -> None:
        super().__init__(accuracy_by_shape, name, dtype)
