"""The Keras models that are exported: small enough that each number says where it comes from."""

from typing import Any, Protocol

import numpy as np

from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.elsewhere.layer import small_table

LENGTH = 3
"""Ids in a sentence, since some formats fix it."""


class Models(Protocol):
    """What `models` has, or a module with the same models made otherwise."""

    def rows(self) -> Any:
        """See `rows`."""

    def half(self) -> Any:
        """See `half`."""

    def mean(self, first: float = 0.0) -> Any:
        """See `mean`."""

    def bare(self) -> Any:
        """See `bare`."""

    def large(self) -> Any:
        """See `large`."""


def rows() -> Any:
    """Make a look-up in a table of four rows (10 i, 10 i + 1), with int32 ids."""
    keras = load_keras()
    return _called(keras.Sequential([_ids(), _embedding(4, 2)]))


def half() -> Any:
    """Make the same in float16."""
    keras = load_keras()
    return _called(keras.Sequential([_ids(), _embedding(4, 2, "float16")]))


def mean(first: float = 0.0) -> Any:
    """Make the mean of the rows, with id 0 as padding; row 0 is filled with `first`."""
    keras = load_keras()
    table = small_table()
    table[0] = first
    layer = keras.layers.Embedding(4, 2, mask_zero=True, weights=[table])
    return _called(keras.Sequential([_ids(), layer, keras.layers.GlobalAveragePooling1D()]))


def bare() -> Any:
    """Make a look-up without an `Input` in front, and call it on int32 ids."""
    return _called(load_keras().Sequential([_embedding(4, 2)]))


def large() -> Any:
    """Make a look-up in 5,000 rows of 32 numbers, which are 640,000 bytes in float32."""
    return _called(load_keras().Sequential([_ids(), _embedding(5000, 32)]))


def _called(model: Any) -> Any:
    """Call a model once: a format may refuse one that never was."""
    model(np.zeros((1, LENGTH), "int32"))
    return model


def _ids() -> Any:
    return load_keras().Input((LENGTH,), dtype="int32")


def _embedding(num_rows: int, width: int, dtype: str = "float32") -> Any:
    table = small_table(num_rows, width)
    return load_keras().layers.Embedding(num_rows, width, weights=[table], dtype=dtype)
