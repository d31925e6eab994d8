"""A cell that only draws or only asserts is folded, and no other by mistake."""

import json
from pathlib import Path

import pytest

from tools import folding

NOTEBOOKS = sorted((Path(__file__).parents[2] / "book").glob("*.ipynb"))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_that_only_draw_or_assert_are_folded(notebook):
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    left = ["".join(cell["source"]) for cell in folding.unfolded(cells)]
    assert left == [], "run `python -m tools.folding`"


@pytest.mark.parametrize(
    "source",
    [
        "assert a == b",
        "assert a\n# why\nassert b, 'because'",
        "figures.lookup(words, table, ids)",
        "panel = figures.CostPanel('Memory', 'B')\nfigures.cost(panel)",
        "plt.plot([1, 2])\nplt.xlabel('V');",
        "if host:\n    display(figures.cluster_run(events))",
    ],
)
def test_what_is_folded(source):
    assert folding.to_be_folded(source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# a comment",
        "x = 1\nassert x",
        "table = layer(ids)\nfigures.lookup(words, table, ids)",
        "print(figures)",
        "from embedding_core.lessons import figures",
        "assert a\nfigures.lookup(words, table, ids)",
        "for name in names:\n    assert name",
        "%timeit layer(ids)",
    ],
)
def test_what_is_not(source):
    assert not folding.to_be_folded(source)
