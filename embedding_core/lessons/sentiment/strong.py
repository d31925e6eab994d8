"""A strong judge of reviews: words and pairs of words, their mean, one unit.

The model is that of `mean`, with three changes. A text is the set of its words and of its pairs
of neighbours (`text.Ngrams`), so that "not good" has a row of its own. The table does not begin
at random: each row begins as what naive Bayes would count for it, turned in the direction in which
the last unit looks. And rows rest while nobody looks them up (`LazyAdam`), which makes a step
cheap in a table of some hundred thousand rows.

Sida Wang and Christopher D. Manning, *Baselines and Bigrams: Simple, Good Sentiment and Topic
Classification*, ACL 2012: binary bigrams, scaled by naive Bayes' log-count ratios, in a linear
classifier. There the ratios scale the features, here they are first values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from embedding_core.batches import batches
from embedding_core.layers import Dense, EmbeddingBag
from embedding_core.model import Sequential
from embedding_core.optimizers import LazyAdam
from embedding_core.text import Ngrams

WIDTH, LEARNING_RATE, BATCH, EPOCHS, STRENGTH = 8, 0.02, 64, 2, 5.0
"""Chosen on validation reviews of IMDB."""


def strong_model(
    input_dim: int, output_dim: int = WIDTH, learning_rate: float = LEARNING_RATE, seed: int = 0
) -> Sequential:
    """Make the model for rows of `text.Ngrams`: a table, a mean, one unit.

    Parameters
    ----------
    input_dim
        Number of words and pairs.
    output_dim
        Numbers for each.
    learning_rate
        `LazyAdam`'s.
    seed
        Decides the first values.

    Returns
    -------
    Sequential
        Built, and compiled with binary cross-entropy and the accuracy.

    Raises
    ------
    ValueError
        A size that is not a positive integer, or a negative learning rate.
    """
    layers = [EmbeddingBag(input_dim, output_dim), Dense(1, activation="sigmoid")]
    model = Sequential(layers, seed=seed)
    model.compile(LazyAdam(learning_rate), loss="binary_crossentropy", metrics=["accuracy"])
    model.build((1, input_dim))
    return model


def log_count_ratios(bags: Any, labels: ArrayLike) -> NDArray[np.float64]:
    """Count, for each column, how much more often positive texts hold it than negative ones.

    Parameters
    ----------
    bags
        Sparse matrix of zeros and ones, shape (n, V).
    labels
        0 or 1, shape (n,).

    Returns
    -------
    numpy.ndarray
        Shape (V,): the logarithm of the ratio of the two shares, each count begun at 1. Naive
        Bayes judges a text by the sum of these numbers over its words.

    Raises
    ------
    ValueError
        There is not one label for each text, a label is neither 0 nor 1, or one of the two does
        not occur.
    """
    positive = _checked_labels(bags, labels) == 1
    counts = [1 + bags.T @ side.astype(np.float64) for side in (positive, ~positive)]
    liked, disliked = (np.asarray(count) / count.sum() for count in counts)
    return np.asarray(np.log(liked / disliked))


def start_from_counts(
    model: Sequential, bags: Any, labels: ArrayLike, strength: float = STRENGTH
) -> None:
    """Let the untrained model judge nearly as naive Bayes would.

    To each row of the table is added its `log_count_ratios`, times `strength`, in the direction
    of the last unit. The unit, which looks in that direction, gives the mean of the ratios back.

    Parameters
    ----------
    model
        Of `strong_model`.
    bags, labels
        The training texts, see `log_count_ratios`.
    strength
        What to multiply by; 0 leaves the random numbers alone.

    Raises
    ------
    ValueError
        As `log_count_ratios`, or another number of columns than the table has rows.
    """
    table, kernel, bias = model.get_weights()
    ratios = strength * log_count_ratios(bags, labels)
    if len(ratios) != len(table):
        raise ValueError(f"the table has {len(table)} rows: received {len(ratios)} columns.")
    direction = kernel[:, 0] / np.square(kernel).sum()
    model.set_weights([table + ratios[:, None] * direction, kernel, bias])


def fit_bags(
    model: Sequential,
    bags: Any,
    labels: ArrayLike,
    epochs: int = EPOCHS,
    seed: int = 0,
    validation_data: tuple[Any, ArrayLike] | None = None,
) -> list[float]:
    """Train on rows of a sparse matrix, 64 at a time, in a new order each epoch.

    Parameters
    ----------
    model
        Of `strong_model`.
    bags, labels
        The training texts.
    epochs
        How often each is seen.
    seed
        Decides the order.
    validation_data
        Texts and labels to measure after each epoch.

    Returns
    -------
    list of float
        The accuracy on the validation data after each epoch; empty without them.

    Raises
    ------
    ValueError
        `epochs` is below 1, or there is not one label, 0 or 1, for each text.
    """
    y = _checked_labels(bags, labels)
    if epochs < 1:
        raise ValueError(f"epochs must be at least 1: received {epochs}.")
    rng = np.random.default_rng(seed)
    measured = []
    with tqdm(total=epochs * len(y), unit=" texts", leave=False) as bar:
        for _ in range(epochs):
            for batch in batches(rng.permutation(len(y)), BATCH):
                model.train_on_batch(bags[batch], y[batch])
                bar.update(len(batch))
            if validation_data is not None:
                x_held, y_held = validation_data
                measured.append(float(np.mean((model(x_held)[:, 0] > 0.5) == y_held)))
    return measured


class Vote(NamedTuple):
    """What one word or pair adds to the answer.

    Parameters
    ----------
    gram
        The word, or two with a space between them.
    amount
        Above 0 for a liked film; the sigmoid is taken of the bias and all amounts together.
    """

    gram: str
    amount: float


@dataclass(frozen=True)
class Judge:
    """A trained model with what turns texts into its inputs.

    Attributes
    ----------
    ngrams
        Learned from the training texts.
    model
        Trained on their rows.
    """

    ngrams: Ngrams
    model: Sequential

    def probability(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Say how likely each writer liked the film, shape (n,)."""
        return np.asarray(self.model(self.ngrams(texts))[:, 0], np.float64)

    def accuracy(self, texts: Iterable[str], labels: ArrayLike) -> float:
        """Measure how often the more likely answer is the right one."""
        return float(np.mean((self.probability(texts) > 0.5) == np.asarray(labels)))

    @property
    def bias(self) -> float:
        """What the model thinks of a text without words, before the sigmoid."""
        return float(self.model.get_weights()[2][0])

    def votes(self, text: str) -> list[Vote]:
        """Take the answer to one text apart.

        Parameters
        ----------
        text
            Any text; words that were not learned have no vote.

        Returns
        -------
        list of Vote
            For each known word and pair, the strongest first. Their amounts and the bias add up
            to the number of which the sigmoid is the probability.

        Raises
        ------
        TypeError
            `text` is no string.
        """
        grams = self.ngrams.grams(text)
        unit = self.model.layers[1].weights[0].value[:, 0]
        rows = self.model.layers[0].weights[0].rows([column for _, column in grams])
        amounts = rows @ unit / max(len(grams), 1)
        votes = [
            Vote(gram, float(amount)) for (gram, _), amount in zip(grams, amounts, strict=True)
        ]
        return sorted(votes, key=lambda vote: -abs(vote.amount))


def train_judge(
    texts: Sequence[str], labels: ArrayLike, epochs: int = EPOCHS, seed: int = 0
) -> Judge:
    """Go the whole way from texts to a trained model.

    Parameters
    ----------
    texts
        The training texts.
    labels
        0 or 1 for each.
    epochs
        How often to see each text.
    seed
        Decides the first values and the order.

    Returns
    -------
    Judge
        Ready to judge other texts.

    Raises
    ------
    TypeError, ValueError
        As `text.Ngrams.adapt_and_call`, `log_count_ratios` and `fit_bags`.
    """
    ngrams = Ngrams()
    bags = ngrams.adapt_and_call(texts)
    model = strong_model(ngrams.size, seed=seed)
    start_from_counts(model, bags, labels)
    fit_bags(model, bags, labels, epochs, seed)
    return Judge(ngrams, model)


def _checked_labels(bags: Any, labels: ArrayLike) -> NDArray[Any]:
    y = np.asarray(labels)
    if y.shape != (bags.shape[0],):
        raise ValueError(
            f"give one label for each of the {bags.shape[0]} texts: received shape {y.shape}."
        )
    found = np.unique(y).tolist()
    if found != [0, 1]:
        raise ValueError(f"labels must be 0 and 1, and both must occur: received {found[:5]}.")
    return y
