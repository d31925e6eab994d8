#!/usr/bin/env bash
# faiss-cpu 1.15.1: 8-bit codes give every number back half a step higher.
#
# Guess: QT_8bit spreads 256 codes from the smallest number it was trained on to the largest, and
# these two come back as they were. Seen: a number is cut down to its code and decoded to the
# middle of the step above it, with the step a 255th of the range. So the smallest comes back too
# large, the largest lies outside the range it was fitted to, and a row of zeros is no row of
# zeros any more. The 4-bit codes do the same with a 15th.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet faiss-cpu==1.15.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import faiss
import numpy as np

trained = np.array([[0.0], [10.0]], np.float32)
for kind, steps in ((faiss.ScalarQuantizer.QT_8bit, 255), (faiss.ScalarQuantizer.QT_4bit, 15)):
    index = faiss.IndexScalarQuantizer(1, kind, faiss.METRIC_L2)
    index.train(trained)
    index.add(trained)
    back = index.reconstruct_n(0, 2).ravel()
    print(f"{steps} steps: 0 and 10 come back as {back[0]:.4f} and {back[1]:.4f}")
    assert np.allclose(back, trained.ravel() + 10 / steps / 2, atol=1e-4)
PYTHON
