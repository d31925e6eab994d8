"""How often words share an id when a hash hands the ids out, counted and expected."""

from collections.abc import Callable, Iterable
from typing import SupportsIndex

import numpy as np

from embedding_core.ground.checks import as_list, as_numbers, shown
from embedding_core.text._checks import as_count
from embedding_core.text.hashing import md5


def colliding_pairs(ids: Iterable[SupportsIndex]) -> int:
    """Count the pairs of words that share an id.

    Parameters
    ----------
    ids : iterable of n int
        One id for each of n distinct words, for example from `hashing_trick`.

    Returns
    -------
    int
        Three words on one id are three pairs.

    Raises
    ------
    TypeError, ValueError
        Something else than a flat list of whole numbers.
    """
    numbers = as_numbers("ids", as_list("ids", ids, "ids"))
    if numbers.ndim != 1 or (numbers.size and numbers.dtype.kind not in "iu"):
        raise TypeError(f"ids must be a flat list of whole numbers: received {shown(ids)}.")
    _, words = np.unique(numbers, return_counts=True)
    return int((words * (words - 1) // 2).sum())


def expected_pairs(words: int, n: int) -> float:
    """Return how many pairs share an id on average, when every id is equally likely.

    Parameters
    ----------
    words : int
        How many distinct words there are, at least 1.
    n : int
        Size of the table, at least 2; ids run from 1 to n - 1, as in `hashing_trick`.

    Returns
    -------
    float
        w (w - 1) / 2 pairs, each with the chance 1 / (n - 1). The chance that any pair at all
        shares an id is at most this number: the birthday bound.

    Raises
    ------
    TypeError, ValueError
        An argument that is not an integer, or too small.
    """
    w = as_count("words", words, minimum=1, why="without words nothing collides")
    buckets = as_count("n", n, minimum=2, why="0 is kept for padding") - 1
    return w * (w - 1) / 2 / buckets


def expected_sharing(words: int, n: int) -> float:
    """Return which share of the words is not alone on its id, on average.

    Parameters
    ----------
    words, n : int
        As in `expected_pairs`.

    Returns
    -------
    float
        In [0, 1): one less the chance that the w - 1 others all fall elsewhere.

    Raises
    ------
    TypeError, ValueError
        An argument that is not an integer, or too small.
    """
    w = as_count("words", words, minimum=1, why="without words nothing collides")
    buckets = as_count("n", n, minimum=2, why="0 is kept for padding") - 1
    return float(1 - (1 - 1 / buckets) ** (w - 1))


def salted(salt: int) -> Callable[[str], int]:
    """Return one of many hash functions that have nothing to do with each other.

    Parameters
    ----------
    salt : int
        Which one. Like Python's `PYTHONHASHSEED`, but the same in every process.

    Returns
    -------
    callable
        From a word to an integer, for `hashing_trick`.
    """
    return lambda word: md5(f"{salt}:{word}")
