"""What a table whose rows say their own number answers to an id, in a word."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def answer(look_up: Callable[[Any], Any], ids: ArrayLike) -> str:
    """Ask for ids and say which row came back for the first, or that there was an error.

    Parameters
    ----------
    look_up
        A layer, or a function, of an array of ids. Its rows say their own number in their first
        column.
    ids
        One or more, in any form that `numpy.array` takes.

    Returns
    -------
    str
        "row 3", or "an error": each library has an exception of its own for a bad id.
    """
    try:
        rows = np.asarray(look_up(np.array(ids)))
    except Exception:
        return "an error"
    return f"row {rows.reshape(-1, rows.shape[-1])[0, 0]:.0f}"
