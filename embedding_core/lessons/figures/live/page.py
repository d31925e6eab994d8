"""How a live figure gets from a cell to a page: as HTML that reads well before any script runs."""

import html
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class LiveFigure:
    """A figure's data, and what it shows in words.

    Parameters
    ----------
    kind
        Which script draws it: the name of a file in `book/_static/live`.
    data
        What JSON can hold. Its "label" names the figure to those who do not see it.
    words
        HTML that says what the figure shows; see `paragraph` and `table`.
    """

    kind: str
    data: Mapping[str, Any]
    words: Sequence[str]

    def __repr__(self) -> str:
        return f"LiveFigure({self.data['label']!r}: it answers on the pages of the built book)"

    def _repr_html_(self) -> str:
        # No "<" in the data could end the script element, and ASCII survives any encoding.
        data = json.dumps(self.data, separators=(",", ":")).replace("<", "\\u003c")
        return (
            f'<div class="live" data-live="{html.escape(self.kind)}">\n'
            f'<script type="application/json">{data}</script>\n'
            "<details open>\n<summary>The same in words</summary>\n"
            + "\n".join(self.words)
            + "\n</details>\n</div>"
        )


def paragraph(text: str) -> str:
    """Write a paragraph.

    Parameters
    ----------
    text
        Plain text; what HTML would take for markup is escaped.

    Returns
    -------
    str
        HTML.
    """
    return f"<p>{html.escape(text)}</p>"


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table.

    Parameters
    ----------
    caption
        What it shows.
    head
        One text for each column. The first column names the rows; its own head may be empty.
    rows
        As many cells in each.

    Returns
    -------
    str
        HTML.
    """
    first, *others = (html.escape(text) for text in head)
    corner = f'<th scope="col">{first}</th>' if first else "<td></td>"
    columns = "".join(f'<th scope="col">{text}</th>' for text in others)
    lines = [
        f'<tr><th scope="row">{html.escape(str(name))}</th>'
        + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in cells)
        + "</tr>"
        for name, *cells in rows
    ]
    return (
        f"<table>\n<caption>{html.escape(caption)}</caption>\n"
        f"<thead><tr>{corner}{columns}</tr></thead>\n<tbody>\n"
        + "\n".join(lines)
        + "\n</tbody>\n</table>"
    )


def numbers(array: ArrayLike) -> Any:
    """Turn an array into lists of numbers that JSON writes with the fewest digits.

    Parameters
    ----------
    array
        Floats of any dtype and shape, finite.

    Returns
    -------
    list
        Nested as the array. Read back in the array's dtype, each number is the one it was.

    Raises
    ------
    ValueError
        NaN or an infinity, which JSON cannot write.
    """
    values = np.asarray(array)
    if not np.isfinite(values).all():
        raise ValueError(f"the page can hold finite numbers only: received {values}.")
    shortest = [float(str(value)) for value in values.ravel()]
    return np.reshape(shortest, values.shape).tolist()


def written(vector: ArrayLike, digits: int = 2) -> str:
    """Write a vector for a reader: (0.25, −0.50).

    Parameters
    ----------
    vector
        Shape (D,).
    digits
        How many behind the point.

    Returns
    -------
    str
        With a minus sign as long as the plus, and no negative zero.
    """
    rounded = np.round(np.asarray(vector, "float64"), digits) + 0.0
    return "(" + ", ".join(f"{number:.{digits}f}" for number in rounded).replace("-", "−") + ")"
