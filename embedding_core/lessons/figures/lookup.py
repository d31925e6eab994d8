"""Ids pointing at rows: the picture of chapter 2."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats
from embedding_core.ids import check_ids
from embedding_core.lessons.figures.style import (
    BLUE,
    DIVERGING,
    PALE,
    QUIET,
    VERMILLION,
    arrow,
    cell,
    drawing,
    styled,
)
from embedding_core.ops import gather

_W, _H = 0.62, 0.34


@styled
def lookup(words: Sequence[str], table: Floats, ids: ArrayLike) -> Figure:
    """Draw a sentence's ids, the table, and the rows that come out.

    Parameters
    ----------
    words
        One for each row of the table.
    table
        Shape (V, D), small enough to be read.
    ids
        The sentence, shape (n,).

    Returns
    -------
    matplotlib.figure.Figure
        Arrows lead from each id to its row, and from there to its copy in the output.
    """
    rows = check_ids(ids, len(table))
    outputs = gather(table, rows)
    height = _H * max(len(table), len(rows)) + 0.75
    x_ids, x_table = 0.65, 2.55
    x_out = x_table + table.shape[1] * _W + 0.8
    figure, axes = drawing(x_out + table.shape[1] * _W + 0.1, height)
    top = height - 0.55
    scale = float(np.abs(table).max()) or 1.0

    def numbers(x: float, y: float, vector: Floats) -> None:
        for k, number in enumerate(vector):
            share = 0.5 + 0.4 * float(number) / scale
            cell(axes, x + k * _W, y, _W, _H, f"{number:.2f}", facecolor=DIVERGING(share), size=9)

    def row_y(i: int, of: int) -> float:
        centred = top - (max(len(table), len(rows)) - of) * _H / 2
        return centred - (i + 1) * _H

    for x, title in ((x_ids, "ids"), (x_table, "the table"), (x_out, "the output")):
        axes.text(x, height - 0.25, title, weight="bold", va="center")
    touched = set(rows.tolist())
    for i, word in enumerate(words):
        y = row_y(i, len(table))
        numbers(x_table, y, table[i])
        tint = BLUE if i in touched else QUIET
        axes.text(x_table - 0.12, y + _H / 2, f"{word}  {i}", ha="right", va="center", color=tint)
    for n, (i, vector) in enumerate(zip(rows.tolist(), outputs, strict=True)):
        y, at = row_y(n, len(rows)), row_y(i, len(table)) + _H / 2
        axes.text(x_ids - 0.12, y + _H / 2, words[i], ha="right", va="center", color=QUIET)
        cell(axes, x_ids, y, 0.4, _H, str(i), facecolor=PALE)
        arrow(axes, (x_ids + 0.4, y + _H / 2), (x_table - 1.0, at), VERMILLION)
        arrow(axes, (x_table + table.shape[1] * _W, at), (x_out, y + _H / 2), VERMILLION)
        numbers(x_out, y, vector)
    return figure
