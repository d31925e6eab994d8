"""What came of a case, in words: row 3, zeros, NaN, an error of some class."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import NotOffered

_LONGEST = 60


def answer(ask: Callable[[], Any]) -> str:
    """Run a question and put what comes back, or the error's class, into words.

    Parameters
    ----------
    ask
        Returns words, or raises.

    Returns
    -------
    str
        The words; "raises X" for an error of class X; "not offered".
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return str(ask())
    except NotOffered:
        return "not offered"
    except Exception as error:  # whatever another library raises is its answer
        return f"raises {type(error).__name__}"


def row(vector: NDArray[Any], table: NDArray[Any]) -> str:
    """Say which row of a table a vector is.

    Parameters
    ----------
    vector
        Shape (D,).
    table
        Shape (V, D), every row another.
    """
    vector = np.asarray(vector, np.float64)
    if vector.shape != table.shape[1:]:
        return f"an array of shape {vector.shape}"
    if np.isnan(vector).all():
        return "NaN"
    same = np.flatnonzero((np.asarray(table, np.float64) == vector).all(axis=1))
    if same.size:
        return f"row {same[0]}"
    return "zeros" if not vector.any() else numbers(vector)


def rows_that_differ(before: NDArray[Any], after: NDArray[Any]) -> str:
    """Say which rows of a table are no longer as they were."""
    moved = np.flatnonzero((before != after).any(axis=1))
    if not moved.size:
        return "no row"
    return ("row " if moved.size == 1 else "rows ") + ", ".join(map(str, moved))


def numbers(values: Any) -> str:
    """Write numbers with four digits, so that another processor writes the same."""
    flat = np.ravel(np.asarray(values, np.float64))
    return " ".join(f"{value:.4g}" for value in flat)[:_LONGEST]
