"""Keras's Adagrad with the dense result, at the cost of the rows that have a gradient."""

from __future__ import annotations

from typing import Any

from embedding_core.for_keras.backend import keras, tf
from embedding_core.for_keras.optimizer import ByRows


@keras.saving.register_keras_serializable(package="embedding_core")
class Adagrad(ByRows, keras.optimizers.Adagrad):  # type: ignore[misc]
    """`keras.optimizers.Adagrad`, with its arguments; see `embedding_core.for_keras`.

    A row without a gradient is owed nothing: its sum of squares stays as it is.
    """

    def slots_of(self, index: int) -> list[Any]:
        """Return the sum of squares."""
        return [self._accumulators[index]]

    def move(self, slots: list[Any], gradient: Any, step_size: Any) -> Any:
        """Make one step (Keras's formulas)."""
        slots[0] = slots[0] + tf.square(gradient)
        return step_size * gradient / tf.sqrt(slots[0] + self.epsilon)
