"""Tables that somebody else has trained, read to the letter: word2vec's files and GloVe's.

word2vec (Mikolov et al. 2013) begins with a line "words dimensions"; GloVe (Pennington et al.
2014) does not. Then comes one line for each word: the word and its numbers. fastText's `.vec`
files are word2vec's. Either may be packed with gzip. Files are read line by line, so memory holds
the table and its words and never the text. What a header promises is no reason to take memory.

`layers.pretrained.embedding_of` makes an `Embedding` of what is read here.

Differences from gensim's `KeyedVectors.load_word2vec_format`: a repeated word, a count that does
not hold, and bytes that are no UTF-8 are refused unless told otherwise (gensim keeps the first of
a word and says so in its log); a word may hold blanks.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from embedding_core.ground.checks import positive_int, switch
from embedding_core.ground.files import AnyPath
from embedding_core.text import vector_binary, vector_lines
from embedding_core.text.vector_kept import Options, kept
from embedding_core.text.vector_kinds import opened
from embedding_core.text.vector_lines import Source
from embedding_core.text.word_vectors import WordVectors

_PEEKED = 16  # lines that decide together how wide a file without a header is


def read_word2vec(
    path: AnyPath,
    *,
    binary: bool = False,
    duplicates: str = "refuse",
    errors: str = "strict",
    limit: int | None = None,
    vocabulary: Iterable[str] | None = None,
) -> WordVectors:
    """Read word2vec's format, plain or packed with gzip.

    Parameters
    ----------
    path
        A file: the header "n D", then n lines of a word and D numbers.
    binary
        The numbers are not written out but stored, four bytes each.
    duplicates
        "refuse" a word that is given twice, or keep the "first".
    errors
        What becomes of bytes in a word that are no UTF-8: "strict" refuses them, "replace",
        "ignore" and "backslashreplace" do what they do for `bytes.decode`.
    limit
        Read only so many words from the front of the file. The count in the header is not
        checked then.
    vocabulary
        Keep only these words, in the file's order; memory follows what is kept. The numbers of
        the others are not read, and it does not matter when they are repeated.

    Returns
    -------
    WordVectors
        The words, table (n, D).

    Raises
    ------
    ValueError
        A line that does not fit, a word given twice, another number of lines than the header
        says, or a file of another kind. File and line are named. An option that is none.
    TypeError
        A path or an option that is none.
    OSError
        There is no such file, or it cannot be opened.
    """
    options = Options(duplicates, errors, limit, vocabulary)
    switch("binary", binary)
    with opened(path) as file:
        count, width = _header(path, file.readline())
        if binary:
            source = Source(path, vector_binary.SHORT, "word")
            stored = vector_binary.entries(source, file, count, width, limit)
            return kept(source, stored, vector_binary.as_floats, width, options)
        source = Source(
            path,
            "Repair or remove the line; if all lines are like it, give the header the right width.",
        )
        lines = _counted(source, vector_lines.entries(source, file, 2, width), count)
        return kept(source, lines, vector_lines.as_floats, width, options)


def read_glove(
    path: AnyPath,
    dimension: int | None = None,
    *,
    duplicates: str = "refuse",
    errors: str = "strict",
    limit: int | None = None,
    vocabulary: Iterable[str] | None = None,
) -> WordVectors:
    """Read GloVe's text format, plain or packed with gzip.

    Parameters
    ----------
    path
        A file of lines of a word, which may hold spaces, and D numbers.
    dimension
        D; by default how many numbers the first line ends in. Where its word may end like a
        number, as that of "route 66 0.1 0.2", the next lines decide.
    duplicates, errors, limit, vocabulary
        As for `read_word2vec`.

    Returns
    -------
    WordVectors
        The words, table (n, D).

    Raises
    ------
    ValueError
        A line that does not fit, a word given twice, no line at all, or a file of another kind:
        file and line are named. Or a dimension or an option that is none.
    TypeError
        A path or an option that is none.
    OSError
        There is no such file, or it cannot be opened.
    """
    options = Options(duplicates, errors, limit, vocabulary)
    if dimension is not None:
        positive_int("dimension", dimension)
    source = Source(path, "Repair or remove the line, or pass the right dimension.")
    with opened(path) as file:
        front = list(islice(file, _PEEKED))
        if front and dimension != 1 and vector_lines.looks_like_a_header(front):
            source.refuse(
                1, f"reads like the header of word2vec's format: {front[0]!r}", "Use read_word2vec."
            )
        width = vector_lines.width_of(front) if dimension is None else dimension
        if width < 1:
            first = front[0] if front else b""
            source.refuse(
                1,
                f"must be a word and its numbers, with spaces between: received {first!r:.60}",
                _cure(first),
            )
        lines = vector_lines.entries(source, chain(front, file), 1, width)
        return kept(source, lines, vector_lines.as_floats, width, options)


def _header(path: AnyPath, line: bytes) -> tuple[int, int]:
    header = line.split()
    # Not more digits than an index has: Python reads no number of thousands of them.
    if len(header) != 2 or not all(p.isdigit() and len(p) < 19 and int(p) for p in header):
        Source(path).refuse(
            1,
            f"must be the header 'words dimensions': received {line!r:.60}",
            _cure(line) or "read_glove reads text without a header.",
        )
    return int(header[0]), int(header[1])


def _cure(first: bytes) -> str | None:
    if b"\r" in first.rstrip():
        return vector_lines.LINE_FEEDS
    return "Write blanks in the place of commas." if b"," in first else None


def _counted(
    source: Source, lines: Iterator[vector_lines.Entry], count: int
) -> Iterator[vector_lines.Entry]:
    found = 0
    for found, entry in enumerate(lines, 1):  # noqa: B007
        yield entry
    if found != count:
        source.refuse(
            1, f"promises {count} words, but {found} follow", "Correct the header, or fetch again."
        )
