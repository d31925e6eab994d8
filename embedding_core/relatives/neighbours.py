"""Who is near whom in a table of vectors, measured by angle.

The likeness of two rows is the cosine of the angle between them: 1 for the same direction, 0 for
a right angle, -1 for opposite ones. How long a row is plays no part.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.checks import as_numbers, positive_int, shown
from embedding_core.ids import check_ids
from embedding_core.text._checks import as_texts

# Likenesses that are held in memory at a time: 32 MB of float64.
_AT_A_TIME = 1 << 22


def unit_rows(vectors: ArrayLike) -> Floats:
    """Stretch or shrink every row to length 1.

    Parameters
    ----------
    vectors
        Shape (V, D), real numbers.

    Returns
    -------
    numpy.ndarray
        Shape (V, D), float64.

    Raises
    ------
    ValueError
        No table of at least one row and one column, a number that is not finite, or a row of
        zeros, which has no direction.
    TypeError
        Something else than numbers.
    """
    table = as_numbers("vectors", vectors).astype("float64")
    if table.ndim != 2 or not table.size:
        raise ValueError(
            f"vectors must have the shape (rows, numbers): received {table.shape}. "
            "Give a table of at least one row."
        )
    # The largest number of a row goes first, or the squares of very small rows would be 0.
    largest = np.abs(table).max(axis=1, keepdims=True)
    for bad, what in ((~np.isfinite(largest), "NaN or an infinity"), (largest == 0, "only zeros")):
        if bad.any():
            raise ValueError(
                f"a direction needs finite numbers that are not all zero: row {bad.argmax()} "
                f"holds {what}. Leave that row out: received {shown(table)}."
            )
    table = table / largest
    return np.asarray(table / np.linalg.norm(table, axis=1, keepdims=True))


def nearest(vectors: ArrayLike, ids: ArrayLike, k: int) -> Ids:
    """Find the rows whose direction is most like that of the rows asked for.

    Parameters
    ----------
    vectors
        Shape (V, D).
    ids
        Shape (n,): the rows asked for, in [0, V).
    k
        How many neighbours, at most V - 1: a row is no neighbour of its own.

    Returns
    -------
    numpy.ndarray
        Shape (n, k): row numbers, the nearest first; of two that are equally near, the lower
        number first.

    Raises
    ------
    IndexError, TypeError
        As `ids.check_ids`.
    ValueError
        As `unit_rows`; a `k` that is not in [1, V - 1]; ids that are not a flat list.
    """
    rows = unit_rows(vectors)
    asked = check_ids(ids, len(rows))
    if asked.ndim != 1:
        raise ValueError(f"ids must be a flat list: received the shape {asked.shape}.")
    if positive_int("k", k) >= len(rows):
        raise ValueError(
            f"k must be in [1, {len(rows) - 1}], the neighbours that one of {len(rows)} rows can "
            f"have: received {k}."
        )
    found = np.empty((asked.size, k), np.intp)
    step = max(1, _AT_A_TIME // len(rows))
    for start in range(0, asked.size, step):
        some = asked[start : start + step]
        likeness = rows[some] @ rows.T
        likeness[np.arange(some.size), some] = -np.inf
        found[start : start + step] = np.argsort(-likeness, axis=1, kind="stable")[:, :k]
    return found


def nearest_words(vectors: ArrayLike, words: Sequence[str], asked: str, k: int) -> list[str]:
    """Name the words whose rows are most like the row of one word.

    Parameters
    ----------
    vectors
        Shape (V, D).
    words
        V distinct words, in the order of the rows.
    asked
        One of them.
    k
        How many neighbours, at most V - 1.

    Returns
    -------
    list of str
        The nearest first.

    Raises
    ------
    ValueError
        A word that is not among them, another number of words than rows, or as `nearest`.
    TypeError
        No list of words, or vectors that are no numbers.
    """
    rows, known = len(unit_rows(vectors)), as_texts(words, "words")
    if len(known) != rows:
        raise ValueError(
            f"need one word for each of {rows} rows: received {len(known)}, {shown(words)}."
        )
    return [known[at] for at in nearest(vectors, places(known, [asked]), k)[0]]


def places(words: Sequence[str], asked: Sequence[str]) -> Ids:
    """Return the row numbers of some words.

    Parameters
    ----------
    words
        V distinct words, in the order of the rows.
    asked
        n of them.

    Returns
    -------
    numpy.ndarray
        Shape (n,).

    Raises
    ------
    ValueError
        A word that is not among them, or one that is twice; the message names it.
    TypeError
        Something else than two lists of words.
    """
    known = as_texts(words, "words")
    row = {word: at for at, word in enumerate(known)}
    if len(row) < len(known):
        raise ValueError(f"words must all be different: received {shown(known)}.")
    asked = as_texts(asked, "asked")
    for word in asked:
        if word not in row:
            raise ValueError(
                f"{shown(word)} is not in the vocabulary of {len(row)} words. Ask for one that is, "
                "in the spelling that standardization leaves."
            )
    return np.array([row[word] for word in asked], np.intp)


def shared(first: ArrayLike, second: ArrayLike) -> Floats:
    """Return which share of its neighbours each row has in both of two lists.

    Parameters
    ----------
    first, second
        Shape (n, k): for each of n rows its k neighbours, all different; see `nearest`.

    Returns
    -------
    numpy.ndarray
        Shape (n,): 1 where both name the same k rows, in whatever order, 0 where no row is in
        both.

    Raises
    ------
    ValueError
        Two lists of different shape, or no neighbours.
    TypeError
        Something else than numbers.
    """
    one, other = as_numbers("first", first), as_numbers("second", second)
    if one.shape != other.shape or one.ndim != 2 or not one.shape[1]:
        raise ValueError(
            "need two lists of neighbours of one shape (n, k), k at least 1: received "
            f"{one.shape} and {other.shape}."
        )
    # Neighbours are all different, so a number that is in both lists stands twice in the sorted
    # row of both, side by side.
    both = np.sort(np.concatenate([one, other], axis=1), axis=1)
    return np.asarray((both[:, 1:] == both[:, :-1]).sum(axis=1) / one.shape[1])
