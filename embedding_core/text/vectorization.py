"""Texts to word ids through a vocabulary: ``keras.layers.TextVectorization`` without TensorFlow.

Differences from Keras 3:

- Output is ``"int"``; other output modes, ``ngrams``, ``split=None`` and callables are refused.
- ``ragged=True`` gives a list of 1-D arrays, where Keras gives a ``tf.RaggedTensor``.
- Input is a collection of texts, flat or of shape (n, 1), or one text; Keras also takes bytes.
- ``adapt`` on texts without a single word, a call before there is a vocabulary, and
  ``max_tokens`` or ``output_sequence_length`` too small to hold a word raise ``ValueError``.
- ``get_config`` holds a learned vocabulary too, so ``from_config`` gives a layer that works.
- ``adapt_and_call(texts)`` is ``adapt`` and a call in one, and reads each text once, not twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from embedding_core.ground.checks import shown
from embedding_core.ground.configurable import build
from embedding_core.text._checks import as_count, as_texts
from embedding_core.text.sequences import pad_sequences
from embedding_core.text.tokens import SPLIT, STANDARDIZE, tokenize
from embedding_core.text.vocabulary import SPECIAL, UNKNOWN, Index, by_frequency, checked_words

Ids = npt.NDArray[np.int64]

# What a Keras configuration holds beside the constructor's arguments.
_NOT_ARGUMENTS = {"name", "trainable", "dtype", "vocabulary_size"}


class TextVectorization:
    """Turn texts into rows of word ids, with a vocabulary that is learned or given.

    Id 0 is padding, id 1 a word outside the vocabulary; the vocabulary follows from id 2, the
    most frequent word first and words of equal count in reverse alphabetical (byte) order.

    Parameters
    ----------
    max_tokens : int or None, optional
        Largest size of the vocabulary, the two special tokens included.
    standardize : str or None, optional
        ``"lower_and_strip_punctuation"``, ``"lower"``, ``"strip_punctuation"`` or ``None``;
        only ASCII letters change case, only ASCII punctuation goes.
    split : str, optional
        ``"whitespace"`` or ``"character"``.
    ngrams, pad_to_max_tokens, idf_weights, sparse
        Keras's arguments for what is not done here; only the default is accepted.
    output_mode : str, optional
        ``"int"``, the only mode.
    output_sequence_length : int or None, optional
        Length of every row, cut or padded at its end; ``None`` takes the longest of the call.
    vocabulary : sequence of str or None, optional
        The words, with or without the special tokens in front; `adapt` is then refused.
    ragged : bool, optional
        Return a list of arrays, each as long as its text, in place of one padded array.
    encoding : str, optional
        ``"utf-8"``, the only one.

    Raises
    ------
    TypeError, ValueError
        When an argument is outside of the above.

    Notes
    -----
    Keras: ``keras.layers.TextVectorization``.
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        standardize: str | None = "lower_and_strip_punctuation",
        split: str = "whitespace",
        ngrams: None = None,
        output_mode: str = "int",
        output_sequence_length: int | None = None,
        pad_to_max_tokens: bool = False,
        vocabulary: Sequence[str] | None = None,
        idf_weights: None = None,
        sparse: bool = False,
        ragged: bool = False,
        encoding: str = "utf-8",
    ) -> None:
        _accept("standardize", standardize, tuple(STANDARDIZE))
        _accept("split", split, SPLIT)
        _accept("ngrams", ngrams, (None,))
        _accept("output_mode", output_mode, ("int",))
        _accept("pad_to_max_tokens", pad_to_max_tokens, (False,))
        _accept("idf_weights", idf_weights, (None,))
        _accept("sparse", sparse, (False,))
        _accept("ragged", ragged, (False, True))
        _accept("encoding", encoding, ("utf-8",))
        if max_tokens is not None:
            why = "two places belong to padding and [UNK]"
            max_tokens = as_count("max_tokens", max_tokens, 3, why)
        if output_sequence_length is not None:
            why = "a row holds at least one id"
            output_sequence_length = as_count(
                "output_sequence_length", output_sequence_length, 1, why
            )
        self._max_tokens = max_tokens
        self._standardize = standardize
        self._split = split
        self._output_sequence_length = output_sequence_length
        self._ragged = ragged
        self._words: list[str] = []
        self._index = Index([])
        self._vocabulary_was_given = vocabulary is not None
        if vocabulary is not None:
            self.set_vocabulary(vocabulary)

    def adapt(self, texts: Iterable[str]) -> None:
        """Learn the vocabulary from texts, in place of any learned before.

        Parameters
        ----------
        texts : iterable of str
            The corpus.

        Raises
        ------
        TypeError
            When something in ``texts`` is not a string.
        ValueError
            When the texts hold no word, or when the vocabulary was given to the constructor.
            The vocabulary is then as it was.

        Notes
        -----
        Keras: ``TextVectorization.adapt``.
        """
        self._learn(_flat(texts))

    def adapt_and_call(self, texts: Iterable[str]) -> Ids | list[Ids]:
        """Learn the vocabulary from texts and return their ids, reading each text once.

        Parameters
        ----------
        texts : iterable of str
            The corpus.

        Returns
        -------
        (n, length) int64 array, or list of int64 arrays
            What ``adapt(texts)`` followed by a call on ``texts`` returns, in half the time.

        Raises
        ------
        TypeError, ValueError
            As `adapt`.
        """
        return self._arrange(*self._learn(_flat(texts)))

    def __call__(self, texts: str | Iterable[str]) -> Ids | list[Ids]:
        """Return the ids of the words of each text.

        Parameters
        ----------
        texts : iterable of str, or str
            n texts, or one.

        Returns
        -------
        (n, length) int64 array, or list of int64 arrays
            The ids, with zeros after the last word; the length is ``output_sequence_length``
            or that of the longest text. With ``ragged=True`` a list of n arrays without
            padding, views of one array. For a single text, its row alone.

        Raises
        ------
        TypeError
            When something in ``texts`` is not a string.
        ValueError
            When there is no vocabulary yet.

        Notes
        -----
        Keras: ``TextVectorization.call``.
        """
        if not self._words:
            raise ValueError("there is no vocabulary yet: call adapt(texts) or set_vocabulary")
        if isinstance(texts, str):
            row: Ids = self([texts])[0]
            return row
        return self._arrange(*self._encode(_flat(texts), self._index))

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """Return the words; with the special tokens, a word stands at the place of its id.

        Parameters
        ----------
        include_special_tokens : bool, optional
            Put ``""`` and ``"[UNK]"`` in front.

        Returns
        -------
        list of str
            The vocabulary, a copy.
        """
        return SPECIAL + self._words if include_special_tokens else list(self._words)

    def set_vocabulary(self, vocabulary: Sequence[str]) -> None:
        """Replace the vocabulary by the given words.

        Parameters
        ----------
        vocabulary : sequence of str
            Distinct words in the order of their ids, with or without the two special tokens in
            front. They are taken as they are: write them as standardization leaves them.

        Raises
        ------
        TypeError
            When ``vocabulary`` is one string, or holds something other than strings.
        ValueError
            When it is empty, repeats a word, holds ``""`` or outgrows ``max_tokens``. The
            vocabulary is then as it was.

        Notes
        -----
        Keras: ``TextVectorization.set_vocabulary``; Keras's path to a file is not read.
        """
        words = checked_words(vocabulary, self._max_tokens)
        self._words, self._index = words, Index(words)

    def vocabulary_size(self) -> int:
        """Return the number of ids, the two special tokens included: an Embedding's input_dim.

        Returns
        -------
        int
            At least 2.
        """
        return len(SPECIAL) + len(self._words)

    def get_config(self) -> dict[str, Any]:
        """Return what `from_config` needs to build the same layer, as JSON can hold it.

        Returns
        -------
        dict
            The constructor's arguments, with the vocabulary, learned or given. Keras's
            ``TextVectorization.from_config`` reads it too.
        """
        return {
            "max_tokens": self._max_tokens,
            "standardize": self._standardize,
            "split": self._split,
            "ngrams": None,
            "output_mode": "int",
            "output_sequence_length": self._output_sequence_length,
            "pad_to_max_tokens": False,
            "vocabulary": self.get_vocabulary(include_special_tokens=False) or None,
            "idf_weights": None,
            "sparse": False,
            "ragged": self._ragged,
            "encoding": "utf-8",
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Build the layer that a configuration describes, ours or Keras's.

        Parameters
        ----------
        config : mapping
            What `get_config` returned. A vocabulary in it counts as given, so `adapt` is
            refused and `set_vocabulary` replaces it.

        Returns
        -------
        TextVectorization
            A new layer.

        Raises
        ------
        TypeError, ValueError
            As the constructor, and as `configurable.build`.
        """
        if isinstance(config, Mapping):
            config = {key: config[key] for key in config if key not in _NOT_ARGUMENTS}
        return build(cls, config)

    def _encode(self, texts: list[str], index: Mapping[bytes, int]) -> tuple[Ids, Ids]:
        """Look every word up; return the ids of all texts end to end, and words per text."""
        lengths = []

        def words_of_each() -> Iterator[list[bytes]]:
            for text in texts:
                words = tokenize(text, self._standardize, self._split)
                lengths.append(len(words))
                yield words

        # From tokens to ids no Python code runs for a word: the loop is in chain, map, fromiter.
        words = chain.from_iterable(words_of_each())
        ids = np.fromiter(map(index.__getitem__, words), dtype=np.int64)
        return ids, np.asarray(lengths, dtype=np.int64)

    def _learn(self, texts: list[str]) -> tuple[Ids, Ids]:
        """Set the vocabulary; return what `_encode` returns with it."""
        if self._vocabulary_was_given:
            raise ValueError(
                "adapt would replace the vocabulary given to the constructor: call "
                "set_vocabulary, or build TextVectorization without vocabulary="
            )
        # Number the words as they come, then renumber: the texts are read once.
        arrival: defaultdict[bytes, int] = defaultdict(count().__next__)
        ids, lengths = self._encode(texts, arrival)
        words = list(arrival)
        order = by_frequency(words, np.bincount(ids, minlength=len(words)))
        order = order[[words[place] != UNKNOWN.encode() for place in order.tolist()]]
        if not order.size:
            raise ValueError(
                f"adapt needs at least one word, and the {len(texts)} texts received hold none "
                f"after standardize={self._standardize!r}: pass texts that hold words"
            )
        if self._max_tokens is not None:
            order = order[: self._max_tokens - len(SPECIAL)]
        self._words = [words[place].decode() for place in order.tolist()]
        self._index = Index(self._words)
        final = np.full(len(words), SPECIAL.index(UNKNOWN), dtype=np.int64)
        final[order] = np.arange(len(SPECIAL), self.vocabulary_size())
        return final[ids], lengths

    def _arrange(self, ids: Ids, lengths: Ids) -> Ids | list[Ids]:
        """Cut the ids of all texts into rows, and pad the rows to one array."""
        ends = np.cumsum(lengths).tolist()
        limit = self._output_sequence_length
        rows = [
            ids[end - length : end][:limit]
            for end, length in zip(ends, lengths.tolist(), strict=True)
        ]
        if self._ragged:
            return rows
        return pad_sequences(rows, limit, dtype="int64", padding="post", truncating="post")


_ROWS = (list, tuple, np.ndarray)


def _holds_one(row: object) -> bool:
    return isinstance(row, _ROWS) and getattr(row, "ndim", 1) == 1 and len(row) == 1


def _flat(texts: Iterable[str] | Sequence[Sequence[str]]) -> list[str]:
    """Return the texts of a flat collection, or of one of shape (n, 1)."""
    if getattr(texts, "ndim", 1) and isinstance(texts, _ROWS) and all(map(_holds_one, texts)):
        return as_texts([row[0] for row in texts])
    return as_texts(texts)  # type: ignore[arg-type]


def _accept(name: str, value: object, accepted: tuple[object, ...]) -> None:
    # Compared by identity of type too: 0 is no answer to sparse=False.
    if not any(type(value) is type(choice) and value == choice for choice in accepted):
        choices = " or ".join(repr(choice) for choice in accepted)
        raise ValueError(
            f"{name}={shown(value)} is not supported by embedding_core's TextVectorization: "
            f"use {name}={choices}"
        )
