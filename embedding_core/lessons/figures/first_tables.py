"""What a model reaches from several first tables, with few labels and with many."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from embedding_core.lessons.figures.style import BLUE, GREEN, INK, QUIET, VERMILLION, styled

_LOOKS = ((BLUE, "o", "-"), (VERMILLION, "s", "--"), (GREEN, "^", "-."), (INK, "D", ":"))
_LAST = (QUIET, "x", (0, (1, 3)))

Scores = Mapping[str, Mapping[int, Sequence[float]]]


@styled
def first_tables(panels: Mapping[str, Scores]) -> Figure:
    """Draw accuracy against the number of labelled texts.

    Parameters
    ----------
    panels
        By panel, first table and number of labels: an accuracy for each seed. At most five
        tables.

    Returns
    -------
    matplotlib.figure.Figure
        The means as a line, smallest to largest as bars.

    Raises
    ------
    ValueError
        More than five tables.
    """
    names = list(dict.fromkeys(name for scores in panels.values() for name in scores))
    if len(names) > len(_LOOKS) + 1:
        raise ValueError(f"at most {len(_LOOKS) + 1} tables can be told apart: received {names}")
    looks = dict(zip(names, (*_LOOKS, _LAST), strict=False))
    size = (4.9, 3 * len(panels) + 0.8)
    figure, grid = plt.subplots(len(panels), 1, figsize=size, sharey=True, squeeze=False)
    for axes, (title, scores) in zip(grid[:, 0], panels.items(), strict=True):
        for k, (name, by_count) in enumerate(scores.items()):
            counts = np.array(list(by_count))
            runs = np.array([by_count[count] for count in by_count])
            mean = runs.mean(axis=1)
            color, marker, line = looks[name]
            axes.errorbar(
                counts * (1 + 0.06 * (k - len(scores) / 2)),  # side by side, not on top
                mean,
                [mean - runs.min(axis=1), runs.max(axis=1) - mean],
                color=color,
                marker=marker,
                linestyle=line,
                markersize=5,
                capsize=2,
                label=name,
            )
        axes.set(xscale="log", xlabel="labelled reviews", ylabel="test accuracy")
        axes.set_title(title, fontsize=10)
        axes.set_xticks(counts, [f"{count:,}" for count in counts])
        axes.minorticks_off()
    handles, labels = grid[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=9.5)
    return figure
