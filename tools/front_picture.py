"""Draw the picture of the README and the front page, `book/_static/lookup.svg`.

    python tools/front_picture.py

It is chapter 2's, from chapter 2's words and table. `tests/lessons/figures/test_figures.py`
redraws it.
"""

from pathlib import Path

import matplotlib as mpl

from embedding_core.initializers import RandomUniform
from embedding_core.lessons import figures

WORDS = ("film", "plot", "good", "great", "bad", "awful", "zebra")
IDS = (2, 0, 3, 0)
TABLE = RandomUniform(-1, 1, seed=3)((7, 2))
FILE = Path(__file__).parents[1] / "book" / "_static" / "lookup.svg"


def main() -> None:
    """Write the file; a second run writes the same bytes."""
    with mpl.rc_context({"svg.hashsalt": "lookup"}):
        figure = figures.lookup(WORDS, TABLE, IDS)
        figure.savefig(FILE, bbox_inches="tight", metadata={"Date": None})


if __name__ == "__main__":
    main()
