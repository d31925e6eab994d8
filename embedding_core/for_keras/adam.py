"""Keras's Adam with the dense result, at the cost of the rows that have a gradient."""

from __future__ import annotations

from typing import Any

from embedding_core.for_keras.backend import keras, tf
from embedding_core.for_keras.decay_sums import DecaySums, tolerance_of
from embedding_core.for_keras.memory import Rest
from embedding_core.for_keras.optimizer import ByRows
from embedding_core.for_keras.owing import Table
from embedding_core.optimizers.series import number_of_terms


@keras.saving.register_keras_serializable(package="embedding_core")
class Adam(ByRows, keras.optimizers.Adam):  # type: ignore[misc]
    """`keras.optimizers.Adam`, with its arguments; see `embedding_core.for_keras`.

    Keras's Adam moves every row at every step, because a row's mean gradient dies away slowly.
    Here a row is owed those moves until somebody reads it.
    """

    def slots_of(self, index: int) -> list[Any]:
        """Return the two moments."""
        return [self._momentums[index], self._velocities[index]]

    def rest_of(self, table: Table) -> Rest:
        """Let a row without a gradient go on along its mean gradient, which fades."""
        return DecaySums(self.beta_1, self.beta_2, self.epsilon, table.raw.dtype)

    def why_every_row(self, table: Table) -> str | None:
        """Return what makes the series of `decay_sums` useless."""
        if self.epsilon <= 0:
            return "with epsilon=0 a row's moves without a gradient have no closed form"
        if not all(0 <= beta < 1 for beta in (self.beta_1, self.beta_2)):
            return "a moment that never fades leaves no row alone"
        if not number_of_terms(self.beta_1, self.beta_2, tolerance_of(table.raw.dtype)):
            return (
                f"for beta_1={self.beta_1} and beta_2={self.beta_2} the series that makes up for "
                "missing steps does not converge quickly"
            )
        return None

    def step_size(self, learning_rate: Any, dtype: Any) -> Any:
        """Return the learning rate with the corrections of both moments."""
        step = tf.cast(self.iterations + 1, dtype)
        first, second = (1 - tf.pow(tf.cast(b, dtype), step) for b in (self.beta_1, self.beta_2))
        return tf.cast(learning_rate, dtype) * tf.sqrt(second) / first

    def move(self, slots: list[Any], gradient: Any, step_size: Any) -> Any:
        """Make one step (Keras's formulas)."""
        m, v = slots
        m = m + (gradient - m) * (1 - self.beta_1)
        v = v + (tf.square(gradient) - v) * (1 - self.beta_2)
        slots[:] = m, v
        return m * step_size / (tf.sqrt(v) + self.epsilon)
