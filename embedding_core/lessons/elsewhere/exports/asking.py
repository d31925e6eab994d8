"""What is asked of an exported model, and the answers in words."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from embedding_core.lessons.elsewhere.exports import models
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
    "without Input": "Which ids does it ask for when the model had no `Input`?",
    "bytes": "How large is the file of a table of 640,000 bytes?",
}
"""By id, the question for readers."""

Export = Callable[[Any], tuple[Program, int]]
"""From a Keras model to what runs it, and the bytes of its file."""


def ask(export: Export) -> dict[str, str]:
    """Ask one way out of Keras all cases.

    Parameters
    ----------
    export
        Exports a model and opens the file.

    Returns
    -------
    dict
        By case, the answer in words; "raises X" where an error of class X came.
    """
    rows, _ = export(models.rows())
    answers = {
        "ids wanted": rows.wants,
        "int64 ids": answer(lambda: _row(rows, 1, "int64")),
        "id 1.7": answer(lambda: _row(rows, 1.7, "float32")),
    }
    for id in (4, -1, -5):
        answers[f"id {id}"] = answer(partial(_row, rows, id, rows.wants))
    answers["padding"] = answer(lambda: _mean(export, 0.0))
    answers["infinite padding row"] = answer(lambda: _mean(export, np.inf))
    answers["without Input"] = answer(lambda: export(models.bare())[0].wants)
    answers["bytes"] = answer(lambda: f"{export(models.large())[1]:,}")
    return answers


def size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _row(program: Program, id: float, dtype: str) -> str:
    ids = np.zeros((1, models.LENGTH), dtype)
    ids[0, 1] = id
    return row(program.run(ids)[0, 1], small_table())


def _mean(export: Export, first: float) -> str:
    program, _ = export(models.mean(first))
    mean = program.run(np.array([[2, 0, 0]], program.wants))[0]
    if np.array_equal(mean, [20, 21]):
        return "left out"
    return "counted" if np.isfinite(mean).all() else "spoils the mean"
