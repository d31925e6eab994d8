"""The losses as functions, which leave each sample its own loss."""

from collections.abc import Callable
from typing import Any

from numpy.typing import ArrayLike

from embedding_core.losses.binary import BinaryCrossentropy
from embedding_core.losses.categorical import CategoricalCrossentropy
from embedding_core.losses.loss import Loss
from embedding_core.losses.regression import MeanAbsoluteError, MeanSquaredError
from embedding_core.losses.sparse_categorical import SparseCategoricalCrossentropy


def mean_squared_error(y_true: ArrayLike, y_pred: ArrayLike) -> Any:
    """Return the mean of the squared differences of each sample, see `MeanSquaredError`.

    Raises
    ------
    TypeError, ValueError
        As that.
    """
    return MeanSquaredError(reduction=None)(y_true, y_pred)


def mean_absolute_error(y_true: ArrayLike, y_pred: ArrayLike) -> Any:
    """Return the mean of the absolute differences of each sample, see `MeanAbsoluteError`.

    Raises
    ------
    TypeError, ValueError
        As that.
    """
    return MeanAbsoluteError(reduction=None)(y_true, y_pred)


def binary_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Return the loss of each sample, see `BinaryCrossentropy`.

    Raises
    ------
    TypeError, ValueError
        As that.
    """
    return BinaryCrossentropy(from_logits, label_smoothing, axis, None)(y_true, y_pred)


def categorical_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Return the loss of each sample, see `CategoricalCrossentropy`.

    Raises
    ------
    TypeError, ValueError
        As that.
    """
    return CategoricalCrossentropy(from_logits, label_smoothing, axis, None)(y_true, y_pred)


def sparse_categorical_crossentropy(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Any:
    """Return the loss of each sample, see `SparseCategoricalCrossentropy`.

    Raises
    ------
    TypeError, ValueError
        As that.
    """
    return SparseCategoricalCrossentropy(from_logits, ignore_class, None, axis)(y_true, y_pred)


CLASSES: dict[Callable[..., Any], type[Loss]] = {
    mean_squared_error: MeanSquaredError,
    mean_absolute_error: MeanAbsoluteError,
    binary_crossentropy: BinaryCrossentropy,
    categorical_crossentropy: CategoricalCrossentropy,
    sparse_categorical_crossentropy: SparseCategoricalCrossentropy,
}
"""The class that reduces what a function leaves single, as `compile` makes of the function."""
