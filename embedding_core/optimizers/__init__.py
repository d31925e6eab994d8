"""What trains the layer."""

from typing import Any

from embedding_core.ground import configurable
from embedding_core.optimizers import schedules
from embedding_core.optimizers.adagrad import Adagrad
from embedding_core.optimizers.adam import Adam
from embedding_core.optimizers.lazy_adam import LazyAdam
from embedding_core.optimizers.optimizer import Optimizer
from embedding_core.optimizers.rmsprop import RMSprop
from embedding_core.optimizers.sgd import SGD

__all__ = ["SGD", "Adagrad", "Adam", "LazyAdam", "Optimizer", "RMSprop", "get", "schedules"]

_CLASSES: tuple[type[Optimizer], ...] = (SGD, Adagrad, RMSprop, Adam, LazyAdam)
_KNOWN: dict[str, type] = {
    name: cls for cls in _CLASSES for name in (cls.__name__, cls.__name__.lower())
}


def get(identifier: Any) -> Optimizer:
    """Find an optimizer by name, configuration or object (see `configurable.find`).

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`.
    """
    if isinstance(identifier, Optimizer):
        return identifier
    found: Optimizer = configurable.find("optimizer", _KNOWN, identifier, needs=("apply",))
    return found
