"""A chapter says how long it takes, by its words and its lines of code."""

import json
from pathlib import Path

import pytest

from tools import reading_time

NOTEBOOKS = sorted((Path(__file__).parents[2] / "book").glob("*.ipynb"))


def prose(text):
    return {"cell_type": "markdown", "metadata": {}, "source": [text]}


def code(lines, *tags):
    return {"cell_type": "code", "metadata": {"tags": [*tags]}, "source": ["x = 1\n"] * lines}


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_time_announced_is_the_time_it_takes(notebook):
    text = notebook.read_text("utf-8")
    (announced,) = reading_time.ANNOUNCED.findall(text)
    due = f"{reading_time.minutes(json.loads(text)['cells'])} minutes"
    assert announced == due, "run `python -m tools.reading_time`"


@pytest.mark.parametrize(
    ("cells", "minutes"),
    [
        ([prose("word " * 2000)], 10),
        ([prose("word " * 1000), code(100)], 10),  # 5 for the words, 100 × 3 s for the code
        ([prose("word " * 1000), code(100, "hide-input")], 5),  # folded: nobody has to read it
        ([prose("word " * 1400)], 5),
        ([prose("word " * 1600)], 10),
        ([prose("word")], 5),
    ],
)
def test_it_is_words_at_200_a_minute_and_code_at_3_seconds_a_line(cells, minutes):
    assert reading_time.minutes(cells) == minutes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Rows are read, *not* multiplied.", 5),
        ("a [link to chapter 4](04_call_gather.ipynb) here", 6),
        ("$V \\cdot D$ numbers", 2),
        (":::{admonition} Predict\n:class: predict\nHow many?\n:::", 2),
        ("```{exercise}\n:label: ex-one\nCount them.\n```", 2),
        ("## A heading\n\n- one – two", 4),
    ],
)
def test_what_nobody_reads_is_not_counted(text, words):
    assert reading_time.words(text) == words


def test_the_tool_writes_the_time_and_nothing_else(tmp_path):
    path = tmp_path / "chapter.ipynb"
    cells = [prose("*Time*: 5 minutes. *Runs in*: 10 minutes. " + "word " * 3000)]
    path.write_text(json.dumps({"cells": cells}))
    before = path.read_text()
    assert reading_time.announce(path)
    assert path.read_text() == before.replace("*Time*: 5 minutes", "*Time*: 15 minutes")
    assert not reading_time.announce(path)


def test_a_chapter_that_announces_none_is_named(tmp_path):
    path = tmp_path / "mute.ipynb"
    path.write_text(json.dumps({"cells": [prose("Words.")]}))
    with pytest.raises(ValueError, match=r"mute\.ipynb announces 0 times"):
        reading_time.announce(path)
