"""A figure shows the data it is given: nbval compares no picture, so these tests do."""

import re
from pathlib import Path

import numpy as np
import pytest

from embedding_core import figures, one_hot
from embedding_core.figures import style
from embedding_core.keras_bridge import Operation
from tools import front_picture

TABLE = np.array([[0.25, -0.5], [1.5, 0.75], [-2.0, 0.0]], "float32")


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def arrows(figure):
    """Where each arrow begins and ends."""
    notes = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]
    return [(note.xyann, note.xy) for note in notes]


def test_lookup_writes_the_table_and_the_rows_that_come_out():
    shown = texts(figures.lookup(["a", "b", "c"], TABLE, [2, 0, 2]))
    numbers = [text for text in shown if re.fullmatch(r"-?\d\.\d\d", text)]
    table = [f"{number:.2f}" for number in TABLE.ravel()]
    output = [f"{number:.2f}" for number in TABLE[[2, 0, 2]].ravel()]
    assert numbers == table + output
    assert [text for text in shown if re.fullmatch(r"\d", text)] == ["2", "0", "2"]


def test_lookup_points_from_each_id_to_its_row_and_on_to_its_copy():
    figure = figures.lookup(["a", "b", "c"], TABLE, [2, 0, 2])
    to_table, to_output = arrows(figure)[::2], arrows(figure)[1::2]
    assert len(to_table) == len(to_output) == 3
    height = {label.get_text(): label.get_position()[1] for label in figure.axes[0].texts}
    for row, (_, end), (start, _) in zip(["c", "a", "c"], to_table, to_output, strict=True):
        label = f"{row}  {'abc'.index(row)}"
        assert end[1] == pytest.approx(height[label])
        assert start[1] == pytest.approx(height[label])


def test_product_counts_what_is_multiplied_by_zero():
    rows = one_hot([2, 0, 2, 1], 3, dense=True)
    shown = texts(figures.product(rows, TABLE))
    assert {"24 multiplications:", "8 by one", "16 by zero"} <= set(shown)


def test_product_lights_the_ones_and_the_rows_they_pick():
    figure = figures.product(one_hot([2, 2], 3, dense=True), TABLE)
    colors = [patch.get_facecolor() for patch in figure.axes[0].patches]
    one, zero = colors[2], colors[0]
    assert one != zero
    assert colors[:6] == [zero, zero, one] * 2
    assert colors[6:12] == [zero] * 4 + [one] * 2
    assert colors[12:] == [one] * 4


def test_life_of_a_weight_draws_the_length_of_each_row_after_each_event():
    tables = [TABLE, 2 * TABLE, TABLE / 4]
    figure = figures.life_of_a_weight(["initializer", "update", "constraint"], tables, limit=1)
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) == 3]
    expected = np.array([[np.sqrt((row**2).sum()) for row in table] for table in tables])
    np.testing.assert_allclose([line.get_ydata() for line in lines], expected.T)
    filled = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == style.BLUE]
    marked = [line.get_xdata()[0] for line in filled if line.get_marker() == "o"]
    assert marked == [2, 2, 2]


def test_path_draws_every_recorded_operation_in_its_lane():
    take, cast = Operation("take", ("t",), "float32[2]"), Operation("cast", ("t",), "int32[2]")
    shown = texts(figures.path({"int64": [take], "uint8": [cast, take]}))
    boxes = [text for text in shown if text]
    first, second = ["ids\nint64"], ["ids\nuint8", "cast\nint32[2]"]
    assert boxes == [*first, "take\nfloat32[2]", *second, "take\nfloat32[2]"]


def test_coasting_draws_each_path_in_the_order_of_its_steps():
    paths = {"all rows": {0: -1.0, 1: -1.5, 2: -1.75}, "owed": {2: -1.75, 0: -1.0}, "lazy": {0: -1}}
    figure = figures.coasting(paths)
    drawn = {line.get_label(): line for line in figure.axes[0].lines}
    for name, path in paths.items():
        steps = sorted(path)
        assert list(drawn[name].get_xdata()) == steps
        assert list(drawn[name].get_ydata()) == [path[step] for step in steps]
    gradient = figure.axes[0].lines[-1]
    assert (list(gradient.get_xdata()), list(gradient.get_ydata())) == ([-1, 0], [0, -1.0])
    looks = {(line.get_linestyle(), line.get_marker()) for line in figure.axes[0].lines}
    assert looks >= {("-", "None"), ("None", "o"), ("--", "None")}, "colour alone would differ"


def test_coasting_refuses_what_could_not_be_told_apart():
    with pytest.raises(ValueError, match="at most 3 paths can be told apart: received 4"):
        figures.coasting({name: {0: 1.0} for name in "abcd"})


def test_learning_curves_draw_the_mean_and_the_range_over_the_seeds():
    seeds = np.array([[0.5, 0.7], [0.6, 0.9]])
    figure = figures.learning_curves(
        {"short": {"ours": seeds, "theirs": seeds[:1]}, "long": {"ours": seeds}},
        {"short": {"floor": 0.4}},
    )
    short, long = figure.axes
    assert [axes.get_title() for axes in figure.axes] == ["short", "long"]
    ours, theirs, floor = short.lines
    np.testing.assert_allclose(ours.get_ydata(), [0.55, 0.8])
    np.testing.assert_allclose(theirs.get_ydata(), [0.5, 0.7])
    assert list(floor.get_ydata()) == [0.4, 0.4]
    assert len(long.lines) == 1
    band = short.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (0.5, 0.9)


def test_a_figure_is_closed_when_it_is_handed_over():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    figures.lookup(["a", "b", "c"], TABLE, [1])
    assert plt.get_fignums() == before


def test_the_front_picture_is_the_one_that_would_be_drawn_now(tmp_path, monkeypatch):
    """Matplotlib writes each text as a comment beside the outlines of its letters."""
    committed = Path(front_picture.FILE).read_text("utf-8")
    monkeypatch.setattr(front_picture, "FILE", tmp_path / "now.svg")
    front_picture.main()
    now = (tmp_path / "now.svg").read_text("utf-8")
    comments = re.findall(r"<!-- (.*?) -->", committed)
    assert "zebra  6" in comments
    assert comments == re.findall(r"<!-- (.*?) -->", now), "run python tools/front_picture.py"
