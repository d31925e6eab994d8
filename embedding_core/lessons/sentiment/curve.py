"""How accuracy grows with the number of reviews to learn from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from embedding_core.lessons.sentiment.strong import fit_bags, start_from_counts, strong_model


def accuracy_by_size(
    train: tuple[Any, ArrayLike],
    held_out: tuple[Any, ArrayLike],
    sizes: Sequence[int],
    seeds: Sequence[int] = (0, 1, 2),
    min_texts: int = 2,
) -> NDArray[np.float64]:
    """Train the strong model on ever more texts, each time drawn anew.

    Parameters
    ----------
    train, held_out
        Rows of `text.Ngrams` and labels: to draw from, and to measure on.
    sizes
        Numbers of texts to train on.
    seeds
        Each draws other texts, and begins from other numbers.
    min_texts
        A word or pair that fewer of the drawn texts hold is not known.

    Returns
    -------
    numpy.ndarray
        Accuracy on the held-out texts, shape (seeds, sizes).

    Raises
    ------
    ValueError
        A size outside of 1 ... number of texts, or what the model refuses: texts of one label
        only, for example.
    """
    bags, labels = train[0], np.asarray(train[1])
    if not all(1 <= size <= len(labels) for size in sizes):
        raise ValueError(f"sizes must lie in [1, {len(labels)}]: received {list(sizes)}.")
    accuracy = np.zeros((len(seeds), len(sizes)))
    with tqdm(total=accuracy.size, unit=" models", leave=False) as bar:
        for i, seed in enumerate(seeds):
            order = np.random.default_rng(seed).permutation(len(labels))
            for j, size in enumerate(sizes):
                drawn = np.sort(order[:size])
                some = bags[drawn]
                # What too few of these texts hold may not be known by way of the others.
                held_by = np.bincount(some.indices, minlength=bags.shape[1])
                known = np.flatnonzero(held_by >= min_texts)
                x, y = some[:, known], labels[drawn]
                model = strong_model(len(known), seed=seed)
                start_from_counts(model, x, y)
                measure_on = held_out[0][:, known], held_out[1]
                accuracy[i, j] = fit_bags(model, x, y, seed=seed, validation_data=measure_on)[-1]
                bar.update()
    return accuracy
