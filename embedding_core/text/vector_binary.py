"""word2vec's binary form: behind the header a word, a blank, and its numbers as float32.

Some programs end each vector with a line feed, and some do not.
"""

from collections.abc import Iterator
from io import BufferedReader

import numpy as np

from embedding_core.text.vector_lines import OF_NO_TEXT, Source

SHORT = "Is the header right, and was the file fetched to its end?"
"""What to look at when a file of the binary form does not fit."""

_AT_ONCE = 1 << 20
_LONGEST_WORD = 10_000
_LOOK = 100  # bytes behind a vector that tell whether a word begins there
_OF_TEXT = b"0123456789+-.eE \t\r\n"

Entry = tuple[int, bytes, bytes]
"""The number of a word, the word, and its numbers, little-endian."""


def entries(
    source: Source, file: BufferedReader, count: int, width: int, last: int | None = None
) -> Iterator[Entry]:
    """Read words and vectors one after the other.

    Parameters
    ----------
    source
        For messages.
    file
        Behind the header.
    count, width
        What the header promises: no memory is taken for it beforehand.
    last
        The number of the word behind which the caller stops, if so. Nobody counts the words then.

    Yields
    ------
    number, word, numbers

    Raises
    ------
    ValueError
        Another number of words than the header says, or what is not the binary form.
    """
    looked_at = (1, last)  # a wrong width shows behind the first vector, or behind any other
    for number in range(1, count + 1):
        word = _word(source, file, number)
        if word is None:
            Source(source.path).refuse(1, f"promises {count} words, but {number - 1} follow", SHORT)
        row = _exactly(file, 4 * width)
        if not row.translate(None, _OF_TEXT):
            source.refuse(number, "has a vector in plain text", "Leave out binary=True.")
        if len(row) < 4 * width:
            source.refuse(number, f"must have {width} numbers, but the file ends")
        if number in looked_at and not _begins_a_word(file.peek(1)[:_LOOK]):
            source.refuse(number, f"has no word behind its {width} numbers")
        yield number, word, row
    if file.peek(1).strip(b"\r\n"):
        Source(source.path).refuse(1, f"promises {count} words, but more follow", SHORT)


def _begins_a_word(ahead: bytes) -> bool:
    """Tell the next word, or the end, from the place where a wrong width leads."""
    word, blank, _ = ahead.lstrip(b"\n").partition(b" ")
    return not OF_NO_TEXT.search(word) and b"\n" not in word and bool(word or not blank)


def _word(source: Source, file: BufferedReader, number: int) -> bytes | None:
    """Read up to the next blank; `None` where the file ends."""
    word = b""
    while len(word) < _LONGEST_WORD:
        ahead = file.peek(1)
        if not ahead and not word.strip(b"\n"):
            return None
        if not ahead:
            break
        at = ahead.find(b" ")
        word += file.read(at + 1 if at >= 0 else len(ahead))
        if at >= 0:
            return word[:-1].lstrip(b"\n") or source.refuse(number, "is the empty word")
    return source.refuse(number, f"has no blank behind it: received {word!r:.60}")


def _exactly(file: BufferedReader, size: int) -> bytes:
    """Read so many bytes, or to the end, without believing that there are so many."""
    row = file.read(min(size, _AT_ONCE))
    while len(row) < size and (more := file.read(min(size - len(row), _AT_ONCE))):
        row += more
    return row


def as_floats(source: Source, number: int, row: bytes) -> bytes:
    """Return the numbers in the machine's own byte order.

    Raises
    ------
    ValueError
        One is not finite.
    """
    vector = np.frombuffer(row, "<f4").astype(np.float32, copy=False)
    if not np.isfinite(vector).all():
        source.refuse(number, f"must hold finite numbers: received {vector[:4]} ...")
    return vector.tobytes()
