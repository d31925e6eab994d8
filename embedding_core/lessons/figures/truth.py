"""Votes and truth: how right each post of the thread was, beside how many voted for it."""

from collections.abc import Sequence
from typing import Protocol

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.pyplot import subplots

from embedding_core.lessons.figures.style import BLUE, GREEN, INK, PALE, VERMILLION, styled
from embedding_core.lessons.figures.thread import Posted

_LOOKS = {
    "question": ("D", VERMILLION, 15),
    "answers": ("o", BLUE, 17),
    "comments": ("^", GREEN, 6),
}


class Scored(Protocol):
    """What the picture shows of a post."""

    @property
    def post(self) -> Posted:
        """The post, with its votes."""

    def share(self, half: float = 0.5) -> float:
        """How much of it is right, if what is partly right counts so much."""


@styled
def votes_and_truth(scored: Sequence[Scored]) -> Figure:
    """Draw for every post the share of its claims that is right, against its votes.

    Parameters
    ----------
    scored
        From the top of the page to its end.

    Returns
    -------
    matplotlib.figure.Figure
        A mark where claims that are partly right count a half; a bar from where they count
        nothing to where they count one. Every number of votes is a column of the same width,
        because the rank correlation knows no more than their order; posts with the same votes
        stand side by side in it.
    """
    figure, axes = subplots(figsize=(4.4, 4.4))
    columns = sorted({score.post.votes for score in scored})
    for column, votes in enumerate(columns):
        axes.axvspan(
            column - 0.5, column + 0.5, color=PALE if column % 2 else "white", alpha=0.5, zorder=0
        )
        together = [score for score in scored if score.post.votes == votes]
        for k, score in enumerate(together):
            _mark(axes, column + 0.28 * (k - (len(together) - 1) / 2), score)
    axes.set_xticks(range(len(columns)), [str(votes) for votes in columns])
    axes.set(xlabel="votes", ylabel="right, in % of what can be checked", ylim=(-7, 107))
    axes.set(xlim=(-0.5, len(columns) - 0.5))
    axes.grid(visible=False, axis="x")
    axes.tick_params(labelsize=9)
    for name, (marker, color, _) in _LOOKS.items():
        face = color if name == "comments" else "white"
        axes.plot([], [], marker, color=color, markerfacecolor=face, markersize=7, label=name)
    figure.legend(loc="outside upper center", ncols=3, fontsize=9, handletextpad=0.1)
    return figure


def _mark(axes: Axes, x: float, score: Scored) -> None:
    """Draw one post: its bar, its mark, and in the marks of the large ones what they are."""
    kind = _kind(score.post)
    marker, color, size = _LOOKS[kind]
    low, middle, high = (100 * score.share(half) for half in (0.0, 0.5, 1.0))
    axes.plot([x, x], [low, high], color=color, linewidth=1.6, solid_capstyle="butt", zorder=2)
    face = color if kind == "comments" else "white"
    axes.plot(
        x, middle, marker, color=color, markerfacecolor=face, markersize=size, zorder=4, label="_"
    )
    if kind != "comments":
        name = "Q" if kind == "question" else score.post.name.removeprefix("answer ")
        axes.text(
            x, middle, name, ha="center", va="center", size=9, color=INK, weight="bold", zorder=5
        )


def _kind(post: Posted) -> str:
    if post.under is not None:
        return "comments"
    return "question" if "question" in post.name else "answers"
