"""What came of a case, in words."""

import warnings

import numpy as np
import pytest

from embedding_core.lessons.elsewhere.layer import NotOffered, small_table
from embedding_core.lessons.elsewhere.words import answer, numbers, row, rows_that_differ


@pytest.mark.parametrize("k", range(4))
def test_a_row_says_which_one_it_is(k):
    assert row(np.array([10 * k, 10 * k + 1]), small_table()) == f"row {k}"


@pytest.mark.parametrize(
    ("vector", "words"),
    [
        ([np.nan, np.nan], "NaN"),
        ([0, 0], "zeros"),
        ([1.5, -2], "1.5 -2"),
        ([np.nan, 1], "nan 1"),
        ([1, 2, 3], "an array of shape (3,)"),
    ],
)
def test_what_is_no_row_is_said_too(vector, words):
    assert row(np.array(vector), small_table()) == words


def test_zeros_that_are_a_row_are_that_row():
    table = np.zeros((2, 2))
    table[0] = 1
    assert row(np.zeros(2), table) == "row 1"


@pytest.mark.parametrize(("rows", "words"), [([], "no row"), ([2], "row 2"), ([0, 3], "rows 0, 3")])
def test_the_rows_that_differ_are_named(rows, words):
    after = small_table()
    after[rows] += 1
    assert rows_that_differ(small_table(), after) == words


def test_numbers_have_four_digits():
    assert numbers([1 / 3, 1e-9]) == "0.3333 1e-09"


def test_an_error_is_answered_by_its_class():
    def ask():
        raise KeyError("whatever")

    assert answer(ask) == "raises KeyError"


def test_what_is_not_offered_is_no_error():
    def ask():
        raise NotOffered

    assert answer(ask) == "not offered"


def test_a_warning_is_no_answer():
    def ask():
        warnings.warn("beware", stacklevel=1)
        return "row 1"

    assert answer(ask) == "row 1"


def test_an_interrupt_is_no_answer():
    def ask():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        answer(ask)
