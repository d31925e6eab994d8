"""How a model is fed: samples that belong together, a batch at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Ids


def batches(order: Ids, batch_size: int) -> Iterator[Ids]:
    """Cut an order of samples into batches; the last one may be smaller."""
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


@dataclass(frozen=True)
class Samples:
    """Inputs, labels and, if any, how much each counts; the first axis counts samples.

    `feeding` makes them of what a caller has.
    """

    x: Any
    y: NDArray[Any]
    weight: NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, at: Any) -> "Samples":
        return Samples(self.x[at], self.y[at], None if self.weight is None else self.weight[at])

    def batches(self, batch_size: int, order: Ids | None = None) -> Iterator["Samples"]:
        """Hand out the samples in some order, by default as they come."""
        for at in batches(np.arange(len(self)) if order is None else order, batch_size):
            yield self[at]
