"""PaddlePaddle: `nn.Embedding`."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, Options


class Layer:
    """A layer made from a table."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        import paddle

        self._paddle, self._options = paddle, options
        self._layer = paddle.nn.Embedding(
            *table.shape,
            padding_idx=options.padding,
            max_norm=options.max_norm,
            sparse=options.sparse,
            dtype=options.dtype,
        )
        self._layer.weight.set_value(paddle.to_tensor(table).astype(options.dtype))
        names = {"sgd": "SGD", "adagrad": "Adagrad", "adam": "Adam"}
        self._optimizer = getattr(paddle.optimizer, names[options.optimizer])(
            options.learning_rate,
            parameters=self._layer.parameters(),
            weight_decay=options.decay or None,
        )

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        rows = self._layer(self._paddle.to_tensor(ids))
        return _array(rows.mean(axis=1) if self._options.pooled else rows)

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        self._backward(ids, upstream)
        gradient = self._layer.weight.grad
        return _array(gradient)

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        self._backward(ids, upstream)
        self._optimizer.step()
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return _array(self._layer.weight).copy()

    def _backward(self, ids: Any, upstream: NDArray[Any]) -> None:
        self._optimizer.clear_grad()
        rows = self._layer(self._paddle.to_tensor(ids))
        rows.backward(self._paddle.to_tensor(upstream).astype(rows.dtype))


def _array(tensor: Any) -> NDArray[Any]:
    return np.asarray(tensor.detach().astype("float32").numpy())


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Make a layer and look."""
    import paddle

    return _array(paddle.nn.Embedding(rows, width).weight)


_BELOW_ZERO = "paddle.nn.functional.embedding: the id must satisfy 0 <= id < weight.shape[0]"
UNDEFINED = dict.fromkeys(("id -1", "id -V-1", "gradient of id -1"), _BELOW_ZERO)
ADAPTERS = {
    "paddle": Adapter("PaddlePaddle", ("paddlepaddle",), Layer, first_values, undefined=UNDEFINED)
}
