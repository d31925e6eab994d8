"""Sums and means that grow batch by batch."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.ground._types import Config
from embedding_core.ground.checks import as_numbers, shown
from embedding_core.losses.reduction import beside
from embedding_core.losses.reduction import squeeze_or_expand_to_same_rank as same_rank
from embedding_core.metrics.metric import Metric

Reduce = Callable[..., Any]


def reduce_to_samplewise_values(
    values: ArrayLike, sample_weight: ArrayLike | None, mask: ArrayLike | None, reduce_fn: Reduce
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Make one weighted value of each sample, and one weight.

    Parameters
    ----------
    values
        Any shape; the first axis counts samples.
    sample_weight
        For the first axes of `values`; what lies behind one weight is reduced before it counts.
    mask
        False where a value does not count; a weight of 0.
    reduce_fn
        `numpy.mean` or `numpy.sum`.

    Returns
    -------
    tuple of numpy.ndarray
        Values and weights in float64, shape (n,) or (); None for weights where none were given.

    Raises
    ------
    TypeError
        Values, weights or a mask that are no numbers.
    ValueError
        Weights or a mask that do not fit.
    """
    numbers = as_numbers("values", values).astype(np.float64)
    weights = None
    if sample_weight is not None:
        weights = as_numbers("sample_weight", sample_weight).astype(np.float64)
    if mask is not None:
        kept = as_numbers("mask", mask) != 0
        weights = kept * (1.0 if weights is None else beside("sample_weight", weights, kept.shape))
    if weights is not None:
        numbers, weights = same_rank(numbers, weights)
        numbers = _reduced(numbers, weights.ndim, reduce_fn)
        try:
            if weights.shape != numbers.shape:
                weights = np.broadcast_to(weights, numbers.shape)
        except ValueError as error:
            raise ValueError(
                f"sample_weight must have the shape of the values, {np.shape(values)}, or of their "
                f"first axes: received {weights.shape}."
            ) from error
        numbers = numbers * weights
        weights = _reduced(weights, 1, reduce_fn)
    return _reduced(numbers, 1, reduce_fn), weights


def _reduced(values: NDArray[np.float64], depth: int, reduce_fn: Reduce) -> NDArray[np.float64]:
    """Reduce all axes behind the first `depth`; of nothing, to nothing."""
    if values.ndim <= depth:
        return values
    if not values.size:
        return np.zeros(values.shape[:depth])
    if values.size == math.prod(values.shape[:depth]):  # a value is its own mean, and sum
        return values.reshape(values.shape[:depth])
    return np.asarray(reduce_fn(values, axis=tuple(range(depth, values.ndim))))


class Sum(Metric):
    """The weighted sum of all values seen so far. Keras's class of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    """

    def __init__(self, name: str = "sum", dtype: DTypeLike | None = None) -> None:
        super().__init__(dtype, name)
        self.reset_state()

    @property
    def variables(self) -> list[float]:
        """The sum."""
        return [self._total]

    def update_state(
        self,
        values: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> None:
        """Add values; see `reduce_to_samplewise_values`.

        Raises
        ------
        TypeError, ValueError
            As that. Nothing is added.
        """
        each, _ = reduce_to_samplewise_values(values, sample_weight, mask, np.sum)
        self._total += float(each.sum())

    def result(self) -> Any:
        """Return the sum; 0 when nothing was seen."""
        return np.dtype(self.dtype).type(self._total).item()

    def reset_state(self) -> None:
        """Forget everything."""
        self._total = 0.0


class Mean(Metric):
    """The weighted mean of all values seen so far. Keras's class of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    """

    def __init__(self, name: str = "mean", dtype: DTypeLike | None = None) -> None:
        super().__init__(dtype, name)
        self.reset_state()

    @property
    def variables(self) -> list[float]:
        """The sum, and how much it is the sum of."""
        return [self._total, self._count]

    def update_state(
        self,
        values: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> None:
        """Add values, with one weight for each sample or for each value (1 by default).

        Parameters
        ----------
        values
            Any shape; the first axis counts samples.
        sample_weight
            For the first axes of `values`; what lies behind one weight counts as one value,
            their mean, as in Keras.
        mask
            False where a value does not count.

        Raises
        ------
        TypeError
            Values, weights or a mask that are no numbers.
        ValueError
            Weights or a mask that do not fit. Nothing is added.
        """
        each, weights = reduce_to_samplewise_values(values, sample_weight, mask, np.mean)
        self._total += float(each.sum())
        self._count += float(each.size if weights is None else weights.sum())

    def result(self) -> Any:
        """Return the mean; 0 when nothing was seen, as in Keras."""
        mean = self._total / self._count if self._count else 0.0
        if self._dtype is None:
            return mean
        return np.dtype(self.dtype).type(mean).item()

    def reset_state(self) -> None:
        """Forget everything."""
        self._total = self._count = 0.0


class MeanMetricWrapper(Mean):
    """The weighted mean of what a function gives for labels and predictions.

    Parameters
    ----------
    fn
        Takes labels and predictions, returns one number for each sample or each prediction.
    name
        Under which it is reported; by default the class's name in snake case.
    dtype
        Of the result, see `Metric`.
    **kwargs
        Handed on to `fn`.

    Raises
    ------
    TypeError
        `fn` cannot be called, a name that is no string, or a dtype that is none of floats.

    Notes
    -----
    Keras's class of that name.
    """

    def __init__(
        self,
        fn: Callable[..., ArrayLike],
        name: str | None = None,
        dtype: DTypeLike | None = None,
        **kwargs: Any,
    ) -> None:
        if not callable(fn):
            raise TypeError(f"fn must be a function: received {shown(fn)}.")
        super().__init__("mean_metric_wrapper" if name is None else name, dtype)
        self.fn = fn
        self._fn_kwargs = kwargs

    def update_state(  # type: ignore[override]
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> None:
        """Judge a batch.

        Parameters
        ----------
        y_true, y_pred
            Labels and predictions.
        sample_weight
            For the first axes of what `fn` gives.
        mask
            False where a prediction does not count.

        Raises
        ------
        TypeError, ValueError
            Labels, predictions, weights or a mask that are no numbers or do not fit. Nothing is
            counted then.
        """
        values = self.fn(y_true, y_pred, **self._fn_kwargs)
        super().update_state(values, sample_weight, mask)

    def get_config(self) -> Config:
        """Return the function, the name, the dtype and what is handed on."""
        return {"fn": self.fn, "name": self.name, "dtype": self._dtype, **self._fn_kwargs}
