"""Tables from texts without labels, made ready to begin a model's training with.

The comment in the thread advises what Dai and Le (2015) had done: train something on texts without
labels first, and hand its table to the model that is to learn from labels. Whether that helps is an
experiment; this module makes what the experiment compares.
"""

from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from embedding_core._types import Floats
from embedding_core.ids import check_ids

Table = NDArray[np.float64]


def words_present(ids: ArrayLike, input_dim: int, skip: tuple[int, ...] = (0, 1)) -> Any:
    """Write down which words stand in which text.

    Parameters
    ----------
    ids
        Shape (n, L), a text each row, padded.
    input_dim
        Number of ids V.
    skip
        Ids that are no words: by default padding and the unknown.

    Returns
    -------
    scipy.sparse.csr_matrix
        Shape (n, V), float64: 1 where a word occurs in a text, however often.

    Raises
    ------
    IndexError, TypeError, ValueError
        As `ids.check_ids`, and for ids that are no matrix.
    """
    rows = check_ids(ids, input_dim)
    if rows.ndim != 2:
        raise ValueError(f"ids must have shape (texts, words): received shape {rows.shape}.")
    words = rows.ravel()
    texts = np.repeat(np.arange(len(rows)), rows.shape[1])
    kept = ~np.isin(words, skip)
    ones = np.ones(int(kept.sum()))
    present = scipy.sparse.csr_matrix((ones, (texts[kept], words[kept])), (len(rows), input_dim))
    present.data[:] = 1  # a word that occurs twice was added up
    return present


def rarity_weighted(present: Any) -> Any:
    """Multiply each column by the logarithm of how rare its word is.

    Parameters
    ----------
    present
        From `words_present`, shape (n, V).

    Returns
    -------
    scipy.sparse.csr_matrix
        Same shape: log(n / (1 + k)) in place of 1 for a word in k texts, 0 if that is negative.
        Without it the words that stand in all texts are all that an autoencoder sees.
    """
    texts = np.asarray(present.sum(axis=0)).ravel()
    weight = np.maximum(np.log(present.shape[0] / (1 + texts)), 0)
    return present.multiply(weight).tocsr()


def rows_of_length(table: ArrayLike, length: float) -> Table:
    """Scale every row of a table to one length; a row of zeros stays.

    Frequent and rare words come out of an autoencoder with rows of very different lengths, and
    an optimizer that moves all rows alike would leave the long ones where they are.

    Parameters
    ----------
    table
        Shape (V, D).
    length
        Of each row, afterwards.

    Raises
    ------
    ValueError
        A table that is no matrix, or holds NaN or infinities.
    """
    rows = np.asarray(table, np.float64)
    if rows.ndim != 2 or not np.isfinite(rows).all():
        raise ValueError(
            f"a table must be a matrix (V, D) of finite numbers: received shape {rows.shape}, "
            f"{np.isfinite(rows).sum()} of {rows.size} numbers finite."
        )
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(np.where(norms > 0, length * rows / np.where(norms > 0, norms, 1), 0))


def shuffled(table: ArrayLike, seed: int = 0) -> Floats:
    """Deal a table's rows out to the words anew: the same numbers, and no knowledge.

    What a model gains from a table and not from the shuffled one, it gains from the table's
    knowledge of words, and not from the size of its numbers.
    """
    return np.random.default_rng(seed).permutation(np.asarray(table), axis=0)
