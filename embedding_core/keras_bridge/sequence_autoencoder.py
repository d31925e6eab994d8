"""A sequence autoencoder in Keras: an LSTM reads a text, another one has to write it again.

Dai and Le (2015) trained one on texts without labels and began the training of a classifier with
its weights. This one is small: it is here for its table.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground.checks import positive_int
from embedding_core.ids import check_ids
from embedding_core.keras_bridge.loading import load_keras


class SequenceAutoencoder:
    """Read ids with one LSTM, write them again with another, both through one table.

    Parameters
    ----------
    input_dim
        Size of the vocabulary V.
    output_dim
        Length of the table's rows.
    units
        Numbers in which the whole text must fit, twice (an LSTM has two states).
    learning_rate
        Adam's.
    seed
        Of Keras, of everything that is drawn.

    Attributes
    ----------
    model
        The Keras model: from the text, and the text one word late, to a score of every word
        for every place. The writer is told the words before the one it has to write.

    Raises
    ------
    ValueError
        A size that is not a positive integer.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int = 16,
        units: int = 32,
        learning_rate: float = 0.01,
        seed: int = 0,
    ) -> None:
        sizes = {"input_dim": input_dim, "output_dim": output_dim, "units": units}
        V, D, H = (positive_int(name, size) for name, size in sizes.items())
        keras = load_keras()
        keras.utils.set_random_seed(seed)
        self.input_dim = V
        self._table = keras.layers.Embedding(V, D)
        text, late = (keras.Input((None,), dtype="int32") for _ in range(2))
        states = keras.layers.LSTM(H, return_state=True)(self._table(text))[1:]
        writer = keras.layers.LSTM(H, return_sequences=True)
        written = writer(self._table(late), initial_state=states)
        self.model = keras.Model([text, late], keras.layers.Dense(V)(written))
        self.model.compile(
            keras.optimizers.Adam(learning_rate),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            jit_compile=False,  # compiling takes longer than these few epochs
            weighted_metrics=["accuracy"],
        )

    def fit(self, ids: ArrayLike, epochs: int = 1, batch_size: int = 64) -> dict[str, list[float]]:
        """Train on texts.

        Parameters
        ----------
        ids
            Shape (n, L), padded behind with 0; padding need not be written again.
        epochs
            How often they are seen.
        batch_size
            Texts for each step.

        Returns
        -------
        dict
            "loss" and "accuracy" of the words, one number for each epoch.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `ids.check_ids`, and for texts that are no matrix or hold padding alone.
        """
        texts = check_ids(ids, self.input_dim)
        if texts.ndim != 2 or not texts.any():
            raise ValueError(
                "ids must have shape (texts, words) and hold a word at least: received shape "
                f"{texts.shape}, {np.count_nonzero(texts)} words."
            )
        run = self.model.fit(
            [texts, one_late(texts)],
            texts,
            sample_weight=(texts > 0).astype("float32"),
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
        )
        return {
            name: [float(value) for value in run.history[name]] for name in ("loss", "accuracy")
        }

    @property
    def table(self) -> NDArray[np.float32]:
        """The rows that both LSTMs read, shape (V, D)."""
        return np.asarray(self._table.get_weights()[0])


def one_late(texts: NDArray[Any]) -> NDArray[Any]:
    """Move each text one place back, with 0 in front: what the writer is told."""
    return np.pad(texts[:, :-1], ((0, 0), (1, 0)))
