"""The package of this book."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

import embedding_core as ec
from embedding_core.constraints import MaxNorm
from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options

_OPTIMIZERS = {"sgd": ec.SGD, "adagrad": ec.Adagrad, "adam": ec.Adam}


class Layer:
    """An `Embedding`, with a mean behind it when bags are asked for."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        if options.dtype != "float32" or options.padding not in (None, 0):
            raise NotOffered
        limit = options.max_norm and MaxNorm(options.max_norm, axis=1)
        rows, width = table.shape
        self._layer = ec.Embedding(
            rows,
            width,
            embeddings_constraint=limit,
            mask_zero=options.padding == 0,
            weights=table,
        )
        self._mean = ec.GlobalAveragePooling1D() if options.pooled else None
        self._optimizer = _OPTIMIZERS[options.optimizer](
            options.learning_rate, weight_decay=options.decay or None
        )

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        rows = self._layer(ids)
        return rows if self._mean is None else self._mean(rows, self._layer.compute_mask(ids))

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        self._layer(ids)
        return self._layer.backward(upstream).dense()

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Hand the slices to an optimizer."""
        self._layer(ids)
        self._optimizer.apply([self._layer.backward(upstream)], [self._layer.embeddings])
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return np.array(self._layer.embeddings.value)


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Build a layer and look."""
    layer = ec.Embedding(rows, width)
    layer.build()
    return np.array(layer.embeddings.value)


ADAPTERS = {"embedding_core": Adapter("embedding_core", ("embedding-core",), Layer, first_values)}
