"""Rows in the pages of a file, and the holes between them: a picture of chapter 14."""

from collections.abc import Collection

from matplotlib.figure import Figure

from embedding_core.lessons.figures.style import BLUE, INK, QUIET, VERMILLION, cell, drawing, styled


@styled
def pages(rows: int, per_page: int, written: Collection[int], touched: Collection[int]) -> Figure:
    """Draw a table's file: its pages, the rows in them, and the bitmap.

    Parameters
    ----------
    rows
        Of the table; they should be few.
    per_page
        Rows in a page.
    written
        Rows that the file holds.
    touched
        Of these, the rows of the last step.

    Returns
    -------
    matplotlib.figure.Figure
        One column a page. A row that is written is filled, and outlined boldly when the last
        step touched it; a page without one is a hole, dashed. Below, the bits.
    """
    count = -(-rows // per_page)
    width, height, gap = 0.62, 0.3, 0.16
    left, bottom = 1.0, 1.0
    top = bottom + per_page * height
    figure, axes = drawing(left + count * (width + gap), top + 0.75)
    axes.text(0, top + 0.35, "pages", size=9, color=QUIET)
    axes.text(0, bottom + per_page * height / 2, "rows", size=9, color=QUIET, va="center")
    axes.text(0, 0.4, "bitmap", size=9, color=QUIET, va="center")
    for page in range(count):
        x = left + page * (width + gap)
        here = range(page * per_page, min(rows, (page + 1) * per_page))
        held = any(row in written for row in here)
        axes.text(
            x + width / 2,
            top + 0.35,
            "held" if held else "hole",
            ha="center",
            size=8,
            color=INK if held else QUIET,
        )
        for k, row in enumerate(here):
            y = top - (k + 1) * height
            style = _look(row in written, row in touched, held)
            cell(axes, x, y, width, height, str(row), **style)
        bits = "".join("1" if row in written else "0" for row in here)
        cell(axes, x, 0.25, width, height, bits, size=8)
    return figure


def _look(written: bool, touched: bool, held: bool) -> dict[str, object]:
    if touched:
        return {"facecolor": BLUE, "edgecolor": VERMILLION, "linewidth": 2.2, "color": "white"}
    if written:
        return {"facecolor": BLUE, "color": "white"}
    return {"linestyle": "-" if held else ":", "color": QUIET}
