"""What many tests need: a derivative without calculus, and a look for traces of a failed call."""

from contextlib import contextmanager

import numpy as np
import pytest

from embedding_core import Variable


def numeric_gradient(function, array, step=1e-6):
    """Central differences of a function that gives one number, in float64."""
    slopes = np.zeros(array.shape)
    for at in np.ndindex(*array.shape):
        moved = np.array(array, np.float64)
        moved[at] += step
        above = function(moved)
        moved[at] -= 2 * step
        slopes[at] = (above - function(moved)) / (2 * step)
    return slopes


def add_up(values, indices, num_rows):
    """Sum gradient vectors by row, one addition at a time."""
    total = np.zeros((num_rows, values.shape[-1]))
    for row, vector in zip(np.ravel(indices), values.reshape(-1, values.shape[-1]), strict=True):
        total[int(row)] += vector
    return total


def state(thing, caches=True):
    """Take a thing of the package apart into what can be compared; arrays by their bytes."""
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, thing.tobytes()
    if isinstance(thing, Variable):
        _ = thing.value  # an optimizer may have left work undone until somebody looks
    if isinstance(thing, np.random.Generator):
        return repr(thing.bit_generator.state)
    if isinstance(thing, (list, tuple)):
        return [state(part, caches) for part in thing]
    if isinstance(thing, dict):
        return {key: state(part, caches) for key, part in thing.items()}
    if type(thing).__module__.startswith("embedding_core") and hasattr(thing, "__dict__"):
        parts = {k: v for k, v in vars(thing).items() if caches or not k.startswith("_last")}
        return type(thing).__name__, state(parts, caches)
    return thing


@contextmanager
def refused(error, match, *things, caches=True):
    """Expect an error, and the things afterwards as they were before.

    `caches=False` lets a layer remember another last call: a model finds out only after the
    forward pass that labels do not match.
    """
    # Twice, because looking at a variable may finish what an optimizer remembers about it.
    before = [state(things, caches) for _ in range(2)][1]
    with pytest.raises(error, match=match):
        yield
    after = [state(things, caches) for _ in range(2)][1]
    assert after == before


def nested(depth):
    """Make a list in a list in a list, deeper than Python's stack."""
    value = []
    for _ in range(depth):
        value = [value]
    return value
