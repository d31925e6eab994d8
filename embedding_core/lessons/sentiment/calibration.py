"""Is 0.8 right in 80 % of the cases? What a model says beside how often it is so.

Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks*, ICML 2017: the
reliability diagram, the expected calibration error and the temperature.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize_scalar
from scipy.special import expit, log_expit, logit

_EDGE = 1e-7  # a probability of exactly 0 or 1 has no logit


@dataclass(frozen=True, eq=False)
class Reliability:
    """Predictions in bins of equal width, and what came true of them.

    Attributes
    ----------
    count
        Predictions in each bin, shape (bins,).
    said
        Their mean; NaN in an empty bin.
    was
        Share of positive labels among them; NaN in an empty bin.
    """

    count: NDArray[np.int64]
    said: NDArray[np.float64]
    was: NDArray[np.float64]

    @property
    def expected_error(self) -> float:
        """The gap between what was said and what was, a mean over all predictions."""
        gap = np.abs(self.said - self.was)[self.count > 0]
        return float(np.average(gap, weights=self.count[self.count > 0]))


def reliability(probability: ArrayLike, labels: ArrayLike, bins: int = 10) -> Reliability:
    """Sort predictions into bins, and compare each bin with its labels.

    Parameters
    ----------
    probability
        Of the label 1, each in [0, 1], shape (n,), n at least 1.
    labels
        0 or 1, shape (n,).
    bins
        How many, each as wide as the other; a prediction on an edge belongs to the upper one.

    Returns
    -------
    Reliability
        What was said and what was, bin by bin.

    Raises
    ------
    ValueError
        Shapes that do not match, no prediction, or a value outside of the above.
    """
    p, y = _checked(probability, labels)
    if type(bins) is not int or bins < 1:
        raise ValueError(f"bins must be a whole number from 1 on: received {bins!r}.")
    place = np.minimum((p * bins).astype(np.int64), bins - 1)
    count = np.bincount(place, minlength=bins)
    sums = [np.bincount(place, weights=part, minlength=bins) for part in (p, y)]
    with np.errstate(invalid="ignore"):  # an empty bin has no mean
        said, was = (total / count for total in sums)
    return Reliability(count, said, was)


def fit_temperature(probability: ArrayLike, labels: ArrayLike) -> float:
    """Find the number to divide the logits by, so that held-out labels become most likely.

    Parameters
    ----------
    probability, labels
        As for `reliability`; of texts on which the model was not trained.

    Returns
    -------
    float
        Above 1 for a model that is too sure, below 1 for one that is not sure enough; between
        0.01 and 100.

    Raises
    ------
    ValueError
        As `reliability`.
    """
    p, y = _checked(probability, labels)
    logits = logit(np.clip(p, _EDGE, 1 - _EDGE))
    sign = 2 * y - 1

    def loss(log_temperature: float) -> float:
        return float(-log_expit(sign * logits / np.exp(log_temperature)).mean())

    limit = np.log(100)
    return float(np.exp(minimize_scalar(loss, bounds=(-limit, limit), method="bounded").x))


def tempered(probability: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """Divide the logits by a temperature; which answer is the more likely stays as it was.

    Parameters
    ----------
    probability
        Each in [0, 1], any shape.
    temperature
        A number above 0.

    Returns
    -------
    numpy.ndarray
        Probabilities, the same shape.

    Raises
    ------
    ValueError
        The temperature is not above 0.
    """
    if not temperature > 0:
        raise ValueError(f"temperature must be above 0: received {temperature}.")
    p = np.clip(np.asarray(probability, np.float64), _EDGE, 1 - _EDGE)
    return np.asarray(expit(logit(p) / temperature))


def _checked(
    probability: ArrayLike, labels: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    p, y = np.asarray(probability, np.float64), np.asarray(labels, np.float64)
    if p.ndim != 1 or p.shape != y.shape or not p.size:
        raise ValueError(
            "give one label for each of at least one probability: received shapes "
            f"{p.shape} and {y.shape}."
        )
    # NaN fails the comparisons, so it is refused too.
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"probabilities must lie in [0, 1]: received {p.min()} to {p.max()}.")
    if not np.isin(y, (0, 1)).all():
        raise ValueError(f"labels must be 0 or 1: received {np.unique(y)[:5].tolist()}.")
    return p, y
