"""Labels laid beside predictions: which numbers they may be, and of which shape."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_numbers


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
    check_shape(labels.shape, y_pred.shape)
    return labels.reshape(y_pred.shape).astype(y_pred.dtype)


def check_shape(labels: Shape, predictions: Shape) -> None:
    """Refuse shapes that differ by more than a last axis of length 1 with a `ValueError`."""
    if predictions not in (labels, (*labels, 1)) and labels != (*predictions, 1):
        cure = "give one label for each prediction"
        if len(predictions) > 1 and labels in (predictions[:-1], (*predictions[:-1], 1)):
            cure += ", or, if they are the numbers of classes, use sparse_categorical_crossentropy"
        raise ValueError(
            f"labels of shape {labels} do not match predictions of shape {predictions}: {cure}."
        )


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


def check_has_classes(shape: Shape) -> None:
    """Refuse a single number as the prediction of a class with a `ValueError`."""
    if not shape:
        raise ValueError(f"predictions must have shape (..., C) for C classes: received {shape}.")


def between_0_and_1(y_true: ArrayLike, cure: str) -> NDArray[Any]:
    """Return labels as an array, or name the first that is no number in [0, 1].

    Raises
    ------
    TypeError
        Labels that are no numbers.
    ValueError
        One that lies outside, or NaN.
    """
    labels = numbers(y_true, "numbers between 0 and 1")
    bad = ~((labels >= 0) & (labels <= 1))
    if bad.any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"labels must lie between 0 and 1: received {labels[where]} at position {where}. {cure}"
        )
    return labels


def class_labels(
    y_true: ArrayLike, shape: Shape, ignore_class: int | None = None
) -> NDArray[np.intp]:
    """Return the number of the right class for each prediction.

    Parameters
    ----------
    y_true
        Whole numbers in [0, C) of any dtype, shape (...) or (..., 1).
    shape
        Of the predictions, (..., C).
    ignore_class
        A number that may stand there too.

    Raises
    ------
    TypeError
        Labels that are no numbers.
    ValueError
        Labels of another shape, a fraction, or a number that is no class.
    """
    check_has_classes(shape)
    *batch, classes = shape
    labels = numbers(y_true, f"whole numbers in [0, {classes})")
    if labels.shape == (*batch, 1):
        labels = labels.reshape(batch)
    if labels.shape != tuple(batch):
        cure = "give one class number for each prediction"
        if labels.shape == tuple(shape):
            cure = f"one-hot labels: use categorical_crossentropy, or {cure}"
        raise ValueError(
            f"labels of shape {labels.shape} do not match predictions of shape {tuple(shape)}: "
            f"{cure}."
        )
    check_classes(labels, classes, ignore_class)
    return labels.astype(np.intp)


def check_classes(labels: NDArray[Any], classes: int | None, ignore_class: int | None) -> None:
    """Refuse numbers that are not whole or not in [0, classes) with a `ValueError`."""
    limit = np.inf if classes is None else classes
    # NaN fails the comparisons, so this one test finds everything.
    bad = ~((labels >= 0) & (labels < limit) & (np.trunc(labels) == labels))
    if ignore_class is not None:
        bad &= labels != ignore_class
    if bad.any():
        ignored = "" if ignore_class is None else f", or {ignore_class}, which is ignored"
        raise ValueError(
            f"labels must be whole numbers in [0, {limit}), the numbers of the classes{ignored}: "
            f"received {labels[bad].flat[0]}."
        )


def at_least_float32(y_pred: ArrayLike) -> Floats:
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
