#!/usr/bin/env bash
# usearch 2.26.6: an index in int8 knows directions only.
#
# Guess: with dtype i8 each number is scaled by one factor and rounded, so that long vectors stay
# longer than short ones. Seen: each vector is divided by its own length before it is rounded,
# also under the metrics l2sq (Euclidean distance) and ip (inner product), where lengths matter.
# In float16, bfloat16 and the two 8-bit floats the neighbours stay those of float32.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet usearch==2.26.6 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import numpy as np
from usearch.index import Index

pair = np.array([[3, 4], [30, 40]], np.float32)
index = Index(ndim=2, metric="l2sq", dtype="i8")
index.add([0, 1], pair)
found = index.search(pair[0], 2, exact=True)
print("codes of (3, 4) and (30, 40):", index.get(0), index.get(1), "distances:", found.distances)
assert np.array_equal(index.get(0), index.get(1)) and (found.distances == 0).all()

points = np.random.default_rng(0).normal(size=(200, 16)).astype(np.float32)
squares = ((points[:, None] - points[None]) ** 2).sum(-1)
right = np.argsort(squares, axis=1)[:, :10]
shares = {}
for dtype in ("f32", "bf16", "e5m2", "i8"):
    index = Index(ndim=16, metric="l2sq", dtype=dtype)
    index.add(np.arange(200), points)
    keys = index.search(points, 10, exact=True).keys
    shares[dtype] = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(keys, right)])
    print(f"{dtype}: {shares[dtype]:.2f} of the ten nearest by Euclidean distance are found")
assert shares["e5m2"] > 0.9 > 0.8 > shares["i8"]
PYTHON
