"""A one-hot product with every multiplication by zero lit: the picture of chapter 6."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from embedding_core.ground._types import Floats
from embedding_core.lessons.figures.style import (
    BLUE,
    INK,
    PALE_BLUE,
    PALE_VERMILLION,
    RUST,
    cell,
    drawing,
    styled,
)

_S = 0.36
_ZERO = PALE_VERMILLION
_ONE = PALE_BLUE


@styled
def product(one_hot: Floats, table: Floats) -> Figure:
    """Draw `one_hot @ table` and count what is multiplied by zero.

    Parameters
    ----------
    one_hot
        Shape (n, V), zeros and ones.
    table
        Shape (V, D).

    Returns
    -------
    matplotlib.figure.Figure
        The two factors and the result. A one and the row it picks are blue; each zero, and
        each row a zero is multiplied with, is vermillion; the title counts both.
    """
    rows, width = table.shape
    useful = int(one_hot.sum()) * width
    total = one_hot.size * width
    picked = np.asarray(one_hot.any(axis=0))
    sheet = _S * (rows + 3 * width) + 1.3
    figure, axes = drawing(sheet, _S * max(len(one_hot), rows) + 0.65)
    middle = _S * max(len(one_hot), rows) / 2 + 0.1
    x = _grid(axes, (0.1, middle), _S, one_hot, ".0f", one_hot > 0)
    axes.text(x + 0.3, middle, "@", ha="center", va="center", size=13)
    lit = np.repeat(picked[:, None], width, axis=1)
    x = _grid(axes, (x + 0.6, middle), 1.5 * _S, table, ".2f", lit)
    axes.text(x + 0.3, middle, "=", ha="center", va="center", size=13)
    result = one_hot @ table
    _grid(axes, (x + 0.6, middle), 1.5 * _S, result, ".2f", np.ones(result.shape, bool))
    height = axes.get_ylim()[1] - 0.18
    for at, text, color in (
        (0.0, f"{total} multiplications:", INK),
        (0.46, f"{useful} by one", BLUE),
        (0.72, f"{total - useful} by zero", RUST),
    ):
        axes.text(0.1 + at * (sheet - 0.2), height, text, color=color, va="center", weight="bold")
    return figure


def _grid(
    axes: Axes,
    start: tuple[float, float],
    width: float,
    numbers: Floats,
    form: str,
    lit: NDArray[np.bool_],
) -> float:
    """Draw a matrix from its left edge, at mid-height, and return where its right edge is."""
    left, middle = start
    for (i, j), number in np.ndenumerate(numbers):
        x, y = left + j * width, middle + (len(numbers) / 2 - i - 1) * _S
        tint = _ONE if lit[i, j] else _ZERO
        cell(axes, x, y, width, _S, f"{number:{form}}", facecolor=tint, size=8)
    return left + int(numbers.shape[1]) * width
