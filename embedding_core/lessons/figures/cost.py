"""What a way costs against the number of rows, and what was counted: the picture of chapter 9."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from embedding_core.lessons.figures.style import BLUE, GREEN, INK, QUIET, VERMILLION, styled

# One mark for one way, in all panels: a step is marked as the way that its forward pass takes.
_LOOKS = {
    "look-up": (BLUE, "o", "-"),
    "ours, Adam": (BLUE, "o", "-"),
    "for_keras, Adam": (BLUE, "X", "--"),
    "sparse product": (GREEN, "^", "--"),
    "dense product": (VERMILLION, "s", "-"),
    "Keras Embedding": (INK, "D", ":"),
    "Keras Embedding, Adam": (INK, "D", ":"),
    "Keras Embedding, SGD": (INK, "P", "-."),
    "Keras Dense": (VERMILLION, "v", ":"),
    "Keras Dense, Adam": (VERMILLION, "v", ":"),
}


@dataclass(frozen=True)
class CostPanel:
    """One panel of `cost_against_rows`.

    Attributes
    ----------
    title, unit
        What is drawn, and in what: s or B.
    measured
        By way and number of rows: lower quartile, median and upper quartile.
    counted
        By name and number of rows: what was counted, not run. Three at most.
    levels
        By name: a height that does not depend on the rows.
    """

    title: str
    unit: str
    measured: Mapping[str, Mapping[int, Sequence[float]]]
    counted: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)


@styled
def cost_against_rows(*panels: CostPanel) -> Figure:
    """Draw costs against the number of rows, both logarithmic, one panel above the other.

    Parameters
    ----------
    *panels
        From top to bottom.

    Returns
    -------
    matplotlib.figure.Figure
        What was measured as medians with quartiles as bars, a way with the same mark in every
        panel; what was counted as thin grey lines without marks.

    Raises
    ------
    ValueError
        No panel, or a way that has no mark.
    """
    if not panels:
        raise ValueError("a picture of costs needs at least one panel: received none.")
    unknown = [name for panel in panels for name in panel.measured if name not in _LOOKS]
    if unknown:
        raise ValueError(f"a way must be one of {'; '.join(_LOOKS)}: received {unknown[0]!r}.")
    figure, sheets = plt.subplots(
        len(panels), 1, figsize=(4.9, 4.5 * len(panels)), sharex=True, squeeze=False
    )
    for axes, panel in zip(sheets[:, 0], panels, strict=True):
        _draw(axes, panel)
    return figure


def _draw(axes: Axes, panel: CostPanel) -> None:
    axes.set(xscale="log", yscale="log", xlabel="rows of the table")
    axes.xaxis.set_major_formatter(EngFormatter())
    axes.yaxis.set_major_formatter(EngFormatter(panel.unit))
    axes.set_title(panel.title, loc="left", weight="bold", fontsize=11)
    axes.tick_params(labelbottom=True)
    for name, quartiles in panel.measured.items():
        _draw_measured(axes, name, quartiles)
    for (name, costs), line in zip(panel.counted.items(), ("-", "-.", ":"), strict=False):
        axes.plot(
            list(costs),
            list(costs.values()),
            line,
            color=QUIET,
            linewidth=1.2,
            zorder=1,
            label=name,
        )
    for name, level in panel.levels.items():
        axes.axhline(level, color=QUIET, linewidth=1)
        axes.annotate(
            name, (0.01, level), (0, 3), ("axes fraction", "data"), textcoords="offset points"
        )
    handles, _ = axes.get_legend_handles_labels()
    handles.sort(key=lambda handle: handle in axes.lines)  # what was counted last
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(-0.14, -0.15),
        ncols=2,
        columnspacing=1,
        handlelength=1.8,
    )


def _draw_measured(axes: Axes, name: str, quartiles: Mapping[int, Sequence[float]]) -> None:
    color, marker, line = _LOOKS[name]
    low, middle, high = zip(*quartiles.values(), strict=True)
    axes.errorbar(
        list(quartiles),
        middle,
        [
            [m - q for m, q in zip(middle, low, strict=True)],
            [q - m for m, q in zip(middle, high, strict=True)],
        ],
        color=color,
        marker=marker,
        markersize=5,
        linestyle=line,
        capsize=2,
        label=name,
    )
