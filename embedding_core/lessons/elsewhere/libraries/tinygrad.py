"""tinygrad: `nn.Embedding`, a one-hot product that its compiler makes a look-up of."""

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options


class Layer:
    """A layer made from a table; there is no Adagrad."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        if options.padding is not None or options.max_norm is not None or options.sparse:
            raise NotOffered
        nn, self._tensor, self._context = _load()
        self._options = options
        self._layer = nn.Embedding(*table.shape)
        self._layer.weight = self._tensor(table).cast(options.dtype).contiguous().realize()
        kind = {"sgd": nn.optim.SGD, "adam": nn.optim.Adam}.get(options.optimizer)
        decay = {"weight_decay": options.decay} if options.decay else {}
        self._optimizer = kind and kind([self._layer.weight], options.learning_rate, **decay)

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        rows = self._layer(self._tensor(ids))
        return _array(rows.mean(axis=1) if self._options.pooled else rows)

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        rows = self._layer(self._tensor(ids))
        self._layer.weight.grad = None
        (rows * self._tensor(upstream).cast(rows.dtype)).sum().backward()
        return _array(self._layer.weight.grad)

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        if self._optimizer is None:
            raise NotOffered
        self.gradient(ids, upstream)
        with self._context(TRAINING=1):
            self._optimizer.step()
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return _array(self._layer.weight).copy()


def _load() -> tuple[Any, Any, Any]:
    """Import, for a device that interprets: a machine need not have the compiler for its CPU."""
    os.environ.setdefault("DEV", "PYTHON")
    from tinygrad import Context, Tensor, nn

    return nn, Tensor, Context


def _array(tensor: Any) -> NDArray[Any]:
    return np.asarray(tensor.float().numpy())


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Make a layer and look."""
    return _array(_load()[0].Embedding(rows, width).weight)


ADAPTERS = {"tinygrad": Adapter("tinygrad", ("tinygrad",), Layer, first_values)}
