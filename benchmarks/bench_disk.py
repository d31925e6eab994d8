"""A table of a hundred million rows on disk, beside small ones in memory and on disk.

`race` times warm steps on rows that are popular: side by side, as where ids count by frequency,
or a page apart from each other. `bench_long_run` trains on ever new rows, in a process of its own,
and reports what it holds in memory and on the disk.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from embedding_core import SGD, Adagrad, Embedding
from embedding_core.scale.disk import DiskEmbedding, DiskTable, Layout

HUGE, WIDTH, POPULAR, BATCH = 100_000_000, 64, 50_000, 4096
OPTIMIZERS = {"SGD": SGD, "Adagrad": Adagrad}
FOLDER = TemporaryDirectory()
WAYS = ("memory", "disk, small", "disk, side by side", "disk, apart")


@cache
def side(way, optimizer):
    """Make a layer, an optimizer and the rows that are popular; all of these are touched once."""
    trainer, rows = OPTIMIZERS[optimizer](0.1), np.arange(POPULAR)
    if way == "memory":
        return Embedding(POPULAR, WIDTH), trainer, rows
    num_rows = POPULAR if way == "disk, small" else HUGE
    layout = Layout(num_rows, WIDTH, slots=tuple(trainer.first_slots()))
    table = DiskTable.create(Path(FOLDER.name) / f"{way} {optimizer}", layout)
    if way == "disk, apart":
        rows = np.random.default_rng(0).choice(HUGE, POPULAR, replace=False)
    table.touch(rows)
    return DiskEmbedding(table), trainer, rows


def step(layer, optimizer, ids):
    """Look up, go back, update."""
    gradient = layer.backward(np.ones((*ids.shape, WIDTH), "float32") + 0 * layer(ids))
    optimizer.apply([gradient], layer.trainable_weights)
    layer.embeddings.gradient = None


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("way", WAYS)
def bench_warm_step(race, optimizer, way):
    layer, trainer, rows = side(way, optimizer)
    rng = np.random.default_rng(1)
    run = lambda: step(layer, trainer, rng.choice(rows, BATCH))  # noqa: E731
    race(f"step on {BATCH} rows", way, run, optimizer)


LONG_RUN = """
import json, sys
from time import perf_counter
import numpy as np
from embedding_core import Adagrad
from embedding_core.scale.disk import DiskEmbedding, DiskTable, Layout
adagrad, rng = Adagrad(0.1), np.random.default_rng(0)
layout = Layout(100_000_000, 64, slots=tuple(adagrad.first_slots()))
table = DiskTable.create(sys.argv[1], layout)
layer, seconds = DiskEmbedding(table), []
for _ in range(200):
    ids = (100_000_001 ** rng.random(8192) - 1).astype(int)  # as frequent as Zipf says
    ids = ids * 48_271 % 100_000_000  # and anywhere
    start = perf_counter()
    gradient = layer.backward(np.ones_like(layer(ids)))
    adagrad.apply([gradient], layer.trainable_weights)
    layer.embeddings.gradient = None
    seconds.append(perf_counter() - start)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({
    "ms a step of 8192 ids, first 20": 1e3 * float(np.median(seconds[:20])),
    "ms a step of 8192 ids, last 20": 1e3 * float(np.median(seconds[-20:])),
    "MB in memory at most": int(peak.split()[1]) / 1e3,
    "rows written": table.rows_written,
    "MB on the disk": table.disk_bytes / 1e6,
    "MB the file is long": layout.file_bytes / 1e6,
}))
"""


def bench_long_run(benchmark):
    def run():
        with TemporaryDirectory() as folder:
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
            return subprocess.run(
                [sys.executable, "-c", LONG_RUN, f"{folder}/table"],
                env=environment,
                capture_output=True,
                check=True,
            ).stdout

    measured = benchmark.pedantic(run, rounds=1)
    place = {"work": "a long run on disk", "way": "ours", "size": f"V={HUGE:,}", "per": 1}
    benchmark.extra_info |= place | json.loads(measured)
