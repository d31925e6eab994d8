"""PyTorch: `nn.Embedding` and `nn.EmbeddingBag`, each as it is and compiled."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options


class Layer:
    """A layer made from a table; `EmbeddingBag` gets bags of one id each."""

    def __init__(self, bag: bool, compiled: bool, table: NDArray[Any], options: Options) -> None:
        import torch

        if options.pooled and not bag:
            raise NotOffered
        self._torch, self._bag, optim = torch, bag, torch.optim
        self._layer = (torch.nn.EmbeddingBag if bag else torch.nn.Embedding)(
            *table.shape,
            padding_idx=options.padding,
            max_norm=options.max_norm,
            sparse=options.sparse,
            _weight=torch.tensor(table, dtype=getattr(torch, options.dtype)),
        )
        if compiled:
            torch.compiler.reset()  # or else the ninth layer would no longer be compiled
        self._call = torch.compile(self._layer) if compiled else self._layer
        adam = optim.SparseAdam if options.sparse else optim.Adam
        kind = {"sgd": optim.SGD, "adagrad": optim.Adagrad, "adam": adam}[options.optimizer]
        decay = {"weight_decay": options.decay} if options.decay else {}
        self._optimizer = kind(self._layer.parameters(), lr=options.learning_rate, **decay)

    def _rows(self, ids: Any) -> Any:
        indices = self._torch.tensor(ids)
        if not self._bag:
            return self._call(indices)
        width = ids.size // len(ids) if len(ids) else 0
        return self._call(indices.flatten(), self._torch.arange(len(ids)) * width)

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        return _array(self._rows(ids))

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        self._optimizer.zero_grad()
        rows = self._rows(ids)
        rows.backward(self._torch.tensor(upstream, dtype=rows.dtype))
        return _array(self._layer.weight.grad.to_dense())

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        self.gradient(ids, upstream)
        self._optimizer.step()
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return _array(self._layer.weight).copy()


def _array(tensor: Any) -> NDArray[Any]:
    return np.asarray(tensor.detach().float().cpu())


def first_values(bag: bool, rows: int, width: int) -> NDArray[Any]:
    """Make a layer and look."""
    from torch import nn

    return _array((nn.EmbeddingBag if bag else nn.Embedding)(rows, width).weight)


ADAPTERS = {
    f"torch{'-bag' * bag}{'-compiled' * compiled}": Adapter(
        f"PyTorch, {('Embedding', 'EmbeddingBag')[bag]}{', compiled' * compiled}",
        ("torch",),
        partial(Layer, bag, compiled),
        partial(first_values, bag),
    )
    for bag in (False, True)
    for compiled in (False, True)
}
