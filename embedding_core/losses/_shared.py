"""How labels and weights are laid beside predictions: what all losses share."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_numbers

EPSILON = 1e-7
"""How far a probability is kept away from 0 and 1, as in Keras."""


def match_labels(y_true: ArrayLike, y_pred: Floats) -> Floats:
    """Give labels the shape and dtype of the predictions, if they are as many.

    Labels (n,) go with predictions (n, 1), as in Keras.

    Raises
    ------
    TypeError
        Labels that are no numbers.
    ValueError
        The shapes do not match.
    """
    labels = numbers(y_true, "numbers")
    if labels.shape == (*y_pred.shape, 1) or (*labels.shape, 1) == y_pred.shape:
        labels = labels.reshape(y_pred.shape)
    if labels.shape != y_pred.shape:
        raise ValueError(
            f"labels of shape {labels.shape} do not match predictions of shape {y_pred.shape}: "
            "give one label for each prediction."
        )
    return labels.astype(y_pred.dtype)


def weights_of(sample_weight: ArrayLike | None, y_pred: Floats) -> Floats:
    """Spread one weight a sample over the predictions, divided so that the sum is the mean.

    Raises
    ------
    TypeError
        Weights that are no numbers.
    ValueError
        There is not one weight for each sample.
    """
    count = max(y_pred.size, 1)
    if sample_weight is None:
        return np.full(y_pred.shape, 1 / count, y_pred.dtype)
    weights = as_numbers("sample_weight", sample_weight).astype(y_pred.dtype, copy=False)
    if weights.shape != y_pred.shape[:1]:
        raise ValueError(
            f"sample_weight must have shape {y_pred.shape[:1]}, one for each sample: "
            f"received {weights.shape}."
        )
    weights = weights.reshape(-1, *[1] * (y_pred.ndim - 1))
    return np.broadcast_to(weights / count, y_pred.shape)


def numbers(y_true: ArrayLike, what: str) -> NDArray[Any]:
    """Return labels as an array, or say what they should have been.

    Raises
    ------
    TypeError
        Strings, objects or other things that are no numbers.
    ValueError
        Lists of different lengths.
    """
    return as_numbers("labels", y_true, what)


def class_labels(y_true: ArrayLike, shape: Shape) -> NDArray[np.intp]:
    """Return the number of the right class for each prediction.

    Parameters
    ----------
    y_true
        Whole numbers in [0, C) of any dtype, shape (...) or (..., 1).
    shape
        Of the predictions, (..., C).

    Raises
    ------
    TypeError
        Labels that are no numbers.
    ValueError
        Labels of another shape, a fraction, or a number that is no class.
    """
    if not shape:
        raise ValueError(f"predictions must have shape (..., C) for C classes: received {shape}.")
    *batch, classes = shape
    labels = numbers(y_true, f"whole numbers in [0, {classes})")
    if labels.shape == (*batch, 1):
        labels = labels.reshape(batch)
    if labels.shape != tuple(batch):
        raise ValueError(
            f"labels of shape {labels.shape} do not match predictions of shape {tuple(shape)}: "
            "give one class number for each prediction."
        )
    check_classes(labels, classes)
    return labels.astype(np.intp)


def check_classes(labels: NDArray[Any], classes: int | None) -> None:
    """Refuse numbers that are not whole or not in [0, classes) with a `ValueError`."""
    limit = np.inf if classes is None else classes
    # NaN fails the comparisons, so this one test finds everything.
    bad = ~((labels >= 0) & (labels < limit) & (np.trunc(labels) == labels))
    if bad.any():
        raise ValueError(
            f"labels must be whole numbers in [0, {limit}), the numbers of the classes: "
            f"received {labels[bad].flat[0]}."
        )


def at_least_float32(y_pred: Floats) -> Floats:
    """Widen float16, in which 1 - 1e-7 is 1, and the logarithm of 0 is not far.

    Raises
    ------
    TypeError
        Predictions that are no numbers.
    ValueError
        Lists of different lengths.
    """
    given = as_numbers("predictions", y_pred)
    return given.astype(np.result_type(given, np.float32), copy=False)
