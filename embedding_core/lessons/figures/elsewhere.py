"""Libraries and cases: what came of each, as a sign and a colour; the picture of chapter 15."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from embedding_core.lessons.figures.style import (
    BLUE,
    INK,
    PALE,
    PALE_BLUE,
    PALE_VERMILLION,
    QUIET,
    RUST,
    cell,
    drawing,
    styled,
)

# Kind of an answer: its sign, its ground, the colour of the sign, and what the legend says.
_LOOKS = {
    "right": ("✓", PALE_BLUE, INK, "the right row or number"),
    "refused": ("!", BLUE, "white", "an error"),
    "marked": ("0", PALE_VERMILLION, INK, "NaN or zeros"),
    "other": ("×", RUST, "white", "another row or number"),
    "own": ("~", PALE, INK, "a choice of its own"),
    "undefined": ("?", INK, "white", "undefined, not run"),
    "not offered": ("·", "white", QUIET, "not offered"),
}
_SIDE = 0.162  # of a cell, in inches
_LEFT = 1.62  # for the libraries' names
_LETTER = 0.083  # of a case's name, which stands upright
_SIZE = 9.0


class Asked(Protocol):
    """A case, as the picture needs it."""

    @property
    def id(self) -> str:
        """Its short name."""

    def kind(self, seen: str) -> str:
        """Say what an answer is worth."""


@styled
def elsewhere(answers: Mapping[str, Mapping[str, str]], cases: Sequence[Asked]) -> Figure:
    """Draw a row for each library and a column for each case.

    Parameters
    ----------
    answers
        In words, by library and by the case's id.
    cases
        The columns.

    Returns
    -------
    matplotlib.figure.Figure
        In each cell a sign for what came of the case, on the colour of its kind; below, what the
        signs mean.

    Raises
    ------
    KeyError
        A library has no answer to one of the cases.
    """
    width = _LEFT + len(cases) * _SIDE + 0.05
    legend = 0.2 * ((len(_LOOKS) + 1) // 2) + 0.2
    top = legend + len(answers) * _SIDE
    longest = max(len(case.id) for case in cases)
    figure, axes = drawing(max(width, 4.4), top + 0.1 + longest * _LETTER)
    for column, case in enumerate(cases):
        x = _LEFT + (column + 0.5) * _SIDE
        axes.text(x, top + 0.06, case.id, rotation=90, ha="center", va="bottom", size=_SIZE)
    for row, (library, seen) in enumerate(answers.items()):
        y = top - (row + 1) * _SIDE
        axes.text(_LEFT - 0.06, y + _SIDE / 2, library, ha="right", va="center", size=_SIZE)
        for column, case in enumerate(cases):
            _sign(axes, _LEFT + column * _SIDE, y, case.kind(seen[case.id]))
    for place, (kind, (*_, words)) in enumerate(_LOOKS.items()):
        x, y = 0.1 + 2.2 * (place % 2), legend - 0.32 - 0.2 * (place // 2)
        _sign(axes, x, y, kind)
        axes.text(x + 0.24, y + _SIDE / 2, words, va="center", size=_SIZE)
    return figure


def _sign(axes: Axes, x: float, y: float, kind: str) -> None:
    sign, ground, color, _ = _LOOKS[kind]
    style = {"facecolor": ground, "edgecolor": "white", "linewidth": 0.8}
    cell(axes, x, y, _SIDE, _SIDE, sign, color=color, size=_SIZE, **style)
