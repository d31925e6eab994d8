"""The same model from several first tables: what a pre-trained one is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.lessons.sentiment.mean import at_best_rate, mean_of_embeddings, train_seeds
from embedding_core.model import Sequential
from embedding_core.optimizers import Adam

Part = tuple[ArrayLike, ArrayLike]
"""Samples, shape (n, L), and their labels."""


@dataclass(frozen=True)
class Reached:
    """What a model reached from one first table, at the settings that suit this table best.

    Attributes
    ----------
    accuracy
        On the test samples, shape (seeds,).
    version, learning_rate, epoch
        The settings that the validation samples chose.
    """

    accuracy: NDArray[np.float64]
    version: str
    learning_rate: float
    epoch: int


def compare_tables(
    tables: Mapping[str, Mapping[str, ArrayLike]],
    train: Part,
    validation: Part,
    test: Part,
    epochs: Mapping[int, int],
    learning_rates: Sequence[float],
    trainable: bool = True,
    seeds: int = 3,
) -> dict[str, dict[int, Reached]]:
    """Train the same model from several first tables, each at settings of its own.

    Parameters
    ----------
    tables
        By name and version, of shape (V, D). The versions of a table are tried like a setting:
        the same rows with another length, for example.
    train
        Samples and labels; the first so many are used.
    validation
        To choose version, learning rate and epoch by, for each table and number of samples
        apart. Version and rate are chosen by the mean of the first two seeds.
    test
        To measure with, once.
    epochs
        By number of samples: how long to train at most.
    learning_rates
        Adam's, to choose from.
    trainable
        Whether the tables learn too, or the unit behind them alone.
    seeds
        How often, with another order of the samples and another first unit.

    Returns
    -------
    dict
        By name and number of samples, what was reached.

    Raises
    ------
    ValueError
        Fewer samples than asked for, no version or rate to choose from, or as
        `mean_of_embeddings` and `train_seeds`.
    """
    x, y = (np.asarray(part) for part in train)
    if max(epochs) > len(x):
        raise ValueError(f"cannot train on {max(epochs)} samples: received {len(x)}.")
    empty = [name for name, versions in tables.items() if not versions]
    if empty or not learning_rates:
        raise ValueError(
            "nothing to choose from: received no version of "
            f"{', '.join(empty) or 'nothing'} and rates {list(learning_rates)}."
        )
    return {
        name: {
            count: _reached(
                versions,
                (x[:count], y[:count]),
                validation,
                test,
                most,
                learning_rates,
                trainable,
                seeds,
            )
            for count, most in epochs.items()
        }
        for name, versions in tables.items()
    }


def _reached(
    versions: Mapping[str, ArrayLike],
    train: Part,
    validation: Part,
    test: Part,
    epochs: int,
    rates: Sequence[float],
    trainable: bool,
    seeds: int,
) -> Reached:
    """Try all versions and rates with few seeds, then train with all at the best."""
    tried = {}
    for version, table in versions.items():
        (here, held, judged), make = _prepared(table, (train, validation, test), trainable)
        x, y = here
        rate, runs = at_best_rate(make, rates, x, y, held, epochs, min(2, seeds))
        tried[version] = runs.mean.max(), rate, make, x, y, held, judged
    version = max(tried, key=lambda name: tried[name][0])
    _, rate, make, x, y, held, judged = tried[version]
    runs = train_seeds([make(rate, seed) for seed in range(seeds)], x, y, held, epochs)
    return Reached(runs.accuracy(*judged), version, rate, runs.best_epoch)


def _prepared(table: ArrayLike, parts: Sequence[Part], trainable: bool) -> Any:
    """Return what the models are given, and the function that makes one.

    Rows that nobody moves have the same mean each time: it is computed once, for each text, and
    the unit alone is trained on it.
    """
    V, D = np.shape(table)
    if trainable:
        return parts, lambda rate, seed: mean_of_embeddings(V, D, rate, seed, table)
    mean = Sequential([Embedding(V, D, mask_zero=True, weights=table), GlobalAveragePooling1D()])
    means = [(mean.predict(np.asarray(x)), y) for x, y in parts]

    def unit(rate: float, seed: int) -> Sequential:
        model = Sequential([Dense(1, activation="sigmoid")], seed=seed)
        model.compile(Adam(rate), loss="binary_crossentropy", metrics=["accuracy"])
        return model

    return means, unit
