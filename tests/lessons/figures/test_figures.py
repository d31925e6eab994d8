"""A figure shows the data it is given: nbval compares no picture, so these tests do."""

import re
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from embedding_core import one_hot
from embedding_core.ground.timing import Timing
from embedding_core.keras_bridge import Operation, Stop
from embedding_core.lessons import figures
from embedding_core.lessons.figures import style
from embedding_core.lessons.sentiment import Vote, reliability
from embedding_core.scale.on_paper import Step
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
    first, second = ["ids\nint64"], ["ids\nuint8", "cast\nint32\n[2]"]
    assert boxes == [*first, "take\nfloat32\n[2]", *second, "take\nfloat32\n[2]"]


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


def test_reliability_diagram_draws_the_filled_bins_and_the_line_of_truth():
    found = reliability([0.05, 0.85, 0.95, 0.95], [0, 1, 1, 0])
    line, points = figures.reliability_diagram({"a model": found}).axes[0].lines
    assert list(line.get_xdata()) == list(line.get_ydata()) == [0, 1]
    np.testing.assert_allclose(points.get_xdata(), [0.05, 0.85, 0.95])
    np.testing.assert_allclose(points.get_ydata(), [0, 1, 0.5])
    assert points.get_label() == "a model: error 0.275"


def test_accuracy_against_size_draws_each_seed_their_mean_and_their_range():
    runs = np.array([[0.5, 0.8], [0.6, 0.9], [0.7, 0.7]])
    axes = figures.accuracy_against_size([10, 100], {"ours": runs}).axes[0]
    mean, *seeds = axes.lines
    np.testing.assert_allclose(mean.get_ydata(), [0.6, 0.8])
    np.testing.assert_allclose([seed.get_ydata() for seed in seeds], runs)
    band = axes.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == (0.5, 0.9)
    assert [label.get_text() for label in axes.get_xticklabels()] == ["10", "100"]


@pytest.mark.parametrize(
    "draw",
    [figures.reliability_diagram, lambda models: figures.accuracy_against_size([1], models)],
)
def test_a_judge_is_not_drawn_beside_more_than_can_be_told_apart(draw):
    with pytest.raises(ValueError, match="at most 3 models can be told apart: received 4"):
        draw({name: [[0.5]] for name in "abcd"})


def test_votes_draws_every_amount_and_their_sum():
    axes = figures.votes([Vote("$ good $", -3.0), Vote("good", 1.0)], 0.25, 0.5).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [-3.0, 1.0, 0.25, 0.5, -1.25]
    labels = axes.get_yticklabels()
    assert not any(label.get_parse_math() for label in labels)
    names = [label.get_text() for label in labels]
    assert names == ["$ good $", "good", "all others", "bias", "together"]
    assert [text.get_text() for text in axes.texts] == ["-3.00", "+1.00", "+0.25", "+0.50", "-1.25"]


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


COSTS = figures.CostPanel(
    "forward",
    "s",
    measured={"look-up": {10: (1, 2, 4), 100: (2, 3, 5)}, "dense product": {10: (5, 6, 7)}},
    counted={"counted": {10: 1, 100: 2}},
    levels={"3 GB": 50},
)


def test_cost_against_rows_draws_medians_quartiles_and_what_was_counted():
    figure = figures.cost_against_rows(COSTS, COSTS)
    axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert axes.yaxis.get_major_formatter()(1e-3) == "1 ms"
    look_up, _ = axes.containers
    assert list(look_up.lines[0].get_ydata()) == [2, 3]
    low, high = look_up.lines[1]
    assert (list(low.get_ydata()), list(high.get_ydata())) == ([1, 2], [4, 5])
    (counted,) = [line for line in axes.lines if line.get_label() == "counted"]
    assert (list(counted.get_xdata()), list(counted.get_ydata())) == ([10, 100], [1, 2])
    assert counted.get_color() == style.QUIET
    assert counted.get_marker() == "None", "no mark where nothing was run"
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    assert named == ["look-up", "dense product", "counted"]
    assert [text for text in texts(figure) if text] == ["3 GB"]
    assert len(figure.axes) == 2


def test_in_a_picture_of_costs_a_mark_and_its_colour_mean_one_thing_in_all_panels():
    quartiles = {10: (1, 2, 4), 100: (2, 3, 5)}
    forward = ["look-up", "sparse product", "dense product", "Keras Embedding", "Keras Dense"]
    step = ["ours, Adam", "Keras Embedding, Adam", "Keras Embedding, SGD", "Keras Dense, Adam"]
    step.append("for_keras, Adam")
    drawn = figures.cost_against_rows(
        *(figures.CostPanel("", "s", dict.fromkeys(names, quartiles)) for names in (forward, step))
    )
    looks = [
        {c.get_label(): (c.lines[0].get_marker(), c.lines[0].get_color()) for c in axes.containers}
        for axes in drawn.axes
    ]
    assert len(set(looks[0].values())) == len(set(looks[1].values())) == 5
    same = {
        "look-up": "ours, Adam",
        "Keras Embedding": "Keras Embedding, Adam",
        "Keras Dense": "Keras Dense, Adam",
    }
    for one in forward:
        for other in step:
            assert (looks[0][one] == looks[1][other]) is (same.get(one) == other), (one, other)


def test_a_picture_of_costs_refuses_what_it_has_no_mark_for():
    with pytest.raises(ValueError, match="at least one panel"):
        figures.cost_against_rows()
    with pytest.raises(ValueError, match="received 'abacus'"):
        figures.cost_against_rows(figures.CostPanel("", "s", {"abacus": {10: (1, 1, 1)}}))


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


def test_collisions_draws_every_count_and_the_line_of_chance():
    figure = figures.collisions({100: [44, 52], 1000: [6, 3]}, words=100)
    axes = figure.axes[0]
    line, *circles, mark = axes.lines
    drawn = [(x, y) for c in circles for x, y in zip(c.get_xdata(), c.get_ydata(), strict=True)]
    assert drawn == [(100, 44), (100, 52), (1000, 6), (1000, 3)]
    sizes = np.round(line.get_xdata())
    np.testing.assert_allclose(line.get_ydata(), 100 * 99 / 2 / (sizes - 1))
    assert mark.get_xdata() == [100, 100]
    assert "circles: 2 hash functions" in texts(figure)


def test_mask_journey_writes_the_numbers_and_the_mask_behind_each_layer():
    steps = np.array([[[5.0], [7.0], [9.0]]])
    mask = np.array([[True, True, False]])
    kept = [Stop("Embedding", steps, mask), Stop("Mean", np.array([[6.0]]), None)]
    lost = [Stop("Embedding", steps, None), Stop("Mean", np.array([[7.0]]), None)]
    shown = texts(figures.mask_journey([1, 2, 0], {"kept": kept, "lost": lost}))
    shown = [text for text in shown if text]
    half = shown.index("lost")
    assert shown[:half].count("word") == 2
    assert shown[:half].count("pad") == 1
    assert "no mask" not in shown[:half]
    assert shown[half:].count("no mask") == 1
    assert "word" not in shown[half:]
    assert (shown[half - 1], shown[-1]) == ("6", "7")


def test_mask_journey_marks_the_layer_that_lost_the_mask():
    steps, mask = np.ones((1, 2, 1)), np.array([[True, False]])
    lane = [
        Stop("Embedding", steps, mask),
        Stop("Reshape", steps, None),
        Stop("Dense", steps, None),
    ]
    figure = figures.mask_journey([1, 0], {"a": lane})
    colors = {text.get_text(): text.get_color() for text in figure.axes[0].texts}
    assert colors["Reshape"] == style.RUST
    assert colors["Embedding"] == colors["Dense"] == style.INK


@dataclass(frozen=True)
class Said:
    id: str


@dataclass(frozen=True)
class Posted:
    name: str
    votes: int
    author: str = ""
    under: object = None


A, B, C, D, E = (Said(f"C{k}") for k in range(1, 6))
ASKED, ANSWERED = Posted("the question", 97), Posted("answer 1", 67)
ADDED = Posted("ann under answer 1", 3, "ann", ANSWERED)
SAID = {ASKED: [A, C], ANSWERED: [B, D], ADDED: [A, E]}


def marks(figure):
    """Where each mark of a quarrel is, by its shape."""
    lines = [line for line in figure.axes[0].lines if line.get_marker() in ("o", "s")]
    return [(line.get_marker(), line.get_xdata()[0], line.get_ydata()[0]) for line in lines]


def test_thread_map_shows_every_post_with_its_votes_and_its_claims_beneath():
    figure = figures.thread_map(SAID, [([A], [B])])
    places = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    shown = texts(figure)
    for name in ("the question", "97", "answer 1", "67", "ann", "3", "C3", "C4", "C5"):
        assert shown.count(name) == 1, name
    rows = ["the question", "C3", "answer 1", "C4", "ann", "C5"]
    heights = [places[name][1] for name in rows]
    assert heights == sorted(heights, reverse=True)
    for votes, name in (("97", "the question"), ("67", "answer 1"), ("3", "ann")):
        assert places[votes][1] == places[name][1]
        assert places[votes][0] < places[name][0]
    assert places["ann"][0] > places["answer 1"][0], "a comment is indented"


def test_thread_map_marks_on_each_line_who_stands_on_which_side():
    figure = figures.thread_map(SAID, [([A], [B]), ([C], [E])])
    places = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    lanes = sorted({x for _, x, y in marks(figure) if x > 3})
    assert len(lanes) == 2
    expected = {
        ("o", lanes[0], "the question"),
        ("s", lanes[0], "answer 1"),
        ("o", lanes[0], "ann"),
        ("o", lanes[1], "the question"),
        ("s", lanes[1], "ann"),
    }
    at = {(kind, x, round(y, 3)) for kind, x, y in marks(figure) if x > 3}
    heights = {(kind, x, round(places[name][1] + 0.005, 3)) for kind, x, name in expected}
    assert at == heights
    letters = [text.get_text() for text in figure.axes[0].texts if text.get_position()[0] in lanes]
    assert letters == ["a", "b"]


def test_thread_map_tells_beneath_who_contradicts_whom():
    shown = texts(figures.thread_map(SAID, [([A], [B, D]), ([C], [E])]))
    legend = shown[shown.index("who contradicts whom") + 1 :]
    assert legend == ["a", "C1", "C2 C4", "b", "C3", "C5"]


def test_thread_map_frames_what_is_contested():
    figure = figures.thread_map(SAID, [([A], [B])])
    white = (1.0, 1.0, 1.0, 1.0)
    chips = [p for p in figure.axes[0].patches if isinstance(p, FancyBboxPatch)]
    framed = sum(p.get_facecolor() == white and p.get_width() < 0.4 for p in chips)
    assert framed == 3, "C1 twice and C2"


def test_thread_map_lets_no_text_run_into_another_and_none_is_small():
    many = [Said(f"C{k}") for k in range(10, 40)]
    figure = figures.thread_map({ANSWERED: many, ADDED: many[:9]}, [(many[:2], many[2:4])])
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]
    smallest = min(text.get_fontsize() for text in figure.axes[0].texts)
    on_a_phone = smallest / 72 * 335 / figure.get_figwidth()
    assert on_a_phone >= 9


@dataclass(frozen=True)
class Scored:
    post: Posted
    shares: tuple[float, float, float]

    def share(self, half=0.5):
        return dict(zip((0.0, 0.5, 1.0), self.shares, strict=True))[half]


SCORED = [
    Scored(ASKED, (0.0, 0.25, 0.5)),
    Scored(ADDED, (1.0, 1.0, 1.0)),
    Scored(Posted("answer 2", 3), (0.25, 0.5, 0.75)),
    Scored(ANSWERED, (0.5, 0.75, 1.0)),
]


def test_votes_and_truth_puts_each_post_at_its_votes_and_its_share():
    figure = figures.votes_and_truth(SCORED)
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["3", "67", "97"]
    points = [line for line in axes.lines if len(line.get_xdata()) == 1]
    bars = [line for line in axes.lines if len(line.get_xdata()) == 2]
    drawn = {
        (point.get_marker(), round(point.get_xdata()[0]), point.get_ydata()[0], *bar.get_ydata())
        for point, bar in zip(points, bars, strict=True)
        if point.get_xdata()[0] == bar.get_xdata()[0]
    }
    assert drawn == {
        ("D", 2, 25, 0, 50),
        ("^", 0, 100, 100, 100),
        ("o", 0, 50, 25, 75),
        ("o", 1, 75, 50, 100),
    }
    assert len({point.get_xdata()[0] for point in points}) == 4, "none hides another"


def test_votes_and_truth_names_the_question_and_the_answers_and_tells_kinds_by_shape():
    figure = figures.votes_and_truth(SCORED)
    assert texts(figure) == ["2", "1", "Q"]
    assert [t.get_text() for t in figure.legends[0].get_texts()] == [
        "question",
        "answers",
        "comments",
    ]
    sizes = [t.get_fontsize() for t in [*figure.axes[0].texts, *figure.legends[0].get_texts()]]
    assert min(sizes) / 72 * 335 / figure.get_figwidth() >= 9


GROUPS = {"praise": ["great", "best"], "blame": ["bad"]}


def test_objectives_puts_every_word_where_each_objective_has_it():
    places = {"opinion": [1.0, 0.5, -1.0], "giving back": [0.25, -0.5, 0.0]}
    figure = figures.objectives(GROUPS, places, "direction")
    assert [axes.get_title().replace("\n", " ") for axes in figure.axes] == list(places)
    for axes, at in zip(figure.axes, places.values(), strict=True):
        marks = [line for line in axes.lines if line.get_label() in GROUPS]
        drawn = [x for line in marks for x in line.get_xdata()]
        heights = [y for line in marks for y in line.get_ydata()]
        assert drawn == at
        assert heights == [2, 1, 0]
    names = dict(zip(figure.axes[0].get_yticks(), figure.axes[0].get_yticklabels(), strict=True))
    assert [names[y].get_text() for y in heights] == ["great", "best", "bad"]
    looks = {(line.get_marker(), line.get_color()) for line in marks}
    assert len(looks) == len({marker for marker, _ in looks}) == 2, "colour alone would differ"
    assert [text.get_text() for text in figure.legends[0].get_texts()] == list(GROUPS)


def test_objectives_refuses_what_it_cannot_show():
    with pytest.raises(ValueError, match="at most 4 groups can be told apart: received 5"):
        figures.objectives({name: [name] for name in "abcde"}, {}, "x")
    with pytest.raises(ValueError, match=r"opinion must place 3 words: received shape \(2,\)"):
        figures.objectives(GROUPS, {"opinion": [1.0, 2.0]}, "x")


def test_first_tables_draw_the_mean_and_the_range_of_each_table():
    trained = {"random": {100: [0.5, 0.7], 1000: [0.8, 0.8]}, "given": {100: [0.7], 1000: [0.9]}}
    figure = figures.first_tables({"trained on": trained, "kept": {"given": trained["given"]}})
    assert [axes.get_title() for axes in figure.axes] == ["trained on", "kept"]
    random, given = figure.axes[0].containers
    np.testing.assert_allclose(random.lines[0].get_ydata(), [0.6, 0.8])
    np.testing.assert_allclose(given.lines[0].get_ydata(), [0.7, 0.9])
    ends = random.lines[2][0].get_paths()[0].vertices[:, 1]
    np.testing.assert_allclose(sorted(ends), [0.5, 0.7])
    assert random.lines[0].get_color() != given.lines[0].get_color()
    again = figure.axes[1].containers[0].lines[0]
    assert again.get_color() == given.lines[0].get_color(), "one look for a table in all panels"
    shown = [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert shown == ["100", "1,000"]
    with pytest.raises(ValueError, match="at most 5 tables"):
        figures.first_tables({"x": {name: {100: [0.5]} for name in "abcdef"}})


def test_the_pictures_of_chapter_12_can_be_read_on_a_narrow_page():
    """Drawn as narrow as they are shown: 335 px of a page of 375."""
    drawn = [
        figures.objectives(GROUPS, {"Boltzmann machine": [1.0, 0.5, -1.0]}, "direction"),
        figures.first_tables({"kept": {"given": {100: [0.7], 1000: [0.9]}}}),
        figures.autoencoder_step([1, 0], [2, 1], [1, 0.5], ([1.85, 1], [0.8, 0.3])),
        figures.contrastive_step(
            ([1, 0], [0.75, 0.5], [1, 0]), ([0.75, 0.5], [1, 1], [0.75, 0.25]), np.eye(2), np.eye(2)
        ),
    ]
    for figure in drawn:
        letters = [text for text in figure.findobj(Text) if text.get_text().strip()]
        smallest = min(text.get_fontsize() for text in letters)
        assert smallest / 72 * 335 / figure.get_figwidth() >= 9


def test_autoencoder_step_writes_way_and_error_and_marks_the_numbers_that_moved():
    figure = figures.autoencoder_step([1, 0], [2, 1], [1, 0.5], ([1.85, 1], [0.8, 0.3]))
    shown = texts(figure)
    assert {"2 → 1.85", "1 → 0.8", "0.5 → 0.3"} <= set(shown)
    boxes = [text for text in shown if re.fullmatch(r"[-\d.]+", text)]
    assert boxes == ["2", "1", "2", "1", "0", "1", "1", "1"], "code, then rows: in, back, error"
    colors = [line.get_color() for line in figure.axes[0].lines]
    assert colors == [style.VERMILLION, style.VERMILLION, style.QUIET, style.VERMILLION]


def test_contrastive_step_writes_chances_coins_and_both_products():
    up = [1, 0], [0.75, 0.5], [1, 0]
    down = [0.6, 0.5], [1, 1], [0.7, 0.25]
    figure = figures.contrastive_step(up, down, [[1, 2], [3, 4]], [[1, 5], [6, 7]])
    shown = texts(figure)
    assert {"0.75 → 1", "0.50 → 0", "0.60 → 1", "0.50 → 1"} <= set(shown)
    numbers = [text for text in shown if re.fullmatch(r"\d\.\d\d", text)]
    assert numbers == [
        "0.70",
        "0.25",
        "0.75",
        "0.50",
        "0.00",
        "0.00",
        "0.70",
        "0.25",
        "0.70",
        "0.25",
    ]
    four = [text for text in shown if re.fullmatch(r"\d\.\d\d → \d\.\d\d", text)]
    assert four == ["1.00 → 1.00", "2.00 → 5.00", "3.00 → 6.00", "4.00 → 7.00"]


@pytest.mark.parametrize("many", [[1, 0, 1], [[1, 0]]])
def test_a_step_on_more_than_four_numbers_is_refused(many):
    with pytest.raises(ValueError, match="needs shape"):
        figures.autoencoder_step(many, [2, 1], [1, 0.5], ([1, 1], [1, 1]))


def among_words():
    words = {"soup": (1.0, 0.0), "salt": (0.99, 0.01), "pan": (1.01, 0.02), "sail": (-1.0, 1.0)}
    documents = {"cooking": [(1.2, 0.1), (1.1, 0.0)], "sailing": [(-0.9, 1.1)]}
    return figures.documents_among_words(words, documents, {"a salty sail": (0.1, 0.6)})


def test_documents_stand_where_their_vectors_say_each_topic_with_its_mark():
    axes = among_words().axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    np.testing.assert_allclose(lines["cooking"].get_xydata(), [(1.2, 0.1), (1.1, 0.0)])
    np.testing.assert_allclose(lines["sailing"].get_xydata(), [(-0.9, 1.1)])
    assert lines["cooking"].get_marker() != lines["sailing"].get_marker()
    (star,) = (line for line in axes.lines if line.get_marker() == "*")
    np.testing.assert_allclose(star.get_xydata(), [(0.1, 0.6)])


def test_every_word_has_a_cross_and_a_name_joined_to_it_and_no_names_overlap():
    figure = among_words()
    axes = figure.axes[0]
    crosses = [tuple(line.get_xydata()[0]) for line in axes.lines if line.get_marker() == "x"]
    assert sorted(crosses) == [(-1.0, 1.0), (0.99, 0.01), (1.0, 0.0), (1.01, 0.02)]
    joined = {
        tuple(ends[0]): ends[1]
        for ends in (line.get_xydata() for line in axes.lines)
        if len(ends) == 2
    }
    heights = {text.get_text(): text.get_position()[1] for text in axes.texts}
    assert joined[1.0, 0.0][1] == pytest.approx(heights["soup"])
    assert heights["soup"] < heights["salt"] < heights["pan"]
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]


def test_documents_in_more_dimensions_or_of_too_many_topics_are_refused():
    with pytest.raises(ValueError, match=r"soup must have a vector of two numbers.*\(3,\)"):
        figures.documents_among_words({"soup": (1, 2, 3)}, {}, {})
    with pytest.raises(ValueError, match="at most 3 topics"):
        figures.documents_among_words({}, {name: [(1, 2)] for name in "abcd"}, {})


NEAR = {
    "opinion": {"bad": ["poor", "awful"], "two": ["jar", "awful"]},
    "company": {"bad": ["good", "awful"], "two": ["three", "four"]},
}


def test_neighbours_stand_in_order_in_the_column_of_their_table_beside_their_word():
    notes = figures.neighbours(NEAR).axes[0].texts
    names = [note for note in notes if note.get_text() and note.get_text()[0] in "• "]
    for column, table in zip(sorted({n.get_position()[0] for n in names}), NEAR, strict=True):
        here = [note for note in names if note.get_position()[0] == column]
        here.sort(key=lambda note: -note.get_position()[1])
        shown = [note.get_text().strip("• ") for note in here]
        assert shown == NEAR[table]["bad"] + NEAR[table]["two"]
    heights = {n.get_text(): n.get_position()[1] for n in notes}
    assert heights["   poor"] > heights["bad"] > heights["   jar"] > heights["two"]


def test_neighbours_mark_a_name_that_a_word_has_in_two_tables():
    notes = figures.neighbours(NEAR).axes[0].texts
    marked = [note.get_text() for note in notes if "•" in note.get_text()]
    assert marked == ["• awful"] * 2, "of bad alone: two has it once"
    bold = {note.get_text() for note in notes if note.get_weight() == "bold"}
    assert bold == {"• awful", "bad", "two"}


def test_neighbours_of_different_words_cannot_be_compared():
    with pytest.raises(ValueError, match="each table must name the same words: received"):
        figures.neighbours({**NEAR, "third": {"bad": ["x"]}})
    with pytest.raises(ValueError, match=r"the same words: received \{\}"):
        figures.neighbours({})


PLACES = np.array([[0.0, 1.0], [2.0, -3.0], [4.0, 0.5]])


def test_word_maps_put_each_word_where_it_lies_with_its_group():
    maps = {"PCA": {"one": PLACES, "two": -PLACES}, "other": {"one": 9 * PLACES, "two": PLACES}}
    figure = figures.word_maps(maps, {"a": [2, 0], "b": [1]})
    panels = np.array(figure.axes).reshape(2, 2)
    assert [axes.get_title() for axes in panels[0]] == ["one", "two"]
    assert [axes.get_ylabel() for axes in panels[:, 0]] == ["PCA", "other"]
    for line, row in zip(panels, maps.values(), strict=True):
        for axes, place in zip(line, row.values(), strict=True):
            drawn = {group.get_label(): group.get_xydata() for group in axes.lines}
            np.testing.assert_array_equal(drawn["a"], place[[2, 0]])
            np.testing.assert_array_equal(drawn["b"], place[[1]])
    looks = [(group.get_marker(), group.get_color()) for group in panels[0, 0].lines]
    assert len({marker for marker, _ in looks}) == len({color for _, color in looks}) == 2
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["a", "b"]


def test_word_maps_of_one_method_have_the_same_axes():
    maps = {"PCA": {"one": PLACES, "two": 5 * PLACES}, "other": {"one": PLACES, "two": PLACES}}
    one, two, *others = figures.word_maps(maps, {"a": [0, 1, 2]}).axes
    assert one.get_xlim() == one.get_ylim() == two.get_xlim() == two.get_ylim()
    assert one.get_xlim()[1] > 20 > others[0].get_xlim()[1] > 4


def test_word_maps_refuse_what_could_not_be_told_apart():
    seven = {name: [0] for name in "abcdefg"}
    with pytest.raises(ValueError, match="at most 6 groups can be told apart: received 7"):
        figures.word_maps({"PCA": {"one": PLACES}}, seven)
    with pytest.raises(ValueError, match="each method must name the same tables"):
        figures.word_maps({"PCA": {"one": PLACES}, "t-SNE": {"two": PLACES}}, {"a": [0]})


def boxes(figure):
    """The boxes of a drawing by the text in their middle: a label may come only once."""
    axes = figure.axes[0]
    middles = {}
    for patch in axes.patches:
        x, y = patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2
        middles[round(x, 6), round(y, 6)] = patch
    found = {}
    for text in axes.texts:
        x, y = text.get_position()
        patch = middles.get((round(x, 6), round(y, 6)))
        if patch is not None:
            found[text.get_text()] = patch
    return found


def test_pages_fill_what_is_written_and_outline_what_was_touched():
    figure = figures.pages(10, 4, written={1, 2, 9}, touched={2})
    drawn = boxes(figure)
    empty = drawn["0"].get_facecolor()
    assert {label for label in drawn if label.isdigit() and len(label) == 1} == set("0123456789")
    filled = {label for label in "0123456789" if drawn[label].get_facecolor() != empty}
    assert filled == {"1", "2", "9"}
    assert drawn["2"].get_linewidth() > drawn["1"].get_linewidth()
    assert [drawn[label].get_linestyle() for label in ("0", "5")] == ["-", ":"]
    assert {"0110", "0000", "01"} <= set(drawn), "the bits, as many as the page has rows"
    assert [text for text in texts(figure) if text in ("held", "hole")] == ["held", "hole", "held"]


def test_accuracy_by_rows_joins_the_means_and_leaves_the_unshared_table_by_itself():
    axes = figures.accuracy_by_rows(
        {100: [0.5, 0.7], 10: [0.25, 0.35]}, columns=77, whole=0.9
    ).axes[0]
    mean, *dots, whole = axes.lines
    np.testing.assert_array_equal(mean.get_xdata(), [10, 100])
    np.testing.assert_allclose(mean.get_ydata(), [0.3, 0.6])
    assert [list(line.get_ydata()) for line in dots] == [[0.25, 0.35], [0.5, 0.7]]
    assert (list(whole.get_xdata()), list(whole.get_ydata())) == ([77], [0.9])
    assert whole.get_marker() not in {dots[0].get_marker(), mean.get_marker()}


def test_rounding_puts_each_number_on_the_nearest_place_of_each_grid():
    figure = figures.rounding([1.0, -0.4, 0.26], {"halves": 2, "tenths": 10})
    exact, *strips = [line for line in figure.axes[0].lines if line.get_marker() != "None"]
    assert list(exact.get_xdata()) == [1.0, -0.4, 0.26]
    halves, on_halves, tenths, on_tenths = strips
    np.testing.assert_allclose(halves.get_xdata(), [-1, -0.5, 0, 0.5, 1])
    np.testing.assert_allclose(on_halves.get_xdata(), [1, -0.5, 0.5])
    assert len(tenths.get_xdata()) == 21
    np.testing.assert_allclose(on_tenths.get_xdata(), [1, -0.4, 0.3])
    for bad in ([0.0, 0.0], [[1.0]]):
        with pytest.raises(ValueError, match="not all zero"):
            figures.rounding(bad, {"halves": 2})


def test_step_by_machines_draws_the_work_once_and_each_journey():
    steps = {
        "slow": {2: Step(1.0, 30.0), 8: Step(2.0, 40.0)},
        "fast": {2: Step(1.0, 3.0), 8: Step(2.0, 4.0)},
    }
    axes = figures.step_by_machines(steps).axes[0]
    drawn = {line.get_label(): list(line.get_ydata()) for line in axes.lines}
    assert drawn == {"rows": [1, 2], "slow": [30, 40], "fast": [3, 4]}
    assert all(list(line.get_xdata()) == [2, 8] for line in axes.lines)


def test_a_cluster_run_shows_the_steps_and_what_happened():
    events = [
        {"event": "ready", "seconds": 1.0, "steps": 0},
        {"event": "steps", "seconds": 2.0, "steps": 50},
        {"event": "fault", "seconds": 2.0, "steps": 50, "what": "stop worker 0"},
        {"event": "silent", "seconds": 5.0, "job": "worker", "index": 0},
        {"event": "steps", "seconds": 6.0, "steps": 100},
        {"event": "fault", "seconds": 6.0, "steps": 100, "what": "kill ps 1"},
        {"event": "lost", "seconds": 6.1, "why": "UnavailableError"},
        {"event": "ready", "seconds": 7.0, "steps": 100},
        {"event": "lost", "seconds": 7.1, "why": "AbortedError"},
        {"event": "ready", "seconds": 8.0, "steps": 100},
        {"event": "finished", "seconds": 9.0, "steps": 100, "accuracy": 0.7},
    ]
    figure = figures.cluster_run(events)
    steps, *across = figure.axes[0].lines
    assert list(steps.get_xdata()) == [1, 2, 6, 7, 8, 9]
    assert list(steps.get_ydata()) == [0, 50, 100, 100, 100, 100]
    assert [line.get_xdata()[0] for line in across] == [2, 5, 6, 7]
    assert texts(figure) == ["1", "2", "3", "4"]
    assert [text.get_text() for text in figure.axes[0].get_legend().get_texts()] == [
        "1 stop worker 0",
        "2 worker 0 is silent: replaced",
        "3 kill parameter server 1",
        "4 checkpoint of step 100 read",
    ]


def answered(**seen):
    """A figure of one library, with its signs in the order of the cases."""
    from embedding_core.lessons.elsewhere.cases import Case

    cases = [Case(id, "?", str, right="row 1") for id in seen]
    figure = figures.elsewhere({"a library": seen}, cases)
    texts = [text.get_text() for text in figure.axes[0].texts]
    start = texts.index("a library") + 1
    return figure, texts[start : start + len(seen)]


def test_elsewhere_gives_each_kind_of_answer_a_sign_and_a_ground_of_its_own():
    kinds = ("row 1", "raises X", "NaN", "row 2", "undefined", "not offered")
    figure, signs = answered(**dict(zip("abcdef", kinds, strict=True)))
    assert signs == ["✓", "!", "0", "×", "?", "·"]
    grounds = [patch.get_facecolor() for patch in figure.axes[0].patches[:6]]
    assert len(set(grounds)) == 6


def test_elsewhere_has_signs_that_nobody_takes_for_each_other_without_a_colour():
    figure, _ = answered(a="row 1")
    legend = [text.get_text() for text in figure.axes[0].texts]
    signs = [legend[legend.index(words) - 1] for words in (
        "the right row or number", "an error", "NaN or zeros", "another row or number",
        "a choice of its own", "undefined, not run", "not offered",
    )]  # fmt: skip
    alike = {"o": "0", "O": "0", "x": "×", "X": "×", ".": "·"}
    assert len({alike.get(sign, sign) for sign in signs}) == 7


def test_elsewhere_names_its_rows_and_columns_in_letters_that_a_phone_can_show():
    figure, _ = answered(**{f"case {k}": "row 1" for k in range(17)})
    named = {text.get_text() for text in figure.axes[0].texts}
    assert {"a library", "case 0", "case 16", "an error", "undefined, not run"} <= named
    # On a phone the page is 345 px wide: a letter of so many points is that many px.
    smallest = min(text.get_fontsize() for text in figure.axes[0].texts)
    assert smallest * 345 / (72 * figure.get_figwidth()) >= 9


def test_elsewhere_draws_nothing_for_an_answer_that_is_missing():
    from embedding_core.lessons.elsewhere.cases import Case

    with pytest.raises(KeyError):
        figures.elsewhere({"a library": {}}, [Case("a", "?", str)])
