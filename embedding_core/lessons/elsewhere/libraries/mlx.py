"""MLX: `nn.Embedding`, on a CPU."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options


class Layer:
    """A layer made from a table."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        if options.padding is not None or options.max_norm is not None or options.sparse:
            raise NotOffered
        import mlx.core as mx
        from mlx import nn, optimizers

        self._mx, self._nn, self._options = mx, nn, options
        self._layer = nn.Embedding(*table.shape)
        self._layer.weight = mx.array(table).astype(getattr(mx, options.dtype))
        names = {"sgd": "SGD", "adagrad": "Adagrad", "adam": "Adam"}
        decay = {"weight_decay": options.decay} if options.decay else {}
        kind = getattr(optimizers, names[options.optimizer])
        self._optimizer = kind(learning_rate=options.learning_rate, **decay)

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        rows = self._layer(self._mx.array(ids))
        return _array(rows.mean(axis=1) if self._options.pooled else rows)

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        return _array(self._gradients(ids, upstream)["weight"])

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        self._optimizer.update(self._layer, self._gradients(ids, upstream))
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return _array(self._layer.weight).copy()

    def _gradients(self, ids: Any, upstream: NDArray[Any]) -> Any:
        ids, upward = self._mx.array(ids), self._mx.array(upstream)
        ask = self._nn.value_and_grad(self._layer, lambda: (self._layer(ids) * upward).sum())
        return ask()[1]


def _array(tensor: Any) -> NDArray[Any]:
    import mlx.core as mx

    return np.array(tensor.astype(mx.float32))


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Make a layer and look."""
    from mlx import nn

    return _array(nn.Embedding(rows, width).weight)


_PAST_THE_END = "MLX, Indexing Arrays: indexing out of bounds is undefined behavior"
UNDEFINED = dict.fromkeys(("id V", "id -V-1", "2**32 + 1", "gradient of id V"), _PAST_THE_END)
ADAPTERS = {"mlx": Adapter("MLX", ("mlx",), Layer, first_values, undefined=UNDEFINED)}
