#!/usr/bin/env bash
# NumPy 2.4.6 on Python 3.11.0 to 3.11.7: vector files cannot be loaded in several threads when
# something watches the garbage collector. PYTHON names such a Python (Debian 12 has 3.11.2).
#
# Guess: numpy.load reads a file of its own in each thread, and threads do not meet. Seen: "AST
# constructor recursion depth mismatch", a SystemError, in some of ten thousand loads. NumPy reads
# the head of an .npy file with ast.literal_eval; these Pythons count how deep they are in it for
# all threads together (CPython's issue 106905), and change threads in its midst only when a
# collection of garbage runs Python code: a function in gc.callbacks, such as Hypothesis and
# profilers keep there. So a library that loads well by itself fails now and then in its tests.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.11}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet numpy==2.4.6
"$folder/venv/bin/python" - "$folder/rows.npy" <<'PYTHON'
import collections
import gc
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

path = sys.argv[1]
np.save(path, np.zeros((3, 4), np.float32))
sys.setswitchinterval(1e-6)
gc.set_threshold(50)  # as if much else were going on


def load(_):
    try:
        return np.load(path).shape
    except SystemError as error:
        return str(error).partition(" (")[0]


def seen():
    with ThreadPoolExecutor(4) as threads:
        return collections.Counter(threads.map(load, range(12_000)))


alone = seen()
gc.callbacks.append(lambda phase, info: sum(range(50)))
watched = seen()
for _ in range(20):  # mostly once is enough
    if len(watched) == 1:
        watched += seen()
print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}")
print("nobody watches: ", dict(alone))
print("somebody watches:", dict(watched))
assert set(alone) == {(3, 4)}
assert set(watched) == {(3, 4), "AST constructor recursion depth mismatch"}
PYTHON
