"""Word vectors without any training: count, take logarithms, keep the largest directions.

Levy and Goldberg (2014): what skip-gram with negative sampling strives for can be written down.
The dot product of word w and neighbour c is best when it is their pointwise mutual information,
less the logarithm of the number of negatives. So count how often words are neighbours, compute
that number where it is positive, and factor the matrix, which needs linear algebra alone.

The counts are a product of two one-hot matrices: that of the places that look, transposed, and
that of the places that they see.
"""

from collections.abc import Collection

import numpy as np
import scipy
from scipy.sparse.linalg import svds

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import positive_int, shown
from embedding_core.ops import one_hot
from embedding_core.relatives.negative_sampling import POWER
from embedding_core.relatives.pairs import Texts, joined


def cooccurrences(
    texts: Texts, vocabulary_size: int, window: int = 5, skip: Collection[int] = ()
) -> "scipy.sparse.csr_array":
    """Count how often words are neighbours.

    Parameters
    ----------
    texts
        Each a sequence of ids in [0, V); neighbours are words of one text.
    vocabulary_size
        Number of ids V.
    window
        The largest distance. A pair at distance d counts (window + 1 - d) / window: as often
        as `word2vec.Skipgram`, which draws its distances, will see it in the mean.
    skip
        Ids that are taken out of the texts first.

    Returns
    -------
    scipy.sparse.csr_array
        Shape (V, V), symmetric, float64.

    Raises
    ------
    IndexError, TypeError, ValueError
        As `pairs.joined`; `ValueError` also for a size that is no positive integer.
    MemoryError
        There is no room for a row of each id.
    """
    num_rows, window = (
        positive_int("vocabulary_size", vocabulary_size),
        positive_int("window", window),
    )
    ids, text = joined(texts, num_rows, skip)
    count = scipy.sparse.csr_array((num_rows, num_rows))
    for distance in range(1, min(window, text.size - 1) + 1):
        at = np.flatnonzero(text[distance:] == text[:-distance])
        looks, seen = (one_hot(ids[side], num_rows, "float64") for side in (at, at + distance))
        count = count + (window + 1 - distance) / window * (looks.T @ seen)
    return scipy.sparse.csr_array(count + count.T)


def shifted_ppmi(counts: "scipy.sparse.csr_array", negatives: int = 5) -> "scipy.sparse.csr_array":
    """Compute the positive part of the pointwise mutual information, shifted by log(negatives).

    Parameters
    ----------
    counts
        Shape (V, V), from `cooccurrences`.
    negatives
        What the optimum of skip-gram depends on: log(negatives) is taken off.

    Returns
    -------
    scipy.sparse.csr_array
        Shape (V, V): log(#(w, c) / (#(w) P(c))) - log(negatives) where that is above 0. P is
        what negatives are drawn by, the 0.75th power of the counts.

    Raises
    ------
    ValueError
        `negatives` is no positive integer, or nothing was counted.
    TypeError
        No sparse matrix.
    """
    if not scipy.sparse.issparse(counts) or counts.ndim != 2:
        raise TypeError(f"counts must be a sparse matrix: received {shown(counts)}.")
    shift = np.log(positive_int("negatives", negatives))
    if not counts.nnz:
        raise ValueError(
            "no two words are neighbours in these texts: received a matrix of zeros. Give longer "
            "texts, or a wider window."
        )
    pairs = counts.tocoo()
    of_words, drawn = counts.sum(axis=1), counts.sum(axis=0) ** POWER
    drawn /= drawn.sum()
    information = np.log(pairs.data / (of_words[pairs.row] * drawn[pairs.col])) - shift
    above = information > 0
    places = pairs.row[above], pairs.col[above]
    return scipy.sparse.csr_array((information[above], places), shape=counts.shape)


def ppmi_vectors(
    texts: Texts,
    vocabulary_size: int,
    output_dim: int = 100,
    window: int = 5,
    negatives: int = 5,
    skip: Collection[int] = (),
) -> Floats:
    """Make word vectors by counting and a singular value decomposition.

    Parameters
    ----------
    texts, vocabulary_size, window, skip
        As `cooccurrences`.
    output_dim
        Length D of the vectors, less than V.
    negatives
        As `shifted_ppmi`.

    Returns
    -------
    numpy.ndarray
        Shape (V, D), float64: the left singular vectors of the shifted PPMI, each times the
        square root of its singular value, the largest first.

    Raises
    ------
    IndexError, TypeError, ValueError
        As `cooccurrences` and `shifted_ppmi`; `ValueError` also for a D that is not below V, or
        when the shift leaves nothing.
    MemoryError
        There is no room for a row of each id.
    """
    positive_int("vocabulary_size", vocabulary_size)
    width = positive_int("output_dim", output_dim)
    if width >= vocabulary_size:
        raise ValueError(
            f"output_dim must be below the number of ids, {vocabulary_size}: received {width}. "
            "There are no more directions than that."
        )
    counts = cooccurrences(texts, vocabulary_size, window, skip)
    if not counts.nnz:
        raise ValueError(
            f"no two words are neighbours in {shown(texts)} without the ids {shown(skip)}. Give "
            "longer texts, or a wider window."
        )
    matrix = shifted_ppmi(counts, negatives)
    if not matrix.nnz:
        raise ValueError(
            f"negatives={negatives} leaves no pair above 0: no two words meet that much more often "
            "than by chance. Shift by fewer negatives, or give more text."
        )
    # The first vector is given, or ARPACK would draw one, and the signs with it.
    left, sizes, _ = svds(matrix, k=width, v0=np.ones(vocabulary_size))
    order = np.argsort(-sizes)
    vectors: Floats = left[:, order] * np.sqrt(sizes[order])
    return vectors
