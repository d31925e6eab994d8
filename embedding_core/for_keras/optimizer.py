"""What the optimizers of this package share: repeated ids added up, and tables served by row."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from embedding_core.for_keras.backend import tf, under_xla
from embedding_core.for_keras.memory import Memory, Rest
from embedding_core.for_keras.merging import added_up
from embedding_core.for_keras.owing import Owing, Table
from embedding_core.for_keras.reasons import why_dense


class ByRows:
    """To be inherited before one of Keras's optimizers, whose arguments and dense update it has.

    A subclass says what it keeps about a table, what a row without a gradient is owed, and how
    rows with one move.
    """

    built: bool
    loss_scale_factor: float | None

    def slots_of(self, index: int) -> list[Any]:
        """Return Keras's variables that hold what is remembered about variable `index`."""
        raise NotImplementedError

    def rest_of(self, table: Table) -> Rest | None:
        """Return what steps without a gradient do to a row of this table."""
        return None

    def why_every_row(self, table: Table) -> str | None:
        """Return why the optimizer's own settings make it move every row, or `None`."""
        return None

    def step_size(self, learning_rate: Any, dtype: Any) -> Any:
        """Return the factor of a step, a scalar."""
        return tf.cast(learning_rate, dtype)

    def move(self, slots: list[Any], gradient: Any, step_size: Any) -> Any:
        """Change the rows of the slots, in the list, and return what the weights lose."""
        raise NotImplementedError

    def build(self, variables: Sequence[Any]) -> None:
        """Make Keras's slots, and find the tables that can be served by row.

        Warns
        -----
        UserWarning
            A table has to be updated densely; the message says why.
        """
        if self.built:
            return
        super().build(variables)  # type: ignore[misc]
        for index, variable in enumerate(variables):
            if isinstance(variable, Table):
                self._serve(variable, index)

    def _serve(self, table: Table, index: int) -> None:
        table.served = True
        reason = why_dense(self, table)
        if reason is not None:
            warnings.warn(
                f"{type(self).__name__} updates the table of layer {table.layer_name!r} densely, "
                f"at a cost that grows with its rows: {reason}.",
                stacklevel=4,
            )
            return
        slots = self.slots_of(index)
        with tf.init_scope():
            memory = Memory(self, table.raw, [slot._value for slot in slots], self.rest_of(table))
        table.take_over(memory)
        for slot in slots:
            slot.__class__ = Owing
            slot.memory = memory

    def _memory_of(self, variable: Any) -> Memory | None:
        memory: Memory | None = variable.memory if isinstance(variable, Table) else None
        return memory if memory is not None and memory.optimizer() is self else None

    def apply(self, grads: Sequence[Any], trainable_variables: Any = None) -> None:
        """Make a step, as Keras does it."""
        if self.loss_scale_factor is not None:  # see `reasons`
            grads = [None if g is None else tf.convert_to_tensor(g) for g in grads]
        super().apply(grads, trainable_variables)  # type: ignore[misc]

    def _backend_apply_gradients(self, grads: Sequence[Any], variables: Sequence[Any]) -> None:
        """Add up repeated ids, before anything is clipped or squared."""
        grads = [
            # All replicas' slices would be put together later, and ids repeat again.
            tf.convert_to_tensor(g) if tf.distribute.has_strategy() else added_up(g)
            for g in grads
        ]
        super()._backend_apply_gradients(grads, variables)  # type: ignore[misc]

    def _apply_weight_decay(self, variables: Sequence[Any]) -> None:
        """Leave out the tables that are updated by row: those that decay are not, see `reasons`."""
        super()._apply_weight_decay(  # type: ignore[misc]
            [v for v in variables if self._memory_of(v) is None]
        )

    def _clip_gradients(self, grads: Sequence[Any]) -> list[Any]:
        """Clip the sums, as a dense gradient would be clipped, and leave slices slices."""
        arrays = [g.values if isinstance(g, tf.IndexedSlices) else g for g in grads]
        clipped = super()._clip_gradients(arrays)  # type: ignore[misc]
        return [
            tf.IndexedSlices(c, g.indices, g.dense_shape) if isinstance(g, tf.IndexedSlices) else c
            for g, c in zip(grads, clipped, strict=True)
        ]

    def _backend_update_step(
        self, grads: Sequence[Any], variables: Sequence[Any], learning_rate: Any
    ) -> None:
        """Move the rows that have a gradient, and leave everything else to Keras."""
        others = []
        for gradient, variable in zip(grads, variables, strict=True):
            memory = self._memory_of(variable)
            if memory is None or not isinstance(gradient, tf.IndexedSlices):
                others.append((_for_keras(gradient, variable), variable))
            else:
                self._update_rows(memory, gradient, variable, learning_rate)
        if others:
            super()._backend_update_step(*zip(*others, strict=True), learning_rate)  # type: ignore[misc]

    def _update_rows(self, memory: Memory, gradient: Any, table: Table, learning_rate: Any) -> None:
        if under_xla():
            raise ValueError(
                f"{type(self).__name__} cannot update the table of layer {table.layer_name!r} by "
                "row inside a function compiled by XLA (jit_compile=True), where the number of "
                "rows must be fixed. Leave jit_compile out, or use merged(...) of Keras's own "
                "optimizer."
            )
        table.still_valid()
        step_size = self.step_size(learning_rate, table.raw.dtype)
        values = tf.cast(gradient.values, table.raw.dtype)
        memory.step(gradient.indices, step_size, lambda slots: self.move(slots, values, step_size))

    def _var_key(self, variable: Any) -> Any:
        """Ask a table which variable it is, without reading it."""
        raw = variable.raw if isinstance(variable, Owing) else variable
        return super()._var_key(raw)  # type: ignore[misc]

    def _check_variables_are_known(self, variables: Sequence[Any]) -> None:
        known = self._trainable_variables_indices  # type: ignore[attr-defined]
        for variable in variables:
            if isinstance(variable, Table) and self._var_key(variable) not in known:
                raise ValueError(
                    f"{type(self).__name__} was built before the table of layer "
                    f"{variable.layer_name!r} was made, and does not know it. Build the layers "
                    "first, or make a new optimizer."
                )
        super()._check_variables_are_known(variables)  # type: ignore[misc]


def _for_keras(gradient: Any, variable: Any) -> Any:
    """Hand a table's gradient to Keras as an array: its update of a table is dense."""
    return tf.convert_to_tensor(gradient) if isinstance(variable, Table) else gradient
