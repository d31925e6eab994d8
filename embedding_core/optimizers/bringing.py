"""Variables that bring the memory an optimizer keeps about them: a table on disk, for example."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from embedding_core.optimizers.memory import Memory, Rest
from embedding_core.variable import Variable


@runtime_checkable
class BringsMemory(Protocol):
    """A variable that keeps what is remembered about its rows itself: on disk, for example."""

    def bring_memory(self, first: Sequence[float], rest: Rest | None, dense: str | None) -> Memory:
        """Return the memory, or refuse an optimizer that it cannot serve.

        `first` and `rest` as in `Memory`; `dense` as `Optimizer.dense_because` returns it.
        """


def memory_of(
    variable: Variable, first: Sequence[float], rest: Rest | None, dense: str | None
) -> Memory:
    """Make a variable's memory, or take the one that it brings.

    Parameters
    ----------
    variable, first, rest
        As in `Memory`.
    dense
        Why each step would change every row, or `None`.

    Returns
    -------
    Memory
        In which the optimizer keeps its slots.

    Raises
    ------
    ValueError
        The variable brings a memory that does not serve such an optimizer.
    """
    if isinstance(variable, BringsMemory):
        return variable.bring_memory(first, rest, dense)
    # A single number has no rows, so none that could be left alone.
    return Memory(variable, first, rest if variable.shape else None)
