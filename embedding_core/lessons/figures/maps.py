"""The same words on several maps: a picture of chapter 11."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from embedding_core.lessons.figures.style import BLUE, GREEN, INK, PURPLE, QUIET, VERMILLION, styled

# The palette's colours with a shape each, so that no group is told by its colour alone.
_LOOKS = (
    (BLUE, "o"),
    (VERMILLION, "X"),
    (GREEN, "^"),
    (PURPLE, "s"),
    (INK, "D"),
    (QUIET, "P"),
)


@styled
def word_maps(
    maps: Mapping[str, Mapping[str, ArrayLike]], groups: Mapping[str, Sequence[int]]
) -> Figure:
    """Draw where the same words lie on each map.

    Parameters
    ----------
    maps
        By method, a row of panels each, and then by table, a column each: shape (n, 2), where
        each of n words lies. All methods name the same tables.
    groups
        By name: the words that belong together, as places in [0, n); at most six groups.

    Returns
    -------
    matplotlib.figure.Figure
        A point for each word of a group. The panels of a row have the same axes.

    Raises
    ------
    ValueError
        More groups than can be told apart, or methods that do not name the same tables.
    """
    if len(groups) > len(_LOOKS):
        raise ValueError(f"at most {len(_LOOKS)} groups can be told apart: received {len(groups)}.")
    tables = list(next(iter(maps.values())))
    if any(list(row) != tables for row in maps.values()):
        raise ValueError(f"each method must name the same tables: received {maps.keys()}.")
    size = (2.2 * len(tables), 2.2 * len(maps) + 0.6)
    figure, panels = plt.subplots(len(maps), len(tables), figsize=size, squeeze=False)
    for line, (method, row) in zip(panels, maps.items(), strict=True):
        places = {table: np.asarray(row[table], "float64") for table in tables}
        reach = 1.08 * max(np.abs(place).max() for place in places.values())
        for axes, place in zip(line, places.values(), strict=True):
            for (name, members), (color, marker) in zip(groups.items(), _LOOKS, strict=False):
                x, y = place[list(members)].T
                axes.plot(x, y, marker, color=color, markersize=4.5, mew=0, alpha=0.85, label=name)
            axes.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
            axes.set_xticks([0], labels=[])
            axes.set_yticks([0], labels=[])
        line[0].set_ylabel(method)
    for axes, table in zip(panels[0], tables, strict=True):
        axes.set_title(table, color=INK, size=10)
    handles, names = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), fontsize=9)
    return figure
