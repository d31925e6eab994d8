import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.scale.cluster.spread import MOST_ROWS, Spread, shares


@given(st.integers(1, 5000))
def test_every_place_is_taken_once(rows):
    places = Spread(rows).place(np.arange(rows))
    assert sorted(places.tolist()) == list(range(rows))


@given(st.integers(MOST_ROWS - 1000, MOST_ROWS))
def test_the_largest_tables_do_not_overflow(rows):
    place = Spread(rows).place(np.array([rows - 1], dtype=np.int64))[0]
    assert place == (rows - 1) * Spread(rows).step % rows


@given(st.integers(1, 1000))
def test_unspread_finds_the_order_of_the_ids(rows):
    spread = Spread(rows)
    stored = np.empty(rows, int)
    stored[spread.place(np.arange(rows))] = np.arange(rows)
    assert spread.unspread(stored).tolist() == list(range(rows))


@given(st.integers(2, 12), st.integers(1000, 20_000))
def test_any_first_ids_are_dealt_out_evenly(parts, rows):
    """The frequent words are the first ids: about as many of them must lie on every part."""
    share = shares(np.arange(500), rows, parts)
    assert abs(share - 1 / parts).max() < 0.04


def test_the_three_ways_on_paper():
    ids = [0, 0, 0, 1, 2, 5]  # of six: 0 1 2 | 3 4 5, and 0 2 4 | 1 3 5
    np.testing.assert_allclose(shares(ids, 6, 2, "div"), [5 / 6, 1 / 6])
    np.testing.assert_allclose(shares(ids, 6, 2, "mod"), [4 / 6, 2 / 6])
    assert Spread(6).step == 5  # id i lies at place -i: 0 5 4 3 2 1
    np.testing.assert_allclose(shares(ids, 6, 2, "spread"), [4 / 6, 2 / 6])


def test_ids_sorted_by_frequency_make_the_first_part_hot_unless_spread():
    rng = np.random.default_rng(0)
    chance = 1 / np.arange(1, 10_001)
    ids = rng.choice(10_000, 50_000, p=chance / chance.sum())
    assert shares(ids, 10_000, 4, "div")[0] > 0.8
    assert shares(ids, 10_000, 4, "spread").max() < 0.36


@pytest.mark.parametrize("rows", [0, -1, 2.0, True, MOST_ROWS + 1])
def test_impossible_sizes_are_refused(rows):
    with pytest.raises(ValueError, match="rows must be a whole number from 1 to 3,000,000,000"):
        Spread(rows)


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        (([], 6, 2), ValueError, "received 0 ids and parts=2"),
        (([1], 6, 0), ValueError, "from 1 to 6 parts: received 1 ids and parts=0"),
        (([1], 6, 7), ValueError, "parts=7"),
        (([1], 6, 2, "hash"), ValueError, "'div', 'mod' or 'spread': received 'hash'"),
        (([6], 6, 2), IndexError, "id 6"),
    ],
)
def test_bad_questions_are_refused(arguments, error, match):
    with pytest.raises(error, match=match):
        shares(*arguments)
