"""A figure shows the data it is given: nbval compares no picture, so these tests do."""

import re
from pathlib import Path

import numpy as np
import pytest

from embedding_core import figures, one_hot
from embedding_core.figures import style
from embedding_core.keras_bridge import Operation
from embedding_core.timing import Timing
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


def test_repeated_writes_each_gradient_and_the_sums_of_what_is_reached_again():
    upstream = np.array([[1.0, 0], [0, 1], [5, -0.5]])
    shown = texts(figures.repeated([3, 1, 3], upstream, 5))
    written = [text for text in shown[4:] if text]  # after the titles; an arrow has no text
    assert written[:12] == ["1", *"310", "2", *"101", "3", "3", "5", "-0.5"]
    assert written[12:] == [*"000", *"101", *"200", "3", "1 + 5 = 6", "0 - 0.5 = -0.5", *"400"]


def test_repeated_points_from_each_position_to_its_row():
    figure = figures.repeated([3, 1, 3], np.array([[1.0], [0], [5]]), 5)
    notes = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]
    boxes = [patch.get_y() for patch in figure.axes[0].patches[-5:]]
    height = figure.axes[0].patches[-1].get_height()
    for note, row in zip(notes, [3, 1, 3], strict=True):
        assert boxes[row] < note.xy[1] < boxes[row] + height
    assert notes[0].xy[1] > notes[2].xy[1]
    blue, vermillion = (style.mpl.colors.to_rgba(c) for c in (style.BLUE, style.VERMILLION))
    edges = [note.arrow_patch.get_edgecolor() for note in notes]
    assert edges == [vermillion, blue, vermillion]
    faces = [patch.get_facecolor() for patch in figure.axes[0].patches[-5:]]
    assert faces[0] == faces[2] == faces[4]
    assert len({faces[0], faces[1], faces[3]}) == 3


def test_race_draws_each_way_from_its_quickest_to_its_slowest_round():
    timings = {"quick": Timing((0.001, 0.004, 0.002)), "slow": Timing((0.5, 0.1, 0.3))}
    figure = figures.race(timings, "an abacus")
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["slow", "quick"]
    (slow, slow_dot, quick, quick_dot) = axes.lines
    assert list(slow.get_xdata()) == pytest.approx([100, 500])
    assert list(slow_dot.get_xdata()) == pytest.approx([300])
    assert list(quick.get_xdata()) == pytest.approx([1, 4])
    assert list(quick_dot.get_xdata()) == pytest.approx([2])
    assert texts(figure) == ["300 ms", "2 ms"]
    assert slow.get_color() != quick.get_color()
    assert axes.get_xscale() == "log"
    assert "of 3 rounds" in axes.get_xlabel()
    assert figure.get_supxlabel() == "an abacus"


def test_race_needs_a_way():
    with pytest.raises(ValueError, match="at least one way"):
        figures.race({}, "an abacus")


def test_cost_against_rows_draws_medians_quartiles_counts_and_limits():
    panel = figures.CostPanel(
        "forward",
        "s",
        measured={"look-up": {10: (1, 2, 4), 100: (2, 3, 5)}, "dense product": {10: (5, 6, 7)}},
        counted={"dense product": {100: 60}},
        limits={"limit": {10: 1, 100: 2}},
        levels={"3 GB": 50},
    )
    figure = figures.cost_against_rows([panel, panel])
    axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.yaxis.get_major_formatter()(1e-3) == "1 ms"
    look_up, product = axes.containers
    assert list(look_up.lines[0].get_ydata()) == [2, 3]
    low, high = look_up.lines[1]
    assert (list(low.get_ydata()), list(high.get_ydata())) == ([1, 2], [4, 5])
    (hollow,) = [line for line in axes.lines if line.get_markerfacecolor() == "white"]
    assert (list(hollow.get_xdata()), list(hollow.get_ydata())) == ([100], [60])
    filled = product.lines[0]
    assert (hollow.get_color(), hollow.get_marker()) == (filled.get_color(), filled.get_marker())
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    assert named == ["look-up", "dense product", "limit"]
    assert [text for text in texts(figure) if text] == ["3 GB"]
    assert len(figure.axes) == 2


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
