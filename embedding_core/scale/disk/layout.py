"""What stands where in the file of a table, and the header beside it that says so.

The file holds lines, one for each row: the row's weights and, behind them, what the optimizer
remembers about each, so that a step visits one place a row. Behind the lines, from a page's
beginning on, stands a bitmap: bit i says whether row i was ever written. What was never written
is a hole, which takes no room on a disk.

The header is a small JSON file. It is the last thing made, written aside and renamed: where it
is, the table is whole.
"""

import errno
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

try:
    import fcntl
except ImportError:  # Windows, where nothing watches over a second writer
    fcntl = None  # type: ignore[assignment]

from embedding_core.ground.checks import expect, shown
from embedding_core.ground.files import replacing

PAGE = 4096
"""Bytes that a disk and a process's memory hand over at once, on most machines."""

_FORMAT, _VERSION = "embedding_core.DiskTable", 1
_PIECE = 1 << 20

_FULL = "Free some space, or put the table on another disk; what was written stays as it was."
_LOCKED = "Open it with mode='r' to look rows up only, or make the file writable."
_CURES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _LOCKED,
    errno.EPERM: _LOCKED,
    errno.EROFS: _LOCKED,
    errno.EISDIR: "Name a file in that directory.",
    errno.EEXIST: "Open it with DiskTable(path), or delete it and its header to begin anew.",
    errno.ENOENT: "Make the table with DiskTable.create, in a directory that exists.",
    errno.EWOULDBLOCK: "Another process, or another DiskTable, trains it: close that one first, or "
    "open this one with mode='r'.",
    errno.EFBIG: "This file system takes no file of that size: use fewer or shorter rows.",
}


@dataclass(frozen=True)
class Layout:
    """Size and kind of a table, and where its first values come from.

    Attributes
    ----------
    rows, width
        V and D.
    slots
        The first value of each number that the optimizer keeps for a weight: `()` for SGD,
        `(0.1,)` for Adagrad; an optimizer's `first_slots()` says.
    seed, limit
        Of the first values, see `first_values`.
    dtype
        float16, float32 or float64.

    Raises
    ------
    TypeError, ValueError
        A number outside its range, or another dtype.
    """

    rows: int
    width: int
    slots: tuple[float, ...] = ()
    seed: int = 0
    limit: float = 0.05
    dtype: str = "float32"

    def __post_init__(self) -> None:
        for name, low, high in (("rows", 1, 2**48), ("width", 1, 2**24), ("seed", 0, 2**64)):
            value = getattr(self, name)
            if type(value) is not int or not low <= value < high:
                raise ValueError(
                    f"{name} must be a whole number in [{low}, {high}): received {shown(value)}."
                )
        expect("slots", self.slots, tuple, "a tuple of numbers")
        for value in (self.limit, *self.slots):
            if type(value) not in (int, float) or not -np.inf < value < np.inf:
                raise ValueError(
                    f"limit and slots must be finite numbers: received {shown(value)}."
                )
        expect("dtype", self.dtype, str, "float16, float32 or float64")
        if self.dtype not in ("float16", "float32", "float64"):
            raise TypeError(
                f"dtype must be float16, float32 or float64: received {shown(self.dtype)}."
            )

    @property
    def line_bytes(self) -> int:
        """Length of a line, which is a row's weights and slots."""
        return (1 + len(self.slots)) * self.width * np.dtype(self.dtype).itemsize

    @property
    def bitmap_at(self) -> int:
        """Where the bitmap begins."""
        return -(-self.rows * self.line_bytes // PAGE) * PAGE

    @property
    def bitmap_bytes(self) -> int:
        """Length of the bitmap."""
        return -(-self.rows // 8)

    @property
    def file_bytes(self) -> int:
        """Length of the file, holes and all."""
        return self.bitmap_at + self.bitmap_bytes


@contextmanager
def explained(what: str, path: Path) -> Iterator[None]:
    """Let an error of the operating system say what failed and what to do about it."""
    try:
        yield
    except OSError as error:
        if error.errno not in _CURES:
            raise
        text = f"{what}: {error.strerror}. {_CURES[error.errno]}"
        raise OSError(error.errno, text, str(path)) from error


def header_of(path: Path) -> Path:
    """Name the header that belongs to a table's file."""
    return path.with_name(path.name + ".json")


def make(path: Path, layout: Layout) -> None:
    """Write an empty table, or, when that fails, nothing.

    Raises
    ------
    OSError
        Something is there already, or the system refuses; the message names the cure.
    """
    header = header_of(path)
    with explained("cannot make a table", path):
        for taken in (path, header):
            if taken.is_dir():
                raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
            if taken.exists():
                raise OSError(errno.EEXIST, f"{os.strerror(errno.EEXIST)} ({taken.name})")
        with open(path, "xb", buffering=0) as file:
            try:
                # The bitmap is written, zeros and all, so that a bit can be set on a full disk.
                # All before it becomes one hole.
                for start in range(0, layout.bitmap_bytes, _PIECE):
                    zeros = bytes(min(_PIECE, layout.bitmap_bytes - start))
                    write_at(file.fileno(), layout.bitmap_at + start, zeros)
                _write_header(header, layout)
            except BaseException:
                path.unlink()
                raise


def _write_header(header: Path, layout: Layout) -> None:
    text = json.dumps({"format": _FORMAT, "version": _VERSION, **asdict(layout)}, indent=1)
    with replacing(header) as file:
        file.write(text.encode())


def opened(path: Path, mode: str) -> io.FileIO:
    """Open a table's file; whoever may write locks it, until it is closed or the process ends.

    Raises
    ------
    OSError
        The system refuses, or the file is locked already.
    """
    with explained("cannot open the table", path):
        file = io.FileIO(path, mode)
        try:
            if mode == "r+" and fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise
    return file


def write_at(file: int, start: int, data: bytes | memoryview) -> None:
    """Write all of the bytes at one place of an open file, or raise `OSError`.

    A disk that runs full takes a part, and says why only when asked for the rest.
    """
    done = 0
    while done < len(data):
        done += os.pwrite(file, data[done:], start + done)


def read_header(path: Path) -> Layout:
    """Read what a table's header says, and hold it against the file.

    Raises
    ------
    OSError
        The file is missing, or is a directory.
    ValueError
        The header is missing, damaged or of another format, or the file has another length than
        the header says.
    """
    with explained("cannot open the table", path):
        if path.is_dir():
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        size = path.stat().st_size
    try:
        layout = _parsed(json.loads(header_of(path).read_text("utf-8")))
    except FileNotFoundError as error:
        raise ValueError(
            f"{str(path)!r} has no header {header_of(path).name}: its making was cut off, or the "
            "header was lost. Copy the header back, or delete the file and create the table anew."
        ) from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(
            f"the header {str(header_of(path))!r} is damaged: {error!r}. Copy it back from where "
            "the table came from."
        ) from error
    if size != layout.file_bytes:
        raise ValueError(
            f"{str(path)!r} holds {size:,} bytes, and its header promises {layout.file_bytes:,}: "
            "the file was cut off, or belongs to another header. Copy both again."
        )
    return layout


def _parsed(header: Any) -> Layout:
    if not isinstance(header, dict):
        raise ValueError(f"it must hold a dictionary: it holds {header!r:.60}")
    kind = [header.pop("format"), header.pop("version")]
    if kind != [_FORMAT, _VERSION]:
        raise ValueError(f"it must be {_FORMAT} of version {_VERSION}: it is {kind}")
    return Layout(**{**header, "slots": tuple(header["slots"])})
