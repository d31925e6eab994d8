"""List each chapter's headings, captions and Predict boxes, to see whether one answers another.

    python -m tools.predictions [book/07_gradient.ipynb ...]

A question whose answer stands in the heading above it is none. No program can tell; the eye can,
where the two stand side by side: on the left what a reader has read, on the right what they are
asked.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

ROOT = Path(__file__).parents[1]
WIDTH = 56
READ_OR_ASKED = re.compile(
    r"^(?P<heading>#+ [^\n]+)$"
    r"|^(?P<fence>:{3,})\{admonition\} Predict\n(?::[^\n]*\n)*(?P<asked>.*?)\n(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)


def found(cells: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield, in order, each ``("heading" | "caption" | "predict", its words)``."""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield from in_prose("".join(cell["source"]))
        elif caption := cell["metadata"].get("mystnb", {}).get("figure", {}).get("caption"):
            yield "caption", caption


def in_prose(text: str) -> Iterator[tuple[str, str]]:
    """Yield the headings and the Predict boxes of a cell of prose."""
    for match in READ_OR_ASKED.finditer(text):
        if match["heading"]:
            yield "heading", match["heading"]
        else:
            yield "predict", " ".join(match["asked"].split())


def side_by_side(cells: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the list: what is read on the left, what is asked on the right."""
    for kind, words in found(cells):
        margin = " " * (WIDTH + 2) if kind == "predict" else ""
        mark = {"heading": "", "caption": "[figure] ", "predict": "? "}[kind]
        yield from (margin + line for line in wrap(mark + words, WIDTH))


def main(names: list[str]) -> None:
    """Print the lists of the notebooks named, or of all."""
    for path in map(Path, names) if names else sorted((ROOT / "book").glob("*.ipynb")):
        print(f"{path.stem}\n")
        print(*side_by_side(json.loads(path.read_text("utf-8"))["cells"]), "", sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
