"""Owed steps: made up for exactly once, when somebody looks. The oracle is dense arithmetic."""

import copy
import pickle

import numpy as np
import pytest

from embedding_core import Adam, IndexedSlices, Variable
from embedding_core.optimizers.memory import Memory


class DenseAdam:
    """Adam on a whole table in float64, written down from Kingma and Ba."""

    def __init__(self, table, beta_1, beta_2, epsilon=1e-7):
        self.table = np.array(table, np.float64)
        self.m, self.v = np.zeros_like(self.table), np.zeros_like(self.table)
        self.beta_1, self.beta_2, self.epsilon, self.t = beta_1, beta_2, epsilon, 0

    def step(self, rows, values, learning_rate):
        gradient = np.zeros_like(self.table)
        np.add.at(gradient, rows, values)
        self.t += 1
        self.m = self.beta_1 * self.m + (1 - self.beta_1) * gradient
        self.v = self.beta_2 * self.v + (1 - self.beta_2) * gradient**2
        m_hat = self.m / (1 - self.beta_1**self.t)
        v_hat = self.v / (1 - self.beta_2**self.t)
        epsilon = self.epsilon / np.sqrt(1 - self.beta_2**self.t)  # where Keras adds it
        self.table -= learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)


def steps(V=200, D=4, n=600, seed=0):
    """Yield Zipf rows with repetitions and gradients over six decades."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, V + 1)
    for _ in range(n):
        rows = rng.choice(V, 12, p=share / share.sum())
        yield rows, rng.standard_normal((12, D)) * 10.0 ** rng.uniform(-7, -1, (12, 1))


@pytest.mark.parametrize(
    "betas", [(0.9, 0.999), (0.9, 0.99), (0.9, 0.9), (0.95, 0.999), (0.0, 0.999), (0.5, 0.9999)]
)
@pytest.mark.parametrize("changing", [False, True])
def test_sparse_steps_end_where_dense_ones_do(betas, changing):
    start = np.random.default_rng(1).uniform(-0.05, 0.05, (200, 4))
    dense, variable, optimizer = DenseAdam(start, *betas), Variable(start), Adam(0.1, *betas)
    for t, (rows, values) in enumerate(steps()):
        rate = 0.05 + 0.05 * np.cos(t / 30) if changing else 0.1
        optimizer.learning_rate = rate
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, rate)
    assert np.abs(dense.table - start).max() > 0.1, "the table travels"
    assert np.abs(variable.value - dense.table).max() < 1e-5 * 0.1


def test_in_float32_the_error_is_that_of_dense_float32():
    start = np.random.default_rng(1).uniform(-0.05, 0.05, (200, 4)).astype("float32")
    dense, sparse, plain = DenseAdam(start, 0.9, 0.999), Variable(start), Variable(start)
    by_rows, whole = Adam(), Adam()
    for rows, values in steps():
        slices = IndexedSlices(values.astype("float32"), rows, (200, 4))
        by_rows.apply([slices], [sparse])
        whole.apply([slices.dense()], [plain])
        dense.step(rows, values, 0.001)
    error = np.abs(sparse.value - dense.table).max()
    assert error <= 1.5 * np.abs(plain.value - dense.table).max()


def trained(n=30):
    variable, optimizer = Variable(np.full((200, 4), 0.1)), Adam(0.01)
    dense = DenseAdam(variable.value, 0.9, 0.999)
    for rows, values in steps(n=n):
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, 0.01)
    return variable, optimizer, dense


LOOKS = {
    "value": lambda variable, optimizer: variable.value,
    "rows": lambda variable, optimizer: variable.rows(np.arange(200)),
    "rows, some twice": lambda variable, optimizer: variable.rows(np.arange(400) // 2)[::2],
    "array": lambda variable, optimizer: np.asarray(variable),
    "copy": lambda variable, optimizer: copy.copy(variable).value,
    "deepcopy": lambda variable, optimizer: copy.deepcopy(variable).value,
    "pickle": lambda variable, optimizer: pickle.loads(pickle.dumps(variable)).value,
    "copy with the optimizer": lambda variable, optimizer: (
        copy.deepcopy((optimizer, variable))[1].value
    ),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_whoever_looks_sees_the_dense_table(look):
    variable, optimizer, dense = trained()
    seen = look(variable, optimizer)
    np.testing.assert_allclose(seen, dense.table, atol=1e-10)


def test_a_copy_of_optimizer_and_variable_trains_on_like_the_original():
    variable, optimizer, dense = trained()
    optimizer, variable = pickle.loads(pickle.dumps((optimizer, variable)))
    for rows, values in steps(n=20, seed=5):
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, 0.01)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


def test_a_dense_step_among_sparse_ones_finds_every_row_settled():
    variable, optimizer, dense = trained()
    gradient = np.random.default_rng(3).standard_normal((200, 4))
    optimizer.apply([gradient], [variable])
    dense.step(np.arange(200), gradient, 0.01)
    for rows, values in steps(n=20, seed=5):
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, 0.01)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


def test_another_optimizer_finds_every_row_settled():
    variable, _, dense = trained()
    other = Adam(0.02)
    settled = dense.table.copy()
    slices = IndexedSlices(np.ones((1, 4)), np.array([0]), (200, 4))
    other.apply([slices], [variable])
    np.testing.assert_allclose(variable.value[1:], settled[1:], atol=1e-10)


def test_assigned_rows_keep_their_momentum_and_lose_no_owed_step():
    variable, optimizer, dense = trained()
    variable.assign_rows([5], np.zeros((1, 4)))
    dense.table[5] = 0
    for rows, values in steps(n=20, seed=5):
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, 0.01)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


class Watch:
    """A `Rest` that moves nothing and writes down what it is asked."""

    def __init__(self):
        self.calls = []

    def advance(self, clock, step_size):
        self.calls.append((clock, step_size))

    def make_up(self, block, last, clock):
        self.calls.append((block[0, :, 0].tolist(), last.tolist(), clock))

    def restart(self):
        self.calls.append("restart")


def test_a_row_is_made_up_for_once_and_told_how_long_it_waited():
    watch, variable = Watch(), Variable([[0.0], [1.0], [2.0]])
    memory = Memory(variable, [], watch)
    memory.begin(variable, np.array([0]), 0.5)
    memory.begin(variable, np.array([1]), 0.25)
    assert watch.calls == [(1, 0.5), ([1], [0], 1), (2, 0.25)]
    del watch.calls[:]
    variable.rows([0, 0])
    assert watch.calls == [([0], [1], 2)]
    variable.rows([0, 1])
    assert watch.calls[1:] == []
    _ = variable.value
    assert watch.calls[1:] == [([2], [0], 2), "restart"]
    _ = variable.value
    assert watch.calls[3:] == []
