"""What kind of file it is: plain text, gzip, or something that holds no vectors as it stands.

Vectors are offered packed in many ways, and a download may be a page that says "not found".
A packed or foreign file is known by its first bytes.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from embedding_core.ground.files import AnyPath, as_path

_UNPACK = "Unpack it first, and read the text file that it holds."
_CONVERT = "Convert it to UTF-8 first."
_KINDS: list[tuple[bytes, str, str]] = [
    (rb"PK\x03\x04", "a zip archive", _UNPACK),
    (rb"BZh[1-9]1AY&SY", "a bzip2 file", _UNPACK),
    (rb"\xfd7zXZ\x00", "an xz file", _UNPACK),
    (rb"\x28\xb5\x2f\xfd", "a Zstandard file", _UNPACK),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (rb"[\s\S]{257}ustar", "a tar archive", _UNPACK),
    (rb"\x93NUMPY", "an array that NumPy has saved", "Read it with numpy.load."),
    (
        rb"\x80[\x02-\x05]",
        "a pickle, such as gensim's save writes",
        "Load it with gensim, and write it with save_word2vec_format.",
    ),
    (rb"\xba\x16\x4f\x2f", "fastText's .bin model", "Read its .vec file with read_word2vec."),
    (rb"\x89HDF\r\n", "an HDF5 file", "Read it with h5py."),
    (rb"\xff\xfe|\xfe\xff", "text in UTF-16", _CONVERT),
    (
        rb"version https://git-lfs",
        "the pointer that Git LFS leaves in the place of a large file",
        "Fetch the file itself with `git lfs pull`.",
    ),
    (
        rb"(?i)\s*<(!doctype html|html)\b(?![^\n]* [-+.0-9eE]+\s*\n)",
        "a web page",
        "Fetch the file itself, not the page about it.",
    ),
]
_GZIP, _BYTE_ORDER_MARK = b"\x1f\x8b", b"\xef\xbb\xbf"


@contextmanager
def opened(path: AnyPath) -> Iterator[io.BufferedReader]:
    """Open a file of vectors for reading, unpacked, behind the byte-order mark if it has one.

    Raises
    ------
    ValueError
        The file is of another kind, or a gzip file that is damaged or ends early.
    TypeError
        The path is none.
    OSError
        There is no such file, or it cannot be opened.
    """
    with open(as_path(path), "rb") as file:
        if file.peek(len(_GZIP)).startswith(_GZIP):
            file = io.BufferedReader(gzip.GzipFile(fileobj=file))
        try:
            _begin(path, file)
            yield file
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(
                f"{path} is a gzip file that is damaged or ends early ({error}). Fetch it again."
            ) from error


def _begin(path: AnyPath, file: io.BufferedReader) -> None:
    head = file.peek(512)
    if head.startswith(_BYTE_ORDER_MARK):
        file.read(len(_BYTE_ORDER_MARK))
        head = head[len(_BYTE_ORDER_MARK) :]
    for pattern, kind, cure in _KINDS:
        if re.match(pattern, head):
            raise ValueError(f"{path} is {kind}, and no text file of vectors. {cure}")
