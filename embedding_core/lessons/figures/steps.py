"""One step of the two relatives on four numbers: two pictures of chapter 12."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats
from embedding_core.lessons.figures.style import (
    PALE,
    PALE_BLUE,
    PALE_VERMILLION,
    QUIET,
    VERMILLION,
    cell,
    drawing,
    styled,
)

_H = 0.36
_SIZE = 9.5


@styled
def autoencoder_step(
    x: ArrayLike, encoder: ArrayLike, decoder: ArrayLike, after: tuple[ArrayLike, ArrayLike]
) -> Figure:
    """Draw a row on its way through an autoencoder of two inputs and one number between.

    Parameters
    ----------
    x
        Shape (2,): the input, which is what should be given back.
    encoder, decoder
        Shape (2,) each: the four numbers before the step.
    after
        The two once more, after the step.

    Returns
    -------
    matplotlib.figure.Figure
        From left to right the input, the code, what is given back and its error. On each line
        its number before and after the step, vermillion where it moved.

    Raises
    ------
    ValueError
        Other shapes.
    """
    given, down, back = (_shaped(a, (2,)) for a in (x, encoder, decoder))
    new_down, new_back = (_shaped(a, (2,)) for a in after)
    code = float(given @ down)
    returned = code * back
    figure, axes = drawing(4.9, 2.1)
    heights = (1.2, 0.3)
    columns = (0.1, 1.95, 3.5, 4.3)
    for left, title in zip(columns, ("input", "code", "back", "error"), strict=True):
        axes.text(left + 0.25, 1.85, title, ha="center", weight="bold", size=_SIZE)
    middle = sum(heights) / 2 + _H / 2
    cell(axes, columns[1], middle - _H / 2, 0.5, _H, f"{code:g}", facecolor=PALE, size=_SIZE)
    for i, y in enumerate(heights):
        cell(axes, columns[0], y, 0.5, _H, f"{given[i]:g}", facecolor=PALE_BLUE, size=_SIZE)
        cell(axes, columns[2], y, 0.5, _H, f"{returned[i]:g}", facecolor=PALE, size=_SIZE)
        error = f"{returned[i] - given[i]:g}"
        cell(axes, columns[3], y, 0.5, _H, error, facecolor=PALE_VERMILLION, size=_SIZE)
        ends = (columns[0] + 0.5, y + _H / 2), (columns[1], middle)
        _number_on_line(axes, *ends, down[i], new_down[i])
        ends = (columns[1] + 0.5, middle), (columns[2], y + _H / 2)
        _number_on_line(axes, *ends, back[i], new_back[i])
    return figure


@styled
def contrastive_step(
    up: tuple[ArrayLike, ArrayLike, ArrayLike],
    down: tuple[ArrayLike, ArrayLike, ArrayLike],
    kernel: ArrayLike,
    after: ArrayLike,
) -> Figure:
    """Draw one step of contrastive divergence on a machine of two and two units.

    Parameters
    ----------
    up
        The data, the chances of the hidden units, and their coins, shape (2,) each.
    down
        The chances of the visible units, their coins, and the chances of the hidden units then.
    kernel, after
        Shape (2, 2): the four numbers before the step and after.

    Returns
    -------
    matplotlib.figure.Figure
        Above, the units from the data to the second look, chance and coin. Below, the products
        at the data and at the second look, and each of the four numbers before and after.

    Raises
    ------
    ValueError
        Other shapes.
    """
    v, chance, coins = (_shaped(a, (2,)) for a in up)
    chance_back, again, chance_again = (_shaped(a, (2,)) for a in down)
    old, new = (_shaped(a, (2, 2)) for a in (kernel, after))
    figure, axes = drawing(4.9, 3.1)
    columns = {
        "data": [f"{a:g}" for a in v],
        "hidden": _tossed(chance, coins),
        "visible": _tossed(chance_back, again),
        "hidden again": [f"{a:.2f}" for a in chance_again],
    }
    for k, (title, shown) in enumerate(columns.items()):
        x = 0.05 + k * 1.22
        axes.text(x + 0.5, 2.9, title, ha="center", weight="bold", size=_SIZE)
        for i, text in enumerate(shown):
            face = PALE_BLUE if k < 2 else PALE_VERMILLION
            cell(axes, x, 2.4 - i * 0.45, 1.0, _H, text, facecolor=face, size=_SIZE)
        if k:
            axes.annotate("", (x, 2.36), (x - 0.2, 2.36), arrowprops={"arrowstyle": "->"})
    at_data = [[f"{a:.2f}" for a in row] for row in np.outer(v, chance)]
    later = [[f"{a:.2f}" for a in row] for row in np.outer(again, chance_again)]
    moved = [
        [f"{a:.2f} → {b:.2f}" for a, b in zip(*rows, strict=True)]
        for rows in zip(old, new, strict=True)
    ]
    _matrix(axes, 0.05, 0.5, "at the data", at_data, PALE_BLUE)
    _matrix(axes, 1.35, 0.5, "at the second look", later, PALE_VERMILLION)
    _matrix(axes, 2.75, 1.05, "the four numbers", moved, PALE)
    axes.text(1.2, 0.65, "−", ha="center", va="center", size=14)
    axes.text(2.55, 0.65, "→", ha="center", va="center", size=14)
    return figure


def _matrix(
    axes: Axes, x: float, width: float, title: str, rows: list[list[str]], face: str
) -> None:
    axes.text(x + width, 1.2, title, ha="center", weight="bold", size=_SIZE)
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            place = x + j * width, 0.65 - i * _H
            cell(axes, *place, width, _H, text, facecolor=face, size=_SIZE)


def _shaped(numbers: ArrayLike, shape: tuple[int, ...]) -> Floats:
    array = np.asarray(numbers, "float64")
    if array.shape != shape:
        raise ValueError(f"a step on four numbers needs shape {shape}: received {array.shape}.")
    return array


def _tossed(chances: Floats, coins: Floats) -> list[str]:
    return [f"{chance:.2f} → {coin:g}" for chance, coin in zip(chances, coins, strict=True)]


def _number_on_line(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], old: float, new: float
) -> None:
    color = VERMILLION if old != new else QUIET
    axes.plot(*zip(start, end, strict=True), color=color, linewidth=1.4, zorder=0)
    text = f"{old:g} → {new:g}" if old != new else f"{old:g}"
    place = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    axes.text(*place, text, ha="center", va="center", size=_SIZE, bbox=box)
