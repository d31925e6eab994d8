"""Keras's RMSprop with the dense result, at the cost of the rows that have a gradient."""

from __future__ import annotations

from typing import Any

from embedding_core.for_keras.backend import keras, tf
from embedding_core.for_keras.fading import Fading
from embedding_core.for_keras.memory import Rest
from embedding_core.for_keras.optimizer import ByRows
from embedding_core.for_keras.owing import Table


@keras.saving.register_keras_serializable(package="embedding_core")
class RMSprop(ByRows, keras.optimizers.RMSprop):  # type: ignore[misc]
    """`keras.optimizers.RMSprop`, with its arguments; see `embedding_core.for_keras`."""

    def slots_of(self, index: int) -> list[Any]:
        """Return the mean square, the momentum and the mean, as far as they are kept."""
        kept = (self._velocities, self._momentums, self._average_gradients)
        return [slots[index] for slots in kept if slots]

    def rest_of(self, table: Table) -> Rest:
        """Let the means fade, and a row with momentum coast."""
        kept = [
            (self.rho, 0.0),
            *([(self.momentum, 1.0)] if self.momentum > 0 else []),
            *([(self.rho, 0.0)] if self.centered else []),
        ]
        factors, drags = zip(*kept, strict=True)
        return Fading(factors, drags)

    def why_every_row(self, table: Table) -> str | None:
        """Return which factor would never let a row rest."""
        for name in ("rho", "momentum"):
            if not 0 <= getattr(self, name) < 1:
                return f"{name}={getattr(self, name)} is outside [0, 1), and leaves no row alone"
        return None

    def move(self, slots: list[Any], gradient: Any, step_size: Any) -> Any:
        """Make one step (Keras's formulas)."""
        square = self.rho * slots[0] + (1 - self.rho) * tf.square(gradient)
        below = square + self.epsilon
        slots[0] = square
        if self.centered:
            slots[-1] = self.rho * slots[-1] + (1 - self.rho) * gradient
            below = square - tf.square(slots[-1]) + self.epsilon
        step = step_size * gradient / tf.sqrt(below)
        if self.momentum > 0:
            slots[1] = step = self.momentum * slots[1] + step
        return step
