"""From one vector for each word to one vector for the sentence: the mean.

Keras's `GlobalAveragePooling1D` for (batch, steps, features). Difference: a row that is all
padding has the mean 0 here; Keras divides by zero and the NaN spreads into every weight.
"""

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats, Mask, Shape
from embedding_core.ground.checks import as_numbers
from embedding_core.layers.layer import Layer


class GlobalAveragePooling1D(Layer):
    """Average over the steps that are not padding.

    Parameters
    ----------
    **kwargs
        `name`, `dtype` and `trainable`, see `Layer`.

    Raises
    ------
    TypeError
        As `Layer`.
    """

    supports_masking = True
    _last: tuple[Mask, Floats, Shape] | None = None

    def call(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Average over axis 1.

        Parameters
        ----------
        inputs
            Shape (batch, steps, features).
        mask
            Shape (batch, steps), True where a step counts; `None` counts all.

        Returns
        -------
        numpy.ndarray
            Shape (batch, features), the inputs' dtype; the layer's for integers.

        Raises
        ------
        ValueError
            The inputs do not have three axes, or the mask another shape than the first two.
        TypeError
            The inputs or the mask are no numbers.
        """
        x = as_numbers("inputs", inputs)
        if x.dtype.kind != "f":
            x = x.astype(self.dtype)
        if x.ndim != 3:
            raise ValueError(
                f"layer {self.name} needs inputs (batch, steps, features): received {x.shape}."
            )
        given = np.ones(x.shape[:2], bool) if mask is None else as_numbers("mask", mask)
        counts = given.astype(bool)  # a copy: the caller may change the mask before backward
        if counts.shape != x.shape[:2]:
            raise ValueError(
                f"layer {self.name}: the mask must have shape {x.shape[:2]}: "
                f"received {counts.shape}."
            )
        # Each step's share of its mean; a row without words has no shares, and so the mean 0.
        share = (1 / np.maximum(counts.sum(axis=1, keepdims=True), 1)).astype(x.dtype)
        shares = counts * share
        with np.errstate(invalid="ignore"):  # 0 times an infinity in the padding
            outputs: Floats = np.matmul(shares[:, None, :], x)[:, 0, :]
        if mask is not None and not np.isfinite(outputs).all():
            # 0 times a NaN in the padding is NaN: write zeros there, and multiply again.
            x = np.where(counts[..., None], x, 0)
            outputs = np.matmul(shares[:, None, :], x)[:, 0, :]
        self._last = counts, share, outputs.shape
        return outputs

    def backward(self, gradient: Floats) -> Floats:
        """Spread each mean's gradient over the steps that made it.

        Parameters
        ----------
        gradient
            Shape (batch, features).

        Returns
        -------
        numpy.ndarray
            Shape (batch, steps, features); zero at the steps that were masked.

        Raises
        ------
        ValueError
            There was no call, or `gradient` has another shape than its outputs.
        TypeError
            `gradient` holds no numbers.
        """
        if self._last is None:
            raise ValueError(f"layer {self.name}: backward needs a call before it.")
        counts, share, shape = self._last
        # The way back from a mean is a look-up: every step finds its sentence's share of the
        # gradient, and padding a row of zeros behind them.
        given = self._gradient_of(gradient, shape) * share
        given = np.concatenate([given, np.zeros((1, shape[1]), given.dtype)])
        sentence = np.where(counts, np.arange(shape[0])[:, None], shape[0])
        return given.take(sentence, axis=0, mode="clip")

    def compute_mask(self, inputs: ArrayLike, mask: Mask | None = None) -> Mask | None:
        """Return `None`: after the mean there are no steps left to mask."""
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Drop the axis of the steps."""
        return (input_shape[0], input_shape[2])
