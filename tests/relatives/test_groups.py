"""Pairs in groups: every pair stands in one table, once."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.relatives.groups import of_texts, runs, windows
from embedding_core.relatives.pairs import neighbours

texts = st.lists(st.lists(st.integers(0, 9), max_size=30), max_size=6)


def joined(texts):
    """Write texts end to end: their words, and the number of each one's text."""
    ids = np.array([word for text in texts for word in text], np.intp)
    return ids, np.repeat(np.arange(len(texts)), [len(text) for text in texts])


def listed(groups):
    """Read all pairs off the tables."""
    first, second, paired = groups.first, groups.second, groups.paired
    assert paired.shape == (len(first), second.shape[1], first.shape[1])
    assert len(second) == len(first)
    return Counter((int(first[g, m]), int(second[g, k])) for g, k, m in np.argwhere(paired))


@given(texts, st.integers(1, 40), st.integers(0, 9), st.integers(1, 400))
def test_windows_hold_the_pairs_of_neighbours_each_once(texts, window, seed, most):
    ids, text = joined(texts)
    reach = np.random.default_rng(seed).integers(1, window + 1, ids.size)
    half = ids.size // 2
    for start, stop in ((0, half), (half, ids.size)):
        at, near = neighbours(text, reach, start, stop)
        groups = windows(ids, text, reach, start, stop, most)
        assert listed(groups) == Counter(zip(ids[at].tolist(), ids[near].tolist(), strict=True))
        assert groups.paired.sum(axis=(1, 2)).max(initial=0) <= most


@given(texts, st.integers(0, 9), st.integers(1, 400))
def test_texts_are_paired_with_each_of_their_words_once(texts, seed, most):
    ids, text = joined(texts)
    of, words, known = runs(ids, text)
    order = np.random.default_rng(seed).permutation(of.size)
    groups = of_texts(of[order], words[order], known[order], most)
    assert listed(groups) == Counter(zip(text.tolist(), ids.tolist(), strict=True))
    assert groups.paired.sum(axis=(1, 2)).max(initial=0) <= most


def test_a_table_of_windows_by_hand():
    """The words a, b, a of one text and a c alone in another: they see one place to each side."""
    groups = windows(*np.array([[7, 5, 7, 9], [0, 0, 0, 1], [1, 1, 1, 1]]), 0, 4, 4)
    assert groups.first.tolist() == [[7, 5], [7, 9]]
    assert [row[1:3] for row in groups.second.tolist()] == [[7, 5], [7, 9]]
    # Second ids down, first ones across: the word before the two, the two, the word behind.
    assert groups.paired.astype(int).tolist() == [
        [[0, 0], [0, 1], [1, 0], [0, 1]],
        [[1, 0], [0, 0], [0, 0], [0, 0]],
    ]


def test_runs_end_with_their_text():
    of, words, known = runs(np.arange(10), np.array([0] * 9 + [2]))
    assert of.tolist() == [0, 0, 2]
    assert [row[own].tolist() for row, own in zip(words, known, strict=True)] == [
        list(range(8)),
        [8],
        [9],
    ]


@pytest.mark.parametrize(
    ("most", "shape"), [(3072, (5, 34, 24)), (40, (25, 14, 4)), (4, (300, 11, 1))]
)
def test_groups_are_shorter_where_few_pairs_are_asked_for(most, shape):
    ids = np.arange(100)
    assert windows(ids, ids * 0, ids * 0 + 5, 0, 100, most).paired.shape == shape


def test_groups_are_taken_by_their_numbers():
    ids = np.arange(100)
    groups = windows(ids, ids * 0, ids * 0 + 1, 0, 100, 3)
    some = groups.taken(np.array([4, 1]))
    assert some.first.tolist() == [[4], [1]]
    assert listed(some) == Counter([(4, 3), (4, 5), (1, 0), (1, 2)])
