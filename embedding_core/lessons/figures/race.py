"""Several ways to do one thing, timed side by side: the picture of chapter 7's last section."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from embedding_core.ground.timing import Timing
from embedding_core.lessons.figures.style import BLUE, QUIET, styled


@styled
def race(timings: Mapping[str, Timing], machine: str) -> Figure:
    """Draw each way's times on one logarithmic scale, the quickest at the top.

    Parameters
    ----------
    timings
        By name, what `timing.measure` gave.
    machine
        Where the times were taken, as `timing.machine` says it.

    Returns
    -------
    matplotlib.figure.Figure
        A dot at each median, a line from the quickest to the slowest round, and the median in
        milliseconds above it.

    Raises
    ------
    ValueError
        There is no way to draw.
    """
    if not timings:
        raise ValueError("a race needs at least one way: received none.")
    order = sorted(timings, key=lambda name: timings[name].median, reverse=True)
    rounds = {len(timing.seconds) for timing in timings.values()}
    figure, axes = plt.subplots(figsize=(4.8, 0.5 * len(order) + 1.4))
    for y, name in enumerate(order):
        timing = timings[name]
        color, marker = (BLUE, "D") if name == order[-1] else (QUIET, "o")
        milliseconds = 1e3 * timing.median
        axes.plot([1e3 * timing.low, 1e3 * timing.high], [y, y], color=color, linewidth=2.5)
        axes.plot([milliseconds], [y], marker, color=color, markersize=7)
        axes.annotate(
            f"{milliseconds:.3g} ms",
            (milliseconds, y),
            (0, 7),
            textcoords="offset points",
            ha="center",
            color=color,
            size=9.5,
        )
    axes.margins(x=0.12)
    counted = "/".join(str(count) for count in sorted(rounds))
    axes.set(
        xscale="log",
        yticks=range(len(order)),
        ylim=(-0.5, len(order) - 0.3),
        xlabel=f"milliseconds: median,\nquickest and slowest of {counted} rounds",
    )
    figure.supxlabel(machine.replace("; ", "\n"), size=9.5, color=QUIET)
    axes.set_yticklabels(order)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.grid(visible=False, axis="y")
    return figure
