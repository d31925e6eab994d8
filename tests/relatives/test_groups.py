"""Pairs in groups: every pair is counted once, in the table of its group."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.relatives.groups import in_runs, tabulated

pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 70_000)), min_size=1, max_size=40)


@given(pairs, st.integers(1, 12))
def test_the_tables_count_the_pairs_of_their_group(pairs, length):
    rows, columns, counts = tabulated(*np.transpose(pairs), length)
    groups = [pairs[start : start + length] for start in range(0, len(pairs), length)]
    assert counts.shape == (len(groups), columns.shape[1], rows.shape[1])
    for group, of_rows, of_columns, table in zip(groups, rows, columns, counts, strict=True):
        cells = zip(*np.nonzero(table), strict=True)
        found = [((of_rows[i], of_columns[j]), table[j, i]) for j, i in cells]
        assert len(found) == len(dict(found))  # no pair has two cells
        assert dict(found) == Counter(group)


@given(pairs, st.integers(1, 12))
def test_a_group_lists_its_own_ids_once_and_then_repeats_one(pairs, length):
    sides = np.transpose(pairs)
    for side, listed in zip(sides, tabulated(*sides, length)[:2], strict=True):
        for start, row in zip(range(0, len(pairs), length), listed, strict=True):
            own = np.unique(side[start : start + length])
            assert row[: own.size].tolist() == own.tolist()
            assert (row[own.size :] == own[-1]).all()
        assert listed.shape[1] == max(np.unique(row).size for row in listed)


def test_a_table_by_hand():
    rows, columns, counts = tabulated(*np.array([[7, 7, 5, 5, 5], [1, 2, 2, 9, 9]]), 3)
    assert rows.tolist() == [[5, 7], [5, 5]]  # the second group has one of each
    assert columns.tolist() == [[1, 2], [9, 9]]
    assert counts.tolist() == [[[0, 1], [1, 1]], [[2, 0], [0, 0]]]


@given(st.integers(0, 60), st.integers(1, 9), st.integers(0, 9))
def test_runs_stay_together_and_hold_every_place_once(size, length, seed):
    order = in_runs(size, length, np.random.default_rng(seed))
    assert sorted(order) == list(range(size))
    beginnings = np.flatnonzero(np.diff(order, prepend=-2) != 1)
    assert (order[beginnings] % length == 0).all()


def test_the_order_of_the_runs_is_random_and_repeats_with_the_seed():
    first, again, other = (in_runs(1000, 10, np.random.default_rng(s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.array_equal(first, np.arange(1000))
