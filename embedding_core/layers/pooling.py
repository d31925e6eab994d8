"""From one vector for each word to one vector for the sentence: the mean.

Keras's `GlobalAveragePooling1D`. Difference: a row that is all padding has the mean 0 here; Keras
divides by zero and the NaN spreads into every weight.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Config, Floats, Mask, Shape
from embedding_core.ground.checks import as_numbers, one_of, switch
from embedding_core.ground.configurable import arguments_of
from embedding_core.layers.layer import Layer


class GlobalAveragePooling1D(Layer):
    """Average over the steps that are not padding.

    Parameters
    ----------
    data_format
        "channels_last" for inputs (batch, steps, features), or "channels_first" for
        (batch, features, steps).
    keepdims
        Keep the axis of the steps, with length 1.
    **kwargs
        `name`, `dtype` and `trainable`, see `Layer`.

    Raises
    ------
    TypeError
        As `Layer`; `keepdims` is neither True nor False.
    ValueError
        Another `data_format`.
    """

    supports_masking = True
    _last: tuple[Mask, Floats, Shape] | None = None

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        first = "channels_last" if data_format is None else data_format
        self.data_format = one_of("data_format", first, ("channels_last", "channels_first"))
        self.keepdims = switch("keepdims", keepdims)
        self._steps = 1 if self.data_format == "channels_last" else 2

    def call(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Average over the axis of the steps.

        Parameters
        ----------
        inputs
            Shape (batch, steps, features), or as `data_format` says.
        mask
            Shape (batch, steps), True where a step counts; `None` counts all.

        Returns
        -------
        numpy.ndarray
            Shape (batch, features), with `keepdims` the axis of the steps between or behind them;
            the inputs' dtype, the layer's for integers.

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
            axes = "steps, features" if self._steps == 1 else "features, steps"
            raise ValueError(f"layer {self.name} needs inputs (batch, {axes}): received {x.shape}.")
        x = x if self._steps == 1 else x.swapaxes(1, 2)
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
        outputs = np.expand_dims(outputs, self._steps) if self.keepdims else outputs
        self._last = counts, share, outputs.shape
        return outputs

    def backward(self, gradient: Floats) -> Floats:
        """Spread each mean's gradient over the steps that made it.

        Parameters
        ----------
        gradient
            Of the outputs' shape.

        Returns
        -------
        numpy.ndarray
            The inputs' shape; zero at the steps that were masked.

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
        given = self._gradient_of(gradient, shape)
        given = (given.squeeze(self._steps) if self.keepdims else given) * share
        # The way back from a mean is a look-up: every step finds its sentence's share of the
        # gradient, and padding a row of zeros behind them.
        samples, features = given.shape
        given = np.concatenate([given, np.zeros((1, features), given.dtype)])
        sentence = np.where(counts, np.arange(samples)[:, None], samples)
        back: Floats = given.take(sentence, axis=0, mode="clip")
        return back if self._steps == 1 else back.swapaxes(1, 2)

    def compute_mask(self, inputs: ArrayLike, mask: Mask | None = None) -> Mask | None:
        """Return `None`: after the mean there are no steps left to mask."""
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Drop the axis of the steps, or make it 1 long."""
        kept = (1,) if self.keepdims else ()
        return (*input_shape[: self._steps], *kept, *input_shape[self._steps + 1 :])

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        return super().get_config() | arguments_of(self, GlobalAveragePooling1D)
