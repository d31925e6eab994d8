"""The numbers of a row on the grids that few bits leave: a picture of chapter 17."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from embedding_core.lessons.figures.style import BLUE, INK, QUIET, VERMILLION, styled


@styled
def rounding(row: ArrayLike, grids: Mapping[str, int]) -> Figure:
    """Draw a row's numbers, and where each of them goes on coarser grids.

    Parameters
    ----------
    row
        Shape (D,), not all zero.
    grids
        By name: the largest whole number that a stored number may be. The row's largest number
        is stretched to it, and all are rounded.

    Returns
    -------
    matplotlib.figure.Figure
        Above the numbers as they are; below, a strip for each grid with a tick at each place
        that it has and a mark at each number's, joined to the number.

    Raises
    ------
    ValueError
        A row that is no vector, or all zero.
    """
    numbers = np.asarray(row, "float64")
    if numbers.ndim != 1 or not numbers.any():
        raise ValueError(f"row must hold numbers, not all zero: received shape {numbers.shape}.")
    figure, axes = plt.subplots(figsize=(4.9, 1.1 + 0.9 * len(grids)))
    heights = -np.arange(len(grids) + 1.0)
    axes.plot(numbers, np.zeros(len(numbers)), "o", color=BLUE, markersize=5)
    largest = np.abs(numbers).max()
    for (name, most), y in zip(grids.items(), heights[1:], strict=True):
        step = largest / most
        places = step * np.arange(-most, most + 1)
        axes.plot(places, np.full(len(places), y), "|", color=QUIET, markersize=7)
        stored = np.round(numbers / step) * step
        axes.plot(stored, np.full(len(stored), y), "s", color=VERMILLION, markersize=4, label=name)
        axes.plot([numbers, stored], [[0] * len(numbers), [y] * len(numbers)], color=INK, lw=0.4)
    axes.set_yticks(heights, ["float32", *grids])
    axes.set(xlabel="the numbers of one row", ylim=(-len(grids) - 0.4, 0.4))
    axes.grid(visible=False)
    return figure
