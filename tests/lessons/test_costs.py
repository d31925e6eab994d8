"""`costs` against arrays that are really made, and multiplications that are really done."""

import tracemalloc

import numpy as np
import pytest

from embedding_core import gather, one_hot
from embedding_core.layers import Embedding
from embedding_core.lessons import costs
from embedding_core.optimizers import SGD, Adagrad, Adam

N, V, D = 6, 50, 4
IDS = np.arange(N) * 7
SIZES = pytest.mark.parametrize(("dtype", "size"), [("float32", 4), ("float64", 8)])


class Counted(float):
    """A number that counts how often it is multiplied."""

    times = 0

    def __mul__(self, other):
        Counted.times += 1
        return Counted(float(self) * float(other))

    def __add__(self, other):
        return Counted(float(self) + float(other))


def counted(array):
    return np.array([[Counted(x) for x in row] for row in array], object)


def test_a_dense_product_multiplies_as_often_as_counted():
    rows, table = one_hot(IDS, V, dense=True), np.ones((V, D))
    Counted.times = 0
    counted(rows) @ counted(table)
    assert Counted.times == costs.forward("dense product", N, V, D).multiplications
    counted(rows.T) @ counted(np.ones((N, D)))  # the gradient of the table
    assert Counted.times == costs.training_step("dense product", N, V, D).multiplications


def test_a_sparse_product_multiplies_what_it_stores_and_a_look_up_nothing():
    stored = one_hot(IDS, V).nnz
    assert costs.forward("sparse product", N, V, D).multiplications == stored * D
    assert costs.training_step("sparse product", N, V, D).multiplications == 2 * stored * D
    assert costs.training_step("look-up", N, V, D).multiplications == 0


@SIZES
def test_the_memory_is_that_of_the_arrays(dtype, size):
    table = np.ones((V, D), dtype)
    shared = table.nbytes + IDS.nbytes + gather(table, IDS).nbytes
    dense, sparse = one_hot(IDS, V, dtype, dense=True), one_hot(IDS, V, dtype)
    assert np.shares_memory(sparse.indices, IDS)
    stored = sparse.data.nbytes + sparse.indptr.nbytes
    expected = [shared, shared + stored, shared + dense.nbytes]
    assert [costs.forward(way, N, V, D, dtype).memory for way in costs.WAYS] == expected


@SIZES
def test_a_look_up_reads_ids_and_rows_and_writes_rows(dtype, size):
    cost = costs.forward("look-up", N, V, D, dtype)
    assert (cost.read, cost.written) == (8 * N + N * D * size, N * D * size)
    assert cost.moved == 8 * N + 2 * N * D * size


@SIZES
def test_a_sparse_product_moves_its_ones_and_row_starts_besides(dtype, size):
    cost, stored = costs.forward("sparse product", N, V, D, dtype), N * size + (N + 1) * 8
    assert cost.written == stored + N * D * size
    assert cost.read == 8 * N + stored + N * D * size


@SIZES
def test_a_dense_product_writes_its_zeros_and_reads_them_and_the_table(dtype, size):
    cost = costs.forward("dense product", N, V, D, dtype)
    assert cost.written == (N * V + N * D) * size
    assert cost.read == 8 * N + (N * V + V * D) * size


def test_only_the_dense_product_moves_more_when_the_table_grows():
    small, large = ([costs.forward(w, N, v, D).moved for w in costs.WAYS] for v in (V, 10 * V))
    assert small[:2] == large[:2]
    assert large[2] > 9 * small[2]


def test_what_an_optimizer_remembers_is_what_ours_remember():
    for cls in (SGD, Adagrad, Adam):
        layer = Embedding(V, D)
        layer.build()
        optimizer = cls()
        optimizer.build(layer.trainable_weights)
        assert costs.SLOTS[cls.__name__.lower()] == len(optimizer.first_slots())


def test_a_step_after_a_look_up_moves_the_rows_looked_up_and_their_slots():
    row = 4 * D
    sgd, adam = (costs.training_step("look-up", N, V, D, optimizer=o) for o in ("sgd", "adam"))
    there, back = costs.forward("look-up", N, V, D), N * row
    # Backward reads ids and arriving vectors and writes slices; the update reads and writes.
    assert sgd.read == there.read + 8 * N + back + back + back
    assert sgd.written == there.written + back + back
    assert adam.moved - sgd.moved == 2 * 2 * back
    assert sgd.memory == there.memory + 2 * back
    assert adam.memory - sgd.memory == 2 * V * row


def test_a_step_that_moves_every_row_pays_for_the_table():
    few, all_rows = (
        costs.training_step("look-up", N, V, D, optimizer="adam", every_row=every)
        for every in (False, True)
    )
    assert all_rows.moved - few.moved == 2 * 3 * (V - N) * 4 * D
    assert all_rows.memory == few.memory


@pytest.mark.parametrize("way", costs.WAYS[1:])
def test_the_gradient_of_a_product_is_a_whole_matrix(way):
    step, matrix = costs.training_step(way, N, V, D), V * D * 4
    assert step.memory == costs.forward(way, N, V, D).memory + N * D * 4 + matrix
    assert step.written == costs.forward(way, N, V, D).written + 2 * matrix


def test_a_table_smaller_than_the_batch_has_no_more_rows_to_move_than_it_has():
    cost = costs.training_step("look-up", 1000, 2, D)
    assert cost.written == costs.forward("look-up", 1000, 2, D).written + 2 * 2 * D * 4


@pytest.mark.parametrize("way", costs.WAYS)
@pytest.mark.parametrize("limit", [10_000, 3 * 10**9])
def test_one_row_more_than_the_largest_table_is_too_many(way, limit):
    def memory(rows):
        return costs.training_step(way, N, rows, D, optimizer="adam").memory

    rows = costs.largest_table(memory, limit)
    assert memory(rows) <= limit < memory(rows + 1)


def test_where_one_row_is_too_many_no_table_fits():
    assert costs.largest_table(lambda rows: 100 + rows, 50) == 0


def test_the_slope_is_the_power():
    rows = [10, 100, 1000]
    assert costs.slope(rows, [7, 7, 7]) == pytest.approx(0)
    assert costs.slope(rows, [3 * r for r in rows]) == pytest.approx(1)
    assert costs.slope(rows, [r**2 / 5 for r in rows]) == pytest.approx(2)


@pytest.mark.parametrize(
    ("rows", "seconds"),
    [([10], [1]), ([10, 10], [1, 2]), ([1, 2], [0, 1]), ([1, 2], [1]), ([], [])],
)
def test_a_slope_needs_two_points(rows, seconds):
    with pytest.raises(ValueError, match="positive costs at two or more different numbers of rows"):
        costs.slope(rows, seconds)


def test_peak_memory_sees_the_worst_moment_and_only_the_call():
    held = np.ones(10**6)
    peak = costs.peak_memory(lambda: np.ones(2 * 10**6)[:1] + held[0])
    assert 16e6 <= peak < 16.1e6
    assert not tracemalloc.is_tracing()


def test_peak_memory_stops_tracing_when_the_call_fails():
    with pytest.raises(ZeroDivisionError):
        costs.peak_memory(lambda: 1 / 0)
    assert not tracemalloc.is_tracing()


def test_peak_memory_does_not_disturb_a_tracing_that_runs():
    tracemalloc.start()
    try:
        with pytest.raises(RuntimeError, match="running already"):
            costs.peak_memory(int)
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("way", costs.WAYS)
def test_a_real_run_holds_at_least_what_is_counted_beside_the_table(way):
    n, rows, width = 512, 20_000, 16
    table = np.ones((rows, width), "float32")
    ids = np.random.default_rng(0).integers(0, rows, n)
    ways = {
        "look-up": lambda: gather(table, ids),
        "sparse product": lambda: one_hot(ids, rows) @ table,
        "dense product": lambda: one_hot(ids, rows, dense=True) @ table,
    }
    beside = costs.forward(way, n, rows, width).memory - table.nbytes - ids.nbytes
    assert beside <= costs.peak_memory(ways[way]) < 1.1 * beside + 30_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lookup", 1, 1, 1), "way must be 'look-up', .* received 'lookup'"),
        (("look-up", 0, 1, 1), "n must be a whole number from 1 on: received 0"),
        (("look-up", 1, 2.0, 1), "V must be a whole number from 1 on: received 2.0"),
        (("look-up", 1, 1, True), "D must be a whole number from 1 on: received True"),
    ],
)
def test_what_cannot_be_counted_is_refused(arguments, message):
    for count in (costs.forward, costs.training_step):
        with pytest.raises(ValueError, match=message):
            count(*arguments)


def test_an_unknown_optimizer_is_refused():
    with pytest.raises(ValueError, match="'sgd', 'adagrad' or 'adam': received 'Adam'"):
        costs.training_step("look-up", 1, 1, 1, optimizer="Adam")
