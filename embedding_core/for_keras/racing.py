"""A training step of the layer and the Adam of this package, for the race of chapter 9."""

from collections.abc import Callable
from typing import Any

import numpy as np

from embedding_core.for_keras.adam import Adam
from embedding_core.for_keras.backend import keras
from embedding_core.for_keras.embedding import Embedding
from embedding_core.ground._types import Ids


def step_way(V: int, D: int) -> Callable[[Ids], Any]:
    """Make a training step: ids, rows, their mean, one sigmoid unit, and back.

    Parameters
    ----------
    V, D
        Rows of the table, numbers in a row.

    Returns
    -------
    callable
        From ids of shape (sentences, words) to the loss before the step, as those of
        `keras_bridge.racing.step_way`.
    """
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int64"),
            Embedding(V, D, "ones"),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, "sigmoid"),
        ]
    )
    model.compile(Adam(), "binary_crossentropy")
    return lambda ids: model.train_on_batch(ids, np.arange(len(ids))[:, None] % 2)
