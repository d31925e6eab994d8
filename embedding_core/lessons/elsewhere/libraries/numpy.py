"""NumPy itself: an array, indexed by ids."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.layer import Adapter, NotOffered, Options


class Table:
    """`table[ids]`, and the line that forgets repeated ids."""

    def __init__(self, table: NDArray[Any], options: Options) -> None:
        if options.dtype != "float32" or options.padding is not None or options.max_norm:
            raise NotOffered
        self._table, self._options = table.copy(), options

    def look_up(self, ids: Any) -> NDArray[Any]:
        """Index by ids; a bag's mean is taken over its axis."""
        rows = self._table[ids]
        return np.asarray(rows.mean(axis=1) if self._options.pooled else rows)

    def gradient(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """Add by `+=`, which keeps the last of several gradients for one row."""
        total = np.zeros_like(self._table)
        total[ids] += upstream
        return total

    def step(self, ids: Any, upstream: NDArray[Any]) -> NDArray[Any]:
        """NumPy has no optimizer but the arithmetic of gradient descent."""
        if self._options.optimizer != "sgd" or self._options.decay or self._options.sparse:
            raise NotOffered
        self._table[ids] -= self._options.learning_rate * upstream
        return self.table()

    def table(self) -> NDArray[Any]:
        """Return a copy."""
        return self._table.copy()


def first_values(rows: int, width: int) -> NDArray[Any]:
    """NumPy fills nothing by itself."""
    raise NotOffered


ADAPTERS = {"numpy": Adapter("NumPy", ("numpy",), Table, first_values)}
