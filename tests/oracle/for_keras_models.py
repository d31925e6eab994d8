"""Models of `for_keras` beside Keras's own, with repeated ids added up there by a penalty of 0."""

import numpy as np

from embedding_core import for_keras
from embedding_core.keras_bridge import load_keras

keras = load_keras()

V, D, LENGTH, BATCH = 60, 4, 7, 16
rng = np.random.default_rng(5)
START = rng.normal(0, 0.05, (V, D)).astype("float32")


def batches(steps, seed=0):
    """Make Zipf ids, so that most batches name some row often and leave most rows alone."""
    rng = np.random.default_rng(seed)
    ids = np.minimum(rng.zipf(1.4, (steps * BATCH, LENGTH)) - 1, V - 1).astype("int32")
    return ids, rng.integers(0, 2, (len(ids), 1)).astype("float32")


def model_of(embedding, optimizer, penalty=False, compiled=True, **kwargs):
    """Look up, mean, one unit."""
    keras.utils.set_random_seed(1)
    if penalty:
        kwargs["embeddings_regularizer"] = keras.regularizers.L2(0.0)
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            embedding(V, D, **kwargs),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.layers[0].set_weights([START])
    if compiled:
        model.compile(optimizer, "binary_crossentropy")
    return model


def ours(optimizer, **kwargs):
    return built(model_of(for_keras.Embedding, optimizer, **kwargs))


def theirs(optimizer, **kwargs):
    return built(model_of(keras.layers.Embedding, optimizer, penalty=True, **kwargs))


def built(model):
    """Make the optimizer's slots now: made in the first step, they have it traced twice."""
    if model.compiled:
        model.optimizer.build(model.trainable_variables)
    return model


def apart(one, other):
    """Measure the largest difference of any weight."""
    return max(
        float(np.abs(a - b).max())
        for a, b in zip(one.get_weights(), other.get_weights(), strict=True)
    )
