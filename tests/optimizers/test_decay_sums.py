"""Sums that stand for any number of steps without a gradient. The oracle is the loop."""

import numpy as np
import pytest

from embedding_core.optimizers.decay_sums import DecaySums
from embedding_core.optimizers.series import number_of_terms

pytestmark = pytest.mark.usefixtures("form")


def test_sums_are_those_of_their_definition():
    b1, b2, clock = 0.9, 0.999, 1500
    sums, alpha = DecaySums(b1, b2, 1e-7, 1e-6), np.linspace(0.1, 0.2, clock + 1)
    for now in range(1, clock + 1):
        sums.advance(now, alpha[now])
    m, v = np.full((4, 1), 0.3), np.full((4, 1), 0.04)
    last = np.array([0, 700, 1490, clock])
    moved = sums.displacement(m, v, last)
    for i, t in enumerate(last):
        j = np.arange(1, clock - t + 1)
        exact = (alpha[t + j] * b1**j * 0.3 / (b2 ** (j / 2) * 0.2 + 1e-7)).sum()
        assert moved[i, 0] == pytest.approx(exact, rel=1e-5, abs=1e-12)


def test_after_a_restart_the_sums_are_those_of_the_steps_since():
    old, new = DecaySums(0.9, 0.999, 1e-7, 1e-12), DecaySums(0.9, 0.999, 1e-7, 1e-12)
    for now in range(1, 2000):
        old.advance(now, 0.3)
    old.restart()
    for now in range(1, 20):
        old.advance(now, 0.1)
        new.advance(now, 0.1)
    m, v, last = np.ones((20, 1)), np.ones((20, 1)), np.arange(20)
    assert old.displacement(m, v, last).tolist() == new.displacement(m, v, last).tolist()


@pytest.mark.parametrize("clock", [1023, 1024, 1025, 2048])
def test_there_is_room_for_the_row_that_waited_longest_and_for_the_last_that_did_not(clock):
    sums = DecaySums(0.9, 0.999, 1e-7, 1e-12)
    for now in range(1, clock + 1):
        sums.advance(now, 0.1)
    block = np.array([[[1.0], [1.0]], [[5.0], [5.0]], [[0.25], [0.25]]])
    sums.make_up(block, np.array([0, clock]), clock)
    j = np.arange(1, clock + 1)
    value = 1 - (0.1 * 0.9**j * 5 / (0.999 ** (j / 2) * 0.5 + 1e-7)).sum()
    assert block[:, 0, 0].tolist() == pytest.approx([value, 5 * 0.9**clock, 0.25 * 0.999**clock])
    assert block[:, 1, 0].tolist() == [1, 5, 0.25]


@pytest.mark.parametrize(
    ("betas", "tolerance", "terms"),
    [
        ((0.9, 0.999), 1e-6, 4),
        ((0.9, 0.999), 1e-12, 8),
        ((0.5, 0.9999), 1e-6, 2),
        ((0.5, 0.9999), 1e-3, 1),
        ((0.9, 0.996), 1e-12, 0),  # 13 would do
        ((0.9, 0.99), 1e-12, 0),  # 26 would do
        ((0.9999, 1 - 1e-12), 1e-6, 0),  # 2 would do, of 368,000 steps
        ((0.9, 0.9), 1e-6, 0),
        ((0.999999, 0.999999999), 1e-6, 0),
    ],
)
def test_the_number_of_terms_is_the_smallest_that_reaches_the_tolerance(betas, tolerance, terms):
    b1, b2 = betas
    assert number_of_terms(b1, b2, tolerance) == terms
    if terms:
        j = np.arange(1, 3000)
        left = [(b1**j * (1 - b2 ** (j / 2)) ** n).sum() for n in (terms - 1, terms)]
        assert left[1] <= tolerance < left[0]


def test_a_row_whose_squares_have_overflowed_stays_where_it_is_as_in_the_dense_step():
    sums = DecaySums(0.9, 0.999, 1e-7, 1e-6)
    sums.advance(1, 0.1)
    sums.advance(2, 0.1)
    block = np.array([[[1.0, 1.0]], [[5.0, 5.0]], [[np.inf, 1.0]]], "float32")
    sums.make_up(block, np.array([1]), 2)
    # 0.1 x 0.9 x 5 / root of infinity, or of 0.999.
    assert block[0].tolist() == [[1.0, pytest.approx(1 - 0.45 / 0.999**0.5, rel=1e-5)]]
