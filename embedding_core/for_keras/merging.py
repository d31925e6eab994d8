"""Gradients that name each row once; and any Keras optimizer with repeated ids added up first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from embedding_core.for_keras.backend import keras, tf
from embedding_core.for_keras.owing import Table


def added_up(gradient: Any) -> Any:
    """Return a gradient in which every row is named once.

    Parameters
    ----------
    gradient
        `tf.IndexedSlices`, in which ids may repeat, a tensor or `None`.

    Returns
    -------
    slices or tensor
        With distinct ids, each with the sum of its gradients. What is not slices comes back as
        it is.
    """
    if not isinstance(gradient, tf.IndexedSlices) or _are_distinct(gradient.indices):
        return gradient
    ids, place = tf.unique(gradient.indices)
    values = tf.math.unsorted_segment_sum(gradient.values, place, tf.size(ids))
    return tf.IndexedSlices(values, ids, gradient.dense_shape)


def _are_distinct(ids: Any) -> bool:
    """Tell whether ids in a graph are those that one look-up of ours has made distinct already."""
    if tf.executing_eagerly():
        return False
    while ids.op.type in ("Identity", "Reshape"):
        ids = ids.op.inputs[0]
    return bool(ids.op.type == "Unique" and ids.value_index == 0)


@keras.saving.register_keras_serializable(package="embedding_core")
class Merged(keras.optimizers.Optimizer):  # type: ignore[misc]
    """Another optimizer, which gets gradients in which repeated ids have been added up.

    The update is the inner optimizer's own, and dense where that is dense. Clipping, weight decay
    and all other options are the inner optimizer's.

    Parameters
    ----------
    inner_optimizer
        A Keras optimizer, or its name.
    name
        Of this one.

    Raises
    ------
    TypeError
        The inner optimizer is none.
    """

    def __init__(self, inner_optimizer: Any, name: str | None = None, **kwargs: Any) -> None:
        inner = keras.optimizers.get(inner_optimizer)
        if not isinstance(inner, keras.optimizers.Optimizer):
            raise TypeError(
                "inner_optimizer must be a Keras optimizer or its name: "
                f"received {inner_optimizer!r} of type {type(inner_optimizer).__name__}."
            )
        super().__init__(learning_rate=0.0, name=name, **kwargs)
        self.inner_optimizer = inner
        self.built = False

    def build(self, variables: Sequence[Any]) -> None:
        """Make the inner optimizer's variables."""
        if self.built:
            return
        for variable in variables:
            if isinstance(variable, Table):
                variable.served = True
        self.inner_optimizer.build(variables)
        self.built = True

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
        """Add up repeated ids, and let the inner optimizer make its step."""
        if not self.built and trainable_variables is not None:
            self.build(list(trainable_variables))
        # As an array: not every update of Keras is meant for slices, even with distinct ids.
        dense = [None if g is None else tf.convert_to_tensor(g) for g in grads]
        self.inner_optimizer.apply(dense, trainable_variables)

    @property
    def variables(self) -> Any:
        """The inner optimizer's variables."""
        return self.inner_optimizer.variables

    @property
    def learning_rate(self) -> Any:
        """The inner optimizer's learning rate."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, learning_rate: Any) -> None:
        self.inner_optimizer.learning_rate = learning_rate

    @property
    def iterations(self) -> Any:
        """The inner optimizer's count of steps."""
        return self.inner_optimizer.iterations

    def scale_loss(self, loss: Any) -> Any:
        """Scale the loss as the inner optimizer does."""
        return self.inner_optimizer.scale_loss(loss)

    def finalize_variable_values(self, var_list: Sequence[Any]) -> None:
        """Let the inner optimizer have its last word."""
        self.inner_optimizer.finalize_variable_values(var_list)

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        inner = keras.saving.serialize_keras_object(self.inner_optimizer)
        return {"name": self.name, "inner_optimizer": inner}

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Merged:
        """Make one from its configuration."""
        inner = keras.saving.deserialize_keras_object(
            config["inner_optimizer"], custom_objects=custom_objects
        )
        return cls(inner, name=config["name"])


def merged(optimizer: Any) -> Merged:
    """Return an optimizer that adds up repeated ids before `optimizer` sees a gradient.

    Parameters
    ----------
    optimizer
        A Keras optimizer, or its name.

    Returns
    -------
    Merged
        To be used in its place, with any model.

    Raises
    ------
    TypeError
        It is no optimizer.
    """
    return Merged(optimizer)
