"""Tables from texts without labels, made ready to begin a model's training with.

The comment in the thread advises what Dai and Le (2015) had done: train something on texts without
labels first, and hand its table to the model that is to learn from labels. Whether that helps is an
experiment; this module makes what the experiment compares.
"""

from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import (
    as_list,
    as_numbers,
    as_seed,
    not_negative,
    positive_int,
    shown,
)
from embedding_core.ids import check_ids
from embedding_core.relatives.matrices import as_matrix

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
        As `ids.check_ids`, and for ids that are no matrix, or a number that is not positive.
    """
    rows = check_ids(ids, positive_int("input_dim", input_dim))
    if rows.ndim != 2:
        raise ValueError(f"ids must have shape (texts, words): received shape {rows.shape}.")
    words = rows.ravel()
    texts = np.repeat(np.arange(len(rows)), rows.shape[1])
    kept = ~np.isin(words, as_numbers("skip", as_list("skip", skip, "ids")))
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

    Raises
    ------
    TypeError, ValueError
        No sparse matrix of finite numbers.
    """
    if not scipy.sparse.issparse(present):
        raise TypeError(f"present must be a sparse matrix: received {shown(present)}.")
    present = as_matrix(present)
    texts = np.asarray(present.sum(axis=0)).ravel()
    weight = np.maximum(np.log(present.shape[0] / (1 + texts)), 0)
    return present.multiply(weight).tocsr()


def prepared(table: ArrayLike, ids: ArrayLike, length: float) -> Table:
    """Take the mean row out of a table and scale every row to one length.

    Every text's mean of rows holds the mean row, which says nothing about the text. And frequent
    and rare words come out of training with rows of very different lengths: an optimizer that
    moves all rows alike would leave the long ones where they are.

    Parameters
    ----------
    table
        Shape (V, D).
    ids
        Any shape: the texts, in which each word counts as often as it occurs. Padding and the
        unknown, 0 and 1, do not count.
    length
        Of each row, afterwards; a row of zeros stays one.

    Returns
    -------
    numpy.ndarray
        Shape (V, D), float64.

    Raises
    ------
    IndexError, TypeError
        As `ids.check_ids`.
    ValueError
        A table that is no matrix of finite numbers, texts without a word, or a length that is
        negative or not finite.
    """
    length = not_negative("length", length)
    rows = as_matrix(table)
    counts = np.bincount(check_ids(ids, len(rows)).ravel(), minlength=len(rows))
    counts[:2] = 0
    if not counts.any():
        raise ValueError(
            f"ids must hold a word: received padding (0) and unknown words (1) alone, {shown(ids)}."
        )
    rows = rows - counts @ rows / counts.sum()
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(length * rows / np.where(norms > 0, norms, 1))


def shuffled(table: ArrayLike, seed: int = 0) -> Floats:
    """Deal a table's rows out to the words anew: the same numbers, and no knowledge.

    What a model gains from a table and not from the shuffled one, it gains from the table's
    knowledge of words, and not from the size of its numbers.

    Raises
    ------
    TypeError, ValueError
        A table that is no matrix of finite numbers, or a seed that is no whole number from 0 on.
    """
    rows: Floats = as_numbers("table", table)
    as_matrix(rows)
    return np.random.default_rng(as_seed(seed)).permutation(rows, axis=0)
