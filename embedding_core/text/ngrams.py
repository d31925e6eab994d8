"""Texts to the set of their words and of their pairs of neighbours, for a whole corpus at once.

A word has an id of its own. Pairs are too many for that: a pair is hashed to one of some millions
of buckets, and two pairs may share one (Weinberger et al. 2009). Words and buckets that too few
texts hold are left out, and what remains is numbered without gaps, so that a table needs no rows
for what cannot be learned. "Binary": how often a text repeats a word makes no difference (Wang
and Manning 2012).

No Python code runs for a word: one loop over the texts cuts them up, and then all words of all
texts stand end to end in one array.
"""

from collections.abc import Iterable
from itertools import pairwise
from zlib import crc32

import numpy as np
import numpy.typing as npt
import scipy

from embedding_core.ground.checks import shown
from embedding_core.text._checks import as_count, as_texts
from embedding_core.text.cutting import words_and_marks, words_of

# Odd constants with well mixed bits, see `bucket_of_pairs`.
_FIRST, _SECOND = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)

_TEXTS = 500  # whose words are looked at in one go

Ids = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]


def bucket_of_pairs(first: Codes, second: Codes, buckets: int) -> Ids:
    """Hash pairs of words to buckets; the order in a pair counts.

    Parameters
    ----------
    first, second : (n,) uint64 arrays
        A code of each word, its CRC-32.
    buckets : int
        How many there are, at most 2**32.

    Returns
    -------
    (n,) int64 array
        In 0 ... buckets - 1, the same in every process and on every machine.

    Notes
    -----
    Multiply, fold the upper half onto the lower, multiply again (uint64 wraps, which is wanted);
    the upper half of the result, as a fraction of 2**32, picks the bucket.
    """
    mixed = first * _FIRST + second
    mixed ^= mixed >> _HALF
    mixed *= _SECOND
    return ((mixed >> _HALF) * np.uint64(buckets) >> _HALF).astype(np.int64)


class Ngrams:
    """Turn texts into rows of zeros and ones, a column for each word and each bucket of pairs.

    Parameters
    ----------
    min_texts : int, optional
        A word or bucket that fewer of the texts of `adapt` hold has no column.
    buckets : int, optional
        How many buckets the pairs are hashed to, at most 2**32; 0 leaves pairs out.

    Raises
    ------
    TypeError, ValueError
        An argument that is no integer, or outside of the above.
    """

    def __init__(self, min_texts: int = 2, buckets: int = 1 << 22) -> None:
        self._min_texts = as_count("min_texts", min_texts, 1, "a column needs a text")
        self._buckets = as_count("buckets", buckets, 0, "0 leaves pairs out")
        if self._buckets > 1 << 32:
            raise ValueError(f"buckets must be at most 2**32, received {shown(buckets)}")
        self._index: dict[bytes, int] = {}
        self._codes: Codes = np.empty(0, np.uint64)
        self._columns: npt.NDArray[np.int32] = np.empty(0, np.int32)

    def adapt_and_call(self, texts: Iterable[str]) -> "scipy.sparse.csr_array":
        """Learn which words and pairs there are, and return the rows of the same texts.

        Parameters
        ----------
        texts : iterable of str
            The corpus.

        Returns
        -------
        scipy.sparse.csr_array
            As a call returns it.

        Raises
        ------
        TypeError
            When something in ``texts`` is not a string.
        ValueError
            When no word is held by ``min_texts`` of the texts. What was learned before stays.
        """
        words, numbers, lengths = words_of(as_texts(texts))
        codes = np.fromiter(map(crc32, words), np.uint64, len(words))
        rows, features = self._features(numbers, lengths, codes)
        held_by = np.bincount(features, minlength=len(codes) + self._buckets)
        kept = held_by >= self._min_texts
        if not kept.any():
            raise ValueError(
                f"no word is held by {self._min_texts} of the {len(lengths)} texts received: "
                "pass more texts, or a smaller min_texts"
            )
        self._index, self._codes = {word: n for n, word in enumerate(words)}, codes
        # int32 halves what is read from memory here and at each step of training.
        self._columns = np.where(kept, np.cumsum(kept, dtype=np.int32) - np.int32(1), np.int32(-1))
        return self._arrange(rows, features, len(lengths))

    def adapt(self, texts: Iterable[str]) -> None:
        """Learn which words and pairs there are; see `adapt_and_call`.

        Raises
        ------
        TypeError, ValueError
            As `adapt_and_call`.
        """
        self.adapt_and_call(texts)

    def __call__(self, texts: Iterable[str]) -> "scipy.sparse.csr_array":
        """Return the rows of texts.

        Parameters
        ----------
        texts : iterable of str
            n texts; a word that was not learned counts as a gap, and makes no pair.

        Returns
        -------
        scipy.sparse.csr_array
            Shape (n, `size`), float32: 1 where the text holds the word or the pair. In each row
            the columns ascend, so they are the ids of an ``EmbeddingBag``. A text without a known
            word has an empty row.

        Raises
        ------
        TypeError
            When something in ``texts`` is not a string.
        ValueError
            When nothing was learned yet.
        """
        self._learned()
        numbers, lengths = self._known(as_texts(texts))
        rows, features = self._features(numbers, lengths, self._codes)
        return self._arrange(rows, features, len(lengths))

    @property
    def size(self) -> int:
        """The number of columns, an ``EmbeddingBag``'s ``input_dim``; 0 before `adapt`."""
        return int(self._columns.max(initial=-1)) + 1

    def grams(self, text: str) -> list[tuple[str, int]]:
        """Name the columns of a text.

        Parameters
        ----------
        text : str
            One text.

        Returns
        -------
        list of (str, int)
            Each known word, in order, and behind them each known pair with a space between its
            words; the column of each. Every column once: of pairs that share a bucket, the first.

        Raises
        ------
        TypeError, ValueError
            As a call.
        """
        self._learned()
        (text,) = as_texts([text])
        words = [word.decode() for word in words_and_marks(text)]
        numbers, _ = self._known([text])
        word_at, pair_at, buckets = self._places(numbers, np.zeros_like(numbers), self._codes)
        names = [words[at] for at in word_at]
        names += [f"{words[at]} {words[at + 1]}" for at in pair_at]
        columns = self._columns[np.concatenate([numbers[word_at], buckets])]
        named: dict[int, str] = {}
        for column, name in zip(columns.tolist(), names, strict=True):
            if column >= 0:
                named.setdefault(column, name)
        return [(name, column) for column, name in named.items()]

    def _learned(self) -> None:
        if not self._index:
            raise ValueError("there are no words yet: call adapt(texts) first")

    def _known(self, texts: list[str]) -> tuple[Ids, Ids]:
        """Give the numbers of all words, -1 for those not learned, and count those of each text."""
        words, numbers, lengths = words_of(texts)
        learned = np.array([self._index.get(word, -1) for word in words], np.int64)
        return learned[numbers], lengths

    def _places(self, numbers: Ids, rows: Ids, codes: Codes) -> tuple[Ids, Ids, Ids]:
        """Find the known words, the first words of known pairs, and the pairs' features."""
        known = numbers >= 0
        pair_at = np.flatnonzero(known[:-1] & known[1:] & (rows[:-1] == rows[1:]))
        if not self._buckets:
            pair_at = pair_at[:0]
        first, second = codes[numbers[pair_at]], codes[numbers[pair_at + 1]]
        buckets = len(codes) + bucket_of_pairs(first, second, self._buckets)
        return np.flatnonzero(known), pair_at, buckets

    def _features(self, numbers: Ids, lengths: Ids, codes: Codes) -> tuple[Ids, Ids]:
        """List what each text holds, once: the text's row and the feature, both ascending."""
        # Some texts at a time, so that what is made on the way fits into the processor's cache.
        ends = lengths.cumsum()
        cuts = [*range(0, len(lengths), _TEXTS), len(lengths)]
        parts = [
            self._features_of(
                first,
                numbers[ends[first] - lengths[first] : ends[last - 1]],
                lengths[first:last],
                codes,
            )
            for first, last in pairwise(cuts)
        ]
        rows, features = zip(*parts, strict=True) if parts else ((), ())
        none = np.empty(0, np.int32)
        return np.concatenate([none, *rows]), np.concatenate([none, *features])

    def _features_of(self, first: int, numbers: Ids, lengths: Ids, codes: Codes) -> tuple[Ids, Ids]:
        rows = np.repeat(np.arange(len(lengths)), lengths)
        word_at, pair_at, buckets = self._places(numbers, rows, codes)
        # Row and feature as one number: a single sort brings equal ones together.
        width = len(codes) + self._buckets
        both = np.concatenate(
            [rows[word_at] * width + numbers[word_at], rows[pair_at] * width + buckets]
        )
        both.sort()
        is_new = np.ones(both.size, bool)
        np.not_equal(both[1:], both[:-1], out=is_new[1:])
        both = both[is_new]
        row = both // width
        return (row + first).astype(np.int32), both - row * width

    def _arrange(self, rows: Ids, features: Ids, num_texts: int) -> "scipy.sparse.csr_array":
        columns = self._columns[features]
        kept = columns >= 0
        columns, per_text = columns[kept], np.bincount(rows[kept], minlength=num_texts)
        starts = np.concatenate([[0], np.cumsum(per_text)])
        parts = np.ones(len(columns), np.float32), columns, starts.astype(np.int32)
        return scipy.sparse.csr_array(parts, shape=(num_texts, self.size))
