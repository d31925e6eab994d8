"""What trains the layer."""

from typing import Any

from embedding_core import configurable
from embedding_core.optimizers.adam import Adam
from embedding_core.optimizers.optimizer import Optimizer
from embedding_core.optimizers.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer", "get"]

_KNOWN: dict[str, type] = {"sgd": SGD, "SGD": SGD, "adam": Adam, "Adam": Adam}


def get(identifier: Any) -> Optimizer:
    """Find an optimizer by name, configuration or object (see `configurable.find`)."""
    if isinstance(identifier, Optimizer):
        return identifier
    found: Optimizer = configurable.find("optimizer", _KNOWN, identifier)
    return found
