"""Adagrad: each number steps less the more it has been moved already.

Keras's `Adagrad` (Duchi, Hazan and Singer 2011). A gradient of 0 neither adds to the sum of
squares nor moves the weights, so rows that nobody looked up stay as they are, and a sparse
gradient gives the dense result without anything being owed.
"""

from typing import Any

import numpy as np

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import not_negative
from embedding_core.optimizers.optimizer import Moved, Optimizer, Slots
from embedding_core.optimizers.schedules import Rate
from embedding_core.variable import Variable


class Adagrad(Optimizer):
    """Divide the gradient by the root of the sum of all its squares so far.

    A step that is cut off is made whole or not at all: weights, sums and `iterations`, densely
    or by rows (see `Optimizer.apply`).

    Parameters
    ----------
    learning_rate
        How far a step goes: a number >= 0 or a `LearningRateSchedule`.
    initial_accumulator_value
        Where the sum begins, >= 0.
    epsilon
        Added to the sum under the root, >= 0. With both at 0 the update is made densely: 0 / 0
        of a row without gradients is NaN, as in Keras.
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
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-7,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.initial_accumulator_value = not_negative(
            "initial_accumulator_value", initial_accumulator_value
        )
        self.epsilon = not_negative("epsilon", epsilon)

    def first_slots(self) -> list[float]:
        """Begin the sum of squares."""
        return [self.initial_accumulator_value]

    def dense_because(self, variable: Variable) -> str | None:
        """Say why each step updates the whole variable (see `Optimizer.dense_because`)."""
        if variable.dtype.type(self.initial_accumulator_value + self.epsilon) == 0:
            return f"initial_accumulator_value and epsilon are 0 in {variable.dtype}"
        return super().dense_because(variable)

    def move(self, value: Floats, slots: Slots, gradient: Floats, step_size: float) -> Moved:
        """Make one step (Keras's formulas)."""
        total = slots[0] + np.square(gradient)
        return [value + -step_size * gradient / np.sqrt(total + self.epsilon), total]
