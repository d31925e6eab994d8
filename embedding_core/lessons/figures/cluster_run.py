"""A training on a cluster and what happened to it: a picture of chapter 18."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.pyplot import subplots

from embedding_core.lessons.figures.style import GREEN, QUIET, VERMILLION, styled

_DONE = {"ready", "steps", "finished"}


@styled
def cluster_run(events: Sequence[Mapping[str, Any]]) -> Figure:
    """Draw the steps done against the time, and each fault with what was done about it.

    Parameters
    ----------
    events
        Those of `embedding_core.scale.cluster.demo.with_faults`, in their order.

    Returns
    -------
    matplotlib.figure.Figure
        A dot for each time that steps were counted, joined by a line; a line across for each
        fault, each discovery of one and each new beginning, with a number at the top and its
        words below.
    """
    figure, axes = subplots(figsize=(4.9, 4.6))
    done = [event for event in events if event["event"] in _DONE]
    axes.plot([e["seconds"] for e in done], [e["steps"] for e in done], marker="o", markersize=4)
    axes.set(xlabel="seconds since the chief's start", ylabel="steps done")
    top = max(event["steps"] for event in done)
    axes.set_ylim(-0.03 * top, top * 1.16)
    for number, (seconds, words, color) in enumerate(_marks(events), 1):
        line = [0, 1.05 * top]
        axes.plot([seconds] * 2, line, "--", color=color, linewidth=1, label=f"{number} {words}")
        axes.text(seconds, 1.07 * top, str(number), color=color, ha="center")
    axes.legend(loc="upper left", bbox_to_anchor=(-0.1, -0.15))
    return figure


def _marks(events: Sequence[Mapping[str, Any]]) -> list[tuple[float, str, str]]:
    """Return when, what and in which colour; a checkpoint read again at once is marked once."""
    marks: list[tuple[float, str, str]] = []
    lost = False
    for event in events:
        kind, seconds = event["event"], event["seconds"]
        if kind == "fault":
            words = event["what"].replace("ps ", "parameter server ")
            marks.append((seconds, words, VERMILLION))
        elif kind == "silent":
            marks.append((seconds, f"{event['job']} {event['index']} is silent: replaced", QUIET))
        elif kind == "ready" and lost:
            marks.append((seconds, f"checkpoint of step {event['steps']} read", GREEN))
        lost = kind == "lost"
    return [mark for k, mark in enumerate(marks) if k == 0 or mark[1] != marks[k - 1][1]]
