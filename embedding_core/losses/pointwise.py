"""Losses that judge each prediction by its own label; a sample's loss is their mean."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_numbers
from embedding_core.losses.labels import match_labels
from embedding_core.losses.loss import BuiltIn


class Pointwise(BuiltIn):
    """Base of them: `each` and `slope` say what there is to one prediction."""

    axis = -1

    def each(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the loss of each prediction."""
        raise NotImplementedError

    def slope(self, y_true: Floats, y_pred: Floats) -> Floats:
        """Return the derivative of each of these with respect to its prediction."""
        raise NotImplementedError

    def call(self, y_true: NDArray[Any], y_pred: Floats) -> Floats:
        """Return the mean over the axis of the outputs."""
        each = self.each(y_true, y_pred)
        return np.asarray(each.sum(self.axis) / max(y_pred.shape[self.axis], 1))

    def backward(self, y_true: NDArray[Any], y_pred: Floats, gradient: Floats) -> Floats:
        """Give each prediction its part of its mean's gradient."""
        shape = list(y_pred.shape)
        outputs, shape[self.axis] = max(shape[self.axis], 1), 1
        return np.asarray(self.slope(y_true, y_pred) * (gradient / outputs).reshape(shape))

    def _prepared(
        self, y_true: ArrayLike, y_pred: ArrayLike, sample_weight: Any, mask: Any
    ) -> tuple[NDArray[Any], Floats]:
        labels, outputs = super()._prepared(y_true, y_pred, sample_weight, mask)
        # Flat predictions are one sample of many outputs in Keras, and so they are here, unless
        # labels, weights or a mask say that they are many samples.
        given = {"sample_weight": sample_weight, "mask": mask}
        depths = [as_numbers(name, part).ndim for name, part in given.items() if part is not None]
        many = labels.ndim > 1 or any(depths)
        if outputs.ndim == 0 or (outputs.ndim == 1 and many):
            labels, outputs = labels.reshape(-1, 1), outputs.reshape(-1, 1)
        return match_labels(labels, outputs), outputs
