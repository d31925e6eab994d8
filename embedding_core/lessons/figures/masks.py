"""A mask travelling through layers, and getting lost: a picture of chapter 5."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from embedding_core.keras_bridge import Stop
from embedding_core.lessons.figures.style import (
    BLUE,
    INK,
    PALE,
    PALE_BLUE,
    PALE_VERMILLION,
    QUIET,
    RUST,
    arrow,
    cell,
    drawing,
    styled,
)

_W, _H, _STEP, _GAP = 0.52, 0.32, 1.12, 0.12
_WORD = PALE_BLUE
_LOST = PALE_VERMILLION


@styled
def mask_journey(ids: Sequence[int], lanes: Mapping[str, Sequence[Stop]]) -> Figure:
    """Draw what each layer returns for one sentence, and the mask it hands on.

    Parameters
    ----------
    ids
        The sentence, padded.
    lanes
        By title: the stops that `keras_bridge.mask_journey` wrote down for this sentence alone,
        through layers of one number for each position.

    Returns
    -------
    matplotlib.figure.Figure
        A column for each lane, read downwards. A position's box holds its number; below it
        stands the mask that goes on to the next layer.
    """
    stops = max(len(lane) for lane in lanes.values())
    width = max(len(ids) * _W, 2.15)
    height = _STEP * (stops + 1) - 0.2
    figure, axes = drawing(len(lanes) * (width + _GAP), height)
    for n, (title, lane) in enumerate(lanes.items()):
        x = n * (width + _GAP) + _GAP / 2
        y = height - 0.2
        axes.text(x, y, title, weight="bold", va="center")
        y -= 0.3 + _H
        axes.text(x, y + _H + 0.12, "ids", color=QUIET, va="center", size=9)
        _row(axes, x, y, [str(i) for i in ids], PALE)
        before: NDArray[np.bool_] | None = np.ones(len(ids), bool)
        for stop in lane:
            arrow(axes, (x + 0.12, y - 0.36), (x + 0.12, y - 0.62), QUIET)
            y -= _STEP
            color = RUST if stop.mask is None and before is not None and _steps(stop) else INK
            axes.text(x + 0.25, y + _H + 0.14, stop.layer, color=color, va="center", size=9)
            _numbers(axes, x, y, stop)
            before = stop.mask
    return figure


def _steps(stop: Stop) -> bool:
    """Say whether the outputs, (batch, steps, 1), still have positions to be masked."""
    return stop.outputs.ndim == 3


def _numbers(axes: Axes, x: float, y: float, stop: Stop) -> None:
    numbers = [f"{number:g}" for number in stop.outputs.ravel()]
    if not _steps(stop):
        _row(axes, x, y, numbers, "white")
        return
    _row(axes, x, y, numbers, _LOST if stop.mask is None else _WORD)
    if stop.mask is None:
        axes.text(x, y - 0.15, "no mask", color=RUST, va="center", size=9, weight="bold")
        return
    for k, counts in enumerate(stop.mask.ravel().tolist()):
        if not counts:  # padding: paler, and crossed out
            cell(axes, x + k * _W, y, _W, _H, numbers[k], facecolor=PALE, color=QUIET)
            axes.plot([x + k * _W, x + (k + 1) * _W], [y, y + _H], color=QUIET, linewidth=0.8)
        sign = "word" if counts else "pad"
        color = BLUE if counts else QUIET
        axes.text(x + (k + 0.5) * _W, y - 0.15, sign, color=color, ha="center", va="center", size=9)


def _row(axes: Axes, x: float, y: float, texts: Sequence[str], color: str) -> None:
    for k, text in enumerate(texts):
        cell(axes, x + k * _W, y, _W, _H, text, facecolor=color)
