"""What most optimizers do to a row without a gradient: what is remembered fades by a factor."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Fading:
    """Slots that are multiplied by a factor at each step, and may drag the weights along.

    After k steps a slot with factor f is f^k of what it was, and has moved the weights by
    `drag` times the geometric sum f + f^2 + ... + f^k = f (1 - f^k) / (1 - f) times itself.

    Parameters
    ----------
    factors
        One for each slot, in [0, 1).
    drags
        How much of each slot is added to the weights at each step.
    """

    def __init__(self, factors: Sequence[float], drags: Sequence[float]) -> None:
        self._slots = list(zip(factors, drags, strict=True))

    def advance(self, clock: int, step_size: float) -> None:
        """Take note of nothing: steps differ only in their gradients."""

    def restart(self) -> None:
        """Forget nothing."""

    def make_up(self, block: NDArray[Any], last: NDArray[np.int64], clock: int) -> None:
        """Move rows (weights, slots) in place from the steps `last` to the step `clock`."""
        missed = (clock - last)[:, None]
        value = block[0]
        for slot, (factor, drag) in zip(block[1:], self._slots, strict=True):
            fade = factor**missed
            if drag:
                value += slot * (drag * factor * (1 - fade) / (1 - factor)).astype(slot.dtype)
            slot *= fade.astype(slot.dtype)
