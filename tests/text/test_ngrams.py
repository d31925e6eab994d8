"""Words and pairs as columns, against a plain loop over each text."""

import re
import zlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.text import Ngrams
from embedding_core.text.cutting import MARKS, words_and_marks
from embedding_core.text.ngrams import bucket_of_pairs

WORDS = ["good", "not", "film", "Ünder", "a", "!", "well-made", "don't", "."]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join), max_size=6)


def plain_words(text):
    """Cut a text up by a regular expression: a mark, or a run of anything else."""
    lowered = "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)
    marks = re.escape(MARKS.decode())
    return re.findall(rf"[{marks}]|[^{marks}\s]+", lowered, re.ASCII)


def plain_bucket(first, second, buckets):
    """Follow the arithmetic with Python's integers, which do not wrap."""
    one, two = (zlib.crc32(word.encode()) for word in (first, second))
    mixed = (one * 0xC2B2AE3D27D4EB4F + two) % 2**64
    mixed ^= mixed >> 32
    mixed = mixed * 0x9E3779B97F4A7C15 % 2**64
    return (mixed >> 32) * buckets >> 32


def plain_grams(text, buckets, known=None):
    """List what a text holds: words, and pairs by their bucket."""
    words = plain_words(text)
    found = {word for word in words if known is None or word in known}
    if buckets:
        for first, second in pairwise(words):
            if known is None or {first, second} <= known:
                found.add(plain_bucket(first, second, buckets))
    return found


def plain_rows(train, texts, min_texts, buckets):
    """Give for each text its set of grams that enough training texts hold."""
    learned = [plain_grams(text, buckets) for text in train]
    known = {word for text in train for word in plain_words(text)}
    every = set().union(*learned)
    kept = {gram for gram in every if sum(gram in held for held in learned) >= min_texts}
    return [plain_grams(text, buckets, known) & kept for text in texts], kept


def co_occurrence(rows, columns):
    """Show which texts hold which gram, without regard to the order of the columns."""
    dense = np.array([[gram in row for row in rows] for gram in columns], int).reshape(
        len(columns), len(rows)
    )
    return sorted(map(tuple, dense.tolist()))


@pytest.mark.long
@given(TEXTS, TEXTS, st.integers(1, 3), st.sampled_from([0, 1, 5, 1 << 20, 1 << 32]))
def test_it_holds_what_a_plain_loop_finds(train, texts, min_texts, buckets):
    if buckets == 1 << 32:
        buckets = (1 << 22) - 3  # no power of two
    ngrams = Ngrams(min_texts, buckets)
    expected, kept = plain_rows(train, [*train, *texts], min_texts, buckets)
    if not kept:
        with pytest.raises(ValueError, match="no word is held by"):
            ngrams.adapt(train)
        return
    learned = ngrams.adapt_and_call(train)
    np.testing.assert_array_equal(learned.toarray(), ngrams(train).toarray())
    rows = ngrams([*train, *texts])
    assert rows.shape == (len(train) + len(texts), len(kept)) == (len(expected), ngrams.size)
    assert rows.dtype == np.float32
    assert set(rows.data.tolist()) <= {1.0}
    assert rows.nnz == sum(map(len, expected))
    assert rows.has_canonical_format
    assert sorted(map(tuple, rows.toarray().astype(int).T.tolist())) == co_occurrence(
        expected, kept
    )


@pytest.mark.long
@given(TEXTS, st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_the_names_of_a_text_are_its_columns(train, text):
    ngrams = Ngrams(min_texts=1)
    ngrams.adapt([*train, "good film"])
    named = ngrams.grams(text)
    columns = [column for _, column in named]
    assert sorted(columns) == ngrams([text]).indices.tolist()
    words = plain_words(text)
    pairs = [" ".join(pair) for pair in pairwise(words)]
    assert {name for name, _ in named} <= {*words, *pairs}
    by_name = dict(named)
    for word in words:
        if word in by_name:
            alone = ngrams.grams(word)
            assert alone == [(word, by_name[word])]


@given(st.text())
def test_words_and_marks_are_those_of_a_regular_expression(text):
    text = re.sub(r"[\ud800-\udfff]", "", text)
    # bytes.split and re.ASCII's \s know the same six white-space characters.
    assert [word.decode() for word in words_and_marks(text)] == plain_words(text)


def test_a_word_said_twice_counts_once_and_order_makes_another_pair():
    ngrams = Ngrams(min_texts=1)
    rows = ngrams.adapt_and_call(["good good good", "not good", "good not"]).toarray()
    assert ngrams.size == 5  # good, not, "good good", "not good", "good not"
    assert rows.sum(axis=1).tolist() == [2, 3, 3]
    assert (rows[1] != rows[2]).sum() == 2


def test_no_pair_reaches_from_one_text_into_the_next():
    assert Ngrams(min_texts=1).adapt_and_call(["a", "b"]).toarray().sum() == 2


def test_no_pair_reaches_across_an_unknown_word():
    ngrams = Ngrams(min_texts=1)
    ngrams.adapt(["not good"])
    assert [name for name, _ in ngrams.grams("not very good")] == ["not", "good"]
    assert [name for name, _ in ngrams.grams("Not good")] == ["not", "good", "not good"]


@pytest.mark.parametrize("text", ["", "   ", "zxqv", "zxqv zxqv"])
def test_a_text_without_a_known_word_has_an_empty_row(text):
    ngrams = Ngrams(min_texts=1)
    ngrams.adapt(["not good"])
    assert ngrams([text, "good"]).toarray().sum(axis=1).tolist() == [0, 1]
    assert ngrams.grams(text) == []


def test_one_word_makes_no_pair_and_no_text_no_row():
    ngrams = Ngrams(min_texts=1)
    ngrams.adapt(["not good"])
    assert ngrams(["good"]).nnz == 1
    assert ngrams([]).shape == (0, 3)


def test_without_buckets_there_are_words_only():
    ngrams = Ngrams(min_texts=1, buckets=0)
    ngrams.adapt(["not good", "good"])
    assert [name for name, _ in ngrams.grams("not good")] == ["not", "good"]


def test_a_bucket_does_not_depend_on_the_process_or_the_machine():
    words = np.array([zlib.crc32(b"not"), zlib.crc32(b"good")], np.uint64)
    buckets = bucket_of_pairs(words, words[::-1], 1 << 22)
    assert buckets.tolist() == [
        plain_bucket("not", "good", 1 << 22),
        plain_bucket("good", "not", 1 << 22),
    ]
    assert len(set(buckets.tolist())) == 2


def test_buckets_are_filled_evenly():
    """Each number of pairs in a bucket occurs about as often as chance has it."""
    codes = np.array([zlib.crc32(b"%d" % i) for i in range(300)], np.uint64)
    first, second = np.repeat(codes, 300), np.tile(codes, 300)
    filled = np.bincount(bucket_of_pairs(first, second, 45_000), minlength=45_000)
    assert filled.size == 45_000
    expected = 45_000 * np.exp(-2) * np.array([1, 2, 2, 4 / 3, 2 / 3])  # Poisson, two a bucket
    np.testing.assert_allclose(np.bincount(filled)[:5], expected, rtol=0.05)


def test_nothing_learned_is_said():
    for use in (lambda: Ngrams()(["a"]), lambda: Ngrams().grams("a")):
        with pytest.raises(ValueError, match=r"call adapt\(texts\) first"):
            use()
    assert Ngrams().size == 0


def test_a_failed_adapt_leaves_what_was_learned():
    ngrams = Ngrams(min_texts=2)
    ngrams.adapt(["good film", "good film"])
    with pytest.raises(ValueError, match="no word is held by 2 of the 2 texts"):
        ngrams.adapt(["one", "other"])
    assert [name for name, _ in ngrams.grams("good film one")] == ["good", "film", "good film"]


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"min_texts": 0}, ValueError, "min_texts must be at least 1"),
        ({"min_texts": 1.5}, TypeError, "min_texts must be an int"),
        ({"buckets": -1}, ValueError, "buckets must be at least 0"),
        ({"buckets": 2**32 + 1}, ValueError, r"buckets must be at most 2\*\*32"),
    ],
)
def test_bad_arguments_are_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        Ngrams(**arguments)


@pytest.mark.parametrize(
    ("texts", "error"),
    [
        ("one text", TypeError),
        ([b"bytes"], TypeError),
        ([None], TypeError),
        (["\ud800"], ValueError),
    ],
)
def test_what_is_no_text_is_refused(texts, error):
    ngrams = Ngrams(min_texts=1)
    ngrams.adapt(["a"])
    for use in (ngrams, ngrams.adapt):
        with pytest.raises(error):
            use(texts)
