"""What is kept of a file of vectors: the first words, some words, each word once."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from embedding_core.ground.checks import one_of, positive_int
from embedding_core.text._checks import as_texts
from embedding_core.text.vector_lines import Source
from embedding_core.text.word_vectors import WordVectors


@dataclass(frozen=True)
class Options:
    """What a reader was asked to keep, checked before the file is opened.

    Parameters
    ----------
    duplicates, errors, limit, vocabulary
        See `vector_files.read_word2vec`.

    Raises
    ------
    TypeError, ValueError
        One that is none.
    """

    duplicates: str
    errors: str
    limit: int | None
    vocabulary: Iterable[str] | None

    def __post_init__(self) -> None:
        one_of("duplicates", self.duplicates, ("refuse", "first"))
        one_of("errors", self.errors, ("strict", "replace", "ignore", "backslashreplace"))
        if self.limit is not None:
            positive_int("limit", self.limit)
        if self.vocabulary is not None:
            words = frozenset(as_texts(self.vocabulary, "vocabulary"))
            object.__setattr__(self, "vocabulary", words)


def kept(
    source: Source,
    entries: Iterator[tuple[int, bytes, Any]],
    as_floats: Callable[[Source, int, Any], bytes],
    width: int,
    options: Options,
) -> WordVectors:
    """Go through the entries of a file, and keep what is asked for.

    Parameters
    ----------
    source
        For messages.
    entries
        Of each word its place, its bytes, and its numbers as the file has them.
    as_floats
        Turns such numbers into float32 in memory, or refuses them.
    width
        How many they are.
    options
        What is asked for.

    Raises
    ------
    ValueError
        A word that is no UTF-8 or that is given twice, or what goes through the entries raises.
    """
    seen: dict[str, int] = {}
    numbers = array("f")  # it grows where it stands, by a sixteenth
    for at, raw, row in islice(entries, options.limit):
        try:
            word = raw.decode("utf-8", options.errors)
        except UnicodeDecodeError as error:
            first = "Convert the file." if source.unit == "line" else source.cure
            source.refuse(at, f"must be UTF-8: {error}", f"{first} Or pass errors='replace'.")
        if options.vocabulary is not None and word not in options.vocabulary:
            continue
        if not word:
            source.refuse(at, f"has no letter of {raw!r} left", "Pass errors='replace'.")
        if word not in seen:
            numbers.frombytes(as_floats(source, at, row))
            seen[word] = at
        elif options.duplicates == "refuse":
            source.refuse(
                at,
                f"repeats the word {word!r} of {source.unit} {seen[word]}",
                "Repair or remove the line, or pass duplicates='first'.",
            )
    words = list(seen)
    del seen
    table = np.frombuffer(numbers, np.float32) if words else np.empty(0, np.float32)
    return WordVectors(words, table.reshape(len(words), width))
