"""A training step inside Keras's `fit`: our Adam and Embedding beside Keras's own."""

from functools import cache

import numpy as np
import pytest
from data import zipf

from embedding_core import for_keras
from embedding_core.keras_bridge import load_keras

keras = load_keras()
BATCH, LENGTH, WIDTH, STEPS = 32, 64, 32, 100

sizes = pytest.mark.parametrize("num_rows", [10_000, 100_000, 1_000_000])


@cache
def batches(num_rows):
    """Make ids and labels for a hundred steps, beside which the start of a `fit` is little."""
    x = zipf(num_rows, (STEPS * BATCH, LENGTH)).astype("int32")
    return x, np.random.default_rng(2).integers(0, 2, (len(x), 1))


@cache
def model_of(num_rows, way):
    """Make the model, look up, mean, one unit, and warm it up with a fit."""
    embedding, adam = {
        "for_keras": (for_keras.Embedding, for_keras.Adam),
        "Keras": (keras.layers.Embedding, keras.optimizers.Adam),
    }[way]
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            embedding(num_rows, WIDTH),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(adam(1e-3), "binary_crossentropy")
    fit(num_rows, model)
    return model


def fit(num_rows, model):
    """Make a hundred steps."""
    x, y = batches(num_rows)
    model.fit(x, y, batch_size=BATCH, verbose=0, shuffle=False)


@sizes
@pytest.mark.parametrize("way", ["Keras", "for_keras"])
def bench_step(race, num_rows, way):
    model = model_of(num_rows, way)
    work, size = "a step in Keras's fit, Adam", f"V={num_rows:,}"
    rounds = 1 if way == "Keras" else 3
    race(work, way, lambda: fit(num_rows, model), size, rounds=rounds, per=STEPS)
