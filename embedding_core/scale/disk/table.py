"""A table larger than memory: a `Variable` whose rows stay in a file.

The file is mapped into memory (`numpy.memmap`): reading a row brings its page, writing one marks
its page for the operating system to write back. Only rows that a step touches are ever written.
A row that was never written reads as its first values, which are computed from its id
(`first_values`), so looking rows up costs no room on the disk.

What a crash can do. An *exception* inside a step, Ctrl-C too, leaves the whole step or nothing of
it. A *killed process* loses nothing that a step has written, for the system writes it back later;
a step that is cut off so may have written some of its rows, each number of them old or new. A new
row is written whole before its bit is set. A *machine that loses its power* may keep pages in any
order: `flush` before, or `repair` after.

Only one table at a time may write a file; a second one is refused (not on Windows, where nothing
watches over that). Others may read meanwhile.
"""

import io
import mmap
import os
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats, Ids, Shape
from embedding_core.ground.checks import expect, one_of, positive_int
from embedding_core.ground.files import as_path
from embedding_core.ground.fitting import fitting
from embedding_core.ground.rows import copy_rows
from embedding_core.ground.whole import Deed, alone
from embedding_core.ids import check_ids, distinct
from embedding_core.optimizers.memory import Memory, Rest
from embedding_core.scale.disk import layout as files
from embedding_core.scale.disk.first_values import first_rows
from embedding_core.scale.disk.layout import Layout
from embedding_core.variable import Variable

_STATM = "/proc/self/statm"

# Lines read between two looks at the resident memory, and rows that `repair` reads at once.
_LOOK_EVERY = 1 << 12
_CHUNK = 1 << 16


class DiskTable(Variable):
    """A table (V, D) in a file that `DiskTable.create` made.

    A `Variable` for `Embedding` and for optimizers, with one difference: it is never read or
    written as a whole, so `value` and `assign` raise.

    Parameters
    ----------
    path
        An existing table.
    mode
        "r+" to train, "r" to look rows up only.
    expected
        What the table must be; by default whatever its header says.
    resident
        Bytes of pages of files, on Linux, that the process may hold more than when the table was
        opened; above that the table lets its pages go. They stay in the system's cache as long
        as there is room.

    Attributes
    ----------
    layout
        Sizes, slots, seed.

    Raises
    ------
    OSError
        The file is missing, a directory, may not be written, or is open to be written already.
    ValueError
        The header is missing or damaged, the file has another length, the table is another than
        expected, or `mode` or `resident` is another.
    TypeError
        A path or a layout that is none.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        mode: str = "r+",
        expected: Layout | None = None,
        resident: int = 1 << 29,
    ) -> None:
        one_of("mode", mode, ("r", "r+"))
        self.path, self.mode = as_path(path), mode
        self.resident = positive_int("resident", resident)
        expect("expected", expected, (Layout, type(None)), "a Layout")
        self.name, self.trainable = self.path.name, mode == "r+"
        self.regularizer = self.constraint = self.gradient = self._settle = None
        self.layout = files.read_header(self.path)
        if expected not in (None, self.layout):
            raise ValueError(
                f"the table {str(self.path)!r} is {self.layout}: expected was {expected}. Open "
                "it as what it is, or create another."
            )
        self._file = files.opened(self.path, mode)
        self._lines, self._bits = _mapped(self._file, self.layout, mode)
        self._unseen, self._at_first = 0, page_bytes()

    @classmethod
    def create(cls, path: str | os.PathLike[str], layout: Layout, resident: int = 1 << 29) -> Self:
        """Make an empty table and open it; it takes a bit a row of the disk.

        Raises
        ------
        OSError
            There is a file already, the path is a directory, or the disk is full or refuses.
            Nothing is left behind.
        TypeError, ValueError
            A path or a layout that is none, or another `resident`.
        """
        expect("layout", layout, Layout, "a Layout")
        positive_int("resident", resident)
        files.make(as_path(path), layout)
        return cls(path, resident=resident)

    @property
    def shape(self) -> Shape:
        """(V, D)."""
        return self.layout.rows, self.layout.width

    @property
    def dtype(self) -> np.dtype[Any]:
        """Kind and width of the numbers."""
        return np.dtype(self.layout.dtype)

    @property
    def value(self) -> NDArray[Any]:
        """Never the whole table.

        Raises
        ------
        ValueError
            Always.
        """
        raise ValueError(self._whole("read"))

    def assigning(self, value: ArrayLike) -> list[Deed]:
        """Refuse to write the whole table.

        Raises
        ------
        ValueError
            Always.
        """
        raise ValueError(self._whole("written"))

    def _whole(self, done: str) -> str:
        return (
            f"{self.name}: a table on disk, {self.layout.file_bytes:,} bytes, is never {done} as "
            "a whole. Use rows(ids) and assign_rows(ids, rows)."
        )

    def written(self, ids: ArrayLike) -> NDArray[np.bool_]:
        """Say of each row whether the file holds it, or only the rule for its first values."""
        return self._written(check_ids(ids, self.layout.rows))

    def _written(self, at: Ids) -> NDArray[np.bool_]:
        self._check_open()
        return np.asarray(self._bits[at >> 3] >> (at & 7).astype(np.uint8) & 1, bool)

    def rows(self, ids: ArrayLike) -> Floats:
        """Read some rows, shape `ids.shape + (D,)`: a copy; nothing is written.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `ids.check_ids`; `ValueError` also for a table that is closed.
        """
        at = check_ids(ids, self.layout.rows)
        self._settle_rows(at)  # a step that was cut off is made before
        known = self._written(at)
        rows = np.empty((*at.shape, self.layout.width), self.dtype)
        if known.all():
            copy_rows(self._weights, at, rows)
        else:  # the holes between the rows are not even looked at: a page read is a page held
            rows[known] = self._weights[at[known]]
            rows[~known] = self._first(at[~known])
        self._keep_small(at.size)
        return rows

    @alone
    def assign_rows(self, ids: ArrayLike, rows: ArrayLike) -> None:
        """Replace some rows; what an optimizer remembers about them stays.

        Raises
        ------
        IndexError, TypeError
            As `ids.check_ids`; `TypeError` also for rows that are no numbers.
        ValueError
            `rows` do not have shape `ids.shape + (D,)`.
        OSError
            The disk is full, or the table was opened to read; nothing is replaced.
        """
        at = check_ids(ids, self.layout.rows)
        shape = (*at.shape, self.layout.width)
        need = f"{self.name}: ids of shape {at.shape} need rows of shape {shape}: received"
        new = fitting(f"the rows of {self.name}", rows, shape, self.dtype, need)
        self.touch(at.ravel())
        self._weights[at] = new
        self._keep_small(at.size)

    @property
    def _weights(self) -> NDArray[Any]:
        return self._lines[:, : self.layout.width]

    def _first(self, ids: Ids) -> Floats:
        size = self.layout
        return first_rows(size.seed, ids, size.width, size.limit, size.dtype)

    def touch(self, ids: Ids) -> None:
        """Write the first values of rows, and of what is remembered, that the file lacks yet.

        Parameters
        ----------
        ids
            Shape (n,), row numbers that passed `ids.check_ids`.

        Raises
        ------
        OSError
            The disk is full, or the table was opened to read. No row counts as written.
        """
        if self.mode == "r":
            raise io.UnsupportedOperation(
                f"{self.name} was opened to read: open it with mode='r+' to train or write."
            )
        known = self._written(ids)
        if known.all():
            return
        new, _ = distinct(ids[~known])
        lines = np.repeat(np.array([[0.0, *self.layout.slots]]), self.layout.width, axis=1)
        lines = np.repeat(lines.astype(self.dtype), new.size, axis=0)
        lines[:, : self.layout.width] = self._first(new)
        # Not through the map: a page that finds no room on the disk would end the process
        # without a word (SIGBUS). A write says so.
        size, parts = self.layout.line_bytes, lines.data.cast("B")
        breaks = [0, *(np.flatnonzero(np.diff(new) > 1) + 1).tolist(), new.size]
        with files.explained(f"cannot write {new.size} new rows", self.path):
            for start, stop in pairwise(breaks):
                part = parts[start * size : stop * size]
                files.write_at(self._file.fileno(), int(new[start]) * size, part)
        np.bitwise_or.at(self._bits, new >> 3, np.left_shift(1, new & 7).astype(np.uint8))

    def bring_memory(
        self, first: Sequence[float], rest: Rest | None, dense: str | None
    ) -> "DiskMemory":
        """Give an optimizer the slots in the file (see `optimizers.memory.memory_of`).

        Raises
        ------
        ValueError
            The optimizer changes rows that nobody looked up, or keeps other slots than the file.
        """
        if rest is not None or dense is not None:
            raise ValueError(
                f"{self.name}: this optimizer changes every row of a table at every step"
                f"{', because ' + dense if dense else ''}. A table on disk trains with SGD "
                "without momentum, Adagrad or LazyAdam, without weight_decay."
            )
        if tuple(first) != self.layout.slots:
            raise ValueError(
                f"{self.name} was made for slots that begin with {list(self.layout.slots)}: this "
                f"optimizer's begin with {list(first)}. Create the table with "
                f"slots={tuple(first)}, or use the optimizer it was made for."
            )
        return DiskMemory(self)

    def read_lines(self, rows: Ids) -> NDArray[Any]:
        """Read weights and slots, shape (n, (1 + slots) · D): a copy. The rows are written."""
        self._check_open()
        lines = self._lines.take(rows, axis=0, mode="clip")  # in range: spares a buffer
        self._keep_small(rows.size)
        return lines

    def write_lines(self, rows: Ids, lines: NDArray[Any]) -> None:
        """Put back what `read_lines` gave, in one piece a row."""
        item = np.dtype((np.void, self.layout.line_bytes))
        np.put(self._lines.view(item), rows, lines.view(item))

    def _keep_small(self, read: int) -> None:
        """Let the pages go when they have become too many; the system keeps what it can."""
        self._unseen += read
        if self._unseen >= _LOOK_EVERY:
            self._unseen = 0
            if page_bytes() - self._at_first > self.resident:
                map_of(self._lines).madvise(mmap.MADV_DONTNEED)

    @property
    def rows_written(self) -> int:
        """How many rows the file holds."""
        self._check_open()
        return int(np.bitwise_count(self._bits).sum())

    @property
    def disk_bytes(self) -> int:
        """What the file takes of the disk, holes left out."""
        return os.stat(self.path).st_blocks * 512

    @alone
    def flush(self) -> None:
        """Wait until the disk holds the rows, and then until it holds the bits that name them."""
        self._check_open()
        if self.mode == "r+":
            map_of(self._lines).flush(0, self.layout.bitmap_at)
            map_of(self._lines).flush()

    @alone
    def repair(self) -> int:
        """After a loss of power: let rows whose bit reached the disk, and they not, begin anew.

        A line that never reached the disk is all zeros, which no written line is.

        Returns
        -------
        int
            How many there were.
        """
        self.touch(np.zeros(0, np.intp))  # refuses a table that was opened to read
        lost = 0
        for start in range(0, self.layout.rows, _CHUNK):
            bits = self._bits[start // 8 : (start + _CHUNK) // 8]
            ids = start + np.flatnonzero(np.unpackbits(bits, bitorder="little"))
            ids = ids[~self._lines[ids].any(axis=1)]
            np.bitwise_and.at(self._bits, ids >> 3, ~np.left_shift(1, ids & 7).astype(np.uint8))
            lost += ids.size
        return lost

    @alone
    def close(self) -> None:
        """Flush, and let the file go; the table cannot be used after."""
        if not self._file.closed:
            self.flush()
            self._file.close()
            del self._lines, self._bits

    def _check_open(self) -> None:
        if self._file.closed:
            raise ValueError(f"{self.name} is closed: open it with DiskTable(path).")

    def __enter__(self) -> Self:
        """Close the table at the end of a `with`."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the table."""
        self.close()

    def __getstate__(self) -> dict[str, Any]:
        """Refuse to be copied or pickled."""
        raise TypeError(f"{self.name}: a table on disk is not copied. Copy its two files.")

    def __repr__(self) -> str:
        return f"<DiskTable {self.name}, shape={self.shape}, dtype={self.dtype}, mode={self.mode}>"


class DiskMemory(Memory):
    """An optimizer's slots that stand in the file, behind the weights they belong to.

    Parameters
    ----------
    table
        Whose slots.
    """

    def __init__(self, table: DiskTable) -> None:
        self.slots, self.clock, self._rest = [], 0, None
        self._table = table

    def begin(self, variable: Variable, rows: Ids) -> NDArray[Any]:
        """Read weights and slots of rows (distinct), shape (1 + slots, n, D)."""
        self._table.touch(rows)
        lines = self._table.read_lines(rows)
        return lines.reshape(rows.size, -1, self._table.layout.width).swapaxes(0, 1)

    def write(self, rows: Ids, parts: Sequence[Floats] | NDArray[Any]) -> None:
        """Write weights and slots of these rows."""
        lines = np.concatenate(parts, axis=1) if len(parts) > 1 else np.ascontiguousarray(parts[0])
        self._table.write_lines(rows, lines)


def map_of(lines: NDArray[Any]) -> mmap.mmap:
    """Find the map behind an array."""
    base: Any = lines
    while not isinstance(base, mmap.mmap):
        base = base.base
    return base


def _mapped(file: io.FileIO, layout: Layout, mode: str) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Map a table's file; return its lines and its bitmap."""
    whole = np.asarray(np.memmap(file, np.uint8, mode, shape=(layout.file_bytes,)))  # type: ignore[call-overload]
    if hasattr(mmap, "MADV_RANDOM"):  # the row beside the one asked for is not wanted
        map_of(whole).madvise(mmap.MADV_RANDOM)
    lines = whole[: layout.rows * layout.line_bytes].view(layout.dtype)
    return lines.reshape(layout.rows, -1), whole[layout.bitmap_at :]


def page_bytes() -> int:
    """Say how much of files this process holds in memory; 0 off Linux, where nobody says."""
    try:
        with open(_STATM, "rb", buffering=0) as file:
            return int(file.read().split()[2]) * mmap.PAGESIZE
    except FileNotFoundError:
        return 0
