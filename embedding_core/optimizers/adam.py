"""Adam: each number steps by its own mean gradient over its own typical size.

Keras's `Adam` (Kingma and Ba 2015), with its formulas. A row's mean gradient dies away only
slowly, so Adam moves rows that nobody looked up in this batch. For a gradient given as
`IndexedSlices` these moves are owed and made up for when somebody reads the row (see
`memory` and `decay_sums`): the result of the dense update, at a cost that depends on the touched
rows only. The update is made densely when `epsilon` is 0, with `amsgrad`, or when the decay rates
are such that the series in `decay_sums` would need more than 12 terms or reach back too far.
"""

from typing import Any

import numpy as np

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import fraction, not_negative, switch
from embedding_core.ground.compiled import compiled
from embedding_core.optimizers.decay_sums import DecaySums
from embedding_core.optimizers.memory import Rest
from embedding_core.optimizers.optimizer import Moved, Optimizer, Slots
from embedding_core.optimizers.schedules import Rate
from embedding_core.optimizers.series import number_of_terms
from embedding_core.variable import Variable


class Adam(Optimizer):
    """Divide a running mean of the gradient by the root of a running mean of its square.

    A step that is cut off is made whole or not at all: weights, running means and `iterations`,
    densely or by rows (see `Optimizer.apply`).

    Parameters
    ----------
    learning_rate
        About how far each number moves in a step: a number >= 0 or a `LearningRateSchedule`.
    beta_1, beta_2
        How much of the two running means is kept from step to step, in [0, 1).
    epsilon
        Added to the denominator; a finite number >= 0.
    amsgrad
        Divide by the largest running mean of the square so far, so that no step grows again
        (Reddi, Kale and Kumar 2018).
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
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(learning_rate, **kwargs)
        self.beta_1 = fraction("beta_1", beta_1)
        self.beta_2 = fraction("beta_2", beta_2)
        self.epsilon = not_negative("epsilon", epsilon)
        self.amsgrad = switch("amsgrad", amsgrad)

    def first_slots(self) -> list[float]:
        """Begin both running means at 0, and the largest of the second as well."""
        return [0.0, 0.0, 0.0] if self.amsgrad else [0.0, 0.0]

    def rest_of(self, variable: Variable) -> Rest | None:
        """Let a row without a gradient drift on, where the series can tell how far."""
        if self.amsgrad or self._terms(variable) == 0:
            return None
        return DecaySums(self.beta_1, self.beta_2, self.epsilon, _tolerance(variable))

    def dense_because(self, variable: Variable) -> str | None:
        """Say why each step updates the whole variable (see `Optimizer.dense_because`)."""
        if variable.dtype.type(self.epsilon) == 0:
            return f"epsilon={self.epsilon} is 0 in {variable.dtype}"
        if self.amsgrad:
            return "amsgrad divides by the largest mean a row has had, for which there is no series"
        if self._terms(variable) == 0:
            return f"beta_1={self.beta_1} and beta_2={self.beta_2} allow no short series"
        return super().dense_because(variable)

    def _terms(self, variable: Variable) -> int:
        return number_of_terms(self.beta_1, self.beta_2, _tolerance(variable))

    def step_size(self, learning_rate: float) -> float:
        """Correct the learning rate for running means that begin at 0."""
        step = self.iterations + 1
        return float(learning_rate * (1 - self.beta_2**step) ** 0.5 / (1 - self.beta_1**step))

    def move(self, value: Floats, slots: Slots, gradient: Floats, step_size: float) -> Moved:
        """Make one step (Keras's formulas)."""
        if not self.amsgrad:
            rates = self.beta_1, self.beta_2, self.epsilon, step_size
            return adam_step(value, slots[0], slots[1], gradient, *rates)
        m, v = _means(slots[0], slots[1], gradient, self.beta_1, self.beta_2)
        largest = np.maximum(slots[2], v)
        return [value + -step_size * m / (np.sqrt(largest) + self.epsilon), m, v, largest]


@compiled
def adam_step(
    value: Floats,
    m: Floats,
    v: Floats,
    gradient: Floats,
    beta_1: float,
    beta_2: float,
    epsilon: float,
    step_size: float,
) -> Moved:
    """Move weights of any shape, and both of their running means, by one step: `Adam.move`."""
    m, v = _means(m, v, gradient, beta_1, beta_2)
    root = np.sqrt(v)
    root += epsilon
    return [value + -step_size * m / root, m, v]


def _means(m: Floats, v: Floats, gradient: Floats, beta_1: float, beta_2: float) -> list[Floats]:
    m, v = beta_1 * m, beta_2 * v
    m += (1 - beta_1) * gradient
    v += (1 - beta_2) * np.square(gradient)
    return [m, v]


def _tolerance(variable: Variable) -> float:
    return 1e-12 if variable.dtype == np.float64 else 1e-6
