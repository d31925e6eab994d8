#!/usr/bin/env bash
# sqlite-vec 0.1.9: the sum of two int8 vectors wraps round.
#
# Guess: vec_add widens, stops at 127, or refuses. Seen: 100 + 100 is -56, and the sum of two
# vectors points away from both, so that a mean of a few quantized rows made in SQL is nowhere
# near them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet sqlite-vec==0.1.9 apsw==3.53.4.0
"$folder/venv/bin/python" - <<'PYTHON'
import apsw
import sqlite_vec

db = apsw.Connection(":memory:")
db.enable_load_extension(True)
db.load_extension(sqlite_vec.loadable_path())


def ask(expression):
    return next(iter(db.execute(f"select {expression}")))[0]


total = ask("vec_to_json(vec_add(vec_int8('[100, 100]'), vec_int8('[100, 100]')))")
angle = ask("vec_distance_cosine(vec_add(vec_int8('[100, 100]'), vec_int8('[100, 100]')), "
            "vec_int8('[100, 100]'))")
print("(100, 100) + (100, 100) =", total, "at cosine distance", angle, "from (100, 100)")
assert total == "[-56,-56]" and angle > 1.99
PYTHON
