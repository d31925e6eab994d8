"""A row's first values depend on the seed, the id and the width, and on nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedding_core.scale.disk.first_values import first_rows, splitmix64

# The first numbers of seed 1234567, as published with implementations of SplitMix64.
PUBLISHED = [
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
]


def one_by_one(seed, count):
    """SplitMix64 as it is written down: a state that steps on, and a mixture of its bits."""
    state, numbers = seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        numbers.append(z ^ z >> 31)
    return numbers


def places(count):
    return np.arange(count, dtype=np.uint64)


def test_the_sequence_is_the_published_one():
    assert splitmix64(1234567, places(5)).tolist() == PUBLISHED


@given(seed=st.integers(0, 2**64 - 1))
def test_the_sequence_can_be_entered_anywhere(seed):
    assert splitmix64(seed, places(20)[::-1]).tolist() == one_by_one(seed, 20)[::-1]


def test_a_row_is_what_the_sequence_says_at_its_place():
    numbers = one_by_one(7, 12)[6:8]  # row 3 of width 3 takes two 64-bit numbers
    halves = [half for n in numbers for half in (n % 2**32, n >> 32)][:3]
    signed = [half - 2**32 if half >= 2**31 else half for half in halves]
    expected = [(s >> 8) / 2**23 * 0.5 for s in signed]
    row = first_rows(7, np.array([3]), 3, 0.5, "float64")[0]
    np.testing.assert_allclose(row, expected, rtol=1e-7)


def test_a_row_is_the_same_in_any_company():
    ids = np.array([5, 0, 10**11, 5, 3])
    together = first_rows(1, ids, 7, 0.05, "float32")
    assert together.dtype == np.float32
    for i, row in zip(ids, together, strict=True):
        np.testing.assert_array_equal(row, first_rows(1, np.array([i]), 7, 0.05, "float32")[0])
    assert len(np.unique(together, axis=0)) == 4


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_numbers_are_evenly_drawn_on_both_sides_of_zero(dtype):
    numbers = first_rows(0, np.arange(2000), 64, 0.05, dtype).ravel().astype(float)
    assert np.abs(numbers).max() <= np.asarray(0.05, dtype)
    counts, _ = np.histogram(numbers, bins=20, range=(-0.05, 0.05))
    even = numbers.size / 20
    assert np.sum((counts - even) ** 2 / even) < 50, "chi-square, 19 degrees: 1 in 10,000"


def test_neither_seeds_nor_rows_nor_columns_look_alike():
    first = first_rows(0, np.arange(500), 64, 0.05, "float32")
    second = first_rows(1, np.arange(500), 64, 0.05, "float32")
    for a, b in ((first, second), (first[1:], first[:-1]), (first[:, 1:], first[:, :-1])):
        assert abs(np.corrcoef(a.ravel(), b.ravel())[0, 1]) < 0.03
