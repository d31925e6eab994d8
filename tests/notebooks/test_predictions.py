"""tools/predictions.py: what has been read on the left, what is asked on the right."""

import json
import re
from pathlib import Path

from tools import predictions

BOOK = Path(__file__).parents[2] / "book"
CELLS = [
    {
        "cell_type": "markdown",
        "metadata": {},
        "source": [
            "# Rows\n\nProse, # no heading.\n\n",
            ":::{admonition} Predict\n:class: predict\nWhich row?\nAnd why?\n:::\n\n## Columns",
        ],
    },
    {
        "cell_type": "code",
        "metadata": {"mystnb": {"figure": {"caption": "Row 2.", "name": "fig-row"}}},
        "source": ["# a comment"],
    },
    {
        "cell_type": "markdown",
        "metadata": {},
        "source": ["::::{admonition} Predict\n:class: predict\nHow wide?\n::::"],
    },
]


def test_headings_captions_and_questions_are_found_in_order():
    assert [*predictions.found(CELLS)] == [
        ("heading", "# Rows"),
        ("predict", "Which row? And why?"),
        ("heading", "## Columns"),
        ("caption", "Row 2."),
        ("predict", "How wide?"),
    ]


def test_questions_stand_on_the_right_of_what_was_read():
    lines = [*predictions.side_by_side(CELLS)]
    assert [line.strip() for line in lines] == [
        "# Rows",
        "? Which row? And why?",
        "## Columns",
        "[figure] Row 2.",
        "? How wide?",
    ]
    assert {len(line) - len(line.lstrip()) for line in lines} == {0, predictions.WIDTH + 2}


def test_no_question_of_the_book_is_passed_over():
    listed = promised = 0
    for path in BOOK.glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        listed += sum(kind == "predict" for kind, _ in predictions.found(cells))
        prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        promised += len(re.findall(r"^:class: .*\bpredict\b", prose, re.MULTILINE))
    assert listed == promised > 0
