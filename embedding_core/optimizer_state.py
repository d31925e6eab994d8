"""What an optimizer remembers, as arrays by name: `save_own_variables` of Keras's optimizers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.optimizers import SGD, Adam, Optimizer


def save(optimizer: Optimizer) -> dict[str, NDArray[Any]]:
    """Return the steps made and all slots, with no row owed a step.

    Returns
    -------
    dict
        "iterations", and "0/0", "0/1", ... for the slots of variable 0.
    """
    store: dict[str, NDArray[Any]] = {"iterations": np.array(optimizer.iterations)}
    if hasattr(optimizer, "save_own_variables"):
        optimizer.save_own_variables(store)
        return store
    for i, slots in enumerate(_slots(optimizer)):
        store |= {f"{i}/{j}": slot.copy() for j, slot in enumerate(slots)}
    return store


def load(optimizer: Optimizer, store: Mapping[str, NDArray[Any]]) -> None:
    """Give an optimizer that is built, and new, what `save` returned.

    Raises
    ------
    ValueError
        Other entries or shapes than the optimizer has. Nothing is changed.
    """
    if hasattr(optimizer, "load_own_variables"):
        optimizer.load_own_variables(store)
        return
    here = save(optimizer)
    expected, received = ({k: np.shape(v) for k, v in d.items()} for d in (here, store))
    if received != expected:
        raise ValueError(f"the optimizer has arrays of shapes {expected}: received {received}")
    optimizer.iterations = int(store["iterations"])
    for i, slots in enumerate(_slots(optimizer)):
        for j, slot in enumerate(slots):
            slot[...] = store[f"{i}/{j}"]


def _slots(optimizer: Optimizer) -> list[list[NDArray[Any]]]:
    for variable in optimizer._variables:
        _ = variable.value  # reading settles every row that is owed a step
    if isinstance(optimizer, Adam):
        return [[moments.m, moments.v] for moments in optimizer._moments]
    if isinstance(optimizer, SGD):
        return [[velocity] for velocity in optimizer._velocities]
    raise ValueError(f"the state of a {type(optimizer).__name__} cannot be saved.")
