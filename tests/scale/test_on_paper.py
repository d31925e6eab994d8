"""A cluster on paper: counts that can be done in the head, and laws that chance obeys."""

import numpy as np
import pytest

from embedding_core.scale import on_paper

TABLE = on_paper.Table(rows=8, width=4, slots=1)  # 32 bytes a row, 24 on their way
MACHINE = on_paper.Machine(memory=100, row_seconds=2.0, network=12.0)


def test_sizes():
    assert TABLE.bytes == 8 * 4 * 2 * 4
    assert TABLE.row_bytes == 4 * 4 + 8
    assert TABLE.machines(MACHINE) == 3
    assert on_paper.Table(10**8, 64, slots=0).bytes == 25_600_000_000
    assert on_paper.Table(10**9, 64, size=2).row_bytes == 136


def test_two_machines_by_hand():
    """Rows 0 to 3 stand on the first machine, 4 to 7 on the second."""
    traffic = on_paper.simulate(TABLE, np.array([[0, 0, 4, 5], [1, 2, 3, 7]]), "blocks")
    np.testing.assert_array_equal(traffic.asked, [[1, 2], [3, 1]])
    assert traffic.balance == 4 / 3.5
    step = traffic.on(MACHINE)
    assert step.work == 4 * 2.0
    # The first sends 3 rows and 2 gradients, the second 2 rows and 3 gradients.
    assert step.travel == 5 * 24 / 12.0
    assert step.seconds == 18.0
    assert step.limit == "network"
    assert traffic.on(on_paper.Machine(100, 2.0, 120.0)).limit == "rows"


def test_one_machine_needs_no_network():
    step = on_paper.simulate(TABLE, np.array([[0, 1, 7]])).on(MACHINE)
    assert (step.work, step.travel) == (6.0, 0.0)


def test_a_hash_spreads_what_blocks_heap_up():
    ids = on_paper.zipf_ids(10**9, (8, 5000))
    big = on_paper.Table(10**9, 64)
    assert on_paper.simulate(big, ids, "blocks").balance > 4
    hashed = on_paper.simulate(big, ids, "hash")
    assert 1 <= hashed.balance < 1.1
    assert hashed.asked.sum() == sum(np.unique(batch).size for batch in ids)


@pytest.mark.parametrize("spread", ["hash", "blocks"])
@pytest.mark.parametrize("shards", [1, 3, 7])
def test_every_row_stands_on_one_of_the_machines(spread, shards):
    held = on_paper.shard_of(np.arange(1000), 1000, shards, spread)
    counts = np.bincount(held, minlength=shards)
    assert counts.size == shards
    assert counts.max() < 1.3 * 1000 / shards


def test_ids_are_as_frequent_as_zipf_says():
    """Among V ranks, a share of log((b + 1) / (a + 1)) / log(V + 1) falls into [a, b)."""
    ids = on_paper.zipf_ids(10**6, (1, 200_000), seed=1)
    assert ids.min() >= 0
    assert ids.max() < 10**6
    for low, high in ((0, 1), (1, 10), (1000, 10_000)):
        share = np.log((high + 1) / (low + 1)) / np.log(10**6 + 1)
        assert np.mean((ids >= low) & (ids < high)) == pytest.approx(share, abs=0.005)
    np.testing.assert_array_equal(ids, on_paper.zipf_ids(10**6, (1, 200_000), seed=1))


def test_where_rows_and_journey_are_even():
    """With many machines nearly nothing is at home, and the two times meet."""
    big, row_seconds = on_paper.Table(10**9, 64), 1e-6
    even = on_paper.even_network(big, row_seconds)
    assert even == 2 * 264 / 1e-6
    ids = np.random.default_rng(0).integers(0, 10**9, (64, 5000))
    step = on_paper.simulate(big, ids).on(on_paper.Machine(1e9, row_seconds, even))
    assert step.travel == pytest.approx(step.work, rel=0.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: on_paper.Machine(0, 1, 1), "memory must be a positive number: received 0"),
        (lambda: on_paper.Machine(1, -1, 1), "row_seconds must be a positive"),
        (lambda: on_paper.Machine(1, 1, float("nan")), "network must be a positive"),
        (lambda: on_paper.Table(0, 64), "rows must be a positive"),
        (lambda: on_paper.Table(1, 1, -1), "slots must be a number from 0 on"),
        (lambda: on_paper.zipf_ids(0, (1, 1)), "rows must be a positive"),
        (lambda: on_paper.even_network(TABLE, 0), "row_seconds must be"),
        (
            lambda: on_paper.shard_of(np.array([1]), 8, 2, "luck"),
            "'blocks': received 'luck'",
        ),
        (
            lambda: on_paper.simulate(TABLE, np.array([1, 2])),
            r"\(machines, n\).* \(2,\)",
        ),
        (lambda: on_paper.simulate(TABLE, np.zeros((2, 0), int)), r"received \(2, 0\)"),
    ],
)
def test_what_cannot_be_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_truth_value_is_no_number():
    with pytest.raises(TypeError, match="width must be a number: received True"):
        on_paper.Table(1, True)
