"""Both Keras are asked the same, and the table holds what they said."""

import re

import pytest
from keras_side import put_empty_modules_first

from embedding_core.keras_bridge import Comparison, Outcome, Table, ThenAndNow, load_keras

QUIET = Outcome("")
PRINTED = Outcome("one\ntwo\n")
RAISED = Outcome("", "ValueError: use a < b: it is safer")
WARNED = Outcome("done\n", "", ("mind the gap",))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Ask a Keras 2 that does nothing, and the real Keras 3: it matters here who is asked."""
    load_keras()
    with pytest.MonkeyPatch.context() as patch:
        put_empty_modules_first(patch, tmp_path_factory.mktemp("empty"))
        both = ThenAndNow()
    yield both
    both.close()


def test_each_answers_for_itself(both):
    asked = both("module", "print(keras.__name__)")
    assert asked.then.output == "tf_keras\n"
    assert asked.now.output == "keras\n"
    assert repr(asked) == "Keras 2:  tf_keras\nKeras 3:  keras"


def test_a_topic_asked_again_keeps_its_place(both):
    both("x", "print(1)")
    both("y", "print(2)")
    both("x", "print(3)")
    rows = {c.topic: c.now.output for c in both.table().comparisons}
    assert list(rows)[-2:] == ["x", "y"]
    assert rows["x"] == "3\n"


def test_a_table_once_made_does_not_grow(both):
    table = both.table()
    before = len(table.comparisons)
    both("later", "print(1)")
    assert len(table.comparisons) == before


def test_a_comparison_shows_every_line_under_its_title():
    asked = Comparison("t", PRINTED, WARNED)
    lines = [
        "Keras 2:  one",
        "          two",
        "Keras 3:  done",
        "          UserWarning: mind the gap",
    ]
    assert repr(asked) == "\n".join(lines)
    assert repr(Comparison("t", QUIET, RAISED)) == (
        "Keras 2:  nothing printed\nKeras 3:  ValueError: use a < b: it is safer"
    )


def test_a_long_line_is_wrapped_and_spaces_stay():
    long = Comparison("t", Outcome("word " * 30), Outcome("a     b\n"))
    lines = repr(long).splitlines()
    assert max(map(len, lines)) <= 90
    assert "".join(lines[:-1]).count("word") == 30
    assert all(line.startswith(" " * 10 + "word") for line in lines[1:-1])
    assert lines[-1] == "Keras 3:  a     b"


def test_the_table_in_words_names_errors_and_warnings_by_their_kind():
    table = Table([Comparison("a", PRINTED, RAISED), Comparison("b", QUIET, WARNED)])
    assert repr(table).splitlines() == [
        " | Keras 2 | Keras 3",
        "a | one; two | raises ValueError",
        "b | nothing printed | done; warns",
    ]


def test_the_table_in_html_is_marked_up_for_screen_readers_and_escaped():
    shown = Table([Comparison("a < b", Outcome("<x>\ny\n"), RAISED)])._repr_html_()
    assert '<th scope="row">a &lt; b</th><td>&lt;x&gt;<br>y</td><td>raises ValueError</td>' in shown
    assert re.findall(r'<th scope="col">(.*?)</th>', shown) == ["Keras 2", "Keras 3"]
    assert shown.count("<tr>") == 2
