"""The thread as a map of claims: the picture of chapter 1."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from embedding_core.lessons.figures.style import BLUE, INK, PALE, QUIET, VERMILLION, drawing, styled

_CARD, _BETWEEN, _LINE, _GAP = 1.92, 0.62, 0.165, 0.1
_CHIP, _ROW, _IN_A_ROW = 0.36, 0.305, 5
_LETTERS = 24  # of a statement that fit into a card's line
_SIZE = 9.0


class Statement(Protocol):
    """What the map shows of a claim."""

    @property
    def id(self) -> str:
        """Its name on the map, for example "C17"."""

    @property
    def number(self) -> int:
        """Its place among the claims."""

    @property
    def statement(self) -> str:
        """What is claimed."""


Pairs = Sequence[tuple[Statement, Statement]]


@styled
def thread_map(
    left: Mapping[str, Sequence[Statement]],
    right: Mapping[str, Sequence[Statement]],
    contradictions: Pairs,
) -> Figure:
    """Draw every claim beneath who made it, and a line between any two that contradict each other.

    Parameters
    ----------
    left, right
        What each voice of the thread claims, for the two sides of the map.
    contradictions
        Pairs of these claims that cannot both be held.

    Returns
    -------
    matplotlib.figure.Figure
        A contested claim is a card with its statement, every other one a chip with its id.
    """
    contested = {entry.id for pair in contradictions for entry in pair}
    heights = [sum(_height(c, contested) for c in side.values()) for side in (left, right)]
    figure, axes = drawing(2 * _CARD + _BETWEEN + 0.1, max(heights[0] + 0.9, heights[1]))
    ends: dict[str, tuple[float, float]] = {}
    for side, x in ((left, 0.05), (right, 0.05 + _CARD + _BETWEEN)):
        y = axes.get_ylim()[1]
        for name, claims in side.items():
            ordered = _near_their_opponents(claims, contradictions, ends)
            middles, y = _group(axes, x, y, name, ordered, contested)
            edge = x + _CARD if side is left else x
            ends |= {id: (edge, middle) for id, middle in middles.items()}
    for a, b in contradictions:
        _quarrel(axes, ends[a.id], ends[b.id], towards=1 if ends[a.id][0] < 0.1 + _CARD else -1)
    _legend(axes)
    return figure


def _height(claims: Iterable[Statement], contested: set[str]) -> float:
    cards = [entry for entry in claims if entry.id in contested]
    chips = [entry for entry in claims if entry.id not in contested]
    rows = -(-len(chips) // _IN_A_ROW)
    return 0.3 + sum(_card_height(c) + _GAP for c in cards) + rows * _ROW + 0.22


def _card_height(entry: Statement) -> float:
    return _LINE * (1 + len(wrap(entry.statement, _LETTERS))) + 0.1


def _near_their_opponents(
    claims: Sequence[Statement], contradictions: Pairs, ends: Mapping[str, tuple[float, float]]
) -> list[Statement]:
    """Put claims at the height of those they contradict, as far as these are drawn already."""

    def height(entry: Statement) -> float:
        other = [
            a if b.id == entry.id else b for a, b in contradictions if entry.id in (a.id, b.id)
        ]
        drawn = [ends[o.id][1] for o in other if o.id in ends]
        return sum(drawn) / len(drawn) if drawn else 0.0

    return sorted(claims, key=lambda entry: (-height(entry), entry.number))


def _group(
    axes: Axes, x: float, y: float, name: str, claims: Sequence[Statement], contested: set[str]
) -> tuple[dict[str, float], float]:
    """Draw what one voice said, from `y` downwards; return the cards' middles and the end."""
    middles = {}
    axes.text(x, y - 0.13, name, weight="bold", va="center", size=10)
    y -= 0.3
    for entry in claims:
        if entry.id in contested:
            y -= _card_height(entry)
            _card(axes, x, y, entry)
            middles[entry.id] = y + _card_height(entry) / 2
            y -= _GAP
    chips = sorted((e for e in claims if e.id not in contested), key=lambda e: e.number)
    for k, entry in enumerate(chips):
        row, column = divmod(k, _IN_A_ROW)
        _chip(axes, x + column * (_CHIP + 0.03), y - (row + 1) * _ROW + 0.06, entry.id)
    return middles, y - -(-len(chips) // _IN_A_ROW) * _ROW - 0.22


def _chip(axes: Axes, x: float, y: float, text: str) -> None:
    _box(axes, (x, y), _CHIP, _ROW - 0.06, PALE, PALE)
    middle = x + _CHIP / 2, y + _ROW / 2 - 0.03
    axes.text(*middle, text, color=QUIET, ha="center", va="center", size=_SIZE)


def _card(axes: Axes, x: float, y: float, entry: Statement) -> None:
    top = y + _card_height(entry) - 0.05 - _LINE / 2
    _box(axes, (x, y), _CARD, _card_height(entry), "white", QUIET)
    axes.text(x + 0.08, top, entry.id, color=BLUE, weight="bold", va="center", size=_SIZE)
    for k, line in enumerate(wrap(entry.statement, _LETTERS), 1):
        axes.text(x + 0.08, top - k * _LINE, line, color=INK, va="center", size=_SIZE)


def _box(
    axes: Axes, at: tuple[float, float], width: float, height: float, face: str, edge: str
) -> None:
    rounded = "round,pad=0,rounding_size=0.05"
    box = FancyBboxPatch(
        at, width, height, boxstyle=rounded, linewidth=0.8, facecolor=face, edgecolor=edge
    )
    axes.add_patch(box)


def _quarrel(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], towards: int
) -> None:
    """Draw a line through the space between the two sides, and nowhere else."""
    bend = 0.0
    if start[0] == end[0]:  # an arc into the space, as deep for near cards as for far ones
        bend = -towards * 0.75 * _BETWEEN / (start[1] - end[1])
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-",
            connectionstyle=f"arc3,rad={bend}",
            color=VERMILLION,
            linewidth=1.3,
            shrinkA=0,
            shrinkB=0,
            alpha=0.85,
        )
    )
    for x, y in (start, end):
        axes.plot(x, y, "o", color=VERMILLION, markersize=3.5)


def _legend(axes: Axes) -> None:
    axes.plot([0.05, 0.05 + _CHIP], [0.62, 0.62], "o-", color=VERMILLION, markersize=3.5)
    axes.text(0.12 + _CHIP, 0.62, "contradict each other", color=INK, va="center", size=_SIZE)
    _chip(axes, 0.05, 0.22, "C…")
    axes.text(0.12 + _CHIP, 0.34, "contested by nobody", color=INK, va="center", size=_SIZE)
