"""Repeated ids: the live figure of chapter 7."""

from collections.abc import Callable, Sequence

import numpy as np

from embedding_core.ground._types import Floats, Ids
from embedding_core.ids import check_ids
from embedding_core.lessons.figures.live.page import LiveFigure, numbers, paragraph, table, written
from embedding_core.lessons.scatters import overwrite
from embedding_core.ops import IndexedSlices, scatter_add
from embedding_core.optimizers import SGD, Adagrad, Adam, LazyAdam, Optimizer
from embedding_core.variable import Variable

RATE = 0.1
"""The learning rate of every optimizer here."""

OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {
    "SGD": lambda: SGD(RATE),
    "SGD, momentum 0.9": lambda: SGD(RATE, momentum=0.9),
    "Adagrad": lambda: Adagrad(RATE),
    "Adam": lambda: Adam(RATE),
    "LazyAdam": lambda: LazyAdam(RATE),
}
"""What the reader chooses from, by the name on the page."""


def live_repeated(
    words: Sequence[str], rows: Floats, upstream: Floats, batch: Sequence[int]
) -> LiveFigure:
    """Add up the gradients of repeated ids, lose some of them, and step with an optimizer.

    Parameters
    ----------
    words
        V different words, one for each row.
    rows
        Shape (V, 2): where the rows start, as places in a plane.
    upstream
        Shape (n, 2), short numbers: the gradient of the output at each of the n positions that
        a batch may fill.
    batch
        What is in the batch at first: from 1 to n ids that leave out at least one row.

    Returns
    -------
    LiveFigure
        On the page the reader clicks words into the batch and sees their gradients arrive, as
        `ops.scatter_add` sends them and as `scatters.overwrite` does, and sees the rows move
        under each of `OPTIMIZERS`.

    Raises
    ------
    IndexError, TypeError
        As `ids.check_ids`.
    ValueError
        As many words as do not match the rows, vectors that are not places in a plane, or a
        batch of too few, too many or all rows.
    """
    ids = check_ids(list(batch), len(rows))
    if len(words) != len(rows):
        raise ValueError(f"need a word for each row: received {len(words)} for {len(rows)} rows.")
    if rows.shape[1:] != (2,) or upstream.shape[1:] != (2,):
        raise ValueError(
            "rows and upstream must be vectors of 2 numbers, to be drawn in a plane: received "
            f"the shapes {rows.shape} and {upstream.shape}."
        )
    left_out = np.setdiff1d(np.arange(len(rows)), ids)
    if not 0 < len(ids) <= len(upstream) or not left_out.size:
        raise ValueError(
            f"batch must hold from 1 to {len(upstream)} ids and leave a row out: received {batch}."
        )
    data = {
        "label": "Repeated ids",
        "words": list(words),
        "table": numbers(rows),
        "upstream": numbers(upstream),
        "batch": ids.tolist(),
        "rate": RATE,
        "optimizers": list(OPTIMIZERS),
    }
    text = [
        *_gradients(words, upstream[: len(ids)], ids),
        *_moves(words, rows, upstream, ids, left_out[:1]),
    ]
    return LiveFigure("repeated", data, text)


def _gradients(words: Sequence[str], vectors: Floats, ids: Ids) -> list[str]:
    """Say what arrives at each row, rightly and by the faulty line."""
    arrived = zip([words[i] for i in ids], ids, map(written, vectors), strict=True)
    right, faulty = (add(vectors, ids, len(words)) for add in (scatter_add, overwrite))
    sums = zip(words, map(written, right), map(written, faulty), strict=True)
    return [
        paragraph(
            "Each word of the batch sends the gradient of its output to its row. Vectors for "
            "the same row are added up. The faulty line, dW[ids] += g, keeps the last of them."
        ),
        table("The batch", ["Word", "Row", "Gradient of its output"], arrived),
        table("The gradient of the table", ["Row", "Added up", "Faulty line"], sums),
    ]


def _moves(words: Sequence[str], rows: Floats, upstream: Floats, ids: Ids, other: Ids) -> list[str]:
    """Say how far a row goes in the step that asks for it, and in the next, which does not."""
    first = IndexedSlices(upstream[: len(ids)], ids, rows.shape)
    second = IndexedSlices(upstream[:1], other, rows.shape)
    row, lines = ids[0], []
    for name, optimizer in OPTIMIZERS.items():
        variable, stepper, places = Variable(rows.astype("float64")), optimizer(), [rows[ids[0]]]
        for gradient in (first, second):
            stepper.apply([gradient], [variable])
            places.append(variable.value[row].copy())
        lines.append((name, *(written(move) for move in np.diff(places, axis=0))))
    return [
        paragraph(
            f"An optimizer takes a step with this gradient, and a second one in which the "
            f"batch holds {words[other[0]]} alone. Some optimizers move rows of which the "
            "second batch says nothing:"
        ),
        table(
            f"How far the row of {words[row]} moves",
            ["", "First step, asked for", "Second step, not asked for"],
            lines,
        ),
    ]
