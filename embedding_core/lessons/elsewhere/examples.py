"""Layers to hold to the contract: one that is right, and four as people write them.

::

    python -m embedding_core probe embedding_core.lessons.elsewhere.examples:forgetful

prints which promises it breaks and what was seen, and ends with status 1. None of the four fails
on a small test: each is right for a few distinct ids in range.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ops import gather, scatter_add


class Sound:
    """A table with look-up, gradient and step, by this book's operations."""

    def __init__(self, table: NDArray[np.float32]) -> None:
        self._table = table.copy()

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Return a copy of the rows."""
        return gather(self._table, ids)

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Add up what each row was sent."""
        return scatter_add(upstream, ids, len(self._table))

    def step(self, ids: Any, upstream: NDArray[Any], learning_rate: float) -> NDArray[Any]:
        """Go down the gradient."""
        self._table -= np.float32(learning_rate) * self.gradient(ids, upstream)
        return self._table.copy()


class _Forgetful(Sound):
    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Add by an index, which keeps the last of several gradients for one row."""
        gather(self._table, ids)  # refuses bad ids
        total = np.zeros_like(self._table)
        total[ids] += upstream
        return total


class _Narrow(Sound):
    def look_up(self, ids: Any) -> NDArray[Any]:
        """Make the ids 32 bits wide before they are checked, as a kernel may want them."""
        return super().look_up(np.asarray(ids).astype(np.int32))


class _Lending(Sound):
    def look_up(self, ids: Any) -> NDArray[Any]:
        """Give neighbouring rows as a view of the table, and save the copy."""
        rows = super().look_up(ids)
        flat = np.ravel(ids).astype(int)
        if flat.size and np.ndim(ids) == 1 and (np.diff(flat) == 1).all():
            return self._table[flat[0] : flat[-1] + 1]
        return rows


class _Rounding(Sound):
    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Add up in half precision, where 2048 + 1 is 2048."""
        gather(self._table, ids)
        total = np.zeros(self._table.shape, np.float16)
        np.add.at(total, ids, upstream.astype(np.float16))
        return total.astype(np.float32)


def sound(table: NDArray[np.float32]) -> Sound:
    """Make the layer that keeps every promise."""
    return Sound(table)


def forgetful(table: NDArray[np.float32]) -> Sound:
    """Make a layer that loses the gradients of repeated ids."""
    return _Forgetful(table)


def narrow(table: NDArray[np.float32]) -> Sound:
    """Make a layer that takes id 2**32 + 1 for id 1."""
    return _Narrow(table)


def lending(table: NDArray[np.float32]) -> Sound:
    """Make a layer whose answer is at times the table itself."""
    return _Lending(table)


def rounding(table: NDArray[np.float32]) -> Sound:
    """Make a layer that adds up in float16."""
    return _Rounding(table)
