"""The two files that TensorFlow's Embedding Projector loads.

The Projector (Smilkov et al. 2016, projector.tensorflow.org) cuts both files at line feeds, drops
lines of nothing but white space, takes a first line with a tab for a header, and wants vectors of
at least two numbers. A single column of metadata has no header.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground.checks import as_numbers, shown
from embedding_core.ground.files import AnyPath, as_path, replacing
from embedding_core.text._checks import as_texts
from embedding_core.text.word_vectors import WordVectors

_PADDING = "[PAD]"
# What ends a line or a column somewhere, and the byte-order mark, which readers drop.
_BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029\ufeff"


def write_projector(
    folder: AnyPath,
    words: Iterable[str] | WordVectors,
    vectors: ArrayLike | Iterator[ArrayLike] | None = None,
) -> None:
    r"""Write `vectors.tsv` and `metadata.tsv` for the Embedding Projector.

    Parameters
    ----------
    folder
        Where to; it is made if need be.
    words
        What a reader of vectors has returned, or one word for each row, which need not be
        distinct. "" (padding) is written as `[PAD]`. A tab or a line break in a word is written
        as its number, `\u0009`, and so is a word of nothing but white space.
    vectors
        Shape (n, D), finite in float32, with at least one row and two columns; nothing if
        `words` are `WordVectors`.

    Raises
    ------
    ValueError
        Another number of words than rows, no row, fewer than two columns, numbers that are not
        finite, or vectors given twice. Nothing is written.
    TypeError
        No path, no list of words, or vectors that are no numbers.
    OSError
        The folder cannot be made, the disk is full, or the like.

    Notes
    -----
    Each file is replaced when both are complete, see `files`. The Projector shows a word that is
    a number as that number ("007" as 7), and it takes its text in pieces of a million bytes: a
    letter that lies across their border is shown as a question mark.
    """
    target = as_path(folder)
    labels, table = _checked(words, vectors)
    target.mkdir(parents=True, exist_ok=True)
    with (
        replacing(target / "vectors.tsv") as numbers,
        replacing(target / "metadata.tsv") as metadata,
    ):
        for row in table:
            numbers.write("\t".join(map(str, row)).encode() + b"\n")
        for label in labels:
            metadata.write(f"{label}\n".encode())


def _checked(words: Any, vectors: Any) -> tuple[list[str], NDArray[Any]]:
    if isinstance(words, WordVectors):
        if vectors is not None:
            raise ValueError("WordVectors bring their vectors along: leave the others out.")
        words, vectors = words.words, words.vectors
    labels = [_label(word) for word in as_texts(words, "words")]
    rows = list(vectors) if isinstance(vectors, Iterator) else vectors
    table = as_numbers("vectors", rows)
    if table.ndim != 2 or len(table) != len(labels):
        raise ValueError(
            f"vectors must have shape ({len(labels)}, D), a row for each word: received "
            f"{table.shape}."
        )
    if not labels or table.shape[1] < 2:
        raise ValueError(
            "the Projector needs at least one row and two columns: received vectors of shape "
            f"{table.shape}."
        )
    if not (np.abs([table.min(), table.max()]) <= np.finfo(np.float32).max).all():  # nor is NaN
        raise ValueError(
            f"vectors must be finite in float32: received {shown(table)} with a number that is not."
        )
    # Booleans become 1.0 and 0.0: the Projector takes "True" for a label.
    return labels, table.astype(np.float32) if table.dtype.kind == "b" else table


def _label(word: str) -> str:
    if not word:
        return _PADDING
    letters = set(word) if word.isspace() else _BREAKS
    return word.translate({ord(letter): f"\\u{ord(letter):04x}" for letter in letters})
