"""One id's way through Keras: the picture of chapter 4."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from embedding_core.figures.style import BLUE, PALE, QUIET, VERMILLION, arrow, cell, drawing, styled
from embedding_core.keras_bridge import Operation

_BOX, _GAP, _LANE = 1.55, 0.5, 0.95


@styled
def path(lanes: Mapping[str, Sequence[Operation]]) -> Figure:
    """Draw the operations that inputs of several dtypes went through.

    Parameters
    ----------
    lanes
        The operations as `keras_bridge.operations` recorded them, by the input's dtype.

    Returns
    -------
    matplotlib.figure.Figure
        A lane for each dtype, a box for each operation with what came out of it.
    """
    longest = max(len(steps) for steps in lanes.values())
    figure, axes = drawing((longest + 1) * (_BOX + _GAP), _LANE * len(lanes) + 0.1)
    for n, (dtype, steps) in enumerate(lanes.items()):
        y = _LANE * (len(lanes) - n) - 0.7
        cell(axes, 0.05, y, _BOX - 0.2, 0.5, f"ids\n{dtype}", facecolor=PALE)
        # Lanes end together, so that the same operation stands below itself.
        first = longest - len(steps) + 1
        before = _BOX - 0.15
        for k, step in enumerate(steps, first):
            x = k * (_BOX + _GAP) - 0.25
            edge = VERMILLION if step.name == "take" else QUIET
            cell(
                axes,
                x,
                y,
                _BOX + 0.15,
                0.5,
                f"{step.name}\n{step.output}",
                edgecolor=edge,
                linewidth=1.8 if step.name == "take" else 0.8,
            )
            arrow(axes, (before, y + 0.25), (x, y + 0.25), BLUE)
            before = x + _BOX + 0.15
    return figure
