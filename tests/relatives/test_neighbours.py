"""Who is near whom, against a plain loop; and what is refused."""

import math

import numpy as np
import pytest

from embedding_core.relatives import neighbours
from embedding_core.relatives.neighbours import nearest, nearest_words, places, shared, unit_rows

RNG = np.random.default_rng(0)
TABLE = RNG.normal(size=(40, 6))


def cosine(one, other):
    """The cosine as the formula has it, one multiplication at a time."""
    dot = math.fsum(a * b for a, b in zip(one, other, strict=True))
    return dot / (math.hypot(*one) * math.hypot(*other))


def by_a_loop(table, asked, k):
    others = [row for row in range(len(table)) if row != asked]
    return sorted(others, key=lambda row: (-cosine(table[row], table[asked]), row))[:k]


def test_the_neighbours_are_those_of_a_plain_loop():
    found = nearest(TABLE, range(40), 7)
    assert found.tolist() == [by_a_loop(TABLE, asked, 7) for asked in range(40)]


def test_it_does_not_matter_how_many_are_asked_for_at_a_time(monkeypatch):
    at_once = nearest(TABLE, [3, 3, 0, 39], 5)
    monkeypatch.setattr(neighbours, "_AT_A_TIME", 50)
    np.testing.assert_array_equal(nearest(TABLE, [3, 3, 0, 39], 5), at_once)


def test_it_is_the_direction_that_counts_and_not_the_length():
    table = [[1, 0], [100, 1], [1, 1], [0.01, 0], [-1, 0]]
    assert nearest(table, [0], 4).tolist() == [[3, 1, 2, 4]]
    scaled = TABLE * RNG.uniform(0.1, 9, (40, 1))
    np.testing.assert_array_equal(nearest(scaled, range(40), 39), nearest(TABLE, range(40), 39))


def test_of_two_equally_near_the_lower_number_comes_first():
    assert nearest([[1, 0], [0, 1], [0, 2], [0, 3]], [0, 2], 3).tolist() == [[1, 2, 3], [1, 3, 0]]
    many = [[1, 0]] + [[0, 1], [1, 1]] * 100
    assert nearest(many, [0], 200).tolist() == [[*range(2, 201, 2), *range(1, 201, 2)]]


def test_rows_become_one_long_whatever_their_size():
    table = np.array([[3.0, 4.0], [3e-200, 4e-200], [3e200, -4e200]])
    np.testing.assert_allclose(unit_rows(table), [[0.6, 0.8], [0.6, 0.8], [0.6, -0.8]])
    assert unit_rows(np.ones((2, 2), "float32")).dtype == "float64"
    assert table[0, 0] == 3, "the table is not changed"


def test_words_come_back_as_words():
    words = ["left", "right", "up", "almost up"]
    table = [[-1, 0], [1, 0], [0, 1], [0.1, 1]]
    assert nearest_words(table, words, "up", 1) == ["almost up"]
    assert nearest_words(table, words, "right", 3) == ["almost up", "up", "left"]


def test_places_are_in_the_order_asked_for():
    assert places(["a", "b", "c"], ["c", "a", "c"]).tolist() == [2, 0, 2]
    assert places(["a"], []).tolist() == []


def test_shared_counts_what_is_in_both_lists():
    first, second = nearest(TABLE, range(40), 8), nearest(TABLE[:, :3], range(40), 8)
    expected = [len(set(a) & set(b)) / 8 for a, b in zip(first, second, strict=True)]
    assert shared(first, second).tolist() == expected
    assert 0 < min(expected) + max(expected) < 2, "some in common, and not all"


def test_shared_takes_no_notice_of_the_order():
    assert shared([[1, 2, 3], [1, 2, 3]], [[3, 1, 2], [4, 5, 6]]).tolist() == [1.0, 0.0]
    assert shared([[5]], [[5]]).tolist() == [1.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_not_finite_is_refused_by_row(bad):
    table = TABLE.copy()
    table[7, 2] = bad
    with pytest.raises(ValueError, match=r"row 7 holds NaN or an infinity\. Leave that row out"):
        nearest(table, [0], 1)


def test_a_row_of_zeros_has_no_direction():
    with pytest.raises(ValueError, match=r"row 1 holds only zeros\. Leave that row out"):
        nearest([[1, 0], [0, 0], [2, 1]], [0], 1)


@pytest.mark.parametrize("shape", [(3,), (0, 2), (2, 0), (2, 2, 2)])
def test_what_is_no_table_is_refused(shape):
    with pytest.raises(ValueError, match=r"shape \(rows, numbers\): received \("):
        unit_rows(np.ones(shape))


def test_one_row_has_no_neighbour_and_forty_have_39():
    with pytest.raises(ValueError, match=r"k must be in \[1, 39\], .* received 40"):
        nearest(TABLE, [0], 40)
    assert nearest(TABLE, [0], 39).shape == (1, 39)
    for k in (0, -1, 1.5, True):
        with pytest.raises(ValueError, match="k must be a positive integer"):
            nearest(TABLE, [0], k)


def test_ids_outside_the_table_or_in_rows_are_refused():
    with pytest.raises(IndexError, match=r"id 40 at position \(1,\) is outside \[0, 40\)"):
        nearest(TABLE, [0, 40], 1)
    with pytest.raises(ValueError, match=r"ids must be a flat list: received the shape \(1, 2\)"):
        nearest(TABLE, [[0, 1]], 1)


def test_an_unknown_word_is_named():
    with pytest.raises(ValueError, match="'c' is not in the vocabulary of 2 words"):
        nearest_words([[1, 0], [0, 1]], ["a", "b"], "c", 1)


def test_words_and_rows_must_be_equally_many():
    with pytest.raises(ValueError, match="one word for each of 2 rows: received 3"):
        nearest_words([[1, 0], [0, 1]], ["a", "b", "c"], "c", 1)


@pytest.mark.parametrize(("one", "other"), [((2, 3), (2, 2)), ((2, 0), (2, 0)), ((4,), (4,))])
def test_lists_that_cannot_be_compared_are_refused(one, other):
    with pytest.raises(ValueError, match="two lists of neighbours of one shape"):
        shared(np.ones(one), np.ones(other))


def test_a_word_twice_names_no_row():
    with pytest.raises(ValueError, match=r"words must all be different: received .*film.*film"):
        places(["film", "good", "film"], ["good"])
