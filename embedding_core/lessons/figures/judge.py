"""What a judge of reviews says: how true it is, how it grows, and which words said it."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from embedding_core.lessons.figures.style import BLUE, GREEN, QUIET, VERMILLION, styled

_LOOKS = ((BLUE, "o", "-"), (VERMILLION, "s", "--"), (GREEN, "^", ":"))


class Bins(Protocol):
    """Predictions in bins, as `sentiment.reliability` returns them."""

    @property
    def count(self) -> NDArray[np.int64]:
        """Predictions in each bin."""

    @property
    def said(self) -> NDArray[np.float64]:
        """Their mean."""

    @property
    def was(self) -> NDArray[np.float64]:
        """Share of positive labels among them."""

    @property
    def expected_error(self) -> float:
        """The mean gap between the two."""


@styled
def reliability_diagram(models: Mapping[str, Bins]) -> Figure:
    """Draw how often a model was right against how sure it was.

    Parameters
    ----------
    models
        By name, at most 3.

    Returns
    -------
    matplotlib.figure.Figure
        A point for each bin that is not empty, and the line on which 0.8 is right in 80 %.

    Raises
    ------
    ValueError
        More models than can be told apart.
    """
    _few_enough("models", models)
    figure, axes = plt.subplots(figsize=(4.8, 4.4))
    axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, label="what is said comes true")
    for (name, found), (color, marker, line) in zip(models.items(), _LOOKS, strict=False):
        filled = found.count > 0
        axes.plot(
            found.said[filled],
            found.was[filled],
            line,
            color=color,
            marker=marker,
            markersize=5,
            label=f"{name}: error {found.expected_error:.3f}",
        )
    axes.set(
        xlim=(0, 1),
        ylim=(0, 1),
        xlabel="probability that the film was liked, as said",
        ylabel="share that was liked",
    )
    axes.legend(loc="upper left", fontsize=9.5)
    return figure


@styled
def accuracy_against_size(sizes: Sequence[int], models: Mapping[str, ArrayLike]) -> Figure:
    """Draw accuracy against the number of texts trained on.

    Parameters
    ----------
    sizes
        Numbers of texts.
    models
        By name, at most 3: accuracy, shape (seeds, sizes).

    Returns
    -------
    matplotlib.figure.Figure
        The mean over the seeds as a line, each seed as a dot, smallest to largest as a band.

    Raises
    ------
    ValueError
        More models than can be told apart.
    """
    _few_enough("models", models)
    figure, axes = plt.subplots(figsize=(4.8, 3.8))
    for (name, runs), (color, marker, line) in zip(models.items(), _LOOKS, strict=False):
        accuracy = np.asarray(runs)
        axes.fill_between(sizes, accuracy.min(0), accuracy.max(0), color=color, alpha=0.18, lw=0)
        axes.plot(sizes, accuracy.mean(0), line, color=color, label=name)
        for run in accuracy:
            axes.plot(sizes, run, marker, color=color, markersize=3.5)
    axes.set(xscale="log", xlabel="reviews to learn from", ylabel="accuracy on held-out reviews")
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.legend(loc="lower right")
    return figure


@styled
def votes(strongest: Sequence[tuple[str, float]], rest: float, bias: float) -> Figure:
    """Draw what each word and pair adds to the answer.

    Parameters
    ----------
    strongest
        A word or pair and its amount, from the top to the bottom.
    rest
        What all others add.
    bias
        What is there without a word.

    Returns
    -------
    matplotlib.figure.Figure
        A bar for each, to the right for a liked film, with its amount written out; below them
        the rest, the bias and the sum.
    """
    amounts = [amount for _, amount in strongest] + [rest, bias]
    names = [gram for gram, _ in strongest] + ["all others", "bias", "together"]
    amounts.append(sum(amounts))
    place = np.arange(len(names))
    figure, axes = plt.subplots(figsize=(4.8, 0.6 + 0.27 * len(names)))
    colors = [BLUE if amount > 0 else VERMILLION for amount in amounts]
    bars = axes.barh(place, amounts, color=colors, height=0.7)
    axes.bar_label(bars, [f"{amount:+.2f}" for amount in amounts], padding=3, fontsize=9.5)
    axes.axvline(0, color=QUIET, linewidth=1)
    axes.axhline(len(names) - 1.5, color=QUIET, linewidth=1)
    axes.set_yticks(place, names, parse_math=False)  # a reader may write "$"
    axes.invert_yaxis()
    axes.margins(x=0.22)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("left: disliked, right: liked")
    return figure


def _few_enough(name: str, things: Mapping[str, object]) -> None:
    if len(things) > len(_LOOKS):
        raise ValueError(f"at most {len(_LOOKS)} {name} can be told apart: received {len(things)}")
