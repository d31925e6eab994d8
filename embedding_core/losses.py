"""How wrong a prediction is, as one number, and how that number changes with it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from embedding_core import configurable
from embedding_core._types import Floats
from embedding_core.configurable import Configurable

_EPSILON = 1e-7


def match_labels(y_true: ArrayLike, y_pred: Floats) -> Floats:
    """Give labels the shape and dtype of the predictions, if they are as many.

    Labels (n,) go with predictions (n, 1), as in Keras.

    Raises
    ------
    ValueError
        The shapes do not match.
    """
    labels = np.asarray(y_true)
    if labels.shape == (*y_pred.shape, 1) or (*labels.shape, 1) == y_pred.shape:
        labels = labels.reshape(y_pred.shape)
    if labels.shape != y_pred.shape:
        raise ValueError(
            f"labels of shape {labels.shape} do not match predictions of shape {y_pred.shape}: "
            "give one label for each prediction."
        )
    return labels.astype(y_pred.dtype)


def weights_of(sample_weight: ArrayLike | None, y_pred: Floats) -> Floats:
    """Spread one weight a sample over the predictions, divided so that the sum is the mean.

    Raises
    ------
    ValueError
        There is not one weight for each sample.
    """
    count = max(y_pred.size, 1)
    if sample_weight is None:
        return np.full(y_pred.shape, 1 / count, y_pred.dtype)
    weights = np.asarray(sample_weight, y_pred.dtype)
    if weights.shape != y_pred.shape[:1]:
        raise ValueError(
            f"sample_weight must have shape {y_pred.shape[:1]}, one for each sample: "
            f"received {weights.shape}."
        )
    weights = weights.reshape(-1, *[1] * (y_pred.ndim - 1))
    return np.broadcast_to(weights / count, y_pred.shape)


@dataclass(frozen=True)
class BinaryCrossentropy(Configurable):
    """Minus the logarithm of the probability given to the right one of two answers.

    Parameters
    ----------
    from_logits
        Predictions are any real numbers, to be sent through a sigmoid; otherwise they are
        probabilities, and are kept 1e-7 away from 0 and 1.

    Notes
    -----
    Keras's class of that name, mean over all predictions. Keras recognises a model that ends
    in a sigmoid and goes back to its logits; here the probabilities are taken as they are.
    The two part only where a probability comes within 1e-7 of 0 or 1.
    """

    from_logits: bool = False

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
        ValueError
            Labels outside [0, 1], or as many labels or weights as do not fit.
        """
        y_pred = _at_least_float32(y_pred)
        labels = self._labels(y_true, y_pred)
        if self.from_logits:
            each = np.maximum(y_pred, 0) - y_pred * labels + np.log1p(np.exp(-np.abs(y_pred)))
        else:
            p = np.clip(y_pred, _EPSILON, 1 - _EPSILON)
            each = -(labels * np.log(p) + (1 - labels) * np.log(1 - p))
        return float((each * weights_of(sample_weight, y_pred)).sum())

    def gradient(
        self, y_true: ArrayLike, y_pred: Floats, sample_weight: ArrayLike | None = None
    ) -> Floats:
        """Return the derivative of the mean loss with respect to each prediction."""
        y_pred = _at_least_float32(y_pred)
        labels = self._labels(y_true, y_pred)
        if self.from_logits:
            each = expit(y_pred) - labels
        else:
            p = np.clip(y_pred, _EPSILON, 1 - _EPSILON)
            each = (p - labels) / (p * (1 - p))
        return np.asarray(each * weights_of(sample_weight, y_pred))

    @staticmethod
    def check_labels(y_true: ArrayLike) -> None:
        """Refuse labels that are no numbers (`TypeError`) or not in [0, 1] (`ValueError`)."""
        labels = np.asarray(y_true)
        if labels.dtype.kind not in "biuf":
            raise TypeError(
                f"labels must be numbers between 0 and 1: received dtype {labels.dtype}."
            )
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


def _at_least_float32(y_pred: Floats) -> Floats:
    """In float16, 1 - 1e-7 is 1, and the logarithm of 0 is not far."""
    return y_pred.astype(np.result_type(y_pred, np.float32), copy=False)


_KNOWN: dict[str, type] = {
    "bce": BinaryCrossentropy,
    "binary_crossentropy": BinaryCrossentropy,
    "BinaryCrossentropy": BinaryCrossentropy,
}


def get(identifier: Any) -> BinaryCrossentropy:
    """Find a loss by name, configuration or object (see `configurable.find`)."""
    found: BinaryCrossentropy = configurable.find("loss", _KNOWN, identifier)
    return found
