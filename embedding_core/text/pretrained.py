"""Tables that somebody else has trained: word2vec's text format, GloVe's, and the Projector's.

word2vec (Mikolov et al. 2013) begins with a line "words dimensions"; GloVe (Pennington et al.
2014) does not. Then comes one line for each word: the word and its numbers, separated by single
spaces. A word of GloVe's may hold spaces itself. Files are read line by line, so memory holds
the table and its words and never the text. What a header promises is no reason to take memory.

`layers.pretrained.embedding_of` makes an `Embedding` of what is read here.
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground.checks import as_list, as_numbers, positive_int, shown
from embedding_core.ground.files import AnyPath, as_path, replacing
from embedding_core.text._checks import as_texts


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words and their vectors, in the order of the file.

    Parameters
    ----------
    words
        n distinct words.
    vectors
        Shape (n, D), float32.

    Raises
    ------
    TypeError
        No list of words, or vectors that are no numbers.
    ValueError
        Another number of words than vectors.
    """

    words: list[str]
    vectors: NDArray[np.float32]

    def __post_init__(self) -> None:
        words, table = as_texts(self.words, "words"), as_numbers("vectors", self.vectors)
        if table.ndim != 2 or len(table) != len(words):
            raise ValueError(
                f"vectors must have shape ({len(words)}, D), a row for each word: received "
                f"{table.shape}."
            )


def read_word2vec(path: AnyPath) -> WordVectors:
    """Read word2vec's text format.

    Parameters
    ----------
    path
        A file in UTF-8: the header "n D", then n lines of a word and D numbers.

    Returns
    -------
    WordVectors
        n words, table (n, D).

    Raises
    ------
    ValueError
        A line that does not fit, a word given twice, or another number of lines than the
        header says. File and line are named.
    TypeError
        The path is none.
    OSError
        There is no such file, or it cannot be opened.
    """
    with open(as_path(path), "rb") as file:
        header = file.readline().split()
        # Not more digits than an index has: Python reads no number of thousands of them.
        if len(header) != 2 or not all(p.isdigit() and len(p) < 19 and int(p) for p in header):
            _refuse(path, 1, f"must be the header 'words dimensions': received {header!r:.60}")
        count, width = int(header[0]), int(header[1])
        vectors = _read(path, file, 2, width)
    if len(vectors.words) != count:
        _refuse(path, 1, f"promises {count} words, but {len(vectors.words)} follow")
    return vectors


def read_glove(path: AnyPath, dimension: int | None = None) -> WordVectors:
    """Read GloVe's text format.

    Parameters
    ----------
    path
        A file in UTF-8: lines of a word, which may hold spaces, and D numbers.
    dimension
        D; by default what the first line has behind its first space.

    Returns
    -------
    WordVectors
        All words, table (n, D).

    Raises
    ------
    ValueError
        A line that does not fit, a word given twice, or no line at all: file and line are
        named. Or a dimension that is no positive integer.
    TypeError
        The path is none.
    OSError
        There is no such file, or it cannot be opened.
    """
    if dimension is not None:
        positive_int("dimension", dimension)
    with open(as_path(path), "rb") as file:
        if dimension is None:
            dimension = file.readline().rstrip(b" \r\n").count(b" ")
            file.seek(0)
        if dimension < 1:
            _refuse(path, 1, "must be a word and its numbers, with spaces between")
        return _read(path, file, 1, dimension)


def _read(path: AnyPath, lines: Iterator[bytes], first: int, width: int) -> WordVectors:
    seen: dict[str, int] = {}
    numbers = array("f")
    for number, line in enumerate(lines, first):
        word, vector = _parse(path, number, line, width)
        if word in seen:
            _refuse(path, number, f"repeats the word {word!r} of line {seen[word]}")
        seen[word] = number
        numbers.frombytes(vector.tobytes())
    return WordVectors(list(seen), np.array(numbers, np.float32).reshape(len(seen), width))


def _parse(path: AnyPath, number: int, line: bytes, width: int) -> tuple[str, NDArray[np.float32]]:
    # From the right, because the word may hold spaces; word2vec ends lines with one.
    parts = line.rstrip(b" \r\n").rsplit(b" ", width)
    if len(parts) != width + 1 or not parts[0] or _too_many_numbers(parts[0]):
        _refuse(path, number, f"must be a word and {width} numbers: received {line!r:.60}")
    try:
        with np.errstate(over="ignore"):
            vector = np.array([float(part) for part in parts[1:]], np.float32)
        word = parts[0].decode()
    except ValueError as error:  # UnicodeDecodeError is one
        _refuse(path, number, f"must be UTF-8 and end in {width} numbers: {error}")
    if not np.isfinite(vector).all():
        _refuse(path, number, f"must hold finite numbers that float32 can hold: {line!r:.60}")
    return word, vector


def _too_many_numbers(word: bytes) -> bool:
    """Tell "cat 0.5", a word and a number too many, from "at home", a word with a space."""
    _, space, last = word.rpartition(b" ")
    try:
        float(last)
    except ValueError:
        return False
    return bool(space) and b"." in last


def _refuse(path: AnyPath, number: int, why: str) -> NoReturn:
    raise ValueError(f"{path}, line {number}, {why}. Repair or remove the line.")


def write_projector(folder: AnyPath, words: Sequence[str], vectors: ArrayLike) -> None:
    """Write `vectors.tsv` and `metadata.tsv` for the Embedding Projector.

    Parameters
    ----------
    folder
        Where to; it is made if need be.
    words
        One for each row; "" (padding) is written as `[PAD]`, because the Projector drops empty
        lines.
    vectors
        Shape (n, D), finite.

    Raises
    ------
    ValueError
        Another number of words than rows, numbers that are not finite, or a word with a tab or
        a line break, which the format cannot hold. Nothing is written.
    TypeError
        No path, no list of words, or vectors that are no numbers.
    OSError
        The folder cannot be made, the disk is full, or the like.

    Notes
    -----
    The two files that projector.tensorflow.org loads; a single column of metadata has no header.
    Each is replaced when its new contents are complete, see `files`.
    """
    target = as_path(folder)
    table = as_numbers("vectors", vectors)
    WordVectors(list(as_list("words", words, "str")), table)
    if not np.isfinite(table).all():
        raise ValueError(f"vectors must be finite: received {shown(table)} with NaN or infinity.")
    for i, word in enumerate(words):
        if "\t" in word or word.splitlines() not in ([], [word]):
            raise ValueError(
                f"word {i}, {word!r}, holds a tab or a line break, which the format cannot hold: "
                "replace them first."
            )
    lines = ["\t".join(map(str, row)) for row in table]
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in (("vectors.tsv", lines), ("metadata.tsv", [w or "[PAD]" for w in words])):
        with replacing(target / name) as file:
            file.writelines(f"{row}\n".encode() for row in rows)
