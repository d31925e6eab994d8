"""A whole training step, and a layer with LoRA: ours beside Keras's."""

import tracemalloc
from functools import cache

import numpy as np
import pytest
from data import zipf

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Sequential
from embedding_core.keras_bridge import load_keras, to_keras

BATCH, LENGTH, WIDTH, STEPS = 32, 64, 32, 20

sizes = pytest.mark.parametrize("num_rows", [10_000, 100_000, 1_000_000])


@cache
def batches(num_rows):
    """Make ids and labels for twenty steps."""
    x = zipf(num_rows, (STEPS * BATCH, LENGTH))
    return x, np.random.default_rng(2).integers(0, 2, len(x))


@cache
def model_of(num_rows, way):
    """Make the model, look up, mean, one unit, and warm it up with a fit."""
    layers = [
        Embedding(num_rows, WIDTH),
        GlobalAveragePooling1D(),
        Dense(1, activation="sigmoid"),
    ]
    model = Sequential(layers, seed=0)
    model.compile("adam", "binary_crossentropy")
    model.build((None, LENGTH))
    if way == "Keras":
        model = to_keras(model)
    model.fit(*batches(num_rows), batch_size=BATCH, verbose=0)
    return model


def fit(num_rows, way):
    """Make twenty steps."""
    x, y = batches(num_rows)
    model_of(num_rows, way).fit(x, y, batch_size=BATCH, verbose=0, shuffle=False)


@sizes
@pytest.mark.parametrize("way", ["Keras", "ours"])
def bench_step(race, num_rows, way):
    model_of(num_rows, way)
    work, size = "training step, exact Adam", f"V={num_rows:,}"
    race(work, way, lambda: fit(num_rows, way), size, rounds=1 if way == "Keras" else 6, per=STEPS)


@sizes
@pytest.mark.parametrize("way", ["rows copied there and back", "ours"])
def bench_distinct_row(race, num_rows, way):
    """Time a step by the rows it touches, beside a mere copy of their weights and moments."""
    x, _ = batches(num_rows)
    model_of(num_rows, "ours")
    touched = [np.unique(x[at : at + BATCH]) for at in range(0, len(x), BATCH)]
    home = np.zeros((num_rows, 3 * WIDTH), "float32")

    def there_and_back():
        for rows in touched:
            home[rows] = home[rows]

    runs = {"ours": lambda: fit(num_rows, "ours"), "rows copied there and back": there_and_back}
    per = sum(rows.size for rows in touched)
    race("step, per distinct row", way, runs[way], f"V={num_rows:,}", per=per)


@sizes
def bench_memory(race, num_rows):
    """Find the most that a step allocates beside what the model holds already."""
    x, y = batches(num_rows)
    model, peaks = model_of(num_rows, "ours"), []

    def step():
        tracemalloc.start()
        model.train_on_batch(x[:BATCH], y[:BATCH])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    entry = race("step under tracemalloc", "ours", step, f"V={num_rows:,}", rounds=2)
    entry["peak extra bytes"] = max(peaks)


@cache
def lora(way):
    """Make a layer of a million rows with LoRA."""
    make = Embedding if way == "ours" else load_keras().layers.Embedding
    return make(1_000_000, 64, lora_rank=4)


@pytest.mark.parametrize("way", ["Keras", "ours"])
def bench_lora_forward(race, way):
    layer, ids = lora(way), np.array([[3, 1, 4, 1, 5, 9, 2, 6]])
    race("LoRA forward, 8 ids", way, lambda: np.asarray(layer(ids)), "V=1,000,000", rounds=10)
