"""Tables that somebody else has trained: read to the letter, or refused by file and line."""

import gzip
import os
import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedding_core.text import read_glove, read_word2vec

WORDS = ["the", "naïve", "猫", "don't", "..."]
VECTORS = np.array([[0.5, -1.25], [1e-3, 2e10], [0, -0.0], [3, 4], [-7.5, 0.1]], "float32")


def lines_of(words, vectors):
    return [
        " ".join([w, *map(str, row)]) + "\n" for w, row in zip(words, vectors.tolist(), strict=True)
    ]


def written(path, lines):
    path.write_bytes("".join(lines).encode())
    return path


@pytest.mark.parametrize("end", ["\n", " \n", "\r\n", ""])
def test_both_formats_give_the_words_and_their_numbers(tmp_path, end):
    lines = lines_of(WORDS, VECTORS)
    lines = [line[:-1] + end for line in lines[:-1] if end] + [lines[-1][:-1] + end]
    words = WORDS if end else WORDS[-1:]
    header = f"{len(words)} 2\n"
    for read in (
        read_word2vec(written(tmp_path / "w", [header, *lines])),
        read_glove(written(tmp_path / "g", lines)),
        read_glove(str(tmp_path / "g"), dimension=2),
    ):
        assert read.words == words
        assert read.vectors.dtype == np.float32
        assert read.vectors.tobytes() == VECTORS[-len(words) :].tobytes()


letters = st.characters(codec="utf-8", exclude_characters=" \t\n")
word = st.text(letters, min_size=1, max_size=6).filter(lambda w: w[0] != "\ufeff")


@given(st.data(), st.lists(word, min_size=1, max_size=5, unique=True), st.integers(1, 4))
def test_what_is_written_is_read_back_to_the_last_bit(tmp_path_factory, data, words, width):
    finite = st.floats(allow_nan=False, allow_infinity=False, width=32)
    vectors = data.draw(arrays("float32", (len(words), width), elements=finite))
    folder = tmp_path_factory.mktemp("w")
    lines = lines_of(words, vectors)
    for read in (
        read_word2vec(written(folder / "w", [f"{len(words)} {width}\n", *lines])),
        read_glove(written(folder / "g", lines)),
    ):
        assert read.words == words
        assert read.vectors.tobytes() == vectors.tobytes()


def test_a_word_of_glove_may_hold_spaces(tmp_path):
    path = written(tmp_path / "g", ["cat 1.0 2.0\n", ". . . 3.0 4.0\n", "at home 5 6\n"])
    read = read_glove(path)
    assert read.words == ["cat", ". . .", "at home"]
    assert read.vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


GOOD = "cat 1.0 2.0\n"
BAD_LINES = {
    "too few numbers": ("dog 1.0\n", "line 3, must be a word and 2 numbers: received b'dog 1.0"),
    "too many numbers": ("dog 1.0 2.0 3.0\n", "line 3, must be a word and 2 numbers"),
    "blank, with words behind it": (
        "\nfish 1.0 2.0\n",
        "line 3, must be a word and 2 numbers: received a blank line",
    ),
    "an underscore": (
        "dog 1_0 2.0\n",
        "line 3, must be UTF-8 and end in 2 numbers: b'1_0' is none",
    ),
    "two points": ("dog 1.0.5 2.0\n", "line 3, must be UTF-8 and end in 2 numbers: .*1.0.5"),
    "a comma": ("dog 1,5 2.0\n", "line 3, must be UTF-8 and end in 2 numbers: b'1,5' is none"),
    "in base sixteen": ("dog 0x1 2.0\n", "line 3, must be UTF-8 and end in 2 numbers: b'0x1'"),
    "infinity": ("dog Infinity 2.0\n", "line 3, must hold finite numbers"),
    "no word, but another blank": ("  1.0 2.0\n", "line 3, must be .*begins with a blank"),
    "a tab for a word": ("\t\t1.0\t2.0\n", "line 3, must be a word and 2 numbers"),
    "a whole number too many": ("dog 1 0 0\n", "line 3, must be a word and 2 .*which ends in 3"),
    "too few, with a word that ends like a number": ("route 66\n", "line 3, must be .*ends in 1"),
    "no word": (" 1.0 2.0\n", "line 3, must be a word and 2 numbers"),
    "no number": ("dog 1.0 x\n", "line 3, must be UTF-8 and end in 2 numbers: .*x"),
    "NaN": ("dog 1.0 nan\n", "line 3, must hold finite numbers"),
    "infinite": ("dog inf 1.0\n", "line 3, must hold finite numbers"),
    "beyond float32": ("dog 1e300 1.0\n", "line 3, must hold finite numbers"),
    "twice": (GOOD, "line 3, repeats the word 'cat' of line 2"),
}


@pytest.mark.parametrize(("line", "match"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_does_not_fit_is_named_by_file_and_number(tmp_path, line, match):
    path = written(tmp_path / "vectors.txt", ["2 2\n", GOOD, line])
    with pytest.raises(ValueError, match=rf"vectors\.txt, {match}.*Repair or remove the line"):
        read_word2vec(path)
    path = written(tmp_path / "vectors.txt", ["first 0.0 0.0\n", GOOD, line])
    with pytest.raises(ValueError, match=rf"vectors\.txt, {match}"):
        read_glove(path)


def test_a_word_that_is_no_utf8_is_named_by_file_and_number(tmp_path):
    path = tmp_path / "g"
    path.write_bytes(b"cat 1.0\n\xff\xfe 2.0\n")
    with pytest.raises(ValueError, match=r"line 2, must be UTF-8: .* pass errors='replace'"):
        read_glove(path)


@pytest.mark.parametrize(
    "header",
    [
        *("", "2\n", "cat 1.0 2.0\n", "2 x\n", "-1 2\n", "0 2\n", "1 0\n"),
        *(f"2 {10**20}\n", "1" * 10_000 + " 2\n"),  # too long for an index, and for Python
    ],
)
def test_a_header_that_is_none_is_refused(tmp_path, header):
    path = written(tmp_path / "w", [header, GOOD])
    with pytest.raises(ValueError, match="line 1, must be"):
        read_word2vec(path)


@pytest.mark.parametrize("count", [1, 3, 10**15])
def test_a_header_that_promises_another_number_of_words_is_refused(tmp_path, count):
    path = written(tmp_path / "w", [f"{count} 2\n", GOOD, "dog 1 2\n"])
    with pytest.raises(ValueError, match=f"line 1, promises {count} words, but 2 follow"):
        read_word2vec(path)


def test_a_header_takes_no_memory_for_what_it_promises(tmp_path):
    path = written(tmp_path / "w", [f"{10**15} {10**17}\n", GOOD])
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=f"line 2, must be a word and {10**17} numbers"):
            read_word2vec(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("content", ["", "\n", "cat\n", "cat dog\n", "cat,0.1,0.2\n"])
def test_a_glove_file_without_numbers_is_refused(tmp_path, content):
    with pytest.raises(ValueError, match="line 1, must be a word and its numbers"):
        read_glove(written(tmp_path / "g", [content]))


EXPECTED = ["cat", "New York"], [[0.5, 0.25], [1, 2]]
WRITTEN = {
    "plain": "cat 0.5 0.25\nNew York 1.0 2.0\n",
    "blank last lines": "cat 0.5 0.25\nNew York 1.0 2.0\n\n \n\r\n",
    "blanks at the ends": "cat 0.5 0.25 \nNew York 1.0 2.0  \t\n",
    "Windows": "cat 0.5 0.25\r\nNew York 1.0 2.0\r\n\r\n",
    "tabs": "cat\t0.5\t0.25\nNew York\t1.0\t2.0\n",
    "a tab behind the word": "cat\t0.5 0.25\nNew York\t1.0 2.0\n",
    "several blanks": "cat   0.5  0.25\nNew York \t 1.0   2.0\n",
    "exponents and signs": "cat +5e-1 .25\nNew York 1.E0 +2.0\n",
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["no mark", "byte-order mark"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["unpacked", "gzip"])
def test_files_are_read_however_they_are_spaced_ended_and_packed(tmp_path, text, mark, pack):
    for name, header, read in (("w", "2 2\n", read_word2vec), ("g", "", read_glove)):
        path = tmp_path / name
        path.write_bytes(pack((mark + header + text).encode()))
        vectors = read(path)
        assert (vectors.words, vectors.vectors.tolist()) == EXPECTED
        assert vectors.vectors.dtype == np.float32


ODD_WORDS = ["\xa0", "\u2028", "\x85", "\x1c", "\x0b", "\x0c", "\r", "a\x85b", "\u3000", "\x00"]


def test_a_word_may_be_what_python_calls_white_space(tmp_path):
    vectors = np.arange(2 * len(ODD_WORDS), dtype="float32").reshape(-1, 2) / 8
    lines = lines_of(ODD_WORDS, vectors)
    for read in (
        read_word2vec(written(tmp_path / "w", [f"{len(lines)} 2\n", *lines])),
        read_glove(written(tmp_path / "g", lines)),
    ):
        assert read.words == ODD_WORDS
        assert read.vectors.tolist() == vectors.tolist()


@pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
def test_a_word_may_end_like_a_number(tmp_path, order):
    lines = ["route 66 0.1 0.2\n", "peshwari nan 1.5 2.5\n", "cat 0.5 0.25\n", "7 3.5 4.5\n"]
    lines = lines[::order]
    words = ["route 66", "peshwari nan", "cat", "7"][::order]
    assert read_word2vec(written(tmp_path / "w", ["4 2\n", *lines])).words == words
    assert read_glove(written(tmp_path / "g", lines)).words == words
    assert read_glove(tmp_path / "g", 2).words == words


@pytest.mark.parametrize(
    ("header", "line", "match"),
    [
        ("2 2\n", "cat 1 0 0\n", "line 2, .* which ends in 3, .* Repair .* header the right width"),
        ("2 2\n", "cat 0.5 1.5 2.5\n", "line 2, must be a word and 2 .* which ends in 3"),
        ("2 4\n", "cat 1 0 0\n", "line 2, must be a word and 4 numbers: .* which ends in 3"),
    ],
)
def test_a_width_in_the_header_that_does_not_hold_is_refused(tmp_path, header, line, match):
    with pytest.raises(ValueError, match=match):
        read_word2vec(written(tmp_path / "w", [header, line, line.replace("cat", "dog")]))


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("2 3\ncat 1 0 0\ndog 0 1 0\n", None),
        ("2 3\ncat 0.5 0.5 0.5\ndog 0 1 0\n", 3),
        ("2 1\ncat 0.5\ndog 0.25\n", None),
        ("2\t9\ncat 0.5 0.5\n", None),
        ("2 3\n", None),
    ],
)
def test_a_header_is_no_line_of_glove(tmp_path, text, dimension):
    with pytest.raises(ValueError, match=r"line 1, reads like the header .* Use read_word2vec"):
        read_glove(written(tmp_path / "g", [text]), dimension)


def test_a_number_too_many_may_be_a_word_and_the_message_says_so(tmp_path):
    with pytest.raises(ValueError, match=r"or is b'version 2.0' the word. Then .* an underscore"):
        read_glove(written(tmp_path / "g", [GOOD, "version 2.0 0.3 0.4\n"]))


def test_lines_that_end_in_carriage_returns_alone_are_no_words(tmp_path):
    text = GOOD.replace("\n", "\r")
    with pytest.raises(ValueError, match=r"line 1, must be a word .* Give it line feeds"):
        read_glove(written(tmp_path / "g", [text, "dog 3.0 4.0\r"]))
    with pytest.raises(ValueError, match=r"line 1, must be the header .* Give it line feeds"):
        read_word2vec(written(tmp_path / "w", ["1 2\r", text]))


def test_numbers_may_be_words_of_glove(tmp_path):
    path = written(tmp_path / "g", ["2 3\n", "cat 4\n"])
    assert read_glove(path, 1).words == read_glove(path).words == ["2", "cat"]


REPEATED = ["cat 1.0 2.0\n", "dog 3.0 4.0\n", "cat 5.0 6.0\n"]


def test_of_a_repeated_word_the_first_is_kept_when_asked_for(tmp_path):
    path = written(tmp_path / "w", ["3 2\n", *REPEATED])
    with pytest.raises(ValueError, match=r"line 4, repeats the word 'cat' of line 2.*s='first'"):
        read_word2vec(path)
    read = read_word2vec(path, duplicates="first")
    assert (read.words, read.vectors.tolist()) == (["cat", "dog"], [[1, 2], [3, 4]])
    assert read_glove(written(path, REPEATED), duplicates="first").words == ["cat", "dog"]


@pytest.mark.parametrize(
    ("errors", "word"),
    [("replace", "ca\ufffdt"), ("ignore", "cat"), ("backslashreplace", r"ca\x97t")],
)
def test_bytes_that_are_no_utf8_become_what_was_asked_for(tmp_path, errors, word):
    path = tmp_path / "latin"
    path.write_bytes(b"2 2\nca\x97t 1.0 2.0\ndog 3.0 4.0\n")
    assert read_word2vec(path, errors=errors).words == [word, "dog"]
    path.write_bytes(b"ca\x97t 1.0 2.0\ndog 3.0 4.0\n")
    assert read_glove(path, errors=errors).words == [word, "dog"]


def test_a_word_of_which_nothing_is_left_is_refused(tmp_path):
    path = tmp_path / "latin"
    path.write_bytes(b"\x97 1.0 2.0\n")
    with pytest.raises(ValueError, match=r"line 1, has no letter of b'\\x97' left"):
        read_glove(path, errors="ignore")


def test_the_first_words_and_the_words_that_are_asked_for(tmp_path):
    path = written(tmp_path / "w", ["9 2\n", *REPEATED[1:], *REPEATED])
    assert read_word2vec(path, limit=2).words == ["dog", "cat"]  # and the count is not checked
    path = written(tmp_path / "w", ["5 2\n", *REPEATED[1:], "dog 7 x\n", *REPEATED[1:]])
    with pytest.raises(ValueError, match="line 4, must be UTF-8 and end in 2 numbers"):
        read_word2vec(path, vocabulary=["fish"])
    path = written(tmp_path / "w", ["5 2\n", *REPEATED[1:], *REPEATED[:2], "at 7.5 8.5\n"])
    read = read_word2vec(path, vocabulary={"at", "unseen"})
    assert (read.words, read.vectors.tolist()) == (["at"], [[7.5, 8.5]])
    assert read_word2vec(path, limit=4, vocabulary=["at"]).vectors.shape == (0, 2)
    with pytest.raises(ValueError, match="line 4, repeats the word 'cat' of line 3"):
        read_word2vec(path, vocabulary=["cat"])
    with pytest.raises(ValueError, match="line 1, promises 5 words, but 4 follow"):
        read_word2vec(written(path, ["5 2\n", *REPEATED, "at 1 2\n"]), vocabulary=["at"])


@pytest.mark.parametrize(
    ("options", "error", "match"),
    [
        ({"duplicates": "last"}, ValueError, "duplicates must be 'refuse' or 'first': received 'l"),
        ({"errors": "surrogateescape"}, ValueError, "errors must be 'strict', .*: received 'surr"),
        ({"limit": 0}, ValueError, "limit must be a positive integer: received 0"),
        ({"vocabulary": "cat"}, TypeError, "vocabulary must be a list of str"),
        ({"vocabulary": [1]}, TypeError, "vocabulary must hold str only"),
    ],
)
def test_an_option_that_is_none_is_refused(tmp_path, options, error, match):
    for read in (read_word2vec, read_glove):
        with pytest.raises(error, match=match):
            read(tmp_path / "no file is looked for", **options)


def test_a_pipe_is_read_like_a_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for read, text in ((read_glove, GOOD), (read_word2vec, "1 2\n" + GOOD)):
        writer = threading.Thread(target=pipe.write_text, args=(text,))
        writer.start()
        assert read(pipe).words == ["cat"]
        writer.join()


@pytest.mark.long
def test_memory_holds_the_table_and_its_words_and_follows_what_is_kept(tmp_path):
    words, table = 3000, 3000 * 200 * 4
    vectors = np.random.default_rng(0).standard_normal((words, 200), dtype="float32").round(4)
    lines = lines_of([f"word{i}" for i in range(words)], vectors)
    path = written(tmp_path / "w", [f"{words} 200\n", *lines])
    del lines
    tracemalloc.start()
    try:
        assert read_word2vec(path).vectors.tolist() == vectors.tolist()
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        read_word2vec(path)
        assert tracemalloc.get_traced_memory()[1] - before < 1.3 * table
        tracemalloc.reset_peak()
        read_word2vec(path, vocabulary=[f"word{i}" for i in range(0, words, 10)])
        assert tracemalloc.get_traced_memory()[1] - before < 0.3 * table
    finally:
        tracemalloc.stop()
