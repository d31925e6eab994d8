"""TensorFlow.js on its plain backend: `tf.layers.embedding`, asked through Node."""

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options
from embedding_core.lessons.elsewhere.libraries import node

_SCRIPT = Path(__file__).with_suffix(".mjs")


class Layer:
    """A table and the steps made so far: each question starts Node, which makes them anew."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        unknown = options.dtype != "float32" or options.sparse or options.decay
        if unknown or options.padding not in (None, 0):
            raise NotOffered
        self._asked = {
            "table": table.ravel().astype(str).tolist(),  # JSON has no NaN
            "shape": table.shape,
            "padding": options.padding == 0,
            "max_norm": options.max_norm,
            "pooled": options.pooled,
            "optimizer": options.optimizer,
            "rate": options.learning_rate,
        }
        self._steps: list[dict[str, Any]] = []

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Call the layer."""
        return _ask({**self._asked, "steps": self._steps, "look_up": node.tensor(ids)})

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Train by gradient descent with rate 1: the table moves by the gradient."""
        step = {"ids": node.tensor(ids), "upstream": node.tensor(upstream)}
        moved = _ask({**self._asked, "optimizer": "sgd", "rate": 1, "steps": [step]})
        gradient: NDArray[Any] = self.table() - moved
        return gradient

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        self._steps.append({"ids": node.tensor(ids), "upstream": node.tensor(upstream)})
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return the table."""
        return _ask({**self._asked, "steps": self._steps})


def _ask(question: dict[str, Any]) -> NDArray[Any]:
    return node.array(node.ask(_SCRIPT, question))


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Build a layer and look."""
    return _ask({"shape": (rows, width), "optimizer": "sgd", "rate": 1, "steps": []})


ADAPTERS = {
    "tensorflow-js": Adapter("TensorFlow.js", ("npm:@tensorflow/tfjs",), Layer, first_values)
}
