"""A table by itself, and an optimizer that takes steps with gradients given by hand."""

from collections.abc import Iterable
from typing import Any

from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats
from embedding_core.optimizers import Optimizer
from embedding_core.variable import Variable


def after_steps(optimizer: Optimizer, start: ArrayLike, gradients: Iterable[Any]) -> Floats:
    """Return where a table ends that an optimizer moves by one gradient after the other.

    Parameters
    ----------
    optimizer
        New: it is tied to the table that is made here.
    start
        The table's first numbers, shape (V, D).
    gradients
        One for each step: arrays of the table's shape, or `IndexedSlices`.

    Returns
    -------
    numpy.ndarray
        A copy of the table after the last step, shape (V, D).
    """
    table = Variable(start)
    for gradient in gradients:
        optimizer.apply([gradient], [table])
    return table.value.copy()
