"""Several first layers in one Keras model, each with a head of its own, trained side by side.

One `fit` gives every lane the same batches in the same order, and compiles once. The lanes share
no weight, so each learns as it would alone, as long as the optimizer treats each number by itself.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.keras_bridge.loading import load_keras

Floats32 = NDArray[np.float32]


def first_weights(num_rows: int, width: int, seed: int) -> list[Floats32]:
    """Draw a table, a kernel and a bias, from the ranges that Keras draws them from.

    Parameters
    ----------
    num_rows, width
        Shape of the table.
    seed
        The same seed gives the same numbers.

    Returns
    -------
    list of numpy.ndarray
        Shapes (num_rows, width), (width, 1) and (1,).
    """
    rng = np.random.default_rng(seed)
    table = rng.uniform(-0.05, 0.05, (num_rows, width))
    glorot = (6 / (width + 1)) ** 0.5
    kernel = rng.uniform(-glorot, glorot, (width, 1))
    return [weight.astype(np.float32) for weight in (table, kernel, np.zeros(1))]


class Lanes:
    """A model whose lanes are: a first layer, the mean over the words, one unit.

    Parameters
    ----------
    num_rows, width
        Shape of each first layer's table.
    length
        Words in a sentence.
    optimizer
        One of Keras's, not used before, or its name.
    first
        By lane, a function that makes the first layer; it is called with `num_rows` and
        `width`. A `Dense` layer gets the ids as one-hot rows.

    Attributes
    ----------
    model
        The compiled Keras model; its output has a column for each lane.
    """

    def __init__(
        self,
        num_rows: int,
        width: int,
        length: int,
        optimizer: Any,
        first: Mapping[str, Callable[[int, int], Any]],
    ) -> None:
        keras = load_keras()
        self._shape = (num_rows, width)
        self._tables = {lane: make(num_rows, width) for lane, make in first.items()}
        self._heads = {lane: keras.layers.Dense(1, activation="sigmoid") for lane in first}
        ids = keras.Input((length,), dtype="int32")
        outputs = []
        for lane, table in self._tables.items():
            is_dense = isinstance(table, keras.layers.Dense)
            words = table(keras.ops.one_hot(ids, num_rows) if is_dense else ids)
            outputs.append(self._heads[lane](keras.layers.GlobalAveragePooling1D()(words)))
        # One output and one loss: for several, Keras makes variables in its first step, and
        # TensorFlow then traces that step twice.
        self.model = keras.Model(ids, keras.ops.concatenate(outputs, axis=-1))
        self.model.compile(optimizer, _sum_of_lanes, jit_compile=False)
        self.model.optimizer.build(self.model.trainable_variables)
        self._fresh = [variable.numpy() for variable in self.model.optimizer.variables]

    def restart(self, seed: int) -> None:
        """Give all lanes the weights of `first_weights`, and the optimizer a fresh memory."""
        table, *head = first_weights(*self._shape, seed)
        for lane, layer in self._tables.items():
            layer.set_weights([table])
            self._heads[lane].set_weights(head)
        for variable, value in zip(self.model.optimizer.variables, self._fresh, strict=True):
            variable.assign(value)

    def tables(self) -> dict[str, Floats32]:
        """Return a copy of each lane's table, shape (num_rows, width)."""
        return {lane: layer.get_weights()[0] for lane, layer in self._tables.items()}

    def fit(self, ids: NDArray[Any], labels: NDArray[Any], epochs: int, batch_size: int) -> None:
        """Train all lanes on the same batches; the sentences keep their order."""
        self.model.fit(
            ids,
            np.tile(np.reshape(labels, (-1, 1)), len(self._tables)),
            batch_size=batch_size,
            epochs=epochs,
            shuffle=False,
            verbose=0,
        )

    def accuracy(self, ids: NDArray[Any], labels: NDArray[Any]) -> dict[str, float]:
        """Return by lane how many of the sentences are judged rightly."""
        judged = np.asarray(self.model(ids, training=False)) > 0.5
        shares = (judged == np.reshape(labels, (-1, 1))).mean(axis=0)
        return dict(zip(self._tables, shares.tolist(), strict=True))


def _sum_of_lanes(labels: Any, outputs: Any) -> Any:
    ops = load_keras().ops
    return ops.sum(ops.binary_crossentropy(labels, outputs), axis=-1)
