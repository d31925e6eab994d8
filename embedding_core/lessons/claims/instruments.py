"""What several pieces of evidence need: a layer, its output, its training, counts of its work."""

import re
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.keras_bridge import load_keras, operations

Make = Callable[..., Any]
"""A layer's class, or a function of the same arguments that makes one."""


def embedding(layer: Make | None, V: int, D: int, **arguments: Any) -> Any:
    """Make and build the layer under examination: Keras's `Embedding` unless told otherwise."""
    made = (layer or load_keras().layers.Embedding)(V, D, **arguments)
    made.build((None,))
    return made


def telling_table(V: int, D: int, first: float = 0.0) -> NDArray[np.float32]:
    """Make a table in which each row says its own number: row i is full of first + i."""
    return np.repeat(np.arange(first, first + V, dtype="float32")[:, None], D, axis=1)


def numbers(tensor: Any) -> NDArray[Any]:
    """Return what a tensor or variable of Keras holds."""
    return np.asarray(tensor)


def outputs(layer: Any, ids: ArrayLike, dtype: str = "int32") -> NDArray[Any]:
    """Call a layer of Keras with ids and return what it gives."""
    return numbers(layer(np.asarray(ids, dtype)))


def one_hot_rows(ids: ArrayLike, V: int) -> NDArray[np.float32]:
    """Write ids as Keras's `ops.one_hot` does, shape (..., V)."""
    return numbers(load_keras().ops.one_hot(np.asarray(ids, "int32"), V)).astype("float32")


def difference(a: ArrayLike, b: ArrayLike) -> float:
    """Return the largest absolute difference; infinite when the shapes differ or NaNs do."""
    a, b = np.asarray(a, "float64"), np.asarray(b, "float64")
    if a.shape != b.shape or not np.array_equal(np.isnan(a), np.isnan(b)):
        return float("inf")
    return float(np.nanmax(np.abs(a - b), initial=0.0))


def train(
    layers: Sequence[Any], x: ArrayLike, y: ArrayLike, optimizer: Any = None, steps: int = 1
) -> Any:
    """Train layers of Keras on one batch and return the model.

    Parameters
    ----------
    layers
        In order, as for `keras.Sequential`.
    x, y
        The batch and its targets, for the mean squared error.
    optimizer
        One of Keras's, `SGD(0.1)` unless told otherwise.
    steps
        How often the batch is shown.

    Returns
    -------
    keras.Sequential
        Trained.
    """
    keras = load_keras()
    model = keras.Sequential(list(layers))
    # Compiling a graph would take longer than these few steps.
    model.compile(optimizer or keras.optimizers.SGD(0.1), "mse", run_eagerly=True)
    for _ in range(steps):
        model.train_on_batch(np.asarray(x), np.asarray(y))
    return model


def uses(layer: Any, inputs: ArrayLike, name: str) -> int:
    """Count how often a layer's `call` uses one of Keras's operations."""
    return sum(step.name == name for step in operations(layer, np.asarray(inputs)))


def multiplications(layer: Any, inputs: ArrayLike) -> int:
    """Count the multiplications of numbers that a layer's `call` asks for."""
    total = 0
    for step in operations(layer, np.asarray(inputs)):
        if step.name == "matmul":
            left, right = map(shape_of, step.inputs)
            total += prod(left) * right[-1]
        elif step.name == "multiply":
            total += size_of(step.output)
    return total


def meets_the_table(layer: Any, inputs: ArrayLike, table: tuple[int, ...]) -> str:
    """Return what a layer's `call` brings to its table, as "int32[3]" or "float32[3 × 5]"."""
    for step in operations(layer, np.asarray(inputs)):
        if step.name in ("take", "matmul") and table in map(shape_of, step.inputs):
            return next(array for array in step.inputs if shape_of(array) != table)
    raise ValueError(f"{layer.name} neither takes from a table of shape {table} nor multiplies it.")


def shape_of(array: str) -> tuple[int, ...]:
    """Read the shape out of "float32[3 × 5]", as an `Operation` writes it."""
    return tuple(int(n) for n in re.findall(r"\d+", array.partition("[")[2]))


def size_of(array: str) -> int:
    """Count the numbers of "float32[3 × 5]"."""
    return prod(shape_of(array))


def bytes_of(array: str) -> int:
    """Count the bytes of "float32[3 × 5]"."""
    return size_of(array) * np.dtype(array.partition("[")[0]).itemsize
