"""One answer of many: the right one should be given a high probability."""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import switch
from embedding_core.ground.configurable import Configurable
from embedding_core.losses._shared import (
    EPSILON,
    at_least_float32,
    check_classes,
    class_labels,
    numbers,
    weights_of,
)


@dataclass(frozen=True)
class SparseCategoricalCrossentropy(Configurable):
    """Minus the logarithm of the probability given to the right one of C classes.

    Parameters
    ----------
    from_logits
        Predictions are any real numbers, to be sent through a softmax; otherwise they are
        probabilities, kept 1e-7 away from 0 and 1 and divided by their sum.

    Raises
    ------
    TypeError
        `from_logits` is neither True nor False.

    Notes
    -----
    Keras's class of that name, mean over all predictions; without `ignore_class`, and `axis`
    is the last. Keras recognises a model that ends in a softmax and goes back to its logits;
    here the probabilities are taken as they are.
    """

    from_logits: bool = False

    def __post_init__(self) -> None:
        switch("from_logits", self.from_logits)

    def __call__(
        self, y_true: ArrayLike, y_pred: Floats, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the mean loss.

        Parameters
        ----------
        y_true
            The number of the right class, in [0, C); shape (n,) or (n, 1).
        y_pred
            Predictions, shape (n, C). There may be more axes between.
        sample_weight
            Shape (n,), optional.

        Raises
        ------
        TypeError, ValueError
            Labels that are no classes, or as many labels or weights as do not fit.
        """
        logits, at = self._logits(y_true, y_pred)
        each = scipy.special.logsumexp(logits, axis=-1) - np.take_along_axis(logits, at, -1)[..., 0]
        return float((each * weights_of(sample_weight, each)).sum())

    def gradient(
        self, y_true: ArrayLike, y_pred: Floats, sample_weight: ArrayLike | None = None
    ) -> Floats:
        """Return the derivative of the mean loss with respect to each prediction.

        Raises
        ------
        TypeError, ValueError
            As a call.
        """
        logits, at = self._logits(y_true, y_pred)
        slope = scipy.special.softmax(logits, axis=-1)
        np.put_along_axis(slope, at, np.take_along_axis(slope, at, -1) - 1, -1)
        if not self.from_logits:
            slope /= np.exp(logits)  # the derivative of the logarithm
        return np.asarray(slope * weights_of(sample_weight, slope[..., 0])[..., None])

    @staticmethod
    def check_labels(y_true: ArrayLike, num_outputs: int | None = None) -> None:
        """Refuse labels that are no numbers (`TypeError`) or no classes (`ValueError`)."""
        check_classes(numbers(y_true, "the numbers of the classes"), num_outputs)

    def _logits(self, y_true: ArrayLike, y_pred: Floats) -> tuple[Floats, NDArray[np.intp]]:
        y_pred = at_least_float32(y_pred)
        at = class_labels(y_true, y_pred.shape)[..., None]
        if self.from_logits:
            return y_pred, at
        return np.log(np.clip(y_pred, EPSILON, 1 - EPSILON)), at
