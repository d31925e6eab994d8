"""What one needs to ask a frozen table a question: texts as vectors, and a fair set of texts.

A probe is a small model that is trained on top of vectors which stay as they are. If it can
answer, the vectors hold the answer (Alain and Bengio 2016, who probe the layers of a network). It
needs a control: vectors of chance, asked in the same way.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats, Ids, Mask
from embedding_core.ground.checks import as_list, as_numbers, as_seed
from embedding_core.ground.odd_ids import rectangle
from embedding_core.ids import check_ids


def mentions(texts: ArrayLike, ids: Collection[int]) -> Mask:
    """Return whether each text holds one of some ids.

    Parameters
    ----------
    texts
        Shape (n, length): ids.
    ids
        Those looked for.

    Returns
    -------
    numpy.ndarray
        Shape (n,), bool.

    Raises
    ------
    ValueError
        Texts that are not an array of rows, or nothing to look for.
    TypeError
        Something else than numbers.
    """
    rows, wanted = as_numbers("texts", texts), as_numbers("ids", as_list("ids", ids, "ids"))
    if rows.ndim != 2 or not wanted.size:
        raise ValueError(
            "need texts as rows of ids, and at least one id to look for: received the shape "
            f"{rows.shape} and {wanted.size} ids."
        )
    return np.asarray(np.isin(rows, wanted).any(axis=1))


def mean_rows(vectors: ArrayLike, texts: ArrayLike, skip: Collection[int] = ()) -> Floats:
    """Return the mean of the rows that each text looks up.

    Parameters
    ----------
    vectors
        Shape (V, D).
    texts
        Shape (n, length): ids in [0, V).
    skip
        Ids that take no part, such as padding or a word that would give the answer away.

    Returns
    -------
    numpy.ndarray
        Shape (n, D). A text of which all is skipped has the mean 0.

    Raises
    ------
    IndexError, TypeError
        As `ids.check_ids`; `TypeError` also for a table or skipped ids that are no numbers.
    ValueError
        A table or texts of another number of dimensions than two.
    """
    table, out = as_numbers("vectors", vectors), as_numbers("skip", as_list("skip", skip, "ids"))
    shape = rectangle(texts).shape
    if table.ndim != 2 or len(shape) != 2:
        raise ValueError(
            "need a table (rows, numbers) and texts (texts, ids): received the shapes "
            f"{table.shape} and {shape}."
        )
    ids = check_ids(texts, len(table))
    kept = ~np.isin(ids, out)
    # Text by text: all rows of all texts at once would take n · length · D numbers.
    means = [
        table[row[at]].mean(axis=0) if at.any() else np.zeros_like(table[0])
        for row, at in zip(ids, kept, strict=True)
    ]
    return np.array(means).reshape(len(ids), table.shape[1])


def balanced(first: ArrayLike, second: ArrayLike, seed: int = 0) -> Ids:
    """Choose samples so that each pair of two labels is equally frequent.

    Then knowing one label is of no help in guessing the other, and always giving one answer is
    right half the time.

    Parameters
    ----------
    first, second
        Shape (n,): two labels of each sample, each 0 or 1 (or False and True).
    seed
        Decides which samples of a frequent pair are taken.

    Returns
    -------
    numpy.ndarray
        Places in [0, n), ascending: as many of each of the four pairs as the rarest has.

    Raises
    ------
    ValueError
        Labels of different length, another label, a pair that does not occur, or a negative
        seed.
    TypeError
        Something else than numbers, or a seed that is no whole number.
    """
    one, other = as_numbers("first", first), as_numbers("second", second)
    if one.ndim != 1 or one.shape != other.shape:
        raise ValueError(
            f"need two labels for each sample: received the shapes {one.shape} and {other.shape}."
        )
    for labels in (one, other):
        wrong = labels[~np.isin(labels, (0, 1))]
        if wrong.size:
            raise ValueError(f"labels must be 0 or 1: received {wrong[0]!r}.")
    pairs = [np.flatnonzero((one == a) & (other == b)) for a in (0, 1) for b in (0, 1)]
    fewest = min(pair.size for pair in pairs)
    if not fewest:
        sizes = [pair.size for pair in pairs]
        raise ValueError(
            f"each of the pairs (0, 0), (0, 1), (1, 0), (1, 1) must occur: received {sizes} of "
            "them. Give more samples."
        )
    rng = np.random.default_rng(as_seed(seed))
    return np.sort(np.concatenate([rng.permutation(pair)[:fewest] for pair in pairs]))
