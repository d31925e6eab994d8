"""A text file of 60,000 word vectors of 200 numbers: ours beside gensim, in time and in memory.

Memory is the most that a process of its own has held beyond what it held before, in tables of
60,000 x 200 float32. A test holds the same on a small file: `tests/text/test_vector_files.py`.
"""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from gensim.models import KeyedVectors

from embedding_core.text import read_word2vec

WORDS, WIDTH = 60_000, 200
SIZE = f"{WORDS:,} x {WIDTH}"
FOLDER = TemporaryDirectory()
READERS = {"gensim": KeyedVectors.load_word2vec_format, "ours": read_word2vec}

IMPORTS = {
    "gensim": "from gensim.models import KeyedVectors; read = KeyedVectors.load_word2vec_format",
    "ours": "from embedding_core.text import read_word2vec as read",
}
# gensim makes no layer; what it has read goes into ours by `weights`.
LAYERS = {
    "gensim": "from embedding_core import Embedding; "
    "make = lambda read: Embedding(*read.vectors.shape, weights=read.vectors)",
    "ours": "from embedding_core.layers import embedding_of as make",
}
PEAKS = """
import json, sys
{}; {}
def peak():  # of this process alone; getrusage counts its parent's too
    line = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
marks = [peak()]
vectors = read(sys.argv[1])
marks.append(peak())
layer = make(vectors)
marks.append(peak())
table = vectors.vectors.nbytes
print(json.dumps([(after - before) / table for before, after in zip(marks, marks[1:])]))
"""


@cache
def file():
    """Write the file once."""
    table = np.random.default_rng(0).standard_normal((WORDS, WIDTH), dtype="float32")
    path = Path(FOLDER.name) / "vectors.txt"
    with open(path, "w") as lines:
        lines.write(f"{WORDS} {WIDTH}\n")
        for i, row in enumerate(table.tolist()):
            lines.write(f"word{i} " + " ".join(f"{number:.6f}" for number in row) + "\n")
    return str(path)


@pytest.mark.parametrize("way", READERS)
def bench_reading(race, way):
    path = file()
    race("reading word vectors", way, lambda: READERS[way](path), SIZE, rounds=1)


@pytest.mark.parametrize("way", READERS)
def bench_memory(race, way):
    code, peaks = PEAKS.format(IMPORTS[way], LAYERS[way]), []

    def run():
        done = subprocess.run(
            [sys.executable, "-c", code, file()], capture_output=True, text=True, check=True
        )
        peaks.append(json.loads(done.stdout))

    entry = race("word vectors, peak memory", way, run, SIZE, rounds=1)
    reading, layer = np.max(peaks, axis=0)
    entry["reading, in tables"], entry["the layer after it, in tables"] = reading, layer
