"""One answer of many, given by its number."""

from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import is_whole, shown, switch
from embedding_core.losses.labels import check_classes, class_labels, numbers
from embedding_core.losses.loss import BuiltIn
from embedding_core.losses.probabilities import axis_number, inside
from embedding_core.losses.reduction import beside


class SparseCategoricalCrossentropy(BuiltIn):
    """Minus the logarithm of the probability given to the right one of C classes, by its number.

    Parameters
    ----------
    from_logits
        Predictions are any real numbers, to be sent through a softmax; otherwise they are
        probabilities, kept 1e-7 away from 0 and 1 and divided by their sum.
    ignore_class
        A number that says that there is no right answer: such positions do not count.
    reduction, name, dtype
        See `Loss`. A `dtype` of None is that of the predictions, at least float32.
    axis
        Of the classes; the last one only, as in Keras on TensorFlow.

    Raises
    ------
    TypeError
        `from_logits` is neither True nor False, or `ignore_class` no whole number.
    ValueError
        An `axis` that is none.

    Notes
    -----
    Keras's class of that name. Keras recognises a model that ends in a softmax and goes back to
    its logits; here the probabilities are taken as they are.
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str = "sparse_categorical_crossentropy",
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.from_logits = switch("from_logits", from_logits)
        if ignore_class is not None and not is_whole(ignore_class):
            raise TypeError(
                f"ignore_class must be None or a whole number: received {shown(ignore_class)}."
            )
        self.ignore_class = None if ignore_class is None else int(ignore_class)
        self.axis = axis_number(axis)

    def call(self, y_true: NDArray[Any], y_pred: Floats) -> Floats:
        """Return the single losses, of the predictions' shape without the axis of classes."""
        at, counts = self._classes(y_true)
        logits = self._logits(y_pred)
        right = np.take_along_axis(logits, at[..., None], -1)[..., 0]
        each = scipy.special.logsumexp(logits, axis=-1) - right
        return np.asarray(np.where(counts, each, 0))

    def backward(self, y_true: NDArray[Any], y_pred: Floats, gradient: Floats) -> Floats:
        """Turn a gradient of the single losses into one of the predictions."""
        at, counts = self._classes(y_true)
        logits = self._logits(y_pred)
        slope = scipy.special.softmax(logits, axis=-1)
        right = np.take_along_axis(slope, at[..., None], -1)
        np.put_along_axis(slope, at[..., None], right - 1, -1)
        if not self.from_logits:
            slope /= np.exp(logits)  # the derivative of the logarithm
        return np.asarray(np.where(counts, gradient, 0)[..., None] * slope)

    def check_labels(self, y_true: ArrayLike, shape: Shape | None = None) -> None:
        """Refuse labels that this loss can never take, whatever the predictions.

        Raises
        ------
        TypeError
            Labels that are no numbers.
        ValueError
            Labels that are no classes, or do not fit predictions of the shape.
        """
        if shape is None:
            check_classes(numbers(y_true, "the numbers of the classes"), None, self.ignore_class)
        else:
            if self.axis not in (-1, len(shape) - 1):
                raise ValueError(f"only axis=-1 is supported here: received axis={self.axis}.")
            class_labels(y_true, shape, self.ignore_class)

    def _prepared(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: Any, mask: Any
    ) -> tuple[NDArray[Any], Floats]:
        labels, outputs = super()._prepared(y_true, y_pred, sample_weight, mask)
        return labels.reshape(outputs.shape[:-1]).astype(np.intp), outputs

    def _kept(self, labels: NDArray[Any], mask: ArrayLike | None) -> ArrayLike | None:
        if self.ignore_class is None:
            return mask
        counts = labels != self.ignore_class
        if mask is None:
            return np.asarray(counts)
        return np.asarray(counts & (beside("mask", mask, counts.shape) != 0))

    def _classes(self, labels: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        counts = labels != self.ignore_class if self.ignore_class is not None else np.True_
        return np.where(counts, labels, 0), np.broadcast_to(counts, labels.shape)

    def _logits(self, y_pred: Floats) -> Floats:
        if self.from_logits:
            return y_pred
        return np.asarray(np.log(inside(y_pred)))
