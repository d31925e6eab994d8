"""Each text's share of each row: the two products behind a mean of rows.

Chapter 6 says what a mean of looked-up rows is: a sparse matrix, which holds each text's share of
each word, times the table; and its gradient is the transposed matrix times that of the means. The
matrix is given by what stands in it, text by text, as SciPy's CSR format has it.
"""

import numpy as np
import scipy

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.compiled import compiled

Shares = tuple[Floats, Ids, Ids]
"""Weights, the rows that they are of, and where each text's begin."""


@compiled
def mixed(rows: Floats, weights: Floats, position: Ids, bounds: Ids) -> Floats:
    """Add up rows, each times its weight, for each text.

    Parameters
    ----------
    rows
        Shape (m, D).
    weights, position
        Shape (n,), `weights` in the dtype of `rows`: how much of which row.
    bounds
        Shape (texts + 1,), from 0 to n: which of them belong to a text.

    Returns
    -------
    numpy.ndarray
        Shape (texts, D), the dtype of `rows`.
    """
    shares = scipy.sparse.csr_array((weights, position, bounds), (bounds.size - 1, len(rows)))
    return np.asarray(shares @ rows)


@compiled
def handed_back(
    gradient: Floats, weights: Floats, position: Ids, bounds: Ids, num_rows: int
) -> Floats:
    """Send the gradient of what `mixed` gave back to the rows.

    Parameters
    ----------
    gradient
        Shape (texts, D).
    weights, position, bounds
        As in `mixed`, `weights` in the dtype of the gradient.
    num_rows
        How many rows there were, m.

    Returns
    -------
    numpy.ndarray
        Shape (m, D), the dtype of the gradient.
    """
    shape = num_rows, bounds.size - 1
    # The transpose, written down as such.
    shares = scipy.sparse.csc_array((weights, position, bounds), shape)
    return np.asarray(shares @ gradient)
