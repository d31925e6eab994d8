"""One file with a configuration and arrays: an `.npz` that holds no code.

A zip archive with `config.json` and one `.npy` file for each array; `numpy.load` opens it, and
so does `unzip`. Nothing is pickled, nothing is compressed, so what is read is never larger than
the file.
"""

import json
import math
import os
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from embedding_core._types import Config

_CONFIG = "config.json"


def write(path: str | os.PathLike[str], config: Config, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a configuration and arrays, or, when that fails, leave the path as it was.

    Parameters
    ----------
    path
        Ends in `.npz`. A file that is there is replaced when the new one is complete.
    config
        What JSON can hold.
    arrays
        Of numbers, by name.

    Raises
    ------
    ValueError
        The path ends otherwise.
    TypeError
        Something in `config` that JSON cannot hold.
    """
    target = Path(path)
    if target.suffix != ".npz":
        raise ValueError(f"the path must end in .npz: received {str(target)!r}.")
    text = json.dumps(config, indent=1)
    aside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with open(aside, "xb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr(_CONFIG, text)
                for name, array in arrays.items():
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                        np.lib.format.write_array(entry, array, version=(1, 0), allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


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
    ValueError, zipfile.BadZipFile and others
        The file is not one of these, or damaged.
    """
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if _CONFIG not in names or len(set(names)) < len(names):
            raise ValueError(f"an archive with one {_CONFIG} is needed: this one holds {names}")
        config = json.loads(archive.read(_CONFIG))
        if not isinstance(config, dict):
            raise ValueError(f"{_CONFIG} must hold a dictionary: it holds {config!r:.60}")
        return config, {
            entry.filename.removesuffix(".npy"): _array(archive, entry)
            for entry in entries
            if entry.filename != _CONFIG
        }


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> NDArray[Any]:
    if entry.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{entry.filename} is compressed: only plain entries are read")
    with archive.open(entry) as stream:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError(f"{entry.filename} has another version of the .npy format than 1.0")
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
        # Compared first: a header that lies must not make NumPy reserve memory.
        size = entry.file_size - stream.tell()
        if dtype.kind not in "fiu" or math.prod(shape) * dtype.itemsize != size:
            raise ValueError(
                f"{entry.filename} must hold numbers: {size} bytes are no {dtype} of shape {shape}"
            )
        stream.seek(0)
        array: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
        return array
