"""Keras's Embedding, whose table an optimizer of this package can train by row."""

from __future__ import annotations

from typing import Any

from embedding_core.for_keras.backend import keras, tf
from embedding_core.for_keras.merging import Merged
from embedding_core.for_keras.optimizer import ByRows
from embedding_core.for_keras.owing import Table

_HALF = ("float16", "bfloat16")


@keras.saving.register_keras_serializable(package="embedding_core")
class Embedding(keras.layers.Embedding):  # type: ignore[misc]
    """`keras.layers.Embedding`, with its arguments; see `embedding_core.for_keras`.

    It returns rows as Keras's dense update would have left them, whatever they are owed. With
    LoRA and quantization it is Keras's layer and nothing else. With an optimizer that is not of
    this package it hands its gradient over as an array, repeated ids added up, and says so once.

    Raises
    ------
    ValueError
        When it is called with ids in half precision, or an argument as Keras refuses it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # XLA needs to know how many rows a step touches; Keras then leaves it out by itself.
        self.supports_jit = False

    def build(self, input_shape: Any = None) -> None:
        """Make the table."""
        if self.built:
            return
        super().build(input_shape)
        if self.quantization_mode is None:
            self._embeddings.__class__ = Table
            self._embeddings.begin(self)

    def call(self, inputs: Any) -> Any:
        """Look rows up.

        Parameters
        ----------
        inputs
            Ids of any shape (...), integers or floats that hold some.

        Returns
        -------
        tensor
            Shape (..., D), in the layer's compute dtype.
        """
        self._refuse_half(inputs.dtype)
        table = self._embeddings
        if self.lora_enabled or not isinstance(table, Table) or not isinstance(inputs, tf.Tensor):
            return super().call(inputs)
        ids = inputs if inputs.dtype in (tf.int32, tf.int64) else tf.cast(inputs, tf.int32)
        ids = tf.where(ids < 0, ids + self.input_dim, ids)  # as Keras counts from the end
        reader = self._get_call_context().entry_layer
        by_row = self._by_row(getattr(reader, "optimizer", None))
        return tf.cast(table.rows(ids, reader, by_row), self.compute_dtype)

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """Quantize as Keras does, which asks for its very own class unless told not to."""
        super().quantize(mode, type_check=False, config=config)

    def compute_output_spec(self, inputs: Any) -> Any:
        """Tell shape and dtype of what it will return."""
        self._refuse_half(inputs.dtype)
        return super().compute_output_spec(inputs)

    def _refuse_half(self, dtype: Any) -> None:
        name = keras.backend.standardize_dtype(dtype)
        if name in _HALF:
            exact = "256" if name == "bfloat16" else "2048"
            raise ValueError(
                f"layer {self.name!r} received ids in {name}, which rounds whole numbers beyond "
                f"{exact} to others, so that other rows would be read and trained. Put "
                'keras.Input(shape, dtype="int32") in front of the layer: without it a Sequential '
                "takes the compute dtype of its first layer for its input."
            )

    def _by_row(self, optimizer: Any) -> bool | None:
        """Tell whether the optimizer of a compiled model takes gradients that name rows."""
        if not isinstance(optimizer, Merged):
            optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        if isinstance(optimizer, (ByRows, Merged)):
            return True
        if optimizer is None or not self.trainable:
            return None
        self._embeddings.say_dense(
            f"{type(optimizer).__name__}, which trains it, is not of embedding_core.for_keras"
        )
        return False
