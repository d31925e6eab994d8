"""What is asked of an exported model, its answers in words, the recording and the table."""

import re
from pathlib import Path

import numpy as np
import pytest

from embedding_core.ground.recording import Seen
from embedding_core.lessons.elsewhere.exports import asking, models, recording
from embedding_core.lessons.elsewhere.exports.programs import Program, open_onnx
from embedding_core.lessons.elsewhere.exports.table import Table
from embedding_core.lessons.elsewhere.exports.ways import WAYS

ROWS = np.array([[0, 1], [10, 11], [20, 21], [30, 31]], "float32")
DATA = Path(recording.PLACE).parent


class Tables:
    """The models, each as what it is made of."""

    rows = bare = large = half = staticmethod(lambda: ("rows", ROWS))
    mean = staticmethod(lambda first: ("mean", first))


def running(run):
    """Answer the cases with NumPy in the place of Keras and a format."""

    def export(model, folder):
        (folder / "file").write_bytes(b"x" * 1234)
        return Program("int32", lambda ids: run(model, ids))

    return asking.ask(export, Tables)


def strict(model, ids):
    kind, what = model
    if ids.dtype != np.int32:
        raise TypeError("int32 only")
    if kind == "rows":
        return what[ids]
    return what[None] if isinstance(what, np.ndarray) else np.array([[20.0, 21.0]])


def test_answers_are_put_into_words():
    assert running(strict) == {
        "ids wanted": "int32",
        "int64 ids": "raises TypeError",
        "id 1.7": "raises TypeError",
        "id 4": "raises IndexError",
        "id -1": "row 3",
        "id -5": "raises IndexError",
        "padding": "left out",
        "infinite padding row": "left out",
        "without Input": "int32",
        "float16": "row 3",
        "bytes": "1,234",
    }


@pytest.mark.parametrize(
    ("row", "word"), [([0, 0], "zeros"), ([np.nan, np.nan], "NaN"), ([3, 8], "3 8")]
)
def test_a_vector_that_is_no_row_is_said_as_what_it_is(row, word):
    def run(model, ids):
        return np.broadcast_to(np.array(row, float), (1, models.LENGTH, 2))

    assert running(run)["id 4"] == word


@pytest.mark.parametrize(
    ("mean", "word"), [([20 / 3, 23 / 3], "counted"), ([np.nan, np.nan], "spoils the mean")]
)
def test_a_mean_with_the_padding_in_it_is_told(mean, word):
    def run(model, ids):
        return np.array([mean]) if model[0] == "mean" else ROWS[ids.astype(int) % 4]

    assert running(run)["padding"] == word


def test_the_files_of_a_way_are_removed_when_all_is_asked():
    places = []

    def export(model, folder):
        places.append(folder)
        (folder / "deeper").mkdir()
        (folder / "deeper" / "file").write_bytes(b"x")
        assert all(place.exists() for place in places), "an earlier program may still read its own"
        return Program("int32", lambda ids: strict(model, ids))

    asking.ask(export, Tables)
    assert len(places) == len(set(places)) > 3
    assert not any(place.exists() for place in places)


def test_the_recording_has_an_answer_of_every_way_to_every_case():
    seen = recording.seen()
    assert list(seen) == [id for ways in WAYS.values() for id in ways]
    for one in seen.values():
        assert list(one.answers) == list(asking.CASES)
        assert one.versions
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", one.date)


def test_the_recording_says_what_chapter_16_says():
    seen = {id: one.answers for id, one in recording.seen().items()}

    def answering(case, word):
        return {id for id, answers in seen.items() if answers[case].startswith(word)}

    assert answering("id -1", "raises") == {"tensorflow-js-layers", "torch-own-live"}
    assert answering("id -1", "row 3") == set(seen) - answering("id -1", "raises")
    assert len(answering("id 4", "raises")) < len(answering("id -1", "row 3"))
    assert answering("padding", "counted") == {"tensorflow-js-layers"}
    assert answering("float16", "raises") == {"tensorflow-litert"}
    assert answering("ids wanted", "int64") == {"torch-own-live", "torch-own-onnx"}
    from_keras = {id for id in seen if not id.startswith("torch-own")}
    assert answering("without Input", "float32") == from_keras
    truncating = {id for id in seen if "live" in id or "openvino" in id} | {"tensorflow-js-layers"}
    assert answering("id 1.7", "row 1") == truncating - {"torch-own-live"}
    sizes = {id: int(answers["bytes"].replace(",", "")) for id, answers in seen.items()}
    assert sizes.pop("tensorflow-savedmodel") > 2 * 640_000
    assert all(640_000 < size < 650_000 for size in sizes.values() if size)


def test_another_environment_is_refused_before_anything_is_exported(tmp_path):
    with pytest.raises(
        ValueError, match="one of tensorflow, tensorflow-js, jax, torch: received 'mxnet'"
    ):
        recording.record("mxnet", tmp_path / "x.json")
    assert list(tmp_path.iterdir()) == []


def test_the_onnx_file_of_the_book_still_does_what_chapter_16_says():
    program = open_onnx(DATA / "rows.onnx")
    assert program.wants == "int32"
    assert np.array_equal(program.run(np.array([[3, 1, 3]], "int32")), [ROWS[[3, 1, 3]]])
    for id, row in ((-1, 3), (-4, 0), (-5, 3), (-8, 0)):
        assert np.array_equal(program.run(np.full((1, 3), id, "int32"))[0, 0], ROWS[row])
    for id in (4, -9):
        with pytest.raises(Exception, match="out of data bounds"):
            program.run(np.full((1, 3), id, "int32"))
    with pytest.raises(Exception, match="int64"):
        program.run(np.array([[3, 1, 3]]))


def test_a_mask_in_the_onnx_file_is_a_multiplication():
    ids = np.array([[2, 0, 0]], "int32")
    assert np.array_equal(open_onnx(DATA / "mean_zero.onnx").run(ids), [[20, 21]])
    assert np.isnan(open_onnx(DATA / "mean_infinite.onnx").run(ids)).all()


def seen(name="A & B", **answers):
    return Seen(name, {"keras": "3"}, "Linux", "2026-11-28", answers)


def test_a_table_marks_what_is_wrong_and_silent_without_a_colour():
    table = Table(
        {"a": seen(one="raises X", two="row 3"), "b": seen("C", one="NaN", two="x")},
        {
            "one": "1",
            "two": "2",
        },
    )
    assert repr(table) == " | 1 | 2\nA & B | error | row 3\nC | NaN | x"
    page = table._repr_html_()
    cells = re.sub(r" style='[^']*'", "", page)
    assert "<th scope='row'>A &amp; B</th><td>error</td><td><strong>row 3</strong></td>" in cells
    assert "<td><strong>NaN</strong></td><td>x</td>" in cells


def test_a_table_of_nothing_or_of_a_case_not_asked_is_refused():
    with pytest.raises(ValueError, match="a way and a case"):
        Table({}, {"one": "1"})
    with pytest.raises(ValueError, match=r"a was not asked 'two', but \['one'\]"):
        Table({"a": seen(one="x")}, {"two": "2"})
