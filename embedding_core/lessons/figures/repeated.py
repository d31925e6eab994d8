"""Repeated ids adding up: the picture of chapter 7."""

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats
from embedding_core.ids import check_ids
from embedding_core.lessons.figures.style import (
    BLUE,
    INK,
    PALE,
    PALE_BLUE,
    PALE_VERMILLION,
    QUIET,
    VERMILLION,
    arrow,
    cell,
    drawing,
    styled,
)
from embedding_core.ops import scatter_add

_W, _H = 0.52, 0.36
_ONCE, _AGAIN = PALE_BLUE, PALE_VERMILLION


@styled
def repeated(ids: ArrayLike, upstream: Floats, num_rows: int) -> Figure:
    """Draw how the gradient of each output travels to the row that the output came from.

    Parameters
    ----------
    ids
        Shape (n,): the row that each position looked up.
    upstream
        Shape (n, D), few and short numbers: the gradient of each position's output.
    num_rows
        Number of rows V of the table.

    Returns
    -------
    matplotlib.figure.Figure
        One arrow a position. Into a row that is reached once it is blue; into a row that is
        reached again all are vermillion, and the row's sums are written out. A row that nobody
        reached is grey.
    """
    rows = check_ids(ids, num_rows)
    total = scatter_add(upstream, rows, num_rows)
    times = np.bincount(rows, minlength=num_rows)
    sums = [[_sum(column) for column in upstream[rows == i].T] for i in range(num_rows)]
    wide = max(_W, 0.1 * max(len(text) for texts in sums for text in texts) + 0.6)
    width = upstream.shape[1]
    height = _H * max(num_rows, len(rows)) + 0.75
    x_ids, x_up = 1.0, 1.8
    x_table = x_up + width * _W + 2.2
    figure, axes = drawing(x_table + width * wide + 0.1, height)

    def row_y(i: int, of: int) -> float:
        return height - 0.55 - (max(num_rows, len(rows)) - of) * _H / 2 - (i + 1) * _H

    titles = ("position", "id", "gradient of the output", "gradient of the table")
    for x, title in zip((0.1, x_ids + 0.1, x_up, x_table), titles, strict=True):
        axes.text(x, height - 0.25, title, weight="bold", va="center")
    arrived = np.zeros(num_rows)
    for n, (i, vector) in enumerate(zip(rows.tolist(), upstream, strict=True)):
        y, tint = row_y(n, len(rows)), VERMILLION if times[i] > 1 else BLUE
        axes.text(0.45, y + _H / 2, f"{n + 1}", ha="center", va="center", color=QUIET)
        cell(axes, x_ids, y, 0.4, _H, str(i), facecolor=PALE)
        for k, number in enumerate(vector):
            face = _AGAIN if times[i] > 1 else _ONCE
            cell(axes, x_up + k * _W, y, _W, _H, f"{number:g}", facecolor=face)
        arrived[i] += 1  # arrows into one row arrive one below the other
        end = x_table - 0.35, row_y(i, num_rows) + _H * (1 - arrived[i] / (times[i] + 1))
        arrow(axes, (x_up + width * _W + 0.05, y + _H / 2), end, tint)
    for i, texts in enumerate(sums):
        y, color = row_y(i, num_rows), INK if times[i] else QUIET
        axes.text(x_table - 0.12, y + _H / 2, str(i), ha="right", va="center", color=color)
        for k, text in enumerate(texts):
            face = (PALE, _ONCE, _AGAIN)[min(times[i], 2)]
            shown = f"{text} = {total[i, k]:g}" if times[i] > 1 else f"{total[i, k]:g}"
            cell(axes, x_table + k * wide, y, wide, _H, shown, facecolor=face, color=color)
    return figure


def _sum(terms: Floats) -> str:
    """Write a sum out: 1 + 5 - 2."""
    return " + ".join(f"{term:g}" for term in terms).replace("+ -", "- ")
