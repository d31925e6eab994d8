"""The thread as it stands, with who contradicts whom: the picture of chapter 1."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from embedding_core.lessons.figures.style import BLUE, INK, PALE, QUIET, VERMILLION, drawing, styled

_WIDTH, _SIZE = 4.4, 9.0  # so narrow that a phone shows letters of nine pixels
_INDENT, _BADGE, _CHIP, _ROW, _LANE = 0.28, 0.4, 0.38, 0.27, 0.26
_LETTERS = "abcdefgh"  # one for each quarrel
_LOOKS = (("o", BLUE, BLUE), ("s", VERMILLION, "white"))  # marker, edge and face of each side


class Statement(Protocol):
    """What the map shows of a claim."""

    @property
    def id(self) -> str:
        """Its name on the map, for example "C17"."""


class Posted(Protocol):
    """What the map shows of a post."""

    @property
    def name(self) -> str:
        """What a question or an answer is called."""

    @property
    def author(self) -> str:
        """What a comment is called."""

    @property
    def votes(self) -> int:
        """How many voted for it."""

    @property
    def under(self) -> object:
        """What a comment stands under; None for the others."""


Quarrels = Sequence[tuple[Sequence[Statement], Sequence[Statement]]]


@styled
def thread_map(said: Mapping[Posted, Sequence[Statement]], quarrels: Quarrels) -> Figure:
    """Draw every post with its votes and claims, and beside them who quarrels with whom.

    Parameters
    ----------
    said
        The posts, from the top of the page to its end, with what each claims. A comment stands
        behind what it is under.
    quarrels
        The claims of the one side and of the other; at most eight quarrels.

    Returns
    -------
    matplotlib.figure.Figure
        Each quarrel is a line of its own beside the posts: a filled circle for a post on the one
        side, an open square for one on the other.
    """
    lanes = [_WIDTH - 0.15 - _LANE * k for k in reversed(range(len(quarrels)))]
    heights = [_height(post, claims, lanes) for post, claims in said.items()]
    figure, axes = drawing(_WIDTH, sum(heights) + 0.85 + 0.22 * len(quarrels))
    top = y = axes.get_ylim()[1] - 0.3
    contested = {claim.id for quarrel in quarrels for side in quarrel for claim in side}
    for (post, claims), height in zip(said.items(), heights, strict=True):
        _post(axes, y, post, claims, contested, lanes)
        for x, quarrel in zip(lanes, quarrels, strict=True):
            for look, side in zip(_LOOKS, quarrel, strict=True):
                if {claim.id for claim in side} & {claim.id for claim in claims}:
                    _mark(axes, x, y - 0.13, look)
        y -= height
    for letter, x in zip(_LETTERS, lanes, strict=False):
        axes.plot([x, x], [y + 0.1, top], color=PALE, linewidth=3, zorder=1)
        _write(axes, x, top + 0.12, letter, INK, bold=True)
    _legend(axes, y, quarrels)
    return figure


def _mark(axes: Axes, x: float, y: float, look: tuple[str, str, str]) -> None:
    marker, edge, face = look
    axes.plot(x, y, marker, color=edge, markerfacecolor=face, markersize=7, zorder=3)


def _left(post: Posted) -> float:
    return 0.05 + (0 if post.under is None else _INDENT)


def _in_a_row(post: Posted, lanes: Sequence[float]) -> int:
    end = min(lanes, default=_WIDTH) - 0.2
    return int((end - _left(post) - _BADGE - 0.08) / (_CHIP + 0.03))


def _height(post: Posted, claims: Sequence[Statement], lanes: Sequence[float]) -> float:
    return 0.27 + _ROW * -(-len(claims) // _in_a_row(post, lanes)) + 0.1


def _post(
    axes: Axes,
    y: float,
    post: Posted,
    claims: Sequence[Statement],
    contested: set[str],
    lanes: Sequence[float],
) -> None:
    """Draw a post from `y` downwards: its votes, its name, its claims."""
    x, main = _left(post), post.under is None
    _box(axes, x, y - 0.25, _BADGE, 0.24, INK if main else "white", INK if main else QUIET)
    _write(axes, x + _BADGE / 2, y - 0.135, str(post.votes), "white" if main else INK, bold=True)
    left, weight = x + _BADGE + 0.08, "bold" if main else "normal"
    name = post.name if main else post.author
    axes.text(left, y - 0.135, name, va="center", size=_SIZE, weight=weight)
    for k, claim in enumerate(claims):
        row, column = divmod(k, _in_a_row(post, lanes))
        at = left + column * (_CHIP + 0.03), y - 0.27 - (row + 1) * _ROW + 0.02
        loud = claim.id in contested
        _box(axes, *at, _CHIP, _ROW - 0.05, "white" if loud else PALE, INK if loud else PALE)
        middle = at[0] + _CHIP / 2, at[1] + (_ROW - 0.05) / 2
        _write(axes, *middle, claim.id, INK if loud else QUIET)


def _write(axes: Axes, x: float, y: float, text: str, color: str, bold: bool = False) -> None:
    weight = "bold" if bold else "normal"
    axes.text(x, y, text, ha="center", va="center", color=color, size=_SIZE, weight=weight)


def _box(axes: Axes, x: float, y: float, width: float, height: float, face: str, edge: str) -> None:
    rounded = "round,pad=0,rounding_size=0.05"
    box = FancyBboxPatch(
        (x, y), width, height, boxstyle=rounded, linewidth=0.8, facecolor=face, edgecolor=edge
    )
    axes.add_patch(box)


def _legend(axes: Axes, y: float, quarrels: Quarrels) -> None:
    y -= 0.1
    axes.text(0.05, y - 0.05, "who contradicts whom", va="center", weight="bold", size=_SIZE)
    for k, (letter, quarrel) in enumerate(zip(_LETTERS, quarrels, strict=False)):
        line = y - 0.3 - 0.22 * k
        _write(axes, 0.1, line, letter, INK, bold=True)
        for x, look, side in zip((0.35, 2.1), _LOOKS, quarrel, strict=True):
            _mark(axes, x, line, look)
            axes.text(x + 0.14, line, " ".join(c.id for c in side), va="center", size=_SIZE)
