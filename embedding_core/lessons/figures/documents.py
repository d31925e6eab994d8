"""Texts in the space of their words: the picture of chapter 13."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from embedding_core.lessons.figures.style import BLUE, GREEN, INK, PALE, QUIET, VERMILLION, styled

_LOOKS = ((BLUE, "o"), (VERMILLION, "s"), (GREEN, "^"))
# Heights of the sheet between two labels of a column, at least.
_GAP = 0.058


@styled
def documents_among_words(
    words: Mapping[str, ArrayLike],
    documents: Mapping[str, ArrayLike],
    newcomers: Mapping[str, ArrayLike],
) -> Figure:
    """Draw words and texts in the plane that they share.

    Parameters
    ----------
    words
        By word, its vector, shape (2,): drawn as a small cross, named in the margin.
    documents
        By topic, at most three: the vectors of its texts, shape (n, 2).
    newcomers
        By what the text says, the vector of a text that came later, shape (2,): a star.

    Returns
    -------
    matplotlib.figure.Figure
        One square sheet, the origin marked, with a legend of the topics.

    Raises
    ------
    ValueError
        More than three topics, or a vector that is not two numbers.
    """
    if len(documents) > len(_LOOKS):
        raise ValueError(f"at most {len(_LOOKS)} topics can be told apart: {len(documents)} given.")
    places = {word: _in_the_plane(word, vector) for word, vector in words.items()}
    groups = {
        name: np.stack([_in_the_plane(name, v) for v in np.asarray(group)])
        for name, group in documents.items()
    }
    late = {name: _in_the_plane(name, vector) for name, vector in newcomers.items()}
    figure, axes = plt.subplots(figsize=(4.9, 4.0))
    far = 1.15 * np.abs([*places.values(), *late.values(), *np.concatenate([*groups.values()])])
    axes.set(xlim=np.array([-1.6, 1.6]) * far.max(), ylim=np.array([-1, 1]) * far.max())
    axes.set_aspect("equal")
    axes.axis("off")
    axes.axhline(0, color=PALE, zorder=0)
    axes.axvline(0, color=PALE, zorder=0)
    for side in (-1, 1):
        _name_in_margin(axes, {w: p for w, p in places.items() if (p[0] < 0) == (side < 0)}, side)
    for (name, group), (color, marker) in zip(groups.items(), _LOOKS, strict=False):
        axes.plot(*group.T, marker, color=color, markersize=8, alpha=0.75, label=name)
    for name, place in late.items():
        axes.plot(*place, "*", color=INK, markersize=15, zorder=3)
        axes.annotate(
            name,
            (place[0], place[1]),
            (0, -14),
            textcoords="offset points",
            ha="center",
            fontsize=9.5,
        )
    axes.legend(loc="lower center", ncols=3, bbox_to_anchor=(0.5, -0.04))
    return figure


def _in_the_plane(name: str, vector: ArrayLike) -> NDArray[np.floating]:
    place = np.asarray(vector, "float64")
    if place.shape != (2,):
        raise ValueError(f"{name} must have a vector of two numbers: received shape {place.shape}.")
    return place


def _name_in_margin(axes: Axes, places: Mapping[str, NDArray[np.floating]], side: int) -> None:
    """Write the words of one half in a column beside it, each joined to its cross."""
    edge, height = axes.get_xlim()[1] * 0.8, axes.get_ylim()[1] * 2
    names = sorted(places, key=lambda word: float(places[word][1]))
    for name, y in zip(names, _apart([places[n][1] for n in names], _GAP * height), strict=True):
        x = places[name]
        axes.plot([x[0], side * edge], [x[1], y], color=QUIET, linewidth=0.5, zorder=1)
        axes.plot(*x, "x", color=INK, markersize=5, zorder=2)
        align = "left" if side > 0 else "right"
        axes.text(side * edge * 1.02, y, name, ha=align, va="center", fontsize=9.5)


def _apart(wanted: Sequence[float], gap: float) -> NDArray[np.floating]:
    """Move ascending heights apart until none is nearer than `gap` to the next."""
    heights = np.array(wanted, "float64")
    steps = gap * np.arange(heights.size)
    # Pushed up from below and down from above, the mean of both leaves the middle in place.
    up = np.maximum.accumulate(heights - steps) + steps
    down = np.minimum.accumulate((heights - steps)[::-1])[::-1] + steps
    return np.asarray((up + down) / 2)
