"""What an optimizer remembers about a variable, and rows that are owed some steps.

An optimizer with a memory moves every row of a table at every step. A `Memory` writes down, for
each row, up to which step it has been moved, and has the missing steps made up for in one go
before the row is read. So the result is the dense one and the cost is that of the rows touched.

A row's weights and what is remembered about it stand side by side in one array, because a row
touched at random costs mainly the way to its place in memory, which is so made once.
"""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Floats, Ids
from embedding_core.variable import Variable

# Rows made up for at once, so that settling a large table needs little extra memory.
_CHUNK = 1 << 15

# Steps after which all rows are settled, so that what is kept about past steps stays small.
_LONGEST = 1 << 16


class Rest(Protocol):
    """What steps without a gradient do to a row."""

    def advance(self, clock: int, step_size: float) -> None:
        """Take note of the step that makes the clock show `clock`."""

    def make_up(self, block: NDArray[Any], last: NDArray[np.int64], clock: int) -> None:
        """Move rows in place from the steps `last` (one for each row) to the step `clock`.

        `block` has shape (1 + slots, n, D): the weights, then what is remembered.
        """

    def restart(self) -> None:
        """Forget all steps: no row is owed one, and the clock stands at 0."""


class Memory:
    """The slots of one variable: arrays of its shape that an optimizer keeps from step to step.

    Parameters
    ----------
    variable
        Whose memory it is.
    first
        The value that each slot begins with.
    rest
        What steps without a gradient do to a row; `None` when they do nothing.

    Attributes
    ----------
    slots
        The arrays. Before they are read, the variable has to be settled.
    clock
        Steps by slices since all rows were settled.
    """

    def __init__(self, variable: Variable, first: Sequence[float], rest: Rest | None) -> None:
        self.slots: list[Floats] = [np.zeros(variable.shape, variable.dtype) for _ in first]
        for slot, value in zip(self.slots, first, strict=True):
            if value:
                slot += value
        self.clock = 0
        self._rest = rest
        self._last = np.zeros(0 if rest is None else variable.shape[0], np.int64)
        self._lines: NDArray[Any] | None = None

    def begin(self, variable: Variable, rows: Ids, step_size: float) -> NDArray[Any]:
        """Begin a step that touches `rows` (distinct): settle them and count the step.

        Returns
        -------
        numpy.ndarray
            Shape (1 + slots, n, D): the rows' weights and slots, for the caller to move and
            to hand to `write`.
        """
        self._move_in(variable)
        if self._rest is not None:
            if self.clock == _LONGEST:
                self.settle()
            self._make_up(rows)
            self.clock += 1
            self._last[rows] = self.clock
            self._rest.advance(self.clock, step_size)
        return self._read(rows)

    def write(self, rows: Ids, block: NDArray[Any]) -> None:
        """Put rows back that `begin` returned."""
        assert self._lines is not None
        # As one item of so many bytes, a line is copied in one piece and not number by number.
        item = np.dtype((np.void, block.shape[-1] * block.itemsize))
        self._lines.view(item)[self._places(rows), 0] = block.view(item)[:, :, 0]

    def settle(self, ids: Ids | None = None) -> None:
        """Make up for all missing steps of these rows, or of all rows."""
        if self._rest is None or self.clock == 0:
            return
        if ids is not None:
            self._make_up(ids.ravel())
            return
        for start in range(0, self._last.size, _CHUNK):
            self._make_up(np.arange(start, min(start + _CHUNK, self._last.size)))
        self._last.fill(0)
        self.clock = 0
        self._rest.restart()

    def _make_up(self, ids: Ids) -> None:
        assert self._rest is not None
        last = self._last[ids]
        owed = last < self.clock
        ids, last = ids[owed], last[owed]
        # Each id leaves its own place at its row; the one that finds it there speaks for the
        # row. That takes no sorting.
        place = np.arange(ids.size)
        self._last[ids] = place
        speaks = self._last[ids] == place
        ids, last = ids[speaks], last[speaks]
        self._last[ids] = self.clock
        for start in range(0, ids.size, _CHUNK):
            rows = ids[start : start + _CHUNK]
            block = self._read(rows)
            self._rest.make_up(block, last[start : start + _CHUNK], self.clock)
            self.write(rows, block)

    def _move_in(self, variable: Variable) -> None:
        """Let the variable's table and the slots live side by side, row by row."""
        if self._lines is None:
            num_rows, width = variable.shape
            home = np.empty((num_rows, 1 + len(self.slots), width), variable.dtype)
            for i, slot in enumerate(self.slots, start=1):
                home[:, i] = slot
                self.slots[i - 1] = home[:, i]
            self._lines = home.reshape(-1, width)
        variable.defer(self.settle, self._lines[:: 1 + len(self.slots)])

    def _places(self, rows: Ids) -> Ids:
        """Return where in `_lines` weights and slots of these rows stand, (1 + slots, n)."""
        size = 1 + len(self.slots)
        return rows * size + np.arange(size)[:, None]

    def _read(self, rows: Ids) -> NDArray[Any]:
        assert self._lines is not None
        # The rows are known to be in range; "clip" spares NumPy a check and a buffer.
        return self._lines.take(self._places(rows), axis=0, mode="clip")

    def __getstate__(self) -> dict[str, Any]:
        """Copy or pickle the slots alone: the copy makes a home of its own for the weights."""
        self.settle()
        return self.__dict__ | {"_lines": None}


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
    return Memory(variable, first, rest)
