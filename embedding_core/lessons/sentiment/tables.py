"""The same model from several first tables: what a pre-trained one is worth."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.lessons.sentiment.mean import mean_of_embeddings, train_seeds


def compare_tables(
    tables: Mapping[str, ArrayLike | None],
    input_dim: int,
    train: tuple[NDArray[Any], NDArray[Any]],
    validation: tuple[ArrayLike, ArrayLike],
    test: tuple[ArrayLike, ArrayLike],
    epochs: Mapping[int, int],
    trainable: bool = True,
    seeds: int = 3,
    learning_rate: float = 0.01,
    output_dim: int = 16,
) -> dict[str, dict[int, NDArray[np.float64]]]:
    """Train the same model from several first tables, on few and on many samples.

    Parameters
    ----------
    tables
        By name, of shape (input_dim, output_dim); `None` is random rows, drawn anew for each
        seed.
    input_dim
        Size of the vocabulary.
    train
        Samples and labels; the first so many are used.
    validation
        To choose the epoch by, for each table and size apart.
    test
        To measure with.
    epochs
        By number of samples: how long to train at most.
    trainable
        Whether the tables learn too.
    seeds
        How often, with another order of the samples and another first unit.
    learning_rate
        Adam's, for all alike.
    output_dim
        Length of the rows.

    Returns
    -------
    dict
        By name and number of samples: the accuracy on the test samples, shape (seeds,).

    Raises
    ------
    ValueError
        Fewer samples than asked for, or as `mean_of_embeddings` and `train_seeds`.
    """
    x, y = train
    if max(epochs) > len(x):
        raise ValueError(f"cannot train on {max(epochs)} samples: received {len(x)}.")
    found: dict[str, dict[int, NDArray[np.float64]]] = {name: {} for name in tables}
    for count, most in epochs.items():
        for name, table in tables.items():
            models = [
                mean_of_embeddings(input_dim, output_dim, learning_rate, seed, table, trainable)
                for seed in range(seeds)
            ]
            runs = train_seeds(models, x[:count], y[:count], validation, most)
            found[name][count] = runs.accuracy(*test)
    return found
