"""What a way costs against the number of rows, with its limit: the picture of chapter 9."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from embedding_core.lessons.figures.style import BLUE, GREEN, INK, QUIET, VERMILLION, styled

_LOOKS = {
    "look-up": (BLUE, "o", "-"),
    "sparse product": (GREEN, "^", "--"),
    "dense product": (VERMILLION, "s", "-"),
    "Keras Embedding": (BLUE, "D", ":"),
    "Keras Dense": (VERMILLION, "v", ":"),
    "ours, Adam": (BLUE, "o", "-"),
    "Keras Embedding, SGD": (GREEN, "^", "--"),
    "Keras Embedding, Adam": (INK, "D", ":"),
    "Keras Dense, Adam": (VERMILLION, "v", "-"),
    "for_keras, Adam": (BLUE, "s", "--"),
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
        By way and number of rows: what was only counted.
    limits
        By name and number of rows: no way of that kind can be below.
    levels
        By name: a height that does not depend on the rows.
    """

    title: str
    unit: str
    measured: Mapping[str, Mapping[int, Sequence[float]]]
    counted: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    limits: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    levels: Mapping[str, float] = field(default_factory=dict)


@styled
def cost_against_rows(panels: Sequence[CostPanel]) -> Figure:
    """Draw costs against the number of rows, both logarithmic, one panel above the other.

    Parameters
    ----------
    panels
        From top to bottom.

    Returns
    -------
    matplotlib.figure.Figure
        Medians as filled markers with quartiles as bars, counts as hollow markers of the same
        colour and shape, limits as thin grey lines.
    """
    figure, sheets = plt.subplots(
        len(panels), 1, figsize=(5.2, 4.3 * len(panels)), sharex=True, squeeze=False
    )
    for axes, panel in zip(sheets[:, 0], panels, strict=True):
        axes.set(xscale="log", yscale="log", xlabel="rows of the table")
        axes.xaxis.set_major_formatter(EngFormatter())
        axes.yaxis.set_major_formatter(EngFormatter(panel.unit))
        axes.set_title(panel.title, loc="left", weight="bold", fontsize=11)
        axes.tick_params(labelbottom=True)
        for name, quartiles in panel.measured.items():
            _draw_measured(axes, name, quartiles)
        for name, counts in panel.counted.items():
            color, marker, _ = _LOOKS[name]
            look = {"color": color, "markerfacecolor": "white", "linewidth": 0.8}
            axes.plot(*_points(counts), f"{marker}:", label="_", **look)
        for k, (name, limit) in enumerate(panel.limits.items()):
            line = ("-", "-.", ":")[k]
            axes.plot(*_points(limit), line, color=QUIET, linewidth=1.2, zorder=1, label=name)
        for name, level in panel.levels.items():
            axes.axhline(level, color=QUIET, linewidth=1)
            axes.annotate(
                name, (0.01, level), (0, 3), ("axes fraction", "data"), textcoords="offset points"
            )
        handles, _ = axes.get_legend_handles_labels()
        handles.sort(key=lambda handle: handle in axes.lines)  # the limits last
        axes.legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=2)
    return figure


def _points(costs: Mapping[int, float]) -> tuple[list[int], list[float]]:
    return list(costs), list(costs.values())


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
