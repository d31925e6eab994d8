"""Texts cut into words and marks, and these numbered in the order in which they come."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain, count, pairwise
from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Ids
from embedding_core.ground.compiled import compiled, load

MARKS = b".,!?\"():;'-/*"
"""Punctuation that counts as a word of its own, since an exclamation mark says something."""

_LOWER = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode())

# So many bytes of text make the time for loading the compiled form worth while.
_LETTERS_TO_LOAD = 10_000_000


def words_and_marks(text: str) -> list[bytes]:
    """Lower the case (of ASCII) and cut a text into words and marks, in UTF-8.

    Parameters
    ----------
    text : str
        Any text that UTF-8 can hold.

    Returns
    -------
    list of bytes
        In order, none of them empty: ``"Don't."`` gives ``don``, ``'``, ``t`` and ``.``.
    """
    return _cut(text.encode().translate(_LOWER), _SPACED)


def words_of(texts: list[str]) -> tuple[list[bytes], Ids, Ids]:
    """List the different words and marks of all texts, and say which stands where.

    Parameters
    ----------
    texts : list of str
        As for `words_and_marks`.

    Returns
    -------
    words : list of bytes
        Each once, in order of arrival.
    numbers : numpy.ndarray
        Of the words of all texts, end to end, where each stands in the list.
    lengths : numpy.ndarray
        How many words each text has.
    """
    encoded = [text.encode() for text in texts]
    letters = np.frombuffer(b"".join(encoded).translate(_LOWER), np.uint8)
    ends = np.cumsum([len(text) for text in encoded], dtype=np.intp)
    if letters.size >= _LETTERS_TO_LOAD:
        load()
    numbers, lengths, joined, bounds = numbered(ends, letters, np.frombuffer(MARKS, np.uint8))
    held = joined.tobytes()
    return [held[a:b] for a, b in pairwise([0, *bounds.tolist()])], numbers, lengths


@compiled
def numbered(
    ends: Ids, letters: NDArray[np.uint8], marks: NDArray[np.uint8]
) -> tuple[Ids, Ids, NDArray[np.uint8], Ids]:
    """Cut texts into words, and number these in order of arrival.

    Parameters
    ----------
    ends
        Shape (n,): where each text ends.
    letters
        Shape (ends[-1],): all texts in UTF-8, in lower case.
    marks
        Characters that are words of their own, as `MARKS` are.

    Returns
    -------
    numbers
        Of all words, end to end.
    counts
        Shape (n,): how many words each text has.
    words, bounds
        The different words end to end, and where each of them ends.
    """
    joined, spaced, counts = letters.tobytes(), _between_spaces(marks.tobytes()), []
    arrival: defaultdict[bytes, int] = defaultdict(count().__next__)

    def words_of_each() -> Iterator[list[bytes]]:
        for start, end in pairwise([0, *ends.tolist()]):
            words = _cut(joined[start:end], spaced)
            counts.append(len(words))
            yield words

    every = chain.from_iterable(words_of_each())
    numbers = np.fromiter(map(arrival.__getitem__, every), dtype=np.int64)
    bounds = np.cumsum([len(word) for word in arrival], dtype=np.int64)
    words = np.frombuffer(b"".join(arrival), np.uint8)
    return numbers, np.asarray(counts, dtype=np.int64), words, bounds


def _between_spaces(marks: bytes) -> list[tuple[bytes, bytes]]:
    return [(bytes([mark]), b" %c " % mark) for mark in marks]


_SPACED = _between_spaces(MARKS)


def _cut(text: bytes, spaced: list[tuple[bytes, bytes]]) -> list[bytes]:
    for mark, apart in spaced:
        text = text.replace(mark, apart)
    return text.split()
