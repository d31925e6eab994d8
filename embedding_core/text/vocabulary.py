"""Words in the order of their ids: learned by counting, or given and checked.

Id 0 is padding and id 1 any word outside the vocabulary, so the first word has id 2.
"""

from collections.abc import Iterable, Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

from embedding_core.ground.checks import shown
from embedding_core.text._checks import as_texts

PADDING, UNKNOWN = "", "[UNK]"
SPECIAL = [PADDING, UNKNOWN]
"""The special tokens, at the places of their ids."""


class Index(dict[bytes, int]):
    """From a word's UTF-8 bytes to its id; a word that is missing has the id of ``[UNK]``.

    Parameters
    ----------
    words : iterable of str
        Distinct words; the first has id 2.
    """

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(zip((word.encode() for word in words), count(len(SPECIAL))))

    def __missing__(self, word: bytes) -> int:
        """Return the id of ``[UNK]``, and leave the index as it is."""
        return SPECIAL.index(UNKNOWN)


def by_frequency(words: Sequence[bytes], counts: npt.NDArray[np.integer]) -> npt.NDArray[np.intp]:
    """Return the order in which Keras numbers words.

    Parameters
    ----------
    words : sequence of n bytes
        Distinct words in UTF-8.
    counts : (n,) int array
        How often each occurs.

    Returns
    -------
    (n,) intp array
        Places in ``words``: the highest count first, ties in reverse byte order.

    Notes
    -----
    Keras: ``IndexLookup.finalize_state``.
    """
    backwards = sorted(range(len(words)), key=words.__getitem__, reverse=True)
    places = np.asarray(backwards, dtype=np.intp)
    return places[np.argsort(-counts[places], kind="stable")]


def checked_words(vocabulary: Sequence[str], max_tokens: int | None) -> list[str]:
    """Return a given vocabulary without its special tokens, or say what is wrong with it.

    Parameters
    ----------
    vocabulary : sequence of str
        Distinct words, with or without the two special tokens in front.
    max_tokens : int or None
        The most ids there may be, the two special tokens included.

    Returns
    -------
    list of str
        The words alone.

    Raises
    ------
    TypeError
        When ``vocabulary`` is one string, or holds something other than strings.
    ValueError
        When it is empty, repeats a word, holds ``""`` among the words or is too long.

    Notes
    -----
    Keras: ``IndexLookup.set_vocabulary``.
    """
    words = as_texts(vocabulary, "vocabulary")
    if words[:2] == SPECIAL:
        words = words[2:]
    if not words:
        raise ValueError(f"vocabulary must hold at least one word, received {shown(vocabulary)}")
    if PADDING in words:
        raise ValueError(
            f"vocabulary may hold '' (padding) only as the first of {SPECIAL}, "
            f"received it as word number {words.index(PADDING)}"
        )
    seen: set[str] = set()
    for word in words:
        if word in seen:
            raise ValueError(f"vocabulary must hold each word once, received {shown(word)} twice")
        seen.add(word)
    if max_tokens is not None and len(words) + len(SPECIAL) > max_tokens:
        raise ValueError(
            f"vocabulary must fit max_tokens={max_tokens}, the two special tokens included, "
            f"received {len(words)} words; raise max_tokens or pass fewer words"
        )
    return words
