"""Words that share an id, against the size of the table: a picture of chapter 5."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from embedding_core.lessons.figures.style import BLUE, INK, QUIET, RUST, VERMILLION, styled
from embedding_core.text import expected_pairs


@styled
def collisions(measured: Mapping[int, Sequence[int]], words: int) -> Figure:
    """Draw how many pairs of words share an id, measured and expected.

    Parameters
    ----------
    measured
        By size of the table: the pairs counted, one number for each hash function.
    words
        How many words were hashed.

    Returns
    -------
    matplotlib.figure.Figure
        A circle for each count, the average that chance alone would give as a line, and the
        table with as many rows as words marked. Both axes are logarithmic, but for counts
        below 1, where the upright axis is linear down to 0.
    """
    sizes = np.array(sorted(measured))
    figure, axes = plt.subplots(figsize=(4.8, 3.9))
    along = np.geomspace(sizes[0] / 1.6, sizes[-1] * 1.6, 200)
    expected = [expected_pairs(words, max(2, round(n))) for n in along]
    axes.plot(along, expected, color=VERMILLION, linewidth=1.6, zorder=1)
    for n in sizes.tolist():
        counts = measured[n]
        axes.plot([n] * len(counts), counts, "o", color=BLUE, markersize=5, alpha=0.55, mew=0)
    axes.set_xscale("log")
    axes.set_yscale("symlog", linthresh=1, linscale=0.5)
    axes.set(ylim=(-0.15, 3 * max(expected)), xlim=(along[0], along[-1]))
    ticks = [0, *(10**k for k in range(len(str(int(max(expected))))))]
    axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.axvline(words, color=QUIET, linewidth=1, linestyle="--")
    axes.text(words * 1.12, 0.1, "as many rows\nas words", color=QUIET, size=9.5, va="bottom")
    middle = round(float(np.sqrt(sizes[0] * sizes[-1])))
    axes.text(
        middle * 1.3,
        expected_pairs(words, middle) * 1.3,
        "line: chance alone",
        color=RUST,
        size=9.5,
        va="bottom",
    )
    axes.text(
        middle * 1.3,
        expected_pairs(words, middle) * 5,
        f"circles: {max(map(len, measured.values()))} hash functions",
        color=BLUE,
        size=9.5,
        va="bottom",
    )
    axes.set_xlabel("rows of the table", color=INK)
    axes.set_ylabel("pairs of words with one id", color=INK)
    return figure
