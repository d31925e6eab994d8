"""What the relatives are fitted to: a matrix of real numbers, one sample a row."""

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from embedding_core.ground.checks import as_dtype, as_numbers


def as_matrix(x: Any) -> Any:
    """Return data as float64, checked.

    Parameters
    ----------
    x
        Shape (n, m): an array, nested lists, or a SciPy sparse matrix.

    Returns
    -------
    numpy.ndarray or scipy.sparse.csr_matrix
        Sparse if x is.

    Raises
    ------
    TypeError
        Something else than real numbers.
    ValueError
        Lists of different lengths, no matrix, no row or no column, a NaN or an infinity.
    """
    sparse = scipy.sparse.issparse(x)
    data: Any = x if sparse else as_numbers("x", x, "real numbers")
    as_dtype(data.dtype, "fiub", "one of real numbers")
    if data.ndim != 2 or 0 in data.shape:
        raise ValueError(
            f"x must be a matrix with at least one row and one column: received shape {data.shape}."
        )
    data = data.tocsr().astype(np.float64) if sparse else data.astype(np.float64)
    stored: NDArray[np.float64] = data.data if sparse else data
    bad = ~np.isfinite(stored)
    if bad.any():
        raise ValueError(
            f"x must hold finite numbers: received {stored[bad][0]}. Leave such rows out, or "
            "fill them in."
        )
    return data
