"""One file with a configuration and arrays: an `.npz` that holds no code.

A zip archive with `config.json` and one `.npy` file for each array; `numpy.load` opens it, and
so does `unzip`. Nothing is pickled, nothing is compressed, and no two entries share their
bytes, so what is read is never larger than the file.
"""

import json
import math
import os
import zipfile
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Config
from embedding_core.ground.checks import expect, shown
from embedding_core.ground.files import AnyPath, as_path, replacing
from embedding_core.ground.whole import alone

_CONFIG = "config.json"
# In memory JSON takes up to thirty times its length, which arrays do not. A layer takes 2 KB.
_LONGEST_CONFIG = 1 << 20
# What NumPy's letters for floats, integers and unsigned integers have in common: no code.
_NUMBERS = "fiu"
_PIECE = 1 << 20


def write(path: AnyPath, config: Config, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a configuration and arrays, or, when that fails, leave the path as it was.

    Parameters
    ----------
    path
        Ends in `.npz`. A file that is there is replaced when the new one is complete, see
        `files`.
    config
        What JSON can hold, in at most a million characters.
    arrays
        Of numbers, by name.

    Raises
    ------
    ValueError
        The path ends otherwise, or the configuration is too long.
    TypeError
        Something in `config` that JSON cannot hold, an array of something else than numbers, no
        dictionary, or no path.
    OSError
        The folder is missing, the disk is full, or the like.
    """
    target = as_path(path)
    if target.suffix != ".npz":
        raise ValueError(f"the path must end in .npz: received {str(target)!r}.")
    text = _as_json(config)
    if len(text) > _LONGEST_CONFIG:
        raise ValueError(
            f"a configuration may have {_LONGEST_CONFIG} characters: received {len(text)}. "
            "Keep what is long in arrays."
        )
    expect("arrays", arrays, Mapping, "a dictionary of arrays")
    for name, array in arrays.items():
        expect("the name of an array", name, str, "a str")
        expect(name, array, np.ndarray, "an array")
        if array.dtype.kind not in _NUMBERS:
            raise TypeError(f"{name} must be an array of numbers: received {shown(array)}.")
    with replacing(target) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(_CONFIG, text)
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                np.lib.format.write_array(entry, array, version=(1, 0), allow_pickle=False)


def _as_json(config: Any) -> str:
    try:
        if not isinstance(config, dict):
            raise TypeError("a dictionary is needed")
        return json.dumps(config, indent=1)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"JSON cannot hold the configuration {shown(config)}: {error}.") from error


def read(file: IO[bytes]) -> tuple[Config, dict[str, NDArray[Any]]]:
    """Read back what `write` wrote.

    Parameters
    ----------
    file
        Open for reading.

    Returns
    -------
    config, arrays
        As they were given to `write`.

    Raises
    ------
    ValueError
        The file is not one of these, or damaged. No more memory is taken before it is found out
        than the file has bytes.
    """
    size = file.seek(0, os.SEEK_END)
    try:
        with zipfile.ZipFile(file) as archive:
            return _contents(archive, size)
    except ValueError:
        raise
    except Exception as error:  # zipfile has many ways to stumble over a forged archive
        raise ValueError(f"no whole archive: {type(error).__name__}, {error}") from error


def _contents(archive: zipfile.ZipFile, size: int) -> tuple[Config, dict[str, NDArray[Any]]]:
    entries = archive.infolist()
    _check(entries, size)
    config = json.loads(archive.read(_CONFIG))
    if not isinstance(config, dict):
        raise ValueError(f"{_CONFIG} must hold a dictionary: it holds {config!r:.60}")
    return config, {
        entry.filename.removesuffix(".npy"): _array(archive, entry)
        for entry in entries
        if entry.filename != _CONFIG
    }


def _check(entries: list[zipfile.ZipInfo], size: int) -> None:
    """Refuse, before anything is read, what would need more memory than the file has bytes."""
    names = [entry.filename for entry in entries]
    if _CONFIG not in names or len(set(names)) < len(names):
        raise ValueError(f"an archive with one {_CONFIG} is needed: this one holds {names!r:.200}")
    for entry in entries:
        if entry.compress_type != zipfile.ZIP_STORED:
            raise ValueError(f"{entry.filename!r:.60} is compressed: only plain entries are read")
        if entry.filename == _CONFIG and entry.file_size > _LONGEST_CONFIG:
            raise ValueError(
                f"{_CONFIG} may have {_LONGEST_CONFIG} bytes: it has {entry.file_size}"
            )
    # Python 3.11.7 and older would read entries that lie on each other once for each name.
    claimed = sum(entry.file_size for entry in entries)
    if claimed > size:
        raise ValueError(f"the entries claim {claimed} bytes: the file has {size}")


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[Any]:
    name = f"{entry.filename!r:.60}"
    with archive.open(entry) as stream:
        shape, fortran, dtype = _head(stream, name)
        # Compared first: a header that lies must not make NumPy reserve memory.
        size = entry.file_size - stream.tell()
        if dtype.kind not in _NUMBERS or math.prod(shape) * dtype.itemsize != size:
            raise ValueError(
                f"{name} must hold numbers: {size} bytes are no {dtype} of shape {shape}"
            )
        data = np.empty(size, np.uint8)
        for start in range(0, size, _PIECE):
            data[start : start + _PIECE] = np.frombuffer(stream.read(_PIECE), np.uint8)
        return data.view(dtype).reshape(shape, order="F" if fortran else "C")


# NumPy reads it with `ast`, and up to Python 3.11.7 that counts its depth for all threads
# together: two at once may be told of a mismatch (CPython's issue 106905).
@alone
def _head(stream: IO[bytes], name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Read what comes before an array's numbers: their shape, their order and their dtype."""
    if np.lib.format.read_magic(stream) != (1, 0):
        raise ValueError(f"{name} has another version of the .npy format than 1.0")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(stream)
    return shape, fortran, dtype
