"""What is asked of an exported model, and the answers in words."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from embedding_core.lessons.elsewhere.exports.models import LENGTH, Models
from embedding_core.lessons.elsewhere.exports.programs import Program
from embedding_core.lessons.elsewhere.layer import small_table
from embedding_core.lessons.elsewhere.words import answer, row

CASES = {
    "ids wanted": "Which ids does the file ask for?",
    "int64 ids": "Does it take int64 ids?",
    "id 1.7": "And the float 1.7?",
    "id 4": "Which row has id 4, of four rows?",
    "id -1": "And id -1?",
    "id -5": "And id -5?",
    "padding": "Does the mean leave out id 0, where `mask_zero=True`?",
    "infinite padding row": "And if row 0 is infinite?",
    "without Input": "Which ids does it ask for without an `Input`?",
    "float16": "Does row 3 come back from a table in float16?",
    "bytes": "How large is the file of a table of 640,000 bytes?",
}
"""By id, the question for readers."""

Export = Callable[[Any, Path], Program]
"""From a model, and an empty folder to write files to, to what runs them."""


def ask(export: Export, models: Models) -> dict[str, str]:
    """Ask one way out of Keras all cases.

    Parameters
    ----------
    export
        Exports a model and opens the file.
    models
        What is exported.

    Returns
    -------
    dict
        By case, the answer in words; "raises X" where an error of class X came.
    """
    # All files stay until the end: a program may read its own when it runs.
    with tempfile.TemporaryDirectory() as place:

        def opened(model: Any) -> tuple[Program, int]:
            folder = Path(tempfile.mkdtemp(dir=place))
            return export(model, folder), size(folder)

        rows, _ = opened(models.rows())
        answers = {
            "ids wanted": rows.wants,
            "int64 ids": answer(lambda: _row(rows, 1, "int64")),
            "id 1.7": answer(lambda: _row(rows, 1.7, "float32")),
        }
        for id in (4, -1, -5):
            answers[f"id {id}"] = answer(partial(_row, rows, id, rows.wants))
        answers["padding"] = answer(lambda: _mean(opened(models.mean(0.0))[0]))
        answers["infinite padding row"] = answer(lambda: _mean(opened(models.mean(np.inf))[0]))
        answers["without Input"] = answer(lambda: opened(models.bare())[0].wants)
        answers["float16"] = answer(lambda: _row(opened(models.half())[0], 3, rows.wants))
        answers["bytes"] = answer(lambda: f"{opened(models.large())[1]:,}")
        return answers


def size(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _row(program: Program, id: float, dtype: str) -> str:
    ids = np.zeros((1, LENGTH), dtype)
    ids[0, 1] = id
    return row(program.run(ids)[0, 1], small_table())


def _mean(program: Program) -> str:
    mean = program.run(np.array([[2, 0, 0]], program.wants))[0]
    if np.array_equal(mean, [20, 21]):
        return "left out"
    return "counted" if np.isfinite(mean).all() else "spoils the mean"
