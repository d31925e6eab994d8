"""The Projector's two files, read back by the rules of its own parser, written out here."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.text import WordVectors, write_projector

WORDS = ["the", "naïve", "猫", "don't", "..."]
VECTORS = np.array([[0.5, -1.25], [1e-3, 2e10], [0, -0.0], [3, 4], [-7.5, 0.1]], "float32")

# ECMAScript's white space and line ends: what `trim` takes away.
OF_JAVASCRIPT = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
BLANK = re.compile(f"[{OF_JAVASCRIPT}]*")


def loaded(folder):
    """Load the two files as the Projector does: labels, and rows of numbers."""
    numbers, labels = ((folder / name).read_bytes() for name in ("vectors.tsv", "metadata.tsv"))
    rows = [line.split("\t") for line in numbers.decode().split("\n") if line.strip()]
    lines = [line for line in labels.decode().split("\n") if not BLANK.fullmatch(line)]
    assert "\t" not in lines[0]  # else it is a header
    assert len(rows[0]) > 1
    assert len({len(row) for row in rows}) == 1
    return lines, np.array(rows, "float32")


def test_the_projector_gets_a_row_and_a_label_for_each_word(tmp_path):
    write_projector(tmp_path / "new", ["", "[UNK]", "a b"], np.array([[0.1, 2], [3, 4], [5, 6]]))
    assert (tmp_path / "new/vectors.tsv").read_bytes() == b"0.1\t2.0\n3.0\t4.0\n5.0\t6.0\n"
    assert (tmp_path / "new/metadata.tsv").read_bytes() == b"[PAD]\n[UNK]\na b\n"
    write_projector(tmp_path, WORDS, VECTORS)
    labels, rows = loaded(tmp_path)
    assert labels == WORDS
    assert rows.tobytes() == VECTORS.tobytes()


@pytest.mark.parametrize(
    ("words", "vectors"),
    [
        (WordVectors(WORDS, VECTORS), None),
        (iter(WORDS), VECTORS),
        (map(str, WORDS), iter(VECTORS)),
        (tuple(WORDS), VECTORS.tolist()),
    ],
    ids=["WordVectors", "an iterator", "two iterators", "a tuple and lists"],
)
def test_what_the_readers_give_and_what_is_gone_through_once_is_written(tmp_path, words, vectors):
    write_projector(tmp_path, words, vectors)
    labels, rows = loaded(tmp_path)
    assert labels == WORDS
    assert rows.tolist() == VECTORS.tolist()


ODD = {
    "": "[PAD]",
    " ": r"\u0020",
    "a\tb": r"a\u0009b",
    "a\nb": r"a\u000ab",
    "\r": r"\u000d",
    "\xa0\u3000": r"\u00a0\u3000",
    "\u2028": r"\u2028",
    "\x85": r"\u0085",
    "\ufeff": r"\ufeff",
    "\ufeffcat": r"\ufeffcat",
    "New York": "New York",
    " a ": " a ",
    "New\xa0York": "New\xa0York",
    "👨\u200d👩": "👨\u200d👩",
}


def test_what_the_format_cannot_hold_is_written_as_its_number(tmp_path):
    write_projector(tmp_path, list(ODD), np.ones((len(ODD), 2)))
    assert loaded(tmp_path)[0] == list(ODD.values())
    assert (tmp_path / "metadata.tsv").read_text("utf-8").splitlines() == list(ODD.values())


@given(st.lists(st.text(st.sampled_from("ab" + OF_JAVASCRIPT.replace("-", "") + "\x1c\x85\x1f"))))
def test_whatever_the_words_are_each_has_its_line(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("projector")
    words = ["first", *words]
    write_projector(folder, words, np.ones((len(words), 2)))
    assert len(loaded(folder)[0]) == len(words)
    text = (folder / "metadata.tsv").read_text("utf-8")
    assert len([line for line in text.splitlines() if line.strip()]) == len(words)


def test_words_may_repeat_and_numbers_be_booleans(tmp_path):
    write_projector(tmp_path, ["a", "a"], np.eye(2) > 0)
    assert loaded(tmp_path)[1].tolist() == [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("words", "vectors", "error", "match"),
    [
        (["a"], [[1.0], [2.0]], ValueError, r"shape \(1, D\), a row for each word: .* \(2, 1\)"),
        (["a"], [1.0], ValueError, r"received \(1,\)"),
        (["a"], [[np.nan, 1]], ValueError, "must be finite"),
        (["a"], [[1e300, 1]], ValueError, "must be finite in float32"),
        (["a", "b"], [[1.0], [2.0]], ValueError, r"two columns: received .* \(2, 1\)"),
        ([], np.empty((0, 2)), ValueError, r"at least one row .* received .* \(0, 2\)"),
        (["a"], None, TypeError, "vectors must be numbers"),
        ("ab", [[1.0, 2], [3, 4]], TypeError, "words must be a list of str"),
        (WordVectors(WORDS, VECTORS), VECTORS, ValueError, "bring their vectors along"),
    ],
)
def test_what_the_projector_cannot_show_is_refused_and_nothing_is_written(
    tmp_path, words, vectors, error, match
):
    with pytest.raises(error, match=match):
        write_projector(tmp_path / "new", words, vectors)
    assert list(tmp_path.iterdir()) == []
