"""The picture of chapter 16: each way out of Keras, and what becomes of an id."""

import html
from collections.abc import Mapping

from embedding_core.ground.recording import Seen

# On a telephone whole words fit beside each other: no table has to be scrolled sideways.
_HEAD = "style='padding: 0.3em 0.25em; text-align: center'"
_CELL = "style='padding: 0.3em 0.25em; text-align: center; white-space: nowrap'"
_NAME = "style='padding: 0.3em 0.25em; text-align: left'"
_SHORT = {"raises": "error", "left out": "left out", "spoils the mean": "NaN"}


class Table:
    """Answers as a table: HTML in a notebook, plain text elsewhere.

    Parameters
    ----------
    seen
        What each way did, by its id.
    cases
        By the id of a case, the head of its column.

    Raises
    ------
    ValueError
        No way, no case, or a case that a way was not asked.
    """

    def __init__(self, seen: Mapping[str, Seen], cases: Mapping[str, str]) -> None:
        if not seen or not cases:
            raise ValueError("a table needs a way and a case at least.")
        for id, one in seen.items():
            missing = [case for case in cases if case not in one.answers]
            if missing:
                raise ValueError(f"{id} was not asked {missing[0]!r}, but {list(one.answers)}.")
        self.head = ["", *cases.values()]
        self.rows = [[s.name, *(_short(s.answers[case]) for case in cases)] for s in seen.values()]

    def __repr__(self) -> str:
        return "\n".join(" | ".join(row) for row in [self.head, *self.rows])

    def _repr_html_(self) -> str:
        head = "".join(
            f"<th {_HEAD} scope='col'>{html.escape(cell)}</th>" for cell in self.head[1:]
        )
        rows = "".join(
            f"<tr><th {_NAME} scope='row'>{html.escape(name)}</th>"
            + "".join(f"<td {_CELL}>{_marked(cell)}</td>" for cell in cells)
            + "</tr>\n"
            for name, *cells in self.rows
        )
        return (
            '<table class="table" style="font-size: 0.85em">\n'
            f"<thead><tr><td></td>{head}</tr></thead>\n"
            f"<tbody>\n{rows}</tbody>\n</table>"
        )


def _short(answer: str) -> str:
    return next((short for begin, short in _SHORT.items() if answer.startswith(begin)), answer)


def _marked(cell: str) -> str:
    """Make bold what is wrong and says nothing: it must be found without a colour."""
    silent = cell == "zeros" or cell == "NaN" or cell.startswith("row")
    return f"<strong>{html.escape(cell)}</strong>" if silent else html.escape(cell)
