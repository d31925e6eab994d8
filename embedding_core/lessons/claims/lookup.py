"""A row for each id, and training moves the rows that were read."""

from collections.abc import Callable
from typing import Any

import numpy as np

from embedding_core.keras_bridge import load_keras
from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding, Verdict, conclude, equal
from embedding_core.lessons.claims.instruments import (
    Make,
    difference,
    embedding,
    numbers,
    outputs,
    telling_table,
    train,
)
from embedding_core.lessons.claims.thread import (
    ANSWER_1,
    ANSWER_2,
    ANSWER_3,
    GOKUL_UF,
    MOLLER_ON_ANSWER_3,
    MOLLER_ON_THE_QUESTION,
)

V, D = 5, 2
IDS = [3, 1, 3]


def reads_rows_and_moves_them(layer: Make | None = None) -> Finding:
    """Read rows, take one step of gradient descent, and see which rows moved."""
    made = embedding(layer, V, D, weights=[telling_table(V, D)])
    before = numbers(made.embeddings).copy()
    gap = difference(outputs(made, IDS), before[IDS])
    # The last layer learns too, so that a frozen table leaves the optimizer something.
    last = load_keras().layers.Dense(1, kernel_initializer="ones")
    train([made, last], [IDS], np.ones((1, len(IDS), 1)) * 9)
    moved = np.flatnonzero((numbers(made.embeddings) != before).any(axis=1)).tolist()
    return conclude(
        equal("distance of the output from the rows asked for", gap, 0.0),
        equal("rows that a training step moved", moved, sorted(set(IDS))),
    )


def row_i_for_integer_i(layer: Make | None = None) -> Finding:
    """Let each row say its own number, and compare the output with the ids."""
    made = embedding(layer, V, D, weights=[telling_table(V, D)])
    ids = np.arange(V)[::-1]
    rows = outputs(made, ids)[:, 0].astype(int)
    return conclude(equal("rows that came out", rows.tolist(), ids.tolist()))


def gather_against_numpy(gather: Callable[..., Any] | None = None) -> Finding:
    """Compare Keras's gather with NumPy's indexing, for ids of several shapes."""
    take = gather or load_keras().ops.take
    table = telling_table(V, D)
    return conclude(
        *(
            equal(
                f"distance from table[ids], ids of shape {np.shape(ids)}",
                difference(numbers(take(table, np.array(ids), axis=0)), table[ids]),
                0.0,
            )
            for ids in (2, IDS, [IDS, [0, 0, 4]])
        )
    )


CLAIMS = (
    Claim(
        "C1",
        "The layer is a trainable look-up table",
        (GOKUL_UF, MOLLER_ON_THE_QUESTION, ANSWER_2, ANSWER_3),
        Verdict.TRUE,
        "It returns the rows it is asked for; a step of gradient descent moves those and no other.",
        chapter=2,
        evidence=reads_rows_and_moves_them,
        contradicts=("C2",),
    ),
    Claim(
        "C4",
        "It turns each integer i into row i of the weights",
        (MOLLER_ON_THE_QUESTION, ANSWER_1, ANSWER_3),
        Verdict.TRUE,
        "With row i full of i's, the output repeats the ids that went in.",
        chapter=2,
        evidence=row_i_for_integer_i,
    ),
    Claim(
        "C14",
        "gather is indexing",
        (ANSWER_2, MOLLER_ON_ANSWER_3),
        Verdict.TRUE,
        "`take`, which is what `gather` is called now, returns what NumPy's indexing returns.",
        chapter=4,
        evidence=gather_against_numpy,
    ),
)
