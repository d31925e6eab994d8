"""Owed steps: made up for exactly once, when somebody looks. The oracle is dense arithmetic."""

import copy
import pickle
import tracemalloc
import weakref

import numpy as np
import pytest
from dense_optimizers import Dense, adagrad, adam, rmsprop, sgd
from helpers import refused

from embedding_core import (
    SGD,
    Adagrad,
    Adam,
    IndexedSlices,
    LazyAdam,
    RMSprop,
    Variable,
)
from embedding_core.constraints import NonNeg
from embedding_core.ground.whole import make
from embedding_core.optimizers import memory as memory_module
from embedding_core.optimizers.memory import Memory
from embedding_core.regularizers import L2

pytestmark = pytest.mark.usefixtures("form")

CASES = {
    "sgd": (SGD, sgd, {}),
    "momentum": (SGD, sgd, {"momentum": 0.9}),
    "nesterov": (SGD, sgd, {"momentum": 0.8, "nesterov": True}),
    "adagrad": (Adagrad, adagrad, {}),
    "rmsprop": (RMSprop, rmsprop, {}),
    "rmsprop with momentum": (RMSprop, rmsprop, {"momentum": 0.9}),
    "centered rmsprop": (RMSprop, rmsprop, {"rho": 0.95, "epsilon": 1e-3, "centered": True}),
    "rmsprop with everything": (
        RMSprop,
        rmsprop,
        {"momentum": 0.5, "epsilon": 1e-3, "centered": True},
    ),
    "adam": (Adam, adam, {}),
}
every_case = pytest.mark.parametrize("case", CASES)


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
    dense = Dense(adam, start, beta_1=betas[0], beta_2=betas[1])
    variable, optimizer = Variable(start), Adam(0.1, *betas)
    for t, (rows, values) in enumerate(steps()):
        rate = 0.05 + 0.05 * np.cos(t / 30) if changing else 0.1
        optimizer.learning_rate = rate
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, rate)
    assert np.abs(dense.table - start).max() > 0.1, "the table travels"
    assert np.abs(variable.value - dense.table).max() < 1e-5 * 0.1


@every_case
def test_every_optimizer_ends_where_its_dense_formula_does(case):
    cls, formula, settings = CASES[case]
    start = np.random.default_rng(1).uniform(-0.05, 0.05, (200, 4))
    dense, variable, optimizer = Dense(formula, start, **settings), Variable(start), cls(**settings)
    for t, (rows, values) in enumerate(steps()):
        optimizer.learning_rate = 0.01 + 0.01 * np.cos(t / 30)
        assert optimizer.dense_because(variable) is None
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, 0.01 + 0.01 * np.cos(t / 30))
    travelled = np.abs(dense.table - start).max()
    assert travelled > 0.005
    assert np.abs(variable.value - dense.table).max() < 1e-11 * max(travelled, 1)


@pytest.mark.long
def test_3000_steps_of_adam_over_six_decades_in_both_precisions():
    V, D = 2000, 8
    start = np.random.default_rng(1).uniform(-0.05, 0.05, (V, D))
    dense = Dense(adam, start)
    exact, narrow, plain = (Variable(start.astype(t)) for t in ("float64", "float32", "float32"))
    lazy = Variable(start)
    optimizers = [Adam(), Adam(), Adam(), LazyAdam()]
    for rows, values in steps(V, D, 3000):
        slices = IndexedSlices(values, rows, (V, D))
        grads = [slices, slices, slices.dense(), slices]
        for optimizer, grad, table in zip(
            optimizers, grads, [exact, narrow, plain, lazy], strict=True
        ):
            optimizer.apply([grad], [table])
        dense.step(rows, values, 0.001)
    errors = [np.abs(table.value - dense.table).max() for table in (exact, narrow, plain, lazy)]
    assert np.abs(dense.table - start).max() > 0.1, "the table travels"
    assert errors[0] < 1e-10
    assert errors[1] <= errors[2] < 1e-6
    assert errors[3] > 0.05, "LazyAdam learns something else"


def trained(n=30, case="adam"):
    cls, formula, settings = CASES[case]
    variable, optimizer = Variable(np.full((200, 4), 0.1)), cls(0.01, **settings)
    dense = Dense(formula, variable.value, **settings)
    train(variable, optimizer, dense, n)
    return variable, optimizer, dense


def train(variable, optimizer, dense, n=20, seed=0):
    for rows, values in steps(n=n, seed=seed):
        optimizer.apply([IndexedSlices(values, rows, (200, 4))], [variable])
        dense.step(rows, values, 0.01)


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
@every_case
def test_whoever_looks_sees_the_dense_table(look, case):
    variable, optimizer, dense = trained(case=case)
    seen = look(variable, optimizer)
    np.testing.assert_allclose(seen, dense.table, atol=1e-10)
    train(variable, optimizer, dense, seed=5)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair))], ids=["copy", "pickle"]
)
@every_case
def test_a_copy_of_optimizer_and_variable_trains_on_like_the_original_and_apart_from_it(
    copied, case
):
    variable, optimizer, dense = trained(case=case)
    before = dense.table.copy()
    optimizer_2, variable_2 = copied((optimizer, variable))
    train(variable_2, optimizer_2, dense, seed=5)
    np.testing.assert_allclose(variable_2.value, dense.table, atol=1e-10)
    np.testing.assert_allclose(variable.value, before, atol=1e-10)
    train(variable, optimizer, Dense(sgd, before), seed=5)
    assert variable.value.tolist() == variable_2.value.tolist()
    # A dense step reads the slots where the sparse ones before it have left them.
    gradient = np.random.default_rng(3).standard_normal((200, 4))
    optimizer_2.apply([gradient], [variable_2])
    dense.step(np.arange(200), gradient, 0.01)
    np.testing.assert_allclose(variable_2.value, dense.table, atol=1e-10)


def test_a_copy_of_a_memory_alone_owes_nothing():
    _, optimizer, _ = trained()
    assert optimizer._memories[0].clock == 30
    copied = copy.deepcopy(optimizer._memories[0])
    assert copied.clock == optimizer._memories[0].clock == 0


def test_a_pickle_of_a_memory_holds_each_rows_slots_and_last_step_and_no_weights():
    _, optimizer, _ = trained(case="momentum")
    size = len(pickle.dumps(optimizer._memories[0]))
    row = 4 * 8 + 8  # one slot of four numbers, and a step
    assert 200 * row < size < 200 * (row + 7)


def test_a_shallow_copy_of_a_variable_keeps_its_own_numbers():
    variable, optimizer, dense = trained()
    copied = copy.copy(variable)
    before = dense.table.copy()
    train(variable, optimizer, dense, seed=5)
    np.testing.assert_allclose(copied.value, before, atol=1e-10)


@every_case
def test_a_dense_step_among_sparse_ones_finds_every_row_settled(case):
    variable, optimizer, dense = trained(case=case)
    gradient = np.random.default_rng(3).standard_normal((200, 4))
    optimizer.apply([gradient], [variable])
    dense.step(np.arange(200), gradient, 0.01)
    train(variable, optimizer, dense, seed=5)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


def test_a_dense_step_leaves_no_second_table_behind():
    variable, optimizer, _ = trained()
    home = weakref.ref(optimizer._memories[0]._lines.base)
    assert home().shape == (200, 3, 4)
    optimizer.apply([np.ones((200, 4))], [variable])
    assert home() is None


@every_case
def test_another_optimizer_finds_every_row_settled_and_so_does_the_first_when_it_returns(case):
    variable, optimizer, dense = trained(case=case)
    other, rows = Adam(0.02), np.array([0])
    other.apply([IndexedSlices(np.ones((1, 4)), rows, (200, 4))], [variable])
    np.testing.assert_allclose(variable.value[1:], dense.table[1:], atol=1e-10)
    between = Dense(adam, dense.table)
    between.step(rows, np.ones((1, 4)), 0.02)
    np.testing.assert_allclose(variable.value, between.table, atol=1e-10)
    dense.table = between.table
    train(variable, optimizer, dense, seed=5)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


@every_case
def test_assigned_rows_keep_their_momentum_and_lose_no_owed_step(case):
    variable, optimizer, dense = trained(case=case)
    variable.assign_rows([5], np.zeros((1, 4)))
    dense.table[5] = 0
    train(variable, optimizer, dense, seed=5)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


@every_case
def test_settling_everything_now_and_then_bounds_what_is_kept_and_changes_nothing(
    case, monkeypatch
):
    monkeypatch.setattr(memory_module, "_LONGEST", 7)
    monkeypatch.setattr(memory_module, "_CHUNK", 13)
    variable, optimizer, dense = trained(100, case)
    assert optimizer._memories[0].clock <= 7
    np.testing.assert_allclose(variable.rows(np.arange(200)), dense.table, atol=1e-10)
    train(variable, optimizer, dense, seed=5)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-10)


@every_case
def test_what_is_saved_and_loaded_trains_on_like_the_original(case):
    cls, _, settings = CASES[case]
    variable, optimizer, dense = trained(case=case)
    store = {}
    optimizer.save_own_variables(store)
    later, again = Variable(variable.value), cls(0.01, **settings)
    again.build([later])
    train(variable, optimizer, dense, seed=7)  # the store is a copy
    again.load_own_variables(store)
    assert again.iterations == 30
    _, _, dense = trained(case=case)
    train(later, again, dense, seed=5)
    np.testing.assert_allclose(later.value, dense.table, atol=1e-10)


def test_a_store_that_does_not_fit_is_refused_and_changes_nothing():
    variable, optimizer, _ = trained()
    store = {}
    optimizer.save_own_variables(store)
    assert {key: array.shape for key, array in store.items()} == {
        "iterations": (),
        "0/0": (200, 4),
        "0/1": (200, 4),
    }
    match = r"'0/1': 'float64 \(200, 4\)'.*received.*Build it with"
    for other in (np.zeros((2, 4)), np.zeros((200, 4), "float32")):
        with refused(ValueError, match, optimizer, variable):
            optimizer.load_own_variables(store | {"0/1": other})
    with refused(ValueError, "iterations must be at least 0: received -1", optimizer, variable):
        optimizer.load_own_variables(store | {"iterations": np.array(-1)})
    with pytest.raises(ValueError, match=r"\. Build it with the same variables first\.$"):
        Adam().load_own_variables(store)
    with refused(TypeError, "^store must be a dictionary of arrays: received \\[3\\]", optimizer):
        optimizer.load_own_variables([3])


def test_a_step_needs_no_memory_that_grows_with_the_table():
    peaks = []
    for V in (2_000, 200_000):
        variable, optimizer = Variable(np.zeros((V, 4))), Adam()
        slices = IndexedSlices(np.ones((50, 4)), np.arange(50), (V, 4))
        optimizer.apply([slices], [variable])  # builds the optimizer's own memory
        tracemalloc.start()
        optimizer.apply([slices], [variable])
        variable.rows(np.arange(25, 75))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]


@pytest.mark.parametrize(
    ("make", "variable", "reason"),
    [
        (Adam, {}, None),
        (lambda: Adam(beta_2=0.5), {}, "beta_1=0.9 and beta_2=0.5 allow no short series"),
        (lambda: Adam(beta_1=0.9999), {}, "beta_1=0.9999 and"),
        (lambda: Adam(epsilon=0), {}, "epsilon=0.0 is 0 in float32"),
        (lambda: RMSprop(epsilon=1e-60), {}, "epsilon=1e-60 is 0 in float32"),
        (lambda: Adagrad(0.1, 0, 0), {}, "initial_accumulator_value and epsilon are 0"),
        (lambda: Adagrad(0.1, 0, 1e-7), {}, None),
        (lambda: SGD(weight_decay=0.5), {}, "weight_decay=0.5 shrinks every row"),
        (lambda: SGD(weight_decay=0), {}, None),
        (SGD, {"constraint": NonNeg()}, "its constraint is applied to every row"),
        (SGD, {"regularizer": L2(0.1)}, "its regularizer has a gradient for every row"),
        (lambda: LazyAdam(beta_2=0.5), {}, None),
        (lambda: LazyAdam(weight_decay=0.5), {}, "weight_decay=0.5 shrinks every row"),
        (lambda: RMSprop(momentum=0.9, centered=True), {}, None),
    ],
)
def test_an_optimizer_says_why_it_updates_every_row(make, variable, reason):
    said = make().dense_because(Variable(np.ones((3, 2), "float32"), **variable))
    assert said == reason if reason is None else said.startswith(reason)


@pytest.mark.parametrize(
    ("make", "formula", "settings"),
    [
        (Adam, adam, {"beta_2": 0.5}),
        (Adam, adam, {"epsilon": 1e-3, "beta_1": 0.9999}),
    ],
)
def test_what_is_not_covered_is_updated_densely_and_right(make, formula, settings):
    start = np.random.default_rng(1).uniform(-0.05, 0.05, (200, 4))
    dense, variable = Dense(formula, start, **settings), Variable(start)
    train(variable, make(0.01, **settings), dense, 50)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-12)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (5, 1)])
@every_case
def test_tables_of_one_row_or_one_column(case, shape):
    cls, formula, settings = CASES[case]
    rng = np.random.default_rng(0)
    dense, variable = Dense(formula, np.ones(shape), **settings), Variable(np.ones(shape))
    optimizer = cls(0.1, **settings)
    for n in (3, 0, 2, 0, 0, 1):
        rows, values = rng.integers(0, shape[0], n), rng.normal(size=(n, shape[1]))
        optimizer.apply([IndexedSlices(values, rows, shape)], [variable])
        dense.step(rows, values, 0.1)
    np.testing.assert_allclose(variable.value, dense.table, atol=1e-12)


def test_an_empty_table_takes_an_empty_gradient():
    variable = Variable(np.zeros((3, 0)))
    Adam().apply([IndexedSlices(np.zeros((1, 0)), np.array([1]), (3, 0))], [variable])
    assert variable.value.shape == (3, 0)
    assert Adam().dense_because(variable) == "the table is empty"


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
    for row, step_size in ((0, 0.5), (1, 0.25)):
        block = memory.begin(variable, np.array([row]))
        make(memory.ending(np.array([row]), block, step_size))
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


def stepped(*rows, V=4):
    """A memory after one step on each of the rows, which writes 10 more into the row."""
    watch, variable = Watch(), Variable(np.arange(float(V))[:, None])
    memory = Memory(variable, [], watch)
    for row in rows:
        at = np.array([row])
        block = memory.begin(variable, at)
        make(memory.ending(at, [block[0] + 10], 1.0))
    del watch.calls[:]
    return watch, variable, memory


def test_a_step_takes_what_was_read_ahead_for_it():
    watch, variable, memory = stepped(0, 1)
    rows = np.array([0, 3])
    assert variable.rows_ahead(rows).tolist() == [[10], [3]]
    assert watch.calls == [([10, 3], [1, 0], 2)]
    block = memory.begin(variable, rows)
    assert block[0].tolist() == [[10], [3]]
    make(memory.ending(rows, [block[0] + 10], 0.5))
    assert watch.calls[1:] == [(3, 0.5)]
    assert variable.value.tolist() == [[20], [11], [2], [13]]


@pytest.mark.parametrize("others", [[3, 0], [1, 2], [0]])
def test_what_was_read_ahead_for_other_rows_is_left_aside(others):
    _, variable, memory = stepped(0, 1)
    variable.rows_ahead(np.array([0, 3]))
    rows = np.array(others)
    block = memory.begin(variable, rows)
    assert block[0].tolist() == variable.value[rows].tolist()


def test_rows_that_are_read_ahead_in_vain_are_settled_and_made_up_for_once():
    watch, variable, memory = stepped(0, 1)
    rows = np.array([0, 3])
    for _ in range(4):
        assert variable.rows_ahead(rows).tolist() == [[10], [3]]
    assert watch.calls == 2 * [([10, 3], [1, 0], 2)]  # the first time aside
    memory.begin(variable, rows)
    variable.rows_ahead(rows)
    assert memory.begin(variable, rows)[0].tolist() == [[10], [3]]
    assert watch.calls[2:] == [([10, 3], [2, 2], 2)]  # kept for a step again


def test_after_the_longest_time_all_rows_are_settled_also_those_read_ahead(monkeypatch):
    monkeypatch.setattr(memory_module, "_LONGEST", 2)
    for ahead in (False, True):
        watch, variable, memory = stepped(0, 1)
        rows = np.array([0])
        if ahead:
            variable.rows_ahead(rows)
        memory.begin(variable, rows)
        assert watch.calls[-1] == "restart"
        assert memory.clock == 0


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@every_case
def test_weights_and_what_is_remembered_have_the_variables_dtype(case, dtype):
    make_one, _, settings = CASES[case]
    for by_rows in (True, False):
        optimizer, table = make_one(0.1, **settings), Variable(np.ones((3, 2), dtype))
        slices = IndexedSlices(np.ones((1, 2), dtype), np.array([1]), (3, 2))
        optimizer.build([table])
        for _ in range(2):
            assert {v.dtype.name for v in optimizer.variables[2:]} <= {dtype}
            optimizer.apply([slices if by_rows else slices.dense()])
            assert table.value.dtype == dtype


def test_a_memory_of_ones_own_is_told_what_begins_what_rests_and_why_a_step_is_dense():
    class Bringing(Variable):
        def bring_memory(self, *told):
            self.told = told
            return Memory(self, told[0], told[1])

    table = Bringing(np.ones((3, 2)))
    Adam(weight_decay=0.5).build([table])
    first, rest, dense = table.told
    assert (first, dense) == ([0, 0], "weight_decay=0.5 shrinks every row")
    assert rest is not None
