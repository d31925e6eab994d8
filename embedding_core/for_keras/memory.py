"""What an optimizer remembers about a table, and which rows are owed how many steps.

The twin of `embedding_core.optimizers.memory` on TensorFlow's variables. The slots are Keras's
own; beside them stands one number a row, the step up to which the row has been moved.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from embedding_core.for_keras.backend import tf

# Numbers settled at once, so that settling a large table needs little extra memory.
_CHUNK = 1 << 18

# Steps after which all rows are settled, so that what is kept about past steps stays small.
LONGEST = 1 << 15

Rows = Sequence[Any]


class Rest(Protocol):
    """What steps without a gradient do to a row."""

    def advance(self, clock: Any, step_size: Any) -> None:
        """Take note of the step that makes the clock show `clock`."""

    def displacement(self, slots: Rows, last: Any, missed: Any) -> Any:
        """Return what `missed` steps after the step `last` have taken from the weights."""

    def fade(self, slots: Rows, missed: Any) -> list[Any]:
        """Return what is left of the slots after `missed` steps."""

    def restart(self) -> None:
        """Forget all steps: no row is owed one."""


class Memory:
    """The slots of one table, and the steps that its rows are owed.

    Parameters
    ----------
    optimizer
        Whose memory it is.
    table
        The TensorFlow variable that holds the table, shape (V, D).
    slots
        Those that hold what is remembered, of the same shape.
    rest
        What steps without a gradient do to a row; `None` when they do nothing.
    """

    def __init__(self, optimizer: Any, table: Any, slots: Rows, rest: Rest | None) -> None:
        self.optimizer = weakref.ref(optimizer)
        self.rest = rest
        self._table, self._slots = table, list(slots)
        if rest is None:
            return
        self._last = tf.Variable(tf.zeros(table.shape[0], tf.int32), trainable=False)
        self._clock = tf.Variable(0, dtype=tf.int32, trainable=False)
        self._settle_all = tf.function(self._all_rows, autograph=False)

    def displacement(self, ids: Any) -> Any:
        """Return what the rows `ids` are owed, to be taken from the weights; `None` is nothing."""
        if self.rest is None:
            return None
        missed, last = self._missed(ids)
        return self.rest.displacement(self._gathered(ids), last, missed)

    def step(self, ids: Any, step_size: Any, move: Callable[[list[Any]], Any]) -> None:
        """Make one step that touches the rows `ids`, which are distinct.

        Parameters
        ----------
        ids
            Shape (n,).
        step_size
            What the rest depends on, a scalar.
        move
            Gets the rows of the slots, settled, shape (n, D) each; changes the list to what is
            to be kept, and returns what is to be taken from the weights.
        """
        rest = self.rest
        if rest is None:
            slots = self._gathered(ids)
            taken = move(slots)
        else:
            _when(self._clock >= LONGEST, self._settle_all)
            missed, last = self._missed(ids)
            slots = self._gathered(ids)
            owed = rest.displacement(slots, last, missed)
            slots = rest.fade(slots, missed)
            taken = move(slots)
            taken = taken if owed is None else taken + owed
            clock = self._clock.assign_add(1, read_value=True)
            rest.advance(clock, step_size)
            _write(self._last, ids, tf.fill(tf.shape(ids), clock))
        tf.raw_ops.ResourceScatterSub(resource=self._table.handle, indices=ids, updates=taken)
        for slot, rows in zip(self._slots, slots, strict=True):
            _write(slot, ids, rows)

    def settle(self) -> None:
        """Make up for all missing steps of all rows."""
        if self.rest is None or (tf.executing_eagerly() and not int(self._clock)):
            return
        self._settle_all()

    def _missed(self, ids: Any) -> tuple[Any, Any]:
        last = tf.gather(self._last, ids)
        return (self._clock - last)[..., None], last

    def _gathered(self, ids: Any) -> list[Any]:
        return [tf.gather(slot, ids) for slot in self._slots]

    def _all_rows(self) -> None:
        _when(self._clock > 0, self._chunk_by_chunk)

    def _chunk_by_chunk(self) -> None:
        assert self.rest is not None
        num_rows, width = self._table.shape
        chunk = max(1, _CHUNK // width)

        def settle_chunk(start: Any) -> Any:
            self._settle_rows(tf.range(start, tf.minimum(start + chunk, num_rows)))
            return start + chunk

        tf.while_loop(lambda start: start < num_rows, settle_chunk, [0], parallel_iterations=1)
        self._last.assign(tf.zeros_like(self._last))
        self._clock.assign(0)
        self.rest.restart()

    def _settle_rows(self, ids: Any) -> None:
        assert self.rest is not None
        missed, last = self._missed(ids)
        slots = self._gathered(ids)
        owed = self.rest.displacement(slots, last, missed)
        if owed is not None:
            tf.raw_ops.ResourceScatterSub(resource=self._table.handle, indices=ids, updates=owed)
        for slot, rows in zip(self._slots, self.rest.fade(slots, missed), strict=True):
            _write(slot, ids, rows)


def _write(variable: Any, ids: Any, rows: Any) -> None:
    tf.raw_ops.ResourceScatterUpdate(resource=variable.handle, indices=ids, updates=rows)


def _when(condition: Any, work: Callable[[], None]) -> None:
    """Do the work, in a graph too, if the condition holds when it is run."""

    def worked() -> int:
        work()
        return 0

    tf.cond(condition, worked, lambda: 0)
