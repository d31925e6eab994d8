"""How a model is fed: samples that belong together, batch after batch, and a mean over them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground.checks import as_numbers, fraction, shown
from embedding_core.ground.odd_ids import rectangle

Logs = dict[str, float]
"""What was measured, by name."""

Samples = tuple[NDArray[Any], NDArray[Any], NDArray[Any] | None]
"""Inputs, labels and, if any, how much each sample counts; the first axis counts samples."""


class BatchMean:
    """A mean over batches in which each sample counts the same."""

    def __init__(self) -> None:
        self._sums: Logs = {}
        self._count = 0

    def add(self, logs: Logs, num_samples: int) -> None:
        """Enter what was measured on one batch."""
        for name, value in logs.items():
            self._sums[name] = self._sums.get(name, 0.0) + num_samples * value
        self._count += num_samples

    def result(self) -> Logs:
        """Return the means so far."""
        return {name: total / self._count for name, total in self._sums.items()}


def batches(order: NDArray[np.intp], batch_size: int) -> Iterator[NDArray[np.intp]]:
    """Cut an order of samples into batches; the last one may be smaller."""
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def hold_back(data: Samples, share: float, validation_data: Any) -> tuple[Samples, Any]:
    """Hold back the last `share` of the samples, unless there are others to validate on."""
    share = fraction("validation_split", share)
    x, y, weight = data
    if validation_data is not None:
        if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
            raise TypeError(
                f"validation_data must be inputs and labels: received {shown(validation_data)}."
            )
        validation_data = samples(validation_data[0], validation_data[1], None)
    elif share:
        cut = int(len(x) * (1 - share))
        if not 0 < cut < len(x):
            raise ValueError(
                f"validation_split {share} leaves {cut} of {len(x)} samples to train on: "
                "both parts need at least one."
            )
        validation_data = x[cut:], y[cut:], None
        data = x[:cut], y[:cut], None if weight is None else weight[:cut]
    return data, validation_data


def samples(x: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None) -> Samples:
    """Turn inputs, labels and weights into arrays of equal length, at least one long."""
    inputs, labels = rectangle(x), rectangle(y)
    weight = None if sample_weight is None else as_numbers("sample_weight", sample_weight)
    shapes = [part.shape for part in (inputs, labels, weight) if part is not None]
    if any(shape[:1] != shapes[0][:1] for shape in shapes) or shapes[0][:1] in ((), (0,)):
        raise ValueError(
            "give one label, and one weight if any, for each of at least one sample: received "
            f"inputs of shape {inputs.shape}, labels of shape {labels.shape}"
            f"{'' if weight is None else f', weights of shape {weight.shape}'}."
        )
    return inputs, labels, weight
