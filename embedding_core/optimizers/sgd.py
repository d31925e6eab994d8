"""Gradient descent: move against the gradient.

Keras's `SGD`. Without momentum a row nobody looked up does not move. With momentum it makes
a share of its last step again, and again a share of that: a geometric sum, which is owed to the
row and made up for when somebody reads it (see `memory`). So a sparse gradient costs what its
rows cost, and the result is that of the dense update.
"""

from typing import Any

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import fraction, switch
from embedding_core.optimizers.fading import Fading
from embedding_core.optimizers.memory import Rest
from embedding_core.optimizers.optimizer import Moved, Optimizer, Slots
from embedding_core.optimizers.schedules import Rate
from embedding_core.variable import Variable


class SGD(Optimizer):
    """Subtract the gradient times the learning rate.

    A step that is cut off is made whole or not at all: weights, momentum and `iterations`, densely
    or by rows (see `Optimizer.apply`).

    Parameters
    ----------
    learning_rate
        How far a step goes: a number >= 0 or a `LearningRateSchedule`.
    momentum
        Share of the last step that is made again, in [0, 1).
    nesterov
        Look ahead along the momentum before stepping.
    **kwargs
        `weight_decay`, clipping and `name`, see `Optimizer`.

    Raises
    ------
    TypeError, ValueError
        An argument outside its range, or as `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.momentum = fraction("momentum", momentum)
        self.nesterov = switch("nesterov", nesterov)

    def first_slots(self) -> list[float]:
        """Remember the last step, if there is momentum."""
        return [0.0] if self.momentum else []

    def rest_of(self, variable: Variable) -> Rest | None:
        """Let a row without a gradient coast."""
        if not self.momentum:
            return None
        return Fading([self.momentum], [self.momentum if self.nesterov else 1.0])

    def move(self, value: Floats, slots: Slots, gradient: Floats, step_size: float) -> Moved:
        """Make one step (Keras's formulas)."""
        if not self.momentum:
            return [value + -step_size * gradient]
        velocity = self.momentum * slots[0] + -step_size * gradient
        if self.nesterov:
            return [value + (self.momentum * velocity + -step_size * gradient), velocity]
        return [value + velocity, velocity]
