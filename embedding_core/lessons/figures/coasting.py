"""A row that nobody looks up any more, and moves all the same: the picture of chapter 8."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from embedding_core.lessons.figures.style import BLUE, GREEN, INK, PALE, QUIET, VERMILLION, styled

# On a dense path, a sparse one is drawn as marks that leave it visible.
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "linestyle": "-", "linewidth": 2},
    {
        "color": VERMILLION,
        "linestyle": "",
        "marker": "o",
        "markersize": 8,
        "markerfacecolor": "none",
        "markeredgewidth": 1.6,
    },
    {"color": GREEN, "linestyle": "--", "linewidth": 2},
)


@styled
def coasting(paths: Mapping[str, Mapping[int, float]]) -> Figure:
    """Draw where a row is after a single gradient and some steps without one.

    Parameters
    ----------
    paths
        By optimizer, at most three: the row's place by the number of steps since its gradient.
        Step 0 is the one with the gradient; the row was at 0 before it.

    Returns
    -------
    matplotlib.figure.Figure
        The first path as a line, the second as circles, the third dashed, each named.

    Raises
    ------
    ValueError
        More than three paths.
    """
    if len(paths) > len(_LOOKS):
        raise ValueError(f"at most {len(_LOOKS)} paths can be told apart: received {len(paths)}.")
    figure, axes = plt.subplots(figsize=(4.8, 4.4))
    last = max(step for path in paths.values() for step in path)
    axes.axvspan(0, last, color=PALE, zorder=0)
    for (name, path), look in zip(paths.items(), _LOOKS, strict=False):
        steps = sorted(path)
        axes.plot(steps, [path[step] for step in steps], label=name, clip_on=False, **look)
    touched = next(iter(paths.values()))[0]
    axes.plot([-1, 0], [0, touched], color=INK, linewidth=1.2)
    axes.annotate(
        "the only gradient",
        (-0.5, touched / 2),
        (last * 0.08, touched / 4),
        color=INK,
        fontsize=9.5,
        va="center",
        arrowprops={"arrowstyle": "-", "color": QUIET, "linewidth": 0.8},
    )
    axes.set(
        xlabel="steps since, in which nobody looks the row up",
        ylabel="place of the row",
        xlim=(-1.5, last),
        xticks=np.arange(0, last + 1, 5),
    )
    axes.grid(visible=False, axis="x")
    figure.legend(loc="outside lower left", fontsize=9.5)
    return figure
