"""What every loss does: judge predictions one by one, and make one number of it."""

import re
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from embedding_core.ground._types import Config, Floats, Shape
from embedding_core.ground.checks import as_dtype, as_name, as_numbers
from embedding_core.ground.configurable import Configurable
from embedding_core.losses.labels import at_least_float32, numbers
from embedding_core.losses.reduction import (
    shares,
    squeeze_or_expand_to_same_rank,
    standardize_reduction,
)


class Loss(Configurable):
    """Base of all losses; to write one, write `call` and `backward`.

    Parameters
    ----------
    name
        By default the class's name in snake case.
    reduction
        How single losses become one number: "sum_over_batch_size" or "mean" (the sum divided
        by how many there are, those left out by a mask not counted), "sum",
        "mean_with_sample_weight" (divided by the sum of the weights), or None or "none", which
        leaves them single.
    dtype
        Of the result. `call` is given labels and predictions in it, too. None is float32.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    ValueError
        Another reduction.

    Notes
    -----
    Keras's class of that name. Keras finds a mask on the predictions; here arrays carry none, and
    it is handed over as `mask`. A graph gives Keras the gradient; here `backward` is written out.
    """

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: DTypeLike | None = None,
    ) -> None:
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self).__name__).lower()
        self.name = snake if name is None else as_name(name)
        self.reduction = standardize_reduction(reduction)
        self._dtype = None if dtype is None else as_dtype(dtype, "f", "one of floats").name

    @property
    def dtype(self) -> str:
        """Of the result."""
        return self._dtype or "float32"

    def __call__(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> Any:
        """Return the reduced loss.

        Parameters
        ----------
        y_true
            Labels, as the loss wants them.
        y_pred
            Predictions; the first axis counts samples.
        sample_weight
            How much the losses count: one number, one for each sample, (n,) or (n, 1), or one for
            each single loss. See `reduction.beside`.
        mask
            True where a single loss counts, of the single losses' shape; integers will do.

        Returns
        -------
        float or numpy.ndarray
            One number; the single losses, weighted, where `reduction` is None.

        Raises
        ------
        TypeError
            Labels, predictions, weights or a mask that are no numbers.
        ValueError
            Labels, weights or a mask that do not fit.
        """
        labels, outputs = self._prepared(y_true, y_pred, sample_weight, mask)
        return self._judged(labels, outputs, sample_weight, mask)[0]

    def with_gradient(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> tuple[Any, Floats]:
        """Return what a call returns, and what `gradient` does, with one look at the arguments.

        Parameters
        ----------
        y_true, y_pred, sample_weight, mask
            As for a call.

        Returns
        -------
        result : float or numpy.ndarray
            The reduced loss.
        gradient : numpy.ndarray
            Of the predictions' shape.

        Raises
        ------
        TypeError, ValueError
            As a call.
        """
        labels, outputs = self._prepared(y_true, y_pred, sample_weight, mask)
        result, share = self._judged(labels, outputs, sample_weight, mask)
        return result, np.asarray(self.backward(labels, outputs, share)).reshape(np.shape(y_pred))

    def _judged(
        self, labels: NDArray[Any], outputs: Floats, sample_weight: Any, mask: Any
    ) -> tuple[Any, Floats]:
        """Return the reduced loss, and how much of each single one has gone into it."""
        each = np.asarray(self.call(labels, outputs))
        mask = self._kept(labels, mask)
        share = shares(each.shape, self.reduction, sample_weight, mask, each.dtype)
        each = each * share
        if self.reduction not in (None, "none"):
            return self._finished(each.sum()), share
        for beside in (mask, sample_weight):  # Keras makes a column of what it weighs by a column
            if beside is not None:
                each, _ = squeeze_or_expand_to_same_rank(each, np.asarray(beside))
        return self._finished(each), share

    def gradient(
        self,
        y_true: ArrayLike,
        y_pred: ArrayLike,
        sample_weight: ArrayLike | None = None,
        mask: ArrayLike | None = None,
    ) -> Floats:
        """Return the derivative of the reduced loss with respect to each prediction.

        Of the predictions' shape. Where `reduction` is None, it is that of the sum.

        Raises
        ------
        TypeError, ValueError
            As a call.
        """
        return self.with_gradient(y_true, y_pred, sample_weight, mask)[1]

    def call(self, y_true: NDArray[Any], y_pred: Floats) -> Floats:
        """Return the single losses."""
        raise NotImplementedError(f"{type(self).__name__} must have a method call(y_true, y_pred).")

    def backward(self, y_true: NDArray[Any], y_pred: Floats, gradient: Floats) -> Floats:
        """Turn a gradient of the single losses into one of the predictions."""
        raise NotImplementedError(
            f"{type(self).__name__} must have a method backward(y_true, y_pred, gradient), "
            "which gives the gradient of the predictions."
        )

    def check_labels(self, y_true: ArrayLike, shape: Shape | None = None) -> None:
        """Refuse labels that this loss can never take, whatever the predictions.

        Parameters
        ----------
        y_true
            Labels.
        shape
            Of the predictions to come, if it is known: then the labels must fit them.

        Raises
        ------
        TypeError, ValueError
            As a call.
        """
        numbers(y_true, "numbers")

    def get_config(self) -> Config:
        """Return the constructor's arguments; `dtype` as it was chosen."""
        return super().get_config() | {"dtype": self._dtype}

    # What the losses here do in another way than a loss of a user's own, who sees what Keras
    # would show.

    def _prepared(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: Any, mask: Any
    ) -> tuple[NDArray[Any], Floats]:
        labels, outputs = as_numbers("labels", y_true), as_numbers("predictions", y_pred)
        return labels.astype(self.dtype), outputs.astype(self.dtype)

    def _kept(self, labels: NDArray[Any], mask: ArrayLike | None) -> ArrayLike | None:
        return mask

    def _finished(self, result: Any) -> Any:
        return np.asarray(result, self.dtype)[()]


class BuiltIn(Loss):
    """Base of the losses here: they never compute in less than float32 and the predictions.

    So a model in float64 has a gradient in float64. `axis` is the one that `call` removes.
    """

    axis: int

    def _prepared(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: Any, mask: Any
    ) -> tuple[NDArray[Any], Floats]:
        outputs = at_least_float32(y_pred)
        if outputs.ndim and not -outputs.ndim <= self.axis < outputs.ndim:
            raise ValueError(
                f"axis {self.axis} is none of predictions of shape {outputs.shape}: give one of "
                f"-{outputs.ndim} to {outputs.ndim - 1}."
            )
        self.check_labels(y_true, outputs.shape)
        return np.asarray(y_true), outputs

    def _finished(self, result: Any) -> Any:
        if self._dtype is not None:
            return super()._finished(result)
        return result if np.ndim(result) else float(result)
