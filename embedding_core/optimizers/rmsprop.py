"""RMSprop: each number steps by its gradient over the recent size of its gradients.

Keras's `RMSprop` (Hinton's lecture 6 of 2012). Without a gradient the running means fade by
the factor `rho` and the momentum by its own, dragging the weights along: powers and geometric
sums, which are owed to the row and made up for when somebody reads it (see `memory`). So a sparse
gradient costs what its rows cost, and the result is that of the dense update, with momentum and
centered too. The update is made densely when `epsilon` is 0.
"""

from typing import Any

import numpy as np

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import fraction, not_negative, switch
from embedding_core.optimizers.fading import Fading
from embedding_core.optimizers.memory import Rest
from embedding_core.optimizers.optimizer import Moved, Optimizer, Slots
from embedding_core.optimizers.schedules import Rate
from embedding_core.variable import Variable


class RMSprop(Optimizer):
    """Divide the gradient by the root of a running mean of its square.

    A step that is cut off is made whole or not at all: weights, running means and `iterations`,
    densely or by rows (see `Optimizer.apply`).

    Parameters
    ----------
    learning_rate
        How far a step goes: a number >= 0 or a `LearningRateSchedule`.
    rho
        How much of the running means is kept from step to step, in [0, 1).
    momentum
        Share of the last step that is made again, in [0, 1).
    epsilon
        Added under the root, a finite number >= 0.
    centered
        Divide by the root of the running variance instead. As in Keras, rounding can make a
        variance negative that is small against the gradient, and the result NaN: a larger
        `epsilon` prevents it.
    **kwargs
        `weight_decay`, clipping and `name`, see `Optimizer`.

    Raises
    ------
    TypeError, ValueError
        An argument outside its range, or as `Optimizer`.
    """

    def __init__(
        self,
        learning_rate: Rate = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.rho = fraction("rho", rho)
        self.momentum = fraction("momentum", momentum)
        self.epsilon = not_negative("epsilon", epsilon)
        self.centered = switch("centered", centered)

    def first_slots(self) -> list[float]:
        """Begin the mean square at 0, and the momentum and the mean where they are used."""
        return [0.0] * (1 + bool(self.momentum) + self.centered)

    def rest_of(self, variable: Variable) -> Rest:
        """Let all slots fade; the momentum drags the weights."""
        factors, drags = [self.rho], [0.0]
        if self.momentum:
            factors, drags = [*factors, self.momentum], [*drags, -1.0]
        if self.centered:
            factors, drags = [*factors, self.rho], [*drags, 0.0]
        return Fading(factors, drags)

    def dense_because(self, variable: Variable) -> str | None:
        """Say why each step updates the whole variable (see `Optimizer.dense_because`)."""
        if variable.dtype.type(self.epsilon) == 0:
            return f"epsilon={self.epsilon} is 0 in {variable.dtype}"
        return super().dense_because(variable)

    def move(self, value: Floats, slots: Slots, gradient: Floats, step_size: float) -> Moved:
        """Make one step (Keras's formulas)."""
        square = self.rho * slots[0] + (1 - self.rho) * np.square(gradient)
        mean = [self.rho * slots[-1] + (1 - self.rho) * gradient] if self.centered else []
        spread = square - np.square(mean[0]) if self.centered else square
        step = step_size * gradient / np.sqrt(spread + self.epsilon)
        momentum = [self.momentum * slots[1] + step] if self.momentum else []
        return [value - (momentum[0] if self.momentum else step), square, *momentum, *mean]
