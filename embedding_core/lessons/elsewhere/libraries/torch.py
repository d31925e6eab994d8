"""PyTorch: `nn.Embedding`, and `nn.EmbeddingBag` for means."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, Options


class Layer:
    """A layer made from a table."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        import torch

        self._torch = torch
        kind = torch.nn.EmbeddingBag if options.pooled else torch.nn.Embedding
        weight = torch.tensor(table, dtype=getattr(torch, options.dtype))
        self._layer = kind(
            *table.shape,
            padding_idx=options.padding,
            max_norm=options.max_norm,
            sparse=options.sparse,
            _weight=weight,
        )
        names = {"sgd": "SGD", "adagrad": "Adagrad", "adam": "Adam"}
        name = "SparseAdam" if options.sparse and options.optimizer == "adam" else None
        kinds = getattr(torch.optim, name or names[options.optimizer])
        more = {"weight_decay": options.decay} if options.decay else {}
        self._optimizer = kinds(self._layer.parameters(), lr=options.learning_rate, **more)

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        return self._array(self._layer(self._torch.tensor(ids)))

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        self._optimizer.zero_grad()
        rows = self._layer(self._torch.tensor(ids))
        rows.backward(self._torch.tensor(upstream, dtype=rows.dtype))
        return self._array(self._layer.weight.grad.to_dense())

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        self.gradient(ids, upstream)
        self._optimizer.step()
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return self._array(self._layer.weight).copy()

    @staticmethod
    def _array(tensor: Any) -> NDArray[Any]:
        return np.asarray(tensor.detach().float())


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Build a layer and look."""
    import torch

    return np.asarray(torch.nn.Embedding(rows, width).weight.detach())


ADAPTERS = {"torch": Adapter("PyTorch", ("torch",), Layer, first_values)}
