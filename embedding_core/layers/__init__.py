"""The layers: the table itself, and what stands after it in a small model."""

from embedding_core.layers.bag import EmbeddingBag
from embedding_core.layers.dense import Dense
from embedding_core.layers.embedding import Embedding
from embedding_core.layers.layer import Layer
from embedding_core.layers.pooling import GlobalAveragePooling1D
from embedding_core.layers.pretrained import embedding_of

__all__ = [
    "Dense",
    "Embedding",
    "EmbeddingBag",
    "GlobalAveragePooling1D",
    "Layer",
    "embedding_of",
]
