#!/usr/bin/env bash
# sqlite-vec 0.1.9 and DuckDB 2.0.1: under the cosine, a row of zeros is the nearest of all.
#
# Guess: a vector without a direction, such as a padding row, is left out or comes last. Seen: both
# put it first, before an exact match. sqlite-vec finds the distance to be no number, which is
# NULL in SQL, and its search hands NULL out first. DuckDB's similarity is NaN, which it orders
# above every number, so a descending order begins with it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet sqlite-vec==0.1.9 apsw==3.53.4.0 duckdb==2.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import apsw
import duckdb
import sqlite_vec

ROWS = {1: "[0, 0]", 2: "[1, 0]", 3: "[-1, 0]"}  # no direction, the query's, the opposite one

db = apsw.Connection(":memory:")
db.enable_load_extension(True)
db.load_extension(sqlite_vec.loadable_path())
db.execute("create virtual table words using vec0(row float[2] distance_metric=cosine)")
for number, row in ROWS.items():
    db.execute("insert into words(rowid, row) values (?, ?)", (number, row))
nearest = list(
    db.execute("select rowid, distance from words where row match '[1, 0]' and k = 3")
)
print("sqlite-vec, nearest first:", nearest)
assert nearest[0] == (1, None) and nearest[1] == (2, 0.0)

values = ", ".join(f"({number}, {row}::FLOAT[2])" for number, row in ROWS.items())
alike = duckdb.sql(
    "select number, array_cosine_similarity(row, [1, 0]::FLOAT[2]) as alike "
    f"from (values {values}) words(number, row) order by alike desc"
).fetchall()
print("DuckDB, most alike first:", alike)
assert alike[0][0] == 1 and alike[0][1] != alike[0][1] and alike[1] == (2, 1.0)
PYTHON
