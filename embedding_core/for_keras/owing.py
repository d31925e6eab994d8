"""Keras variables whose rows may be owed some steps, and which show nobody an unsettled row."""

from __future__ import annotations

import warnings
import weakref
from typing import Any

from embedding_core.for_keras.backend import exporting, keras, tf
from embedding_core.for_keras.memory import Memory


class Owing(keras.Variable):  # type: ignore[misc]
    """A variable that makes up for all missing steps before it is read or assigned as a whole.

    A Keras variable becomes one by having its class changed, because Keras makes the variables
    of layers and optimizers itself. All that reads it from outside goes through `value`; the
    optimizer and the layer, who know which rows they want, use `raw`. What takes `_value` out of
    the variable, or reads from its `handle`, is not seen here.

    Attributes
    ----------
    memory
        What knows about the missing steps; `None` when no step can be missing.
    """

    memory: Memory | None = None

    @property
    def value(self) -> Any:
        """The TensorFlow variable, with all rows settled, in a graph whenever it is run."""
        if exporting():
            self.settle_now()
        elif self.memory is not None:
            self.memory.settle()
        return super().value

    @property
    def raw(self) -> Any:
        """The TensorFlow variable as it is, rows that are owed steps included."""
        return self._value

    @property
    def handle(self) -> Any:
        """The resource, by which TensorFlow asks which variable this is, not what it holds."""
        return self._value.handle

    def settle_now(self) -> None:
        """Settle all rows at once, also while a graph is being made."""
        if self.memory is not None:
            with tf.init_scope():
                if tf.executing_eagerly():  # not in a graph of TensorFlow 1, as savers make one
                    self.memory.settle()

    def _direct_assign(self, value: Any) -> None:
        if self.memory is not None:
            self.memory.settle()
        super()._direct_assign(value)


class Table(Owing):
    """The table of an `Embedding` of this package.

    Attributes
    ----------
    served
        Whether an optimizer of this package trains it, which adds up repeated ids itself.
    layer_name
        For messages.
    mixed
        Whether its rows are used in another precision than they are kept in.
    """

    served = False
    layer_name = ""
    mixed = False

    def begin(self, layer: Any) -> None:
        """Get ready, when the layer has been built."""
        self.layer_name = layer.name
        self.mixed = layer.compute_dtype != layer.variable_dtype
        self._known_to: weakref.WeakSet[Any] = weakref.WeakSet()
        with tf.init_scope():
            self._generation = tf.Variable(0, trainable=False, dtype=tf.int32)
        self._generations, self._arrays, self._said = 0, 0, False

    @property
    def value(self) -> Any:
        """The TensorFlow variable, with all rows settled, in a graph whenever it is run."""
        if not exporting():
            self.still_valid()
        return super().value

    def rows(self, ids: Any, reader: Any = None, by_row: bool | None = None) -> Any:
        """Look rows up.

        Parameters
        ----------
        ids
            int32 or int64, of any shape (...), in [0, V).
        reader
            The outermost Keras layer or model that is being called, if there is one.
        by_row
            Whether the optimizer that will get the gradient is one of this package; by default
            whether one has been built for the table.

        Returns
        -------
        tensor
            Shape (..., D): the rows as the dense update would have them. Their gradient names
            each row once for an optimizer of this package, and is dense for any other.
        """
        if exporting():
            self.settle_now()
            return tf.gather(self._value, ids)
        if reader is not None:
            self._known_to.add(reader)
        if not (self.served if by_row is None else by_row):
            return tf.gather(self._added_up(tf.convert_to_tensor(self)), ids)
        self.still_valid()
        distinct, place = tf.unique(tf.reshape(ids, [-1]))
        rows = tf.gather(self._value, distinct)
        displacement = None if self.memory is None else self.memory.displacement(distinct)
        if displacement is not None:
            rows -= tf.stop_gradient(displacement)
        return tf.reshape(_spread(rows, place), (*keras.ops.shape(ids), rows.shape[-1]))

    def take_over(self, memory: Memory) -> None:
        """Let an optimizer keep its memory of this table; the one before it has to stand back.

        Functions that were traced before would read rows without what they are owed. Those of
        the Keras models that have used the table are dropped, to be traced again; others raise.
        """
        self.settle_now()
        before, self.memory, self.served = self.memory, memory, True
        if memory.rest is None and (before is None or before.rest is None):
            return  # no row is ever owed anything
        with tf.init_scope():
            self._generation.assign_add(1)
        self._generations += 1
        for model in self._known_to:
            for name in ("test_function", "predict_function"):
                if hasattr(model, name):
                    setattr(model, name, None)

    def _added_up(self, table: Any) -> Any:
        """Hand the table on, and hand its gradient back as an array: repeated ids are added up."""

        @tf.custom_gradient  # type: ignore[untyped-decorator]
        def hand_on(table: Any) -> Any:
            return tf.identity(table), self._as_array

        return hand_on(table)

    def _as_array(self, gradient: Any) -> Any:
        # The first gradient may come before our optimizer has been built.
        self._arrays += 1
        if self._arrays > 1 and not self.served:
            self.say_dense("no optimizer of embedding_core.for_keras has been built for it")
        return tf.convert_to_tensor(gradient)

    def say_dense(self, reason: str) -> None:
        """Warn, once, that the table's gradient is an array."""
        if not self._said:
            self._said = True
            warnings.warn(
                f"the gradient of the table of layer {self.layer_name!r} is made as an array, with "
                f"repeated ids added up, at a cost that grows with its rows: {reason}.",
                stacklevel=2,
            )

    def still_valid(self) -> None:
        """In a graph, stop it from being run after another optimizer has taken the table over."""
        if tf.executing_eagerly():
            return
        tf.raw_ops.Assert(
            condition=tf.equal(self._generation, self._generations),
            data=[
                f"this function was traced before the optimizer that now trains the table of layer "
                f"{self.layer_name!r} was built, and would read rows that are owed steps. Build "
                "the optimizer first (optimizer.build(model.trainable_variables)), or trace the "
                "function anew; two optimizers that take turns on one table have to be "
                "merged(...) ones."
            ],
        )


@tf.custom_gradient  # type: ignore[untyped-decorator]
def _spread(rows: Any, place: Any) -> Any:
    """Copy distinct rows to the places where they were asked for, and add up their gradients."""

    def gather_back(upstream: Any) -> Any:
        return tf.math.unsorted_segment_sum(upstream, place, tf.shape(rows)[0]), None

    return tf.gather(rows, place), gather_back
