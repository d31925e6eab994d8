"""One look for every figure: the palette, the sizes, and how a figure is handed over.

The two main colours are Okabe and Ito's (2008) blue and vermillion, which colour-blind readers
can tell apart; nothing is said by colour alone. `tests/lessons/figures/test_palette.py` looks
at all of them as colour-blind readers do.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#007A5A"
PURPLE = "#CC79A7"
INK = "#1f2933"
QUIET = "#5f6b7a"
RUST = "#aa4b00"  # vermillion as text, which needs more contrast than a line
# Behind text: blue and vermillion as tints, and neither.
PALE_BLUE = "#cfe4f2"
PALE_VERMILLION = "#fbe3d3"
PALE = "#e8edf2"

# From vermillion over white to blue, for numbers below, at and above zero.
DIVERGING = LinearSegmentedColormap.from_list("diverging", [VERMILLION, "#ffffff", BLUE])

_RC = {
    "figure.dpi": 160,
    "figure.facecolor": "white",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILLION, GREEN, QUIET]),
    "grid.color": PALE,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "legend.frameon": False,
    "figure.constrained_layout.use": True,
}

P = ParamSpec("P")


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in the book's style, and close the figure so that a notebook shows it once."""

    @wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with mpl.rc_context(_RC):  # type: ignore[arg-type]
            figure = draw(*args, **kwargs)
        plt.close(figure)
        return figure

    return wrapper


def drawing(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of that many inches with one empty sheet to draw on, a unit an inch."""
    figure, axes = plt.subplots(figsize=(width, height))
    axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    axes.axis("off")
    return figure, axes


def cell(
    axes: Axes, x: float, y: float, width: float, height: float, text: str, **box: Any
) -> None:
    """Draw a box with its lower left corner at (x, y) and a text in its middle."""
    color = box.pop("color", INK)
    size = box.pop("size", 9)
    style = {"facecolor": "white", "edgecolor": QUIET, "linewidth": 0.8, **box}
    axes.add_patch(mpl.patches.Rectangle((x, y), width, height, **style))
    axes.text(x + width / 2, y + height / 2, text, ha="center", va="center", color=color, size=size)


def arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    """Draw an arrow that leaves and arrives horizontally."""
    axes.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": color,
            "linewidth": 1.4,
            "shrinkA": 0,
            "shrinkB": 2,
            "connectionstyle": "arc3,rad=0",
        },
    )
