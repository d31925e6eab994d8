"""An `Embedding` filled with vectors that somebody else has trained."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from embedding_core.ground._types import Floats, Ids, Shape
from embedding_core.ground.checks import expect, shown
from embedding_core.layers.embedding import Embedding
from embedding_core.text._checks import as_texts
from embedding_core.text.vectorization import TextVectorization
from embedding_core.text.vocabulary import PADDING, SPECIAL
from embedding_core.text.word_vectors import WordVectors

_AT_ONCE = 1 << 16  # numbers on their way from one table to the other
_FEW = 0.5  # of the vocabulary


def embedding_of(
    pretrained: WordVectors,
    vocabulary: Sequence[str] | TextVectorization | None = None,
    **kwargs: Any,
) -> Embedding:
    """Make a layer whose row i is the vector of word i.

    Parameters
    ----------
    pretrained
        What `text.read_word2vec` or `text.read_glove` has read.
    vocabulary
        The word of each id, as `TextVectorization.get_vocabulary()` lists them, or the
        `TextVectorization` itself. By default the words of the file; with `mask_zero`, padding
        and `[UNK]` come before them, so that the ids are those of
        `TextVectorization(vocabulary=pretrained.words)`. A word without a vector gets a row
        that `embeddings_initializer` draws, for a table of such rows alone.
    **kwargs
        As for `Embedding`, its sizes and `weights` aside: for example `trainable=False`,
        `mask_zero=True`.

    Returns
    -------
    Embedding
        Built; V is the number of words in the vocabulary. It takes memory for its own table and
        no other.

    Raises
    ------
    ValueError
        A vocabulary without words, one whose id 0 is a word though `mask_zero` masks it, a
        quantized dtype, weights, or as `Embedding`.
    TypeError
        No `WordVectors`, a vocabulary that is no list of words, or as `Embedding`.

    Warns
    -----
    UserWarning
        Fewer than half of the words have a vector.
    """
    expect("pretrained", pretrained, WordVectors, "WordVectors")
    if "weights" in kwargs:
        raise ValueError("the vectors are the weights: leave weights out.")
    masked = kwargs.get("mask_zero")
    words = _words_of(pretrained, vocabulary, isinstance(masked, (bool, np.bool_)) and bool(masked))
    if not words or (vocabulary is None and not pretrained.words):
        raise ValueError(
            f"there is no word to make a row for: received {pretrained} and "
            f"vocabulary={shown(vocabulary)}. Was the file read with a vocabulary of other words?"
        )
    layer = Embedding(len(words), pretrained.vectors.shape[1], **kwargs)
    if layer.quantization_mode:
        raise ValueError(f"vectors are floats: received dtype={kwargs['dtype']!r}. Quantize later.")
    row_of = _rows(pretrained.words, words)
    unknown = np.flatnonzero(row_of < 0)
    drawn = layer.embeddings_initializer((max(unknown.size, 1), layer.output_dim), layer.dtype)
    _build_without_drawing(layer)
    layer.embeddings.assign_rows(unknown, drawn[: unknown.size])
    known = np.flatnonzero(row_of >= 0)
    step = max(1, _AT_ONCE // layer.output_dim)
    for start in range(0, known.size, step):
        ids = known[start : start + step]
        layer.embeddings.assign_rows(ids, pretrained.vectors[row_of[ids]])
    return layer


def _words_of(
    pretrained: WordVectors, vocabulary: Sequence[str] | TextVectorization | None, masked: bool
) -> list[str]:
    if vocabulary is None:
        words = pretrained.words
        return [*SPECIAL, *words] if masked and words[:1] != [PADDING] else words
    if isinstance(vocabulary, TextVectorization):
        vocabulary = vocabulary.get_vocabulary()
    words = as_texts(vocabulary, "vocabulary")
    if masked and words and words[0] != PADDING:
        raise ValueError(
            f"mask_zero masks id 0, which is the word {shown(words[0])}: put '' in front of the "
            "vocabulary for padding, as TextVectorization.get_vocabulary() does."
        )
    return words


def _rows(known: list[str], words: list[str]) -> Ids:
    """Find the row of each word; -1 where it has none."""
    if words is known:
        return np.arange(len(words))
    row_of = {word: i for i, word in enumerate(known)}
    rows = np.fromiter((row_of.get(word, -1) for word in words), np.intp, len(words))
    missing = [word for word in words if word not in row_of and word not in SPECIAL]
    wanted = sum(word not in SPECIAL for word in words)
    if len(missing) > wanted * (1 - _FEW):
        warnings.warn(
            f"{wanted - len(missing)} of {wanted} words have a vector; {shown(missing[:5])} have "
            "none. Are words written alike on both sides, in upper or lower case?",
            stacklevel=3,
        )
    return rows


def _build_without_drawing(layer: Embedding) -> None:
    """Make the table, and no other one for its first values."""
    initializer, layer.embeddings_initializer = layer.embeddings_initializer, _nothing
    try:
        layer.build()
    finally:
        layer.embeddings_initializer = initializer


def _nothing(shape: Shape, dtype: DTypeLike) -> Floats:
    """Return an array of zeros that stands on a single one."""
    return np.broadcast_to(np.zeros((), dtype), shape)
