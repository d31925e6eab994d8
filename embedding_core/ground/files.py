"""Files that are whole: the old one or the new one, whenever the power fails.

A new file is written beside its place under a hidden name, forced to the disk, and then renamed,
which a file system does in one step. A process that is killed on the way leaves the old file as
it was and the hidden one, `.<name>.<eight digits>`, which may be deleted.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from embedding_core.ground.checks import shown

# More than Linux allows, so that its own error would repeat it all.
_LONGEST = 4096

AnyPath = str | os.PathLike[str]


def as_path(path: AnyPath) -> Path:
    """Return a path as `Path`, or say what it should have been.

    Raises
    ------
    TypeError
        No string and no path. A number is none: `open` would take it for a file that is open.
    ValueError
        Characters that no file name can hold, or too many.
    """
    if isinstance(path, bytes) or not isinstance(path, (str, os.PathLike)):
        raise TypeError(
            f"a path must be a str or a pathlib.Path: received {shown(path)} of type "
            f"{type(path).__name__}."
        )
    name = os.fspath(path)
    if "\0" in name or len(name) > _LONGEST or not _can_be_encoded(name):
        raise ValueError(
            f"no file can be called {shown(name)}, {len(name)} characters: leave out what is none."
        )
    return Path(path)


def _can_be_encoded(name: str) -> bool:
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def replacing(path: AnyPath) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of `path` when the block ends without an error.

    Parameters
    ----------
    path
        In a folder that exists. A link is replaced, not followed.

    Yields
    ------
    file
        Open for writing.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    OSError
        The disk is full, the path is a folder, or the like. What was there stays.
    """
    target = as_path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {str(target.parent)!r}: make it first.")
    aside = target.with_name(f".{target.name[:40]}.{secrets.token_hex(4)}")
    try:
        with open(aside, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    _force_names_to_disk(target.parent)


def _force_names_to_disk(folder: Path) -> None:
    """Let the renaming survive a power failure too; Windows opens no folders."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
