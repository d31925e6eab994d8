"""The ways from ids to rows, side by side with Keras's, at one number of rows after the other.

Every call gets ids that no call had before: rows that were read a moment ago would lie in the
processor's cache, and the look-up would seem cheaper than it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from embedding_core.ground._types import Floats, Ids, Shape
from embedding_core.ground.timing import Timing, measure
from embedding_core.keras_bridge.loading import load_keras
from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.model import Sequential
from embedding_core.ops import gather, one_hot

Way = Callable[[Ids], Any]

FORWARD = ("look-up", "sparse product", "dense product", "Keras Embedding", "Keras Dense")
"""The ways of `forward_way`."""

STEPS = {
    "ours, Adam": ("look-up", "adam"),
    "Keras Embedding, SGD": ("look-up", "sgd"),
    "Keras Embedding, Adam": ("look-up", "adam"),
    "Keras Dense, Adam": ("dense product", "adam"),
}
"""The ways of `step_way`, which of `costs.WAYS` each of them is, and its optimizer."""


def forward_way(name: str, table: Floats) -> Way:
    """Make one way from ids to rows.

    Parameters
    ----------
    name
        One of `FORWARD`. Keras's layers get a copy of the table; its `Dense` has no bias and
        gets the ids from `keras.ops.one_hot`.
    table
        Shape (V, D), float32.

    Returns
    -------
    callable
        From ids of any shape to their rows. The sparse product gives them as (n, D).

    Raises
    ------
    ValueError
        An unknown name.
    """
    _check(name, FORWARD)
    V, D = table.shape
    if name == "look-up":
        return lambda ids: gather(table, ids)
    if name == "sparse product":
        return lambda ids: one_hot(ids, V) @ table
    if name == "dense product":
        return lambda ids: one_hot(ids, V, dense=True) @ table
    keras = load_keras()

    def the_table(shape: Shape, dtype: Any) -> Floats:
        return table  # `weights=` would fill another one first

    if name == "Keras Embedding":
        embedding = keras.layers.Embedding(V, D, embeddings_initializer=the_table)
        return lambda ids: embedding(ids)
    dense = keras.layers.Dense(D, use_bias=False, kernel_initializer=the_table)
    return lambda ids: dense(keras.ops.one_hot(ids, V))


def step_way(name: str, V: int, D: int) -> Way:
    """Make a training step: ids, rows, their mean, one sigmoid unit, and back.

    Parameters
    ----------
    name
        One of `STEPS`.
    V, D
        Rows of the table, numbers in a row.

    Returns
    -------
    callable
        From ids of shape (sentences, words) to the loss before the step. Keras compiles it
        when it is called for the first time.

    Raises
    ------
    ValueError
        An unknown name.
    """
    _check(name, STEPS)
    way, optimizer = STEPS[name]
    if name.startswith("ours"):
        layers = [Embedding(V, D, "ones"), GlobalAveragePooling1D(), Dense(1, "sigmoid")]
        model: Any = Sequential(layers, seed=0)
    else:
        keras = load_keras()
        inputs = keras.Input((None,), dtype="int64")
        if way == "look-up":
            rows = keras.layers.Embedding(V, D, "ones")(inputs)
        else:
            dense = keras.layers.Dense(D, use_bias=False, kernel_initializer="ones")
            rows = dense(keras.ops.one_hot(inputs, V))
        mean = keras.layers.GlobalAveragePooling1D()(rows)
        model = keras.Model(inputs, keras.layers.Dense(1, "sigmoid")(mean))
    # XLA's compiler would take seconds for each number of rows.
    options = {} if name.startswith("ours") else {"jit_compile": False}
    model.compile(optimizer, "binary_crossentropy", **options)
    return lambda ids: model.train_on_batch(ids, np.arange(len(ids))[:, None] % 2)


def race(
    names: Iterable[str],
    make: Callable[[str, int], Way],
    rows: Sequence[int],
    shape: Shape,
    repeats: int = 9,
) -> dict[str, dict[int, Timing]]:
    """Time several ways against the number of rows.

    Parameters
    ----------
    names
        Of the ways.
    make
        From a name and a number of rows V to a way. What it makes is freed before the next V.
    rows
        The numbers of rows.
    shape
        Of the ids of one call.
    repeats
        Rounds for each V, the ways in turn.

    Returns
    -------
    dict
        By name and V, the times.
    """
    times: dict[str, dict[int, Timing]] = {name: {} for name in names}
    for V in rows:
        for name, timing in _race_at(V, {name: make(name, V) for name in times}, shape, repeats):
            times[name][V] = timing
    return times


def quartiles(
    times: Mapping[str, Mapping[int, Timing]],
) -> dict[str, dict[int, tuple[float, float, float]]]:
    """Sum up a race: by name and V, lower quartile, median and upper quartile in seconds."""

    def three(timing: Timing) -> tuple[float, float, float]:
        low, middle, high = (float(q) for q in np.quantile(timing.seconds, [0.25, 0.5, 0.75]))
        return low, middle, high

    return {name: {V: three(timing) for V, timing in at.items()} for name, at in times.items()}


def _race_at(
    V: int, ways: Mapping[str, Way], shape: Shape, repeats: int
) -> Iterable[tuple[str, Timing]]:
    calls = {}
    for k, (name, way) in enumerate(ways.items()):
        # Drawn before the clock starts, and for each way others: see the head of this file.
        batches = iter(np.random.default_rng([V, k]).integers(0, V, (repeats + 1, *shape)))
        calls[name] = lambda way=way, batches=batches: way(next(batches))
    return measure(calls, repeats).items()


def _check(name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise ValueError(f"name must be one of {'; '.join(known)}: received {name!r}.")
