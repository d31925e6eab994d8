"""From text to integers: a vocabulary, padding, and the hashing that Keras called ``one_hot``."""

from embedding_core.text.collisions import (
    colliding_pairs,
    expected_pairs,
    expected_sharing,
    salted,
)
from embedding_core.text.folding import fold_columns
from embedding_core.text.hashing import hashing_trick, one_hot, text_to_word_sequence
from embedding_core.text.ngrams import Ngrams
from embedding_core.text.pretrained import (
    WordVectors,
    read_glove,
    read_word2vec,
    write_projector,
)
from embedding_core.text.sequences import pad_sequences
from embedding_core.text.vectorization import TextVectorization

__all__ = [
    "Ngrams",
    "TextVectorization",
    "WordVectors",
    "colliding_pairs",
    "expected_pairs",
    "expected_sharing",
    "fold_columns",
    "hashing_trick",
    "one_hot",
    "pad_sequences",
    "read_glove",
    "read_word2vec",
    "salted",
    "text_to_word_sequence",
    "write_projector",
]
