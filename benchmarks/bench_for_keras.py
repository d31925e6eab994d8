"""A training step inside Keras's `fit`: our Adam and Embedding beside Keras's own, time and memory.

Memory is counted in two ways, in a process for each way: the bytes of all variables, exactly, and
the most that the process has held beyond what it held before the model was made.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

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


def new_model(num_rows, way):
    """Make the model: look up, mean, one unit."""
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
    return model


@cache
def model_of(num_rows, way):
    """Make the model, and warm it up with a fit."""
    model = new_model(num_rows, way)
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


def held():
    """Read the most that this process has held, in bytes; `getrusage` counts its parent's too."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def memory(num_rows, way):
    """Train a model for a few steps, and count: (bytes of its variables, bytes at the peak)."""
    import tensorflow as tf

    made = []

    def noting(next_creator, **kwargs):
        made.append(next_creator(**kwargs))
        return made[-1]

    x, y = batches(num_rows)
    before = held()
    with tf.variable_creator_scope(noting):
        model = new_model(num_rows, way)
        model.optimizer.build(model.trainable_variables)
    model.fit(x[: 10 * BATCH], y[: 10 * BATCH], batch_size=BATCH, verbose=0, shuffle=False)
    return sum(v.shape.num_elements() * v.dtype.size for v in made), held() - before


MEMORY = "import json, sys, bench_for_keras as b; print(json.dumps(b.memory({}, sys.argv[1])))"


@pytest.mark.parametrize("way", ["Keras", "for_keras"])
def bench_memory(race, way):
    num_rows = 1_000_000
    command = [sys.executable, "-c", MEMORY.format(num_rows), way]
    counted = []

    def run():
        done = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
        counted.append(json.loads(done.stdout))

    entry = race("memory of Keras's fit, Adam", way, run, f"V={num_rows:,}", rounds=1)
    entry["bytes of variables"], entry["bytes at the peak"] = np.max(counted, axis=0).tolist()
