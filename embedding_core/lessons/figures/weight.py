"""The life of a weight, from initializer to constraint: the picture of chapter 3."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from embedding_core.ground._types import Floats
from embedding_core.lessons.figures.style import BLUE, QUIET, RUST, VERMILLION, styled


@styled
def life_of_a_weight(events: Sequence[str], tables: Sequence[Floats], limit: float) -> Figure:
    """Draw how long each row is after each event.

    Parameters
    ----------
    events
        What happened, in order, for example "initializer", "update", "constraint".
    tables
        The table after each event, each of shape (V, D).
    limit
        The longest row that the constraint allows.

    Returns
    -------
    matplotlib.figure.Figure
        One line a row of the table; points after a constraint are filled.
    """
    lengths = np.array([np.linalg.norm(table, axis=1) for table in tables])
    figure, axes = plt.subplots(figsize=(4.8, 3.6))
    at = np.arange(len(events))
    for row, line in enumerate(lengths.T):
        axes.plot(at, line, color=BLUE, linewidth=1.2, label=f"row {row}")
        for i, event in enumerate(events):
            filled = BLUE if event == "constraint" else "white"
            axes.plot(i, line[i], "o", markersize=5, color=BLUE, markerfacecolor=filled)
        axes.text(-0.12, line[0], f"row {row}", ha="right", va="bottom", color=QUIET, size=9.5)
    axes.axhline(limit, color=VERMILLION, linewidth=1.2, linestyle="--")
    axes.text(at[-1] + 0.15, limit, f"limit {limit:g}", color=RUST, size=9.5, va="bottom")
    axes.set_xticks(at, events, rotation=30, ha="right")
    axes.set(ylabel="length of each row", ylim=(0, None), xlim=(-1.05, len(events) - 0.35))
    return figure
