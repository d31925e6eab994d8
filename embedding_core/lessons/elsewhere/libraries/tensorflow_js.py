"""TensorFlow.js on its plain backend: `tf.layers.embedding`, asked through Node."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options

_SCRIPT = Path(__file__).with_suffix(".mjs")
_TYPES = {"b": "bool", "f": "float32"}  # all else becomes int32, its one kind of integer


class JavaScriptError(Exception):
    """Whatever the script threw."""


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
        return _ask({**self._asked, "steps": self._steps, "look_up": tensor(ids)})

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Train by gradient descent with rate 1: the table moves by the gradient."""
        step = {"ids": tensor(ids), "upstream": tensor(upstream)}
        moved = _ask({**self._asked, "optimizer": "sgd", "rate": 1, "steps": [step]})
        gradient: NDArray[Any] = self.table() - moved
        return gradient

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Make one step of the optimizer."""
        self._steps.append({"ids": tensor(ids), "upstream": tensor(upstream)})
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return the table."""
        return _ask({**self._asked, "steps": self._steps})


def tensor(values: NDArray[Any]) -> dict[str, Any]:
    """Write an array as JSON holds it."""
    kind = _TYPES.get(values.dtype.kind, "int32")
    return {"values": values.ravel().tolist(), "shape": values.shape, "type": kind}


def ask(script: Path, question: dict[str, Any]) -> Any:
    """Run a script of Node's that reads one question and writes one answer, both as JSON."""
    done = subprocess.run(
        ["node", str(script)],
        input=json.dumps(question),
        cwd=os.environ.get("NODE_PACKAGES", "."),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise JavaScriptError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def array(answer: dict[str, Any]) -> NDArray[Any]:
    """Read an array that a script has written; its numbers are words, as JSON has no NaN."""
    return np.array(answer["values"], np.float32).reshape(answer["shape"])


def _ask(question: dict[str, Any]) -> NDArray[Any]:
    return array(ask(_SCRIPT, question))


def first_values(rows: int, width: int) -> NDArray[Any]:
    """Build a layer and look."""
    return _ask({"shape": (rows, width), "optimizer": "sgd", "rate": 1, "steps": []})


ADAPTERS = {
    "tensorflow-js": Adapter("TensorFlow.js", ("npm:@tensorflow/tfjs",), Layer, first_values)
}
