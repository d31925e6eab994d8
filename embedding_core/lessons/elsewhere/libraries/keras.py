"""Keras, on the backend that it is configured for (`KERAS_BACKEND`)."""

import logging
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options

# TensorFlow warns of many small models that are traced, which is what the cases are.
logging.getLogger("tensorflow").setLevel(logging.ERROR)


class Layer:
    """An `Embedding`; a step is one of `train_on_batch`, with the upstream gradient as loss."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        keras = self._keras = load_keras()
        limit = options.max_norm and keras.constraints.MaxNorm(options.max_norm, axis=1)
        if options.padding not in (None, 0) or options.sparse:
            raise NotOffered
        self._layer = self._kind()(
            *table.shape,
            embeddings_constraint=limit,
            mask_zero=options.padding == 0,
            weights=table,
            dtype=options.dtype,
        )
        means = options.pooled and not hasattr(self._layer, "combiner")  # keras-rs's has its own
        self._mean = keras.layers.GlobalAveragePooling1D() if means else None
        rates = {"learning_rate": options.learning_rate, "weight_decay": options.decay or None}
        self._optimizer = keras.optimizers.get({"class_name": options.optimizer, "config": rates})

    def _kind(self) -> Any:
        return self._keras.layers.Embedding

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        rows = self._layer(ids)
        return self._array(rows if self._mean is None else self._mean(rows))

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Train by gradient descent with rate 1: the table moves by the gradient."""
        before = self.table()
        self._train(ids, upstream, self._keras.optimizers.SGD(1.0))
        return np.asarray(before - self.table())

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Train on one batch."""
        self._train(ids, upstream, self._optimizer)
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return np.array(self._array(self._layer.embeddings))

    def _train(self, ids: Any, upstream: NDArray[Any], optimizer: Any) -> None:
        """Let the loss be the product with the upstream gradient, summed."""
        if self._keras.backend.backend() in ("numpy", "openvino"):
            raise NotOffered
        ops = self._keras.ops
        model = self._keras.Sequential([self._layer])
        model.compile(
            optimizer, loss=lambda wanted, rows: ops.sum(rows * ops.cast(wanted, rows.dtype))
        )
        model.train_on_batch(ids, upstream)

    def _array(self, tensor: Any) -> NDArray[Any]:
        ops = self._keras.ops
        return np.asarray(ops.convert_to_numpy(ops.cast(tensor, "float32")))


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Build a layer and look."""
    layer = load_keras().layers.Embedding(rows, width)
    layer.build()
    return np.asarray(layer.get_weights()[0])


BACKENDS = ("tensorflow", "jax", "torch", "numpy", "openvino")
NAMES = ("TensorFlow", "JAX", "PyTorch", "NumPy", "OpenVINO")
ADAPTERS = {
    f"keras-{backend}": Adapter(f"Keras on {name}", ("keras", backend), Layer, first_values)
    for backend, name in zip(BACKENDS, NAMES, strict=True)
}
