"""What an optimizer remembers about a variable, and rows that are owed some steps.

An optimizer with a memory moves every row of a table at every step. A `Memory` writes down, for
each row, up to which step it has been moved, and has the missing steps made up for in one go
before the row is read. So the result is the dense one and the cost is that of the rows touched.
What is moved is worked out aside and then written together with the note of it, by `whole.make`,
so a reading that is interrupted, or that others do at the same time, makes up for each step once.

A step mostly follows on a look-up of the same rows. `ahead` reads them for both: what they are
owed is made up for aside, and written with what the step makes of it.

A row's weights and what is remembered about it stand side by side in one array, because a row
touched at random costs mainly the way to its place in memory, which is so made once.
"""

from collections.abc import Sequence
from functools import partial
from operator import setitem
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.compiled import compiled
from embedding_core.ground.whole import Deed, alone, make
from embedding_core.variable import Variable

# Rows made up for at once, so that settling a large table needs little extra memory.
_CHUNK = 1 << 15

# Steps after which all rows are settled, so that what is kept about past steps stays small.
_LONGEST = 1 << 16


class Rest(Protocol):
    """What steps without a gradient do to a row."""

    def advance(self, clock: int, step_size: float) -> None:
        """Take note of the step that makes the clock show `clock`; twice is once."""

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
        self._scratch = np.empty(0, np.intp)
        # What was read ahead, for whom, and whether anybody made a step of what was read last.
        self._last_read: tuple[Ids, NDArray[Any]] | None = None
        self._last_in_vain = False

    def begin(self, variable: Variable, rows: Ids) -> NDArray[Any]:
        """Settle the rows (distinct) that a step touches, and read them.

        Returns
        -------
        numpy.ndarray
            Shape (1 + slots, n, D), a copy: the rows' weights and slots, from which the
            caller works out what `ending` is told.
        """
        kept, self._last_in_vain = self._last_read, False
        self._move_in(variable)
        if kept is not None and kept[0] is rows and self.clock < _LONGEST:
            self._last_read = None
            return kept[1]
        self.settle(None if self.clock == _LONGEST else rows)
        return self._read(rows)

    @alone
    def ahead(self, rows: Ids) -> Floats:
        """Read the weights of rows (distinct) up to date, and keep all of what was read.

        A step on these rows, the same array, takes it from there. Whoever goes on reading instead
        has the rows settled, so that they are made up for once.
        """
        if self._last_in_vain:
            self.settle(rows)
            settled: Floats = self._read(rows)[0]
            return settled
        block = self._read(rows)
        if self._rest is not None and self.clock:
            self._rest.make_up(block, self._last[rows], self.clock)
        self._last_in_vain, self._last_read = True, (rows, block)
        weights: Floats = block[0]
        return weights

    def ending(self, rows: Ids, moved: Sequence[Floats], step_size: float) -> list[Deed]:
        """Say what has to be done to end a step: write the rows, count it, note who made it.

        Parameters
        ----------
        rows
            As in `begin`.
        moved
            What became of each part that `begin` returned.
        step_size
            Of the step, for the rows that are owed it.
        """
        deeds: list[Deed] = [partial(self.write, rows, moved)]
        if self._rest is not None:
            clock = self.clock + 1
            deeds += [
                partial(setitem, self._last, rows, clock),
                partial(self._rest.advance, clock, step_size),
                partial(setattr, self, "clock", clock),
            ]
        return deeds

    def replacing(self, slots: Sequence[Floats]) -> list[Deed]:
        """Say what has to be done after a step that has moved all of the variable elsewhere."""
        arrays = [np.asarray(slot) for slot in slots]  # not the numbers that NumPy makes of them
        return [partial(setattr, self, "slots", arrays), partial(setattr, self, "_lines", None)]

    def write(self, rows: Ids, parts: Sequence[Floats] | NDArray[Any]) -> None:
        """Write weights and slots of these rows, each of shape (n, D)."""
        assert self._lines is not None
        for nth, part in enumerate(parts):
            write_part(self._lines, rows, 1 + len(self.slots), nth, part)

    @alone
    def settle(self, ids: Ids | None = None) -> None:
        """Make up for all missing steps of these rows, or of all rows."""
        self._last_read = None  # who settles may be about to write
        if self._rest is None or self.clock == 0:
            return
        if ids is not None:
            self._make_up(ids.ravel())
            return
        for start in range(0, self._last.size, _CHUNK):
            self._make_up(np.arange(start, min(start + _CHUNK, self._last.size)))
        make([partial(self._last.fill, 0), partial(setattr, self, "clock", 0), self._rest.restart])

    def _make_up(self, ids: Ids) -> None:
        assert self._rest is not None
        owed = ids[self._last[ids] < self.clock]
        if owed.size == 0:
            return
        # Each id leaves its own place at its row; the one that finds it there speaks for the
        # row. That takes no sorting.
        place = np.arange(owed.size)
        self._scratch[owed] = place
        owed = owed[self._scratch[owed] == place]
        for start in range(0, owed.size, _CHUNK):
            rows = owed[start : start + _CHUNK]
            block = self._read(rows)
            self._rest.make_up(block, self._last[rows], self.clock)
            make([partial(self.write, rows, block), partial(setitem, self._last, rows, self.clock)])

    def _move_in(self, variable: Variable) -> None:
        """Let the variable's table and the slots live side by side, row by row."""
        if variable.defers_to(self.settle):
            return
        num_rows, width = variable.shape
        home = np.empty((num_rows, 1 + len(self.slots), width), variable.dtype)
        for i, slot in enumerate(self.slots, start=1):
            home[:, i] = slot
        self.slots = [home[:, i] for i in range(1, home.shape[1])]
        self._lines, self._scratch = home.reshape(-1, width), np.empty(self._last.size, np.intp)
        variable.defer(self.settle, home[:, 0], self.ahead)

    def _read(self, rows: Ids) -> NDArray[Any]:
        assert self._lines is not None
        return read_lines(self._lines, rows, 1 + len(self.slots))

    @alone
    def __getstate__(self) -> dict[str, Any]:
        """Copy or pickle the slots alone: the copy makes a home of its own for the weights."""
        self.settle()
        return self.__dict__ | {"_lines": None, "_scratch": self._scratch[:0].copy()}


@compiled
def read_lines(lines: NDArray[Any], rows: Ids, size: int) -> NDArray[Any]:
    """Read weights and slots of rows.

    Parameters
    ----------
    lines
        Shape (V · size, D): each row's weights, and behind them its slots.
    rows
        Shape (n,), in range.
    size
        1 + slots.

    Returns
    -------
    numpy.ndarray
        Shape (1 + slots, n, D), a copy.
    """
    # "clip" spares NumPy a check and a buffer.
    return lines.take(rows * size + np.arange(size)[:, None], axis=0, mode="clip")


@compiled
def write_part(lines: NDArray[Any], rows: Ids, size: int, nth: int, part: NDArray[Any]) -> None:
    """Write weights (`nth` = 0) or a slot (1, ...) of rows, shape (n, D), into what they share."""
    # As one item of so many bytes, a line is copied in one piece and not number by number.
    item = np.dtype((np.void, lines.shape[1] * lines.itemsize))
    np.put(lines.view(item), rows * size + nth, np.ascontiguousarray(part).view(item))
