"""The same layer written twice, trained side by side: the experiments of chapter 8.

An `Embedding` and a `Dense` layer on one-hot rows start from one table and see the same batches
in the same order, in Keras and in this package.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.keras_bridge.lanes import Floats32, Lanes, first_weights
from embedding_core.keras_bridge.loading import load_keras
from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D, Layer
from embedding_core.model import Sequential
from embedding_core.ops import one_hot
from embedding_core.optimizers import Optimizer

Samples = tuple[NDArray[Any], NDArray[Any]]


@dataclass(frozen=True)
class Twins:
    """Sentences of random words with random labels, for several first layers to learn.

    Parameters
    ----------
    num_rows, width
        Shape of the table.
    sentences, length
        How many sentences, and how many words each has.
    batch_size, epochs
        As in `fit`.
    seed
        Decides the words, the labels and the numbers that training starts from.

    Notes
    -----
    The lanes are "embedding"; "dense", a `Dense` layer on one-hot rows; and, in Keras only,
    "penalty", an `Embedding` whose regularizer, a penalty of zero, makes Keras write the
    gradient as an array.
    """

    num_rows: int = 50
    width: int = 4
    sentences: int = 256
    length: int = 6
    batch_size: int = 32
    epochs: int = 5
    seed: int = 0

    @property
    def start(self) -> Floats32:
        """The table before training, shape (num_rows, width)."""
        return first_weights(self.num_rows, self.width, self.seed)[0]

    @property
    def ids(self) -> NDArray[np.int64]:
        """The words, shape (sentences, length)."""
        rng = np.random.default_rng([self.seed, 1])
        return rng.integers(0, self.num_rows, (self.sentences, self.length))

    @property
    def labels(self) -> NDArray[np.int64]:
        """0 or 1 for each sentence."""
        return np.random.default_rng([self.seed, 2]).integers(0, 2, self.sentences)

    def in_keras(self, optimizer: Any, embedding: Any = None) -> dict[str, Floats32]:
        """Train the three lanes in Keras.

        Parameters
        ----------
        optimizer
            One of Keras's, not used before, that treats each number by itself: the lanes are
            one model, so clipping by a common norm would tie them together.
        embedding
            The class of the first lane's layer; by default Keras's `Embedding`.

        Returns
        -------
        dict
            By lane, the table after training, shape (num_rows, width).
        """
        layers = load_keras().layers
        zero = load_keras().regularizers.L2(0.0)
        first = {
            "embedding": embedding or layers.Embedding,
            "penalty": partial(layers.Embedding, embeddings_regularizer=zero),
            "dense": lambda _, width: layers.Dense(width, use_bias=False),
        }
        lanes = Lanes(self.num_rows, self.width, self.length, optimizer, first)
        lanes.restart(self.seed)
        lanes.fit(self.ids, self.labels, self.epochs, self.batch_size)
        return lanes.tables()

    def in_core(self, lane: str, optimizer: Optimizer) -> Floats32:
        """Train one lane with this package's layers.

        Parameters
        ----------
        lane
            "embedding" or "dense".
        optimizer
            One of ours, not used before.

        Returns
        -------
        numpy.ndarray
            The table after training, shape (num_rows, width).

        Raises
        ------
        ValueError
            Another lane.
        """
        if lane not in ("embedding", "dense"):
            raise ValueError(f"lane must be 'embedding' or 'dense': received {lane!r}.")
        first: Layer = Embedding(self.num_rows, self.width)
        inputs: NDArray[Any] = self.ids
        if lane == "dense":
            first = Dense(self.width, use_bias=False)
            inputs = one_hot(self.ids, self.num_rows, dense=True)
        model = Sequential([first, GlobalAveragePooling1D(), Dense(1, activation="sigmoid")])
        model.build(inputs.shape)
        model.set_weights(first_weights(self.num_rows, self.width, self.seed))
        model.compile(optimizer, loss="binary_crossentropy")
        model.fit(inputs, self.labels, self.batch_size, self.epochs, verbose=0, shuffle=False)
        return np.asarray(model.get_weights()[0])


def accuracy_both_ways(
    train: Samples, held_out: Samples, num_rows: int, seeds: int, epochs: int, width: int = 16
) -> dict[str, NDArray[np.float64]]:
    """Train Keras's `Embedding` on real sentences, with repeated ids kept apart and added up.

    The model is that of chapter 10, with Adam at 0.01 and batches of 256. A seed decides the
    first weights and the order of the sentences.

    Parameters
    ----------
    train, held_out
        Ids (n, length), padded with 0, and n labels. Lengths must agree.
    num_rows
        Size of the vocabulary.
    seeds, epochs
        How many runs, and how long each.
    width
        Numbers for each word.

    Returns
    -------
    dict
        "one by one" (Keras's `Embedding`) and "added up" (the same with a penalty of zero), each
        the accuracy on `held_out` after the last epoch, shape (seeds,).

    Raises
    ------
    ValueError
        Sentences of another length.
    """
    keras = load_keras()
    (ids, labels), (other_ids, other_labels) = train, held_out
    if ids.shape[1] != other_ids.shape[1]:
        raise ValueError(
            f"all ids must have as many columns: received {ids.shape[1]} and {other_ids.shape[1]}. "
            "Pad the shorter ones with 0."
        )
    masked = partial(keras.layers.Embedding, mask_zero=True)
    zero = keras.regularizers.L2(0.0)
    first = {"one by one": masked, "added up": partial(masked, embeddings_regularizer=zero)}
    lanes = Lanes(num_rows, width, ids.shape[1], keras.optimizers.Adam(0.01), first)
    accuracy: dict[str, list[float]] = {lane: [] for lane in first}
    for seed in range(seeds):
        lanes.restart(seed)
        order = np.random.default_rng(seed).permutation(len(ids))
        lanes.fit(ids[order], labels[order], epochs, batch_size=256)
        for lane, share in lanes.accuracy(other_ids, other_labels).items():
            accuracy[lane].append(share)
    return {lane: np.array(shares) for lane, shares in accuracy.items()}
