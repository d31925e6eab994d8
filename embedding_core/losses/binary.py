"""Two answers: the right one should be given a high probability."""

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import switch
from embedding_core.ground.configurable import Configurable
from embedding_core.losses._shared import (
    EPSILON,
    at_least_float32,
    match_labels,
    numbers,
    weights_of,
)


@dataclass(frozen=True)
class BinaryCrossentropy(Configurable):
    """Minus the logarithm of the probability given to the right one of two answers.

    Parameters
    ----------
    from_logits
        Predictions are any real numbers, to be sent through a sigmoid; otherwise they are
        probabilities, and are kept 1e-7 away from 0 and 1.

    Raises
    ------
    TypeError
        `from_logits` is neither True nor False.

    Notes
    -----
    Keras's class of that name, mean over all predictions. Keras recognises a model that ends
    in a sigmoid and goes back to its logits; here the probabilities are taken as they are.
    The two part only where a probability comes within 1e-7 of 0 or 1.
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
            Labels between 0 and 1, shape (n,) or (n, 1).
        y_pred
            Predictions, shape (n, 1) or the shape of the labels.
        sample_weight
            Shape (n,), optional.

        Raises
        ------
        TypeError
            Labels, predictions or weights that are no numbers.
        ValueError
            Labels outside [0, 1], or as many labels or weights as do not fit.
        """
        y_pred = at_least_float32(y_pred)
        labels = self._labels(y_true, y_pred)
        if self.from_logits:
            each = np.maximum(y_pred, 0) - y_pred * labels + np.log1p(np.exp(-np.abs(y_pred)))
        else:
            p = np.clip(y_pred, EPSILON, 1 - EPSILON)
            each = -(labels * np.log(p) + (1 - labels) * np.log(1 - p))
        return float((each * weights_of(sample_weight, y_pred)).sum())

    def gradient(
        self, y_true: ArrayLike, y_pred: Floats, sample_weight: ArrayLike | None = None
    ) -> Floats:
        """Return the derivative of the mean loss with respect to each prediction.

        Raises
        ------
        TypeError, ValueError
            As a call.
        """
        y_pred = at_least_float32(y_pred)
        labels = self._labels(y_true, y_pred)
        if self.from_logits:
            each = scipy.special.expit(y_pred) - labels
        else:
            p = np.clip(y_pred, EPSILON, 1 - EPSILON)
            each = (p - labels) / (p * (1 - p))
        return np.asarray(each * weights_of(sample_weight, y_pred))

    @staticmethod
    def check_labels(y_true: ArrayLike, num_outputs: int | None = None) -> None:
        """Refuse labels that are no numbers (`TypeError`) or not in [0, 1] (`ValueError`)."""
        labels = numbers(y_true, "numbers between 0 and 1")
        bad = ~((labels >= 0) & (labels <= 1))
        if bad.any():
            where = tuple(int(i) for i in np.argwhere(bad)[0])
            raise ValueError(
                f"labels must lie between 0 and 1: received {labels[where]} at position {where}. "
                "Number the two classes 0 and 1."
            )

    def _labels(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        self.check_labels(y_true)
        return match_labels(y_true, y_pred)
