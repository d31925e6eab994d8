"""One answer of many: the right one should be given a high probability."""

from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import switch
from embedding_core.losses.labels import between_0_and_1, check_has_classes, check_shape, numbers
from embedding_core.losses.loss import BuiltIn
from embedding_core.losses.probabilities import axis_number, inside, smoothing


class CategoricalCrossentropy(BuiltIn):
    """Minus the logarithm of the probability given to the right one of C classes, a row of labels.

    Parameters
    ----------
    from_logits
        Predictions are any real numbers, to be sent through a softmax; otherwise they are
        probabilities, divided by their sum and kept 1e-7 away from 0 and 1.
    label_smoothing
        In [0, 1]: how far labels are drawn towards 1 / C.
    axis
        Of the classes.
    reduction, name, dtype
        See `Loss`. A `dtype` of None is that of the predictions, at least float32.

    Raises
    ------
    TypeError
        `from_logits` is neither True nor False, a number that is none.
    ValueError
        A `label_smoothing` outside [0, 1].

    Notes
    -----
    Keras's class of that name. Labels are one-hot rows, or shares of the classes; for the numbers
    of the classes there is `SparseCategoricalCrossentropy`. Keras recognises a model that ends in
    a softmax and goes back to its logits; here the probabilities are taken as they are.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "categorical_crossentropy",
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.from_logits = switch("from_logits", from_logits)
        self.label_smoothing = smoothing(label_smoothing)
        self.axis = axis_number(axis)

    def call(self, y_true: NDArray[Any], y_pred: Floats) -> Floats:
        """Return the single losses, of the predictions' shape without the axis of classes."""
        labels = self._smooth(y_true, y_pred)
        if self.from_logits:
            logs = scipy.special.log_softmax(y_pred, axis=self.axis)
        else:
            logs = np.log(inside(self._normal(y_pred)[0]))
        # A label of 0 asks nothing, not even 0 times minus infinity.
        each = labels * np.where(labels == 0, 0, logs)
        return np.asarray(-each.sum(axis=self.axis))

    def backward(self, y_true: NDArray[Any], y_pred: Floats, gradient: Floats) -> Floats:
        """Turn a gradient of the single losses into one of the predictions."""
        labels = self._smooth(y_true, y_pred)
        if self.from_logits:
            share = labels.sum(axis=self.axis, keepdims=True)
            slope = scipy.special.softmax(y_pred, axis=self.axis) * share - labels
        else:
            p, total = self._normal(y_pred)
            slope = -labels / inside(p)
            slope = (slope - (slope * p).sum(axis=self.axis, keepdims=True)) / total
        return np.asarray(slope * np.expand_dims(gradient, self.axis))

    def check_labels(self, y_true: ArrayLike, shape: Shape | None = None) -> None:
        """Refuse labels that this loss can never take, whatever the predictions.

        Raises
        ------
        TypeError
            Labels that are no numbers.
        ValueError
            Labels that are not in [0, 1], or do not fit predictions of the shape.
        """
        if shape is not None:  # class numbers are of another shape: that is said first
            check_has_classes(shape)
            check_shape(numbers(y_true, "numbers between 0 and 1").shape, shape)
        between_0_and_1(y_true, "Numbers of classes go with sparse_categorical_crossentropy.")

    def _normal(self, y_pred: Floats) -> tuple[Floats, Floats]:
        """Divide probabilities by their sum; where they are all 0, there is nothing to divide."""
        total = y_pred.sum(axis=self.axis, keepdims=True)
        total = np.where(total == 0, np.ones_like(total), total)
        return y_pred / total, total

    def _smooth(self, y_true: NDArray[Any], y_pred: Floats) -> Floats:
        labels = y_true.reshape(y_pred.shape).astype(y_pred.dtype)
        classes = max(y_pred.shape[self.axis], 1)
        return np.asarray(labels * (1 - self.label_smoothing) + self.label_smoothing / classes)
