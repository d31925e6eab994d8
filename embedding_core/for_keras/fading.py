"""What most optimizers do to a row without a gradient: what is remembered fades by a factor.

The twin of `embedding_core.optimizers.fading` on TensorFlow.
"""

from collections.abc import Sequence
from typing import Any

from embedding_core.for_keras.backend import tf


class Fading:
    """Slots that are multiplied by a factor at each step, and may drag the weights along.

    After k steps a slot with factor f is f^k of what it was, and has taken `drag` times the
    geometric sum f + f^2 + ... + f^k = f (1 - f^k) / (1 - f) times itself from the weights.

    Parameters
    ----------
    factors
        One for each slot, in [0, 1).
    drags
        How much of each slot is taken from the weights at each step.
    """

    def __init__(self, factors: Sequence[float], drags: Sequence[float]) -> None:
        self._factors, self._drags = list(factors), list(drags)

    def advance(self, clock: Any, step_size: Any) -> None:
        """Take note of nothing: steps differ only in their gradients."""

    def restart(self) -> None:
        """Forget nothing."""

    def displacement(self, slots: Sequence[Any], last: Any, missed: Any) -> Any:
        """Return what `missed` steps have taken from the weights, `None` where nothing drags."""
        total = None
        for slot, factor, drag in zip(slots, self._factors, self._drags, strict=True):
            if drag:
                share = drag * factor * (1 - power(factor, missed)) / (1 - factor)
                moved = slot * tf.cast(share, slot.dtype)
                total = moved if total is None else total + moved
        return total

    def fade(self, slots: Sequence[Any], missed: Any) -> list[Any]:
        """Return what is left of the slots after `missed` steps."""
        return [
            slot * tf.cast(power(factor, missed), slot.dtype)
            for slot, factor in zip(slots, self._factors, strict=True)
        ]


def power(factor: float, missed: Any) -> Any:
    """Return factor^missed in float64, shape as `missed`: one number a row costs little."""
    return tf.pow(tf.constant(factor, tf.float64), tf.cast(missed, tf.float64))
