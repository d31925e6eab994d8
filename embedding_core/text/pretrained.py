"""Vectors that somebody else has trained: the way in, and the way out to the Projector.

The readers are in `vector_files`, what they return in `word_vectors`, the writer in `projector`.
"""

from embedding_core.text.projector import write_projector
from embedding_core.text.vector_files import read_glove, read_word2vec
from embedding_core.text.word_vectors import WordVectors

__all__ = ["WordVectors", "read_glove", "read_word2vec", "write_projector"]
