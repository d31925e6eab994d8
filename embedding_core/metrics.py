"""What is reported while a model trains, and changes nothing."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core import configurable
from embedding_core._types import Floats
from embedding_core.configurable import Configurable
from embedding_core.losses import match_labels


@dataclass(frozen=True)
class BinaryAccuracy(Configurable):
    """The share of predictions on the right side of a threshold.

    Parameters
    ----------
    name
        Under which it is reported.
    threshold
        A prediction above it counts as 1. Predictions that are logits need 0.0.
    """

    name: str = "binary_accuracy"
    threshold: float = 0.5

    def __call__(self, y_true: ArrayLike, y_pred: Floats) -> Floats:
        """Return 1.0 or 0.0 for each prediction, of the predictions' shape."""
        labels = match_labels(y_true, y_pred)
        return np.equal(y_pred > self.threshold, labels).astype(np.float64)


_KNOWN: dict[str, type] = {
    "accuracy": BinaryAccuracy,
    "binary_accuracy": BinaryAccuracy,
    "BinaryAccuracy": BinaryAccuracy,
}


def get(identifier: Any) -> BinaryAccuracy:
    """Find a metric by name, configuration or object (see `configurable.find`)."""
    if identifier == "accuracy":
        return BinaryAccuracy(name="accuracy")  # Keras reports it under the name it was asked by
    found: BinaryAccuracy = configurable.find("metric", _KNOWN, identifier)
    return found
