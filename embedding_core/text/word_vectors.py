"""Words and the vectors that somebody has trained for them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground.checks import as_numbers, shown
from embedding_core.text._checks import as_texts


@dataclass(frozen=True, eq=False)
class WordVectors:
    """Words and their vectors, in the order of the file.

    Parameters
    ----------
    words
        n distinct words, in a list or another iterable.
    vectors
        Shape (n, D), finite; float32 are kept as they are, others are converted.

    Raises
    ------
    TypeError
        No list of words, or vectors that are no numbers.
    ValueError
        Another number of words than vectors, a word given twice, or a number that is not finite
        in float32.
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
        with np.errstate(over="ignore"):
            table = np.asarray(table, np.float32)
        _refuse_infinite(words, table)
        _refuse_repeated(words)
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "vectors", table)

    def __repr__(self) -> str:
        return f"<WordVectors of {len(self.words)} words, {self.vectors.shape[1]} dimensions>"


def _refuse_infinite(words: list[str], table: NDArray[np.float32]) -> None:
    # A NaN is the least and the largest; a mask of the whole table would take a quarter of it.
    if table.size == 0 or np.isfinite([table.min(), table.max()]).all():
        return
    row = next(i for i, vector in enumerate(table) if not np.isfinite(vector).all())
    raise ValueError(
        f"vectors must be finite numbers that float32 can hold: received {table[row][:4]} ... "
        f"in row {row}, of the word {shown(words[row])}. Leave the word out."
    )


def _refuse_repeated(words: list[str]) -> None:
    if len(set(words)) == len(words):
        return
    rows: dict[str, int] = {}
    for row, word in enumerate(words):
        if rows.setdefault(word, row) != row:
            raise ValueError(
                f"words must be distinct: received {shown(word)} in rows {rows[word]} and {row}. "
                "Keep one of the two."
            )
