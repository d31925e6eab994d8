"""Keras's SGD with the dense result, at the cost of the rows that have a gradient."""

from __future__ import annotations

from typing import Any

from embedding_core.for_keras.backend import keras
from embedding_core.for_keras.fading import Fading
from embedding_core.for_keras.memory import Rest
from embedding_core.for_keras.optimizer import ByRows
from embedding_core.for_keras.owing import Table


@keras.saving.register_keras_serializable(package="embedding_core")
class SGD(ByRows, keras.optimizers.SGD):  # type: ignore[misc]
    """`keras.optimizers.SGD`, with its arguments; see `embedding_core.for_keras`."""

    def slots_of(self, index: int) -> list[Any]:
        """Return the last step, if there is momentum."""
        return [self.momentums[index]] if self.momentum else []

    def rest_of(self, table: Table) -> Rest | None:
        """Let a row with momentum coast. Keras's slot points the way the weights go."""
        drag = -(self.momentum if self.nesterov else 1.0)
        return Fading([self.momentum], [drag]) if self.momentum else None

    def why_every_row(self, table: Table) -> str | None:
        """Return which factor would never let a row rest."""
        return "momentum=1 leaves no row alone" if self.momentum == 1 else None

    def move(self, slots: list[Any], gradient: Any, step_size: Any) -> Any:
        """Make one step (Keras's formulas)."""
        step = step_size * gradient
        if not self.momentum:
            return step
        slots[0] = self.momentum * slots[0] - step
        return step - self.momentum * slots[0] if self.nesterov else -slots[0]
