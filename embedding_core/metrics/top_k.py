"""How often the right class is among the k that a model holds for likeliest."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import positive_int, switch
from embedding_core.losses.labels import class_labels, match_labels, numbers
from embedding_core.metrics.accuracy import Share, rows


def top_k_categorical_accuracy(y_true: ArrayLike, y_pred: ArrayLike, k: int = 5) -> Floats:
    """Return 1.0 where the class of a one-hot row is among the k largest of a row, else 0.0.

    Parameters
    ----------
    y_true, y_pred
        Rows, shape (..., C).
    k
        How many may be as likely. Among equals all count, as in Keras.

    Returns
    -------
    numpy.ndarray
        Shape (...).

    Raises
    ------
    TypeError, ValueError
        Labels or predictions that are no numbers, or that do not match; `k` not positive.
    """
    outputs = rows(y_pred)
    return _in_top_k(match_labels(y_true, outputs).argmax(axis=-1), outputs, k)


def sparse_top_k_categorical_accuracy(
    y_true: ArrayLike, y_pred: ArrayLike, k: int = 5, from_sorted_ids: bool = False
) -> Floats:
    """Return 1.0 where the number of the right class is among the k largest of a row, else 0.0.

    Parameters
    ----------
    y_true
        The number of the right class, shape (...) or (..., 1).
    y_pred
        Rows, shape (..., C); or, with `from_sorted_ids`, numbers of classes, the likeliest first.
    k
        How many may be as likely. Among equals all count, as in Keras.
    from_sorted_ids
        What `y_pred` holds.

    Returns
    -------
    numpy.ndarray
        Shape (...).

    Raises
    ------
    TypeError, ValueError
        Labels or predictions that are no numbers, or that do not match; `k` not positive.
    """
    outputs = rows(y_pred)
    if not switch("from_sorted_ids", from_sorted_ids):
        return _in_top_k(class_labels(y_true, outputs.shape), outputs, k)
    labels = numbers(y_true, "the numbers of the classes")
    if labels.size != outputs[..., 0].size:
        raise ValueError(
            f"labels of shape {labels.shape} do not match predictions of shape {outputs.shape}: "
            "give one class number for each row."
        )
    labels = labels.reshape((*outputs.shape[:-1], 1))
    first = outputs[..., : positive_int("k", k)]
    return np.asarray((first == labels).any(axis=-1), np.float64)


def _in_top_k(right: NDArray[np.intp], outputs: NDArray[Any], k: int) -> Floats:
    value = np.take_along_axis(outputs, right[..., None], -1)
    larger = (outputs > value).sum(axis=-1)
    return np.asarray((larger < positive_int("k", k)) & np.isfinite(value[..., 0]), np.float64)


class TopKCategoricalAccuracy(Share):
    """The share of rows among whose k largest is the class of a one-hot row of labels.

    Keras's class of that name.

    Parameters
    ----------
    k
        How many may be as likely.
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    ValueError
        `k` is no positive whole number.
    """

    def __init__(
        self,
        k: int = 5,
        name: str = "top_k_categorical_accuracy",
        dtype: DTypeLike | None = None,
    ) -> None:
        self.k = positive_int("k", k)
        super().__init__(top_k_categorical_accuracy, name, dtype, k=self.k)


class SparseTopKCategoricalAccuracy(Share):
    """The share of rows among whose k largest is the number of the right class.

    Keras's class of that name.

    Parameters
    ----------
    k
        How many may be as likely.
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.
    from_sorted_ids
        Predictions are not scores, but numbers of classes, the likeliest first.

    Raises
    ------
    TypeError
        A name that is no string, a dtype that is none of floats, a switch that is none.
    ValueError
        `k` is no positive whole number.
    """

    def __init__(
        self,
        k: int = 5,
        name: str = "sparse_top_k_categorical_accuracy",
        dtype: DTypeLike | None = None,
        from_sorted_ids: bool = False,
    ) -> None:
        self.k = positive_int("k", k)
        self.from_sorted_ids = switch("from_sorted_ids", from_sorted_ids)
        super().__init__(
            sparse_top_k_categorical_accuracy,
            name,
            dtype,
            k=self.k,
            from_sorted_ids=self.from_sorted_ids,
        )
