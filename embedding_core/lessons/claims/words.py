"""Small invented texts, and a look at who is near whom."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def texts_of_two_topics(
    count: int = 20, length: int = 15, words: int = 12, seed: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Invent texts of which one half uses one half of the words.

    Parameters
    ----------
    count, length, words
        How many texts, ids in each, and ids in all.
    seed
        One seed gives the same texts.

    Returns
    -------
    texts : (count, length) int array
        Ids; the first half of the texts is about topic 0, with ids below words / 2.
    topics : (count,) int array
        0 or 1.
    """
    topics = np.repeat([0, 1], [count // 2, count - count // 2])
    half = words // 2
    texts = np.random.default_rng(seed).integers(0, half, size=(count, length))
    return texts + half * topics[:, None], topics


def neighbours_alike(vectors: ArrayLike, kinds: ArrayLike) -> float:
    """Return the share of vectors whose nearest neighbour, by angle, is of their own kind.

    Parameters
    ----------
    vectors : (n, D) array
        One for each word or text.
    kinds : (n,) array
        What each is.
    """
    rows, kind = np.asarray(vectors, "float64"), np.asarray(kinds)
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    likeness = rows @ rows.T
    np.fill_diagonal(likeness, -np.inf)
    return float((kind[likeness.argmax(axis=1)] == kind).mean())
