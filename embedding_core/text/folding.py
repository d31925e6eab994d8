"""A table with fewer rows than there are things to look up: columns that share a bucket.

The hashing trick (Weinberger et al. 2009), played on a matrix whose columns are known already, so
that one set of texts can be tried on tables of many sizes.
"""

import numpy as np
import scipy


def fold_columns(
    bags: "scipy.sparse.csr_array", rows: int, seed: int = 0
) -> "scipy.sparse.csr_array":
    """Send each column to a bucket drawn by chance, and say which buckets each text names.

    Parameters
    ----------
    bags
        Sparse matrix of zeros and ones, shape (n, V), as `Ngrams` returns it.
    rows
        Number of buckets: the rows of the table that is to serve them.
    seed
        Decides which columns share a bucket. Matrices of the same width and seed agree.

    Returns
    -------
    scipy.sparse.csr_array
        Shape (n, rows), float32, of zeros and ones.

    Raises
    ------
    ValueError
        `rows` is no positive integer.
    """
    if type(rows) is not int or rows < 1:
        raise ValueError(f"rows must be a whole number from 1 on: received {rows!r}.")
    bucket = np.random.default_rng(seed).integers(0, rows, bags.shape[1], np.int32)
    ones = np.ones(bags.nnz, np.float32)
    folded = scipy.sparse.csr_array(
        (ones, bucket[bags.indices], bags.indptr.copy()), shape=(bags.shape[0], rows)
    )
    folded.sum_duplicates()
    folded.data.fill(1)
    return folded
