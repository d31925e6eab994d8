"""Keras's Embedding layer, taken apart: a Keras in miniature, in NumPy and SciPy.

Read it in this order: `ops`, `variable`, `layers`, `optimizers`, `model`. Names are Keras 3's
wherever Keras has the thing, so what is learned here is true there.
"""

from embedding_core import keras_files
from embedding_core.callbacks import Callback, EarlyStopping, History
from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D, Layer
from embedding_core.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)
from embedding_core.metrics import (
    BinaryAccuracy,
    CategoricalAccuracy,
    Mean,
    Metric,
    SparseCategoricalAccuracy,
)
from embedding_core.model import Sequential
from embedding_core.ops import IndexedSlices, gather, one_hot, scatter_add
from embedding_core.optimizers import SGD, Adagrad, Adam, LazyAdam, Optimizer, RMSprop
from embedding_core.variable import Variable

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "BinaryAccuracy",
    "BinaryCrossentropy",
    "Callback",
    "CategoricalAccuracy",
    "CategoricalCrossentropy",
    "Dense",
    "EarlyStopping",
    "Embedding",
    "GlobalAveragePooling1D",
    "History",
    "IndexedSlices",
    "Layer",
    "LazyAdam",
    "Loss",
    "Mean",
    "MeanAbsoluteError",
    "MeanSquaredError",
    "Metric",
    "Optimizer",
    "RMSprop",
    "Sequential",
    "SparseCategoricalAccuracy",
    "SparseCategoricalCrossentropy",
    "Variable",
    "gather",
    "one_hot",
    "scatter_add",
]
__version__ = "0.1.0"

keras_files.introduce()
