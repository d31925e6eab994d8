"""Two answers: the right one should be given a high probability."""

import numpy as np
import scipy
from numpy.typing import ArrayLike, DTypeLike

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import switch
from embedding_core.losses.labels import between_0_and_1, check_shape
from embedding_core.losses.pointwise import Pointwise
from embedding_core.losses.probabilities import axis_number, inside, smoothing


class BinaryCrossentropy(Pointwise):
    """Minus the logarithm of the probability given to the right one of two answers.

    Parameters
    ----------
    from_logits
        Predictions are any real numbers, to be sent through a sigmoid; otherwise they are
        probabilities, and are kept 1e-7 away from 0 and 1.
    label_smoothing
        In [0, 1]: how far labels are drawn towards 0.5.
    axis
        Over which a sample's loss is a mean.
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
    Keras's class of that name. Keras recognises a model that ends in a sigmoid and goes back to
    its logits; here the probabilities are taken as they are. The two part only where a
    probability comes within 1e-7 of 0 or 1.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str = "binary_crossentropy",
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(name, reduction, dtype)
        self.from_logits = switch("from_logits", from_logits)
        self.label_smoothing = smoothing(label_smoothing)
        self.axis = axis_number(axis)

    def each(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the loss of each prediction."""
        labels = self._smooth(y_true)
        if self.from_logits:
            return np.asarray(
                np.maximum(y_pred, 0) - y_pred * labels + np.log1p(np.exp(-np.abs(y_pred)))
            )
        p = inside(y_pred)
        return np.asarray(-(labels * np.log(p) + (1 - labels) * np.log(1 - p)))

    def slope(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the derivative of each of these with respect to its prediction."""
        labels = self._smooth(y_true)
        if self.from_logits:
            return np.asarray(scipy.special.expit(y_pred) - labels)
        p = inside(y_pred)
        return np.asarray((p - labels) / (p * (1 - p)))

    def check_labels(self, y_true: ArrayLike, shape: Shape | None = None) -> None:
        """Refuse labels that this loss can never take, whatever the predictions.

        Raises
        ------
        TypeError
            Labels that are no numbers.
        ValueError
            Labels that are not in [0, 1], or do not fit predictions of the shape.
        """
        labels = between_0_and_1(y_true, "Number the two classes 0 and 1.")
        if shape is not None:
            check_shape(labels.shape, shape)

    def _smooth(self, labels: Floats) -> Floats:
        drawn = self.label_smoothing
        return labels * (1 - drawn) + 0.5 * drawn if drawn else labels
