"""What a table's size costs: pictures of chapters 14 and 18."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter

from embedding_core.lessons.figures.style import BLUE, GREEN, QUIET, VERMILLION, styled
from embedding_core.scale.on_paper import Step


@styled
def accuracy_by_rows(measured: Mapping[int, Sequence[float]], columns: int, whole: float) -> Figure:
    """Draw the accuracy of a model whose words share rows, against the rows of its table.

    Parameters
    ----------
    measured
        By number of rows: an accuracy for each way of sharing them out.
    columns
        How many things there are to look up.
    whole
        The accuracy with a row for each of them.

    Returns
    -------
    matplotlib.figure.Figure
        A dot for each, their mean as a line; the table in which nothing shares a row is a mark of
        its own, joined to nothing.
    """
    rows = sorted(measured)
    figure, axes = plt.subplots(figsize=(4.9, 3.6))
    axes.plot(
        rows,
        [np.mean(measured[n]) for n in rows],
        color=BLUE,
        linewidth=1.6,
        label="shared rows, mean",
    )
    for n in rows:
        axes.plot([n] * len(measured[n]), measured[n], "o", color=BLUE, markersize=4, alpha=0.55)
    axes.plot(columns, whole, "D", color=VERMILLION, markersize=6, label="a row for each")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(EngFormatter())
    axes.set(xlabel="rows of the table", ylabel="accuracy on held-out reviews")
    axes.legend(loc="upper left")
    return figure


@styled
def step_by_machines(steps: Mapping[str, Mapping[int, Step]]) -> Figure:
    """Draw how long a step takes with more and more machines: rows, and their journey.

    Parameters
    ----------
    steps
        By name of a network, three at most, and number of machines. The work is the same with
        every network.

    Returns
    -------
    matplotlib.figure.Figure
        The work once, the journey once for each network. Both axes are logarithmic.
    """
    figure, axes = plt.subplots(figsize=(4.9, 3.8))
    axes.set(xscale="log", yscale="log", xlabel="machines", ylabel="seconds for a step")
    axes.yaxis.set_major_formatter(EngFormatter("s"))
    first = next(iter(steps.values()))
    axes.plot(list(first), [step.work for step in first.values()], "o-", color=BLUE, label="rows")
    axes.set_xticks(list(first), [str(machines) for machines in first])
    axes.minorticks_off()
    looks = ((VERMILLION, "s", "-"), (GREEN, "^", "--"), (QUIET, "D", ":"))
    for (name, taken), (color, marker, line) in zip(steps.items(), looks, strict=False):
        travel = [step.travel for step in taken.values()]
        axes.plot(list(taken), travel, line, marker=marker, color=color, label=name)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)
    return figure
