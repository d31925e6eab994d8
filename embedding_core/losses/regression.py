"""Numbers: the prediction should be near."""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from embedding_core.ground._types import Floats, Shape
from embedding_core.losses.labels import check_shape, numbers
from embedding_core.losses.pointwise import Pointwise


class _Near(Pointwise):
    def check_labels(self, y_true: ArrayLike, shape: Shape | None = None) -> None:
        """Refuse labels that this loss can never take, whatever the predictions.

        Raises
        ------
        TypeError
            Labels that are no numbers.
        ValueError
            Labels that are not finite, or do not fit predictions of the shape.
        """
        labels = numbers(y_true, "finite numbers")
        bad = ~np.isfinite(labels)
        if bad.any():
            raise ValueError(f"labels must be finite numbers: received {labels[bad].flat[0]}.")
        if shape is not None:
            check_shape(labels.shape, shape)


class MeanSquaredError(_Near):
    """The mean of the squared differences. Keras's class of that name.

    Parameters
    ----------
    reduction, name, dtype
        See `Loss`. A `dtype` of None is that of the predictions, at least float32.

    Raises
    ------
    TypeError, ValueError
        As `Loss`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_squared_error",
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)

    def each(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the loss of each prediction."""
        return np.asarray(np.square(y_pred - y_true))

    def slope(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the derivative of each of these with respect to its prediction."""
        return np.asarray(2 * (y_pred - y_true))


class MeanAbsoluteError(_Near):
    """The mean of the differences without their signs. Keras's class of that name.

    Where a prediction is right, the derivative is taken as 0.

    Parameters
    ----------
    reduction, name, dtype
        See `Loss`. A `dtype` of None is that of the predictions, at least float32.

    Raises
    ------
    TypeError, ValueError
        As `Loss`.
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str = "mean_absolute_error",
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)

    def each(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the loss of each prediction."""
        return np.asarray(np.abs(y_pred - y_true))

    def slope(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the derivative of each of these with respect to its prediction."""
        return np.asarray(np.sign(y_pred - y_true))
