"""How far Adam moves a row in any number of steps without a gradient, in one go.

The twin of `embedding_core.optimizers.decay_sums`, which derives it, on TensorFlow.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embedding_core.for_keras.backend import tf
from embedding_core.for_keras.fading import power
from embedding_core.for_keras.memory import LONGEST
from embedding_core.optimizers.series import decay_and_shrink, number_of_terms


class DecaySums:
    """The sums S_n for every step that a row may have been touched last, kept in one variable.

    Parameters
    ----------
    beta_1, beta_2, epsilon
        Adam's.
    dtype
        Of the table.
    """

    def __init__(self, beta_1: float, beta_2: float, epsilon: float, dtype: Any) -> None:
        self._betas, self._epsilon = (beta_1, beta_2), epsilon
        terms = number_of_terms(beta_1, beta_2, tolerance_of(dtype))
        decay, shrink = decay_and_shrink(beta_1, beta_2)
        added = np.stack([decay * shrink**n for n in range(terms)], axis=1)
        self._added, self._window = tf.constant(added, dtype), len(added)
        # Before the first steps the window reaches back to steps that were never made.
        rows = LONGEST + self._window + 1
        self._sums = tf.Variable(tf.zeros((rows, terms), dtype), trainable=False)

    def restart(self) -> None:
        """Forget all steps: every row has been settled, and the clock stands at 0."""
        self._sums.assign(tf.zeros_like(self._sums))

    def advance(self, clock: Any, step_size: Any) -> None:
        """Add what the step that makes the clock show `clock` does to rows without gradient."""
        tf.raw_ops.ResourceScatterAdd(
            resource=self._sums.handle,
            indices=tf.range(clock, clock + self._window),
            updates=step_size * self._added,
        )

    def displacement(self, slots: Sequence[Any], last: Any, missed: Any) -> Any:
        """Return how far rows with these moments, last touched then, have moved since."""
        m, v = slots
        root = tf.sqrt(v)
        bottom = root + self._epsilon
        ratio = root / bottom
        sums = tf.gather(self._sums, last + self._window)
        total = sums[..., -1:]
        for n in reversed(range(sums.shape[-1] - 1)):
            total = sums[..., n : n + 1] - ratio * total
        return total * m / bottom

    def fade(self, slots: Sequence[Any], missed: Any) -> list[Any]:
        """Return what is left of the moments after `missed` steps."""
        return [
            slot * tf.cast(power(beta, missed), slot.dtype)
            for slot, beta in zip(slots, self._betas, strict=True)
        ]


def tolerance_of(dtype: Any) -> float:
    """Return the largest error of the series that a table of this dtype may see."""
    return 1e-12 if tf.as_dtype(dtype) == tf.float64 else 1e-6
