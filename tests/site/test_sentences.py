"""On a telephone the sentences that a cell printed wrap, and its columns scroll."""

import importlib.util
import re
from pathlib import Path

FILE = Path(__file__).parents[2] / "book" / "_ext" / "sentences.py"
spec = importlib.util.spec_from_file_location("sentences", FILE)
sentences = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sentences)

HEAD = ' stream">\n<div class="highlight"><pre><span></span>'


def marked(*lines):
    """Return a printed block with its marks."""
    page = f'<div class="output{HEAD}' + "\n".join(lines) + "</pre>"
    return sentences.OUTPUT.sub(sentences.mark, page).partition("<span></span>")[2][:-6]


def test_every_long_line_of_a_list_wraps_however_few_its_words():
    many, few = "zeros: one, two, three, four, five, six, seven", f"{'x' * 20}: {'y' * 30}"
    assert sentences.sentences([many, few, "short"]) == [True, True, False]


def test_rows_of_a_table_keep_their_columns():
    rows = ["one row of many words in it    1.0 ms", "one row of many more words, as wide 2.0 ms"]
    assert sentences.sentences(rows) == [False, False]


def test_a_sentence_beneath_a_table_wraps():
    told = "the sum of all these numbers is more than one would think"
    assert sentences.sentences(["a  b    c  d", told]) == [False, True]


def test_code_is_left_as_it_was_written():
    body = "    return one + two + three + four + five + six + seven"
    assert sentences.sentences(["def add(one, two, three, four, five, six):", body]) == [
        False,
        False,
    ]


def test_the_rest_of_a_line_is_joined_to_it_where_there_was_no_room():
    first, rest = "  row 3: " + ", ".join(["library"] * 6) + ",", "      another, and another"
    text = marked(first, rest, "  row 4: none")
    assert text == (
        f'<span class="sentence" style="--in: 2ch">{first}<span class="break">\n      </span>'
        "another, and another</span>\n  row 4: none"
    )


def test_what_had_room_on_the_line_before_stands_by_itself():
    wide = "x" * 90
    head, rest = "A float that is no whole number must be refused.", "    id 1 was not"
    assert "break" not in marked(head, rest, wide)


def test_marks_that_are_there_stay():
    line = '<span class="ansi">one</span> two three four five six seven eight nine ten'
    assert marked(line) == line


def test_a_date_and_a_name_are_not_broken_at_their_hyphens():
    first, rest = f"  {'x' * 40}: haiku-one-hot, on 2026-11-28.", "      keras-jax, and more"
    text = marked(first, rest)
    for name in ("haiku-one-hot", "2026-11-28", "keras-jax"):
        assert f'<span class="whole">{name}</span>' in text
    assert re.sub("<[^>]*>", "", text) == f"{first}\n{rest}"


def test_what_is_wider_than_a_telephone_breaks_all_the_same():
    assert "whole" not in marked("word " * 9 + "-".join(["part"] * 8))
