"""An `Embedding` filled with vectors that somebody else has trained."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embedding_core.ground.checks import expect
from embedding_core.layers.embedding import Embedding
from embedding_core.text._checks import as_texts
from embedding_core.text.pretrained import WordVectors


def embedding_of(
    pretrained: WordVectors, vocabulary: Sequence[str] | None = None, **kwargs: Any
) -> Embedding:
    """Make a layer whose row i is the vector of word i.

    Parameters
    ----------
    pretrained
        What `text.pretrained` has read.
    vocabulary
        The word of each id, for example `TextVectorization.get_vocabulary()`; by default the
        words of the file. A word without a vector gets the row that `embeddings_initializer`
        draws.
    **kwargs
        As for `Embedding`, its sizes and `weights` aside: for example `trainable=False`,
        `mask_zero=True`.

    Returns
    -------
    Embedding
        Built; V is the number of words in the vocabulary.

    Raises
    ------
    ValueError
        A vocabulary without words, a quantized dtype, or as `Embedding`.
    TypeError
        No `WordVectors`, a vocabulary that is no list of words, or as `Embedding`.
    """
    expect("pretrained", pretrained, WordVectors, "WordVectors")
    words = pretrained.words if vocabulary is None else as_texts(vocabulary, "vocabulary")
    row_of = {word: i for i, word in enumerate(pretrained.words)}
    known = np.array([word in row_of for word in words], bool)
    rows = [row_of[word] for word in words if word in row_of]
    layer = Embedding(len(words), pretrained.vectors.shape[1], **kwargs)
    if layer.quantization_mode:
        raise ValueError(f"vectors are floats: received dtype={kwargs['dtype']!r}. Quantize later.")
    layer.build()
    layer.embeddings.assign_rows(np.flatnonzero(known), pretrained.vectors[rows])
    return layer
