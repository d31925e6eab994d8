"""The nearest neighbours of the same words in several tables: the picture of chapter 11."""

from collections import Counter
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from embedding_core.lessons.figures.style import BLUE, INK, PALE, QUIET, cell, drawing, styled

_WIDTH, _LINE, _GAP, _HEAD, _WORD = 1.4, 0.2, 0.12, 0.4, 0.95


@styled
def neighbours(lists: Mapping[str, Mapping[str, Sequence[str]]]) -> Figure:
    """Write the neighbours of each word side by side, one column for each table.

    Parameters
    ----------
    lists
        By name of the table and then by word: its neighbours there, the nearest first. All
        tables name the same words.

    Returns
    -------
    matplotlib.figure.Figure
        A box for each word in each table. A neighbour that a word has in more than one table is
        bold and blue, with a dot in front of it.

    Raises
    ------
    ValueError
        No table, or tables that do not name the same words.
    """
    words = list(next(iter(lists.values()), {}))
    if not words or any(list(columns) != words for columns in lists.values()):
        received = {table: list(columns) for table, columns in lists.items()}
        raise ValueError(f"each table must name the same words: received {received}.")
    longest = max(len(names) for columns in lists.values() for names in columns.values())
    tall = longest * _LINE + 0.16
    height = _HEAD + len(words) * (tall + _GAP)
    figure, axes = drawing(_WORD + len(lists) * (_WIDTH + _GAP), height)
    for row, word in enumerate(words):
        y = height - _HEAD - (row + 1) * (tall + _GAP) + _GAP
        axes.text(0, y + tall / 2, word, weight="bold", va="center", size=10)
        often = Counter(name for columns in lists.values() for name in set(columns[word]))
        for column, (table, columns) in enumerate(lists.items()):
            x = _WORD + column * (_WIDTH + _GAP)
            if row == 0:
                middle, top = x + _WIDTH / 2, height - _HEAD / 2
                axes.text(middle, top, table, ha="center", va="center", color=QUIET)
            cell(axes, x, y, _WIDTH, tall, "", edgecolor=PALE)
            for line, name in enumerate(columns[word]):
                both = often[name] > 1
                axes.text(
                    x + 0.12,
                    y + tall - 0.08 - (line + 0.5) * _LINE,
                    f"• {name}" if both else f"   {name}",
                    color=BLUE if both else INK,
                    weight="bold" if both else "normal",
                    va="center",
                    size=9,
                )
    return figure
