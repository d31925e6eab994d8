"""Adam: each number steps by its own mean gradient over its own typical size.

Keras's `Adam` (Kingma and Ba 2015), with its formulas. A row's mean gradient dies away only
slowly, so Adam moves rows that nobody looked up in this batch. For a gradient given as
`IndexedSlices` these moves are owed and made up for when somebody reads the row (see
`deferred`): the result of the dense update, at a cost that depends on the touched rows only.
The update is made densely when the variable has a constraint, when `epsilon` is 0, or when
`beta_2` is so small that the series in `deferred` would need more than 12 terms.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core._types import Config, Floats, Ids
from embedding_core.ops import IndexedSlices
from embedding_core.optimizers.deferred import DecaySums, Deferral
from embedding_core.optimizers.optimizer import Optimizer, fraction, not_negative
from embedding_core.variable import Variable


class Adam(Optimizer):
    """Divide a running mean of the gradient by the root of a running mean of its square.

    Parameters
    ----------
    learning_rate
        About how far each number moves in a step.
    beta_1, beta_2
        How much of the two running means is kept from step to step, in [0, 1).
    epsilon
        Added to the denominator; a finite number >= 0.

    Raises
    ------
    ValueError
        An argument outside its range.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
    ) -> None:
        super().__init__(learning_rate)
        self.beta_1 = fraction("beta_1", beta_1)
        self.beta_2 = fraction("beta_2", beta_2)
        self.epsilon = not_negative("epsilon", epsilon)
        self._moments: list[_Moments] = []

    def build(self, variables: Sequence[Variable]) -> None:
        """Start both running means of each variable at 0."""
        super().build(variables)
        self._moments = [_Moments(v, self.beta_1, self.beta_2, self.epsilon) for v in variables]

    def update_step(
        self, gradient: Floats | IndexedSlices, variable: Variable, learning_rate: float
    ) -> None:
        """Make one step (Keras's formulas)."""
        step = self.iterations + 1
        alpha = learning_rate * (1 - self.beta_2**step) ** 0.5 / (1 - self.beta_1**step)
        moments = self._moments[self.index_of(variable)]
        if isinstance(gradient, IndexedSlices):
            if moments.can_wait and variable.constraint is None:
                moments.move_rows(variable, gradient, alpha)
                return
            gradient = gradient.dense()
        table = variable.value.copy()  # reading it settles every row that was owed a step
        moments.move(table, ..., gradient, alpha)
        variable.assign(table)

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }


class _Moments:
    """What Adam remembers about one variable: the running means m and v."""

    def __init__(self, variable: Variable, beta_1: float, beta_2: float, epsilon: float) -> None:
        self.m: Floats = np.zeros(variable.shape, variable.dtype)
        self.v: Floats = np.zeros(variable.shape, variable.dtype)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.can_wait = False
        if len(variable.shape) == 2 and epsilon > 0:
            tolerance = 1e-12 if variable.dtype == np.float64 else 1e-6
            self.sums = DecaySums(beta_1, beta_2, tolerance)
            self.deferral = Deferral(variable.shape[0], self.catch_up)
            self.can_wait = self.sums.terms > 0

    def move(self, table: NDArray[Any], at: Any, gradient: Floats, alpha: float) -> None:
        """Move the numbers at an index of the table, in place, by one step."""
        m = self.beta_1 * self.m[at] + (1 - self.beta_1) * gradient
        v = self.beta_2 * self.v[at] + (1 - self.beta_2) * np.square(gradient)
        table[at] -= alpha * m / (np.sqrt(v) + self.epsilon)
        self.m[at], self.v[at] = m, v

    def move_rows(self, variable: Variable, gradient: IndexedSlices, alpha: float) -> None:
        """Move the rows that have a gradient; the others are owed this step."""
        rows = gradient.indices
        table = self.deferral.step(variable, rows)
        self.sums.advance(self.deferral.clock, alpha)
        self.move(table, rows, gradient.values, alpha)

    def catch_up(self, table: NDArray[Any], rows: Ids, last: NDArray[np.int64], clock: int) -> None:
        """Move rows by all their steps without a gradient at once."""
        m, v = self.m[rows], self.v[rows]
        table[rows] -= self.sums.displacement(m, v, last, self.epsilon)
        missed = (clock - last)[:, None]
        self.m[rows] = m * (self.beta_1**missed).astype(m.dtype)
        self.v[rows] = v * (self.beta_2**missed).astype(v.dtype)
