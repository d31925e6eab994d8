"""Learning curves laid over each other: the picture of chapter 10."""

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from embedding_core.lessons.figures.style import BLUE, GREEN, QUIET, VERMILLION, styled

_LINES = ("-", "--", ":", "-.")
_MARKERS = ("o", "s", "^", "D")


@styled
def learning_curves(
    curves: Mapping[str, Mapping[str, Sequence[Sequence[float]]]],
    baselines: Mapping[str, Mapping[str, float]],
) -> Figure:
    """Draw validation accuracy against the epoch, a panel for each data set, one below the other.

    Parameters
    ----------
    curves
        By panel and then by model: one list of accuracies for each seed, equally long.
    baselines
        By panel and then by name: an accuracy to draw as a level line.

    Returns
    -------
    matplotlib.figure.Figure
        The mean over the seeds as a line, smallest to largest as a band.
    """
    names = list(dict.fromkeys(name for panel in baselines.values() for name in panel))
    figure, panels = plt.subplots(len(curves), 1, figsize=(4.8, 3.1 * len(curves)), squeeze=False)
    for axes, (panel, models) in zip(panels[:, 0], curves.items(), strict=True):
        for k, (model, seeds) in enumerate(models.items()):
            runs = np.array(seeds)
            epoch = np.arange(1, runs.shape[1] + 1)
            color = (BLUE, VERMILLION, GREEN)[k]
            axes.fill_between(epoch, runs.min(0), runs.max(0), color=color, alpha=0.18, linewidth=0)
            axes.plot(
                epoch,
                runs.mean(0),
                _LINES[k],
                color=color,
                marker=_MARKERS[k],
                markersize=4,
                markevery=max(1, len(epoch) // 10),
                label=model,
            )
        for name, accuracy in baselines.get(panel, {}).items():
            style = _LINES[2 + names.index(name) % 2]
            axes.axhline(accuracy, color=QUIET, linewidth=1, linestyle=style, label=name)
        axes.set(title=panel, xlabel="epoch", ylabel="validation accuracy")
        axes.xaxis.get_major_locator().set_params(integer=True)  # there is no half epoch
        axes.legend(loc="center right", fontsize=9.5)
    return figure
