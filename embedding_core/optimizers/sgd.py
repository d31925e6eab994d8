"""Gradient descent: move against the gradient.

Keras's `SGD`. Without momentum a row nobody looked up does not move, so a sparse gradient
costs what its rows cost. With momentum every row that ever moved keeps moving, and the whole
table is updated.
"""

from collections.abc import Sequence

import numpy as np

from embedding_core._types import Config, Floats
from embedding_core.ops import IndexedSlices
from embedding_core.optimizers.optimizer import Optimizer, fraction
from embedding_core.variable import Variable


class SGD(Optimizer):
    """Subtract the gradient times the learning rate.

    Parameters
    ----------
    learning_rate
        How far a step goes.
    momentum
        Share of the last step that is made again, in [0, 1).
    nesterov
        Look ahead along the momentum before stepping.
    """

    def __init__(
        self, learning_rate: float = 0.01, momentum: float = 0.0, nesterov: bool = False
    ) -> None:
        super().__init__(learning_rate)
        self.momentum = fraction("momentum", momentum)
        self.nesterov = nesterov
        self._velocities: list[Floats] = []

    def build(self, variables: Sequence[Variable]) -> None:
        """Remember a velocity of 0 for each variable, if there is momentum."""
        super().build(variables)
        if self.momentum:
            self._velocities = [np.zeros_like(v.value) for v in variables]

    def update_step(
        self, gradient: Floats | IndexedSlices, variable: Variable, learning_rate: float
    ) -> None:
        """Make one step (Keras's formulas)."""
        if isinstance(gradient, IndexedSlices) and not self.momentum:
            rows = gradient.indices
            variable.assign_rows(rows, variable.rows(rows) - learning_rate * gradient.values)
            return
        dense = gradient.dense() if isinstance(gradient, IndexedSlices) else gradient
        step = -learning_rate * dense
        if self.momentum:
            velocity = self._velocities[self.index_of(variable)]
            velocity[...] = self.momentum * velocity + step
            step = self.momentum * velocity + step if self.nesterov else velocity
        variable.assign(variable.value + step)

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        config = super().get_config()
        return {**config, "momentum": self.momentum, "nesterov": self.nesterov}
