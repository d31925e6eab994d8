"""The sentiment model of chapter 10, and a fair way to train it several times.

What is chosen (here the epoch) is chosen on validation data, by the mean over several seeds, so
that neither the test data nor luck takes part in the choice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.model import Sequential
from embedding_core.optimizers import Adam

_AT_ONCE = 512
"""Samples to measure at a time, more than a step has, since nobody learns from them in between."""


def mean_of_embeddings(
    input_dim: int,
    output_dim: int = 16,
    learning_rate: float = 0.001,
    seed: int | None = None,
    weights: ArrayLike | None = None,
    trainable: bool = True,
) -> Sequential:
    """Make the model: look up each word, take the mean, judge it with one unit.

    Parameters
    ----------
    input_dim
        Size of the vocabulary; id 0 is padding and takes no part in the mean.
    output_dim
        Numbers for each word.
    learning_rate
        Adam's.
    seed
        Decides the first values and the order of the samples.
    weights
        First values of the table, shape (input_dim, output_dim); by default random ones.
    trainable
        False leaves the table as it is: the unit alone learns.

    Returns
    -------
    Sequential
        Compiled with Adam, binary cross-entropy and the accuracy.

    Raises
    ------
    ValueError
        A size that is not a positive integer, weights of another shape, or a negative learning
        rate.
    """
    model = Sequential(
        [
            Embedding(input_dim, output_dim, mask_zero=True, weights=weights, trainable=trainable),
            GlobalAveragePooling1D(),
            Dense(1, activation="sigmoid"),
        ],
        seed=seed,
    )
    model.compile(Adam(learning_rate), loss="binary_crossentropy", metrics=["accuracy"])
    return model


@dataclass(frozen=True)
class Runs:
    """Several models, alike but for their seeds, with the weights of the best epoch.

    Attributes
    ----------
    models
        One for each seed.
    validation_accuracy
        Shape (seeds, epochs): after each epoch.
    """

    models: list[Sequential]
    validation_accuracy: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """Validation accuracy after each epoch, mean over the seeds."""
        return np.asarray(self.validation_accuracy.mean(axis=0))

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, after which the mean was highest, the first of equals."""
        return int(self.mean.argmax()) + 1

    def accuracy(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Measure each model on samples it has not seen, shape (seeds,)."""
        measured = [model.evaluate(x, y, _AT_ONCE, return_dict=True) for model in self.models]
        return np.array([logs["accuracy"] for logs in measured])


def train_seeds(
    models: Sequence[Sequential],
    x: NDArray[Any],
    y: ArrayLike,
    validation_data: tuple[ArrayLike, ArrayLike],
    epochs: int,
    batch_size: int = 32,
) -> Runs:
    """Train models that differ in their seeds, and give them the weights of the best epoch.

    Parameters
    ----------
    models
        Compiled with the metric "accuracy", not trained yet.
    x, y
        Samples and labels to train on.
    validation_data
        Samples and labels to choose the epoch by.
    epochs
        How long to train; each of them may turn out the best.
    batch_size
        Samples for each step.

    Returns
    -------
    Runs
        The same models, each with its weights after the epoch whose accuracy on the
        validation data was best in the mean over all models.

    Raises
    ------
    ValueError
        No model, or what `Sequential.fit` refuses.
    """
    if not models or epochs < 1:
        raise ValueError(
            f"need at least one model and one epoch: received {len(models)} and {epochs}."
        )
    accuracy = np.zeros((len(models), epochs))
    weights: list[list[list[NDArray[Any]]]] = [[] for _ in models]
    held_out: dict[str, Any] = {
        "validation_data": validation_data,
        "validation_batch_size": _AT_ONCE,
    }
    with tqdm(total=len(models) * epochs, unit="epoch", leave=False) as bar:
        for i, model in enumerate(models):
            for epoch in range(epochs):
                run = model.fit(x, y, batch_size, verbose=0, **held_out)
                accuracy[i, epoch] = run.history["val_accuracy"][0]
                weights[i].append(model.get_weights())
                bar.update()
    runs = Runs(list(models), accuracy)
    for model, kept in zip(models, weights, strict=True):
        model.set_weights(kept[runs.best_epoch - 1])
    return runs


def at_best_rate(
    make: Callable[[float, int], Sequential],
    rates: Sequence[float],
    x: NDArray[Any],
    y: ArrayLike,
    validation_data: tuple[ArrayLike, ArrayLike],
    epochs: int,
    seeds: int = 3,
) -> tuple[float, Runs]:
    """Train a model at several learning rates, and keep the rate that suits it best.

    Parameters
    ----------
    make
        From a learning rate and a seed to a model, compiled with the metric "accuracy".
    rates
        To choose from.
    x, y, validation_data, epochs
        As `train_seeds`.
    seeds
        How many models at each rate.

    Returns
    -------
    float, Runs
        The rate whose best epoch was best on the validation data, in the mean over the seeds,
        the first of equals; and its models with the weights of that epoch.

    Raises
    ------
    ValueError
        No rate, or as `train_seeds`.
    """
    if not rates:
        raise ValueError(f"rates must hold a learning rate to choose: received {list(rates)}.")
    runs = {
        rate: train_seeds([make(rate, s) for s in range(seeds)], x, y, validation_data, epochs)
        for rate in rates
    }
    best = max(rates, key=lambda rate: runs[rate].mean.max())
    return best, runs[best]
