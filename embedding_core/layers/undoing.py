"""A first call that fails leaves a layer as it was: not built, and no random number drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

from embedding_core.ground.checks import undrawn
from embedding_core.layers.described import Described


@contextmanager
def undone_by_a_failure(layer: Described) -> Iterator[None]:
    """Let inputs that will not do leave no weights of their width, and no draws, behind.

    Parameters
    ----------
    layer
        Not built yet; the block builds and calls it.
    """
    before = {k: dict(v) if k == "_weights" else v for k, v in vars(layer).items()}
    try:
        with undrawn(layer.rng):
            yield
    except BaseException:
        vars(layer).clear()
        vars(layer).update(before)
        raise
