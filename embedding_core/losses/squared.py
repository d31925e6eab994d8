"""Numbers: the prediction should be near."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats
from embedding_core.ground.configurable import Configurable
from embedding_core.losses._shared import at_least_float32, match_labels, numbers, weights_of


@dataclass(frozen=True)
class MeanSquaredError(Configurable):
    """The mean of the squared differences, over all predictions. Keras's class of that name."""

    def __call__(
        self, y_true: ArrayLike, y_pred: Floats, sample_weight: ArrayLike | None = None
    ) -> float:
        """Return the mean loss.

        Parameters
        ----------
        y_true
            Finite numbers, shape (n,) or the shape of the predictions.
        y_pred
            Predictions, shape (n, 1) or the shape of the labels.
        sample_weight
            Shape (n,), optional.

        Raises
        ------
        TypeError, ValueError
            Labels that are no finite numbers, or as many labels or weights as do not fit.
        """
        y_pred = at_least_float32(y_pred)
        each = np.square(y_pred - self._labels(y_true, y_pred))
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
        difference = y_pred - self._labels(y_true, y_pred)
        return np.asarray(2 * difference * weights_of(sample_weight, y_pred))

    @staticmethod
    def check_labels(y_true: ArrayLike, num_outputs: int | None = None) -> None:
        """Refuse labels that are no numbers (`TypeError`) or not finite (`ValueError`)."""
        labels = numbers(y_true, "finite numbers")
        bad = ~np.isfinite(labels)
        if bad.any():
            raise ValueError(f"labels must be finite numbers: received {labels[bad].flat[0]}.")

    def _labels(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        self.check_labels(y_true)
        return match_labels(y_true, y_pred)
