"""thinc: `Embed`, spaCy's layer."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options


class Layer:
    """A layer made from a table; its optimizers clip gradients by default, here they do not."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        import thinc.api as thinc

        if options.dtype != "float32" or options.padding is not None or options.sparse:
            raise NotOffered
        kind = {"sgd": thinc.SGD, "adam": thinc.Adam}.get(options.optimizer)
        if options.max_norm is not None or options.pooled or kind is None:
            raise NotOffered
        rows, width = table.shape
        self._layer = thinc.Embed(width, rows)
        self._layer.initialize()
        self._layer.set_param("E", table.copy())
        self._optimizer = kind(options.learning_rate, L2=options.decay, grad_clip=0.0)

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        return np.asarray(self._layer.predict(ids))

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Go forward and backward."""
        _, back = self._layer(ids, is_train=True)
        back(upstream)
        return np.array(self._layer.get_grad("E"))

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        self.gradient(ids, upstream)
        self._layer.finish_update(self._optimizer)
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return np.array(self._layer.get_param("E"))


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Initialize a layer and look."""
    import thinc.api as thinc

    layer = thinc.Embed(width, rows)
    layer.initialize()
    return np.asarray(layer.get_param("E"))


ADAPTERS = {"thinc": Adapter("thinc", ("thinc",), Layer, first_values)}
