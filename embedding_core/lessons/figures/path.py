"""One id's way through Keras: the picture of chapter 4."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from embedding_core.keras_bridge import Operation
from embedding_core.lessons.figures.style import (
    BLUE,
    PALE,
    QUIET,
    VERMILLION,
    arrow,
    cell,
    drawing,
    styled,
)

_BOX, _HIGH, _GAP, _LANE = 0.95, 0.62, 0.32, 0.9


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
    figure, axes = drawing((longest + 1) * (_BOX + _GAP) - 0.45, _LANE * len(lanes))
    for n, (dtype, steps) in enumerate(lanes.items()):
        y = _LANE * (len(lanes) - n) - 0.76
        cell(axes, 0.05, y, _BOX - 0.2, _HIGH, f"ids\n{dtype}", facecolor=PALE)
        # Lanes end together, so that the same operation stands below itself.
        first = longest - len(steps) + 1
        before = _BOX - 0.15
        for k, step in enumerate(steps, first):
            x = k * (_BOX + _GAP) - 0.25
            dtype_over_shape = step.output.replace("[", "\n[")
            edge = VERMILLION if step.name == "take" else QUIET
            cell(
                axes,
                x,
                y,
                _BOX + 0.05,
                _HIGH,
                f"{step.name}\n{dtype_over_shape}",
                edgecolor=edge,
                linewidth=1.8 if step.name == "take" else 0.8,
            )
            arrow(axes, (before, y + _HIGH / 2), (x, y + _HIGH / 2), BLUE)
            before = x + _BOX + 0.05
    return figure
