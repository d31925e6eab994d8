"""The same words under three objectives: the picture of chapter 12."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from embedding_core.lessons.figures.style import BLUE, GREEN, PALE, QUIET, VERMILLION, styled

_COLORS = (BLUE, VERMILLION, GREEN, QUIET)
_MARKERS = ("o", "s", "^", "D")


@styled
def objectives(
    groups: Mapping[str, Sequence[str]], places: Mapping[str, ArrayLike], xlabel: str
) -> Figure:
    """Draw where each objective puts the same words, one panel for each objective.

    Parameters
    ----------
    groups
        The words, by the name of their group, at most four groups.
    places
        By objective: a number for each word, in the order of the groups.
    xlabel
        What the numbers are.

    Returns
    -------
    matplotlib.figure.Figure
        A line for each word, the same in every panel, with a mark at its place.

    Raises
    ------
    ValueError
        More than four groups, or not a number for each word.
    """
    words = [word for group in groups.values() for word in group]
    if len(groups) > len(_COLORS):
        raise ValueError(f"at most {len(_COLORS)} groups can be told apart: received {len(groups)}")
    for name, numbers in places.items():
        if np.shape(numbers) != (len(words),):
            raise ValueError(
                f"{name} must place {len(words)} words: received shape {np.shape(numbers)}"
            )
    height = np.arange(len(words))[::-1]
    size = (4.9, 0.25 * len(words) + 1.6)
    figure, panels = plt.subplots(1, len(places), figsize=size, sharey=True, squeeze=False)
    for axes, (name, numbers) in zip(panels[0], places.items(), strict=True):
        at = np.asarray(numbers, float)
        axes.axvline(0, color=QUIET, linewidth=0.8)
        axes.hlines(height, 0, at, color=PALE, linewidth=3)
        start = 0
        for k, (group, members) in enumerate(groups.items()):
            here = slice(start, start + len(members))
            start += len(members)
            axes.plot(
                at[here],
                height[here],
                linestyle="none",
                color=_COLORS[k],
                marker=_MARKERS[k],
                markersize=6,
                label=group,
            )
        reach = 1.2 * max(np.abs(at).max(), 1e-9)
        axes.set(xlim=(-reach, reach), xticks=[0])
        axes.set_title(name.replace(" ", "\n", 1), fontsize=10)
        axes.set_yticks(height, words)
    panels[0][len(places) // 2].set_xlabel(xlabel)
    handles, labels = panels[0][0].get_legend_handles_labels()
    look = {"ncols": len(groups), "fontsize": 9.5, "handletextpad": 0.1, "columnspacing": 0.8}
    figure.legend(handles, labels, loc="outside lower center", **look)
    return figure
