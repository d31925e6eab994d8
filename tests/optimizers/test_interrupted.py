"""Ctrl-C on every line: a reading changes nothing, a step is made whole or not at all.

The oracle is a twin that nobody interrupted, bit for bit.
"""

import copy
import pickle

import numpy as np
import pytest
from interrupts import everywhere

from embedding_core import (
    SGD,
    Adagrad,
    Adam,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    IndexedSlices,
    LazyAdam,
    RMSprop,
    Sequential,
    Variable,
)
from embedding_core.constraints import NonNeg
from embedding_core.optimizers import decay_sums, memory
from embedding_core.scale.disk import DiskTable, Layout

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("form")]

V, D = 7, 2
OWING = {
    "momentum": lambda: SGD(0.1, momentum=0.9),
    "nesterov": lambda: SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda: RMSprop(0.1, momentum=0.9, centered=True),
    "adam": lambda: Adam(0.1),
}
EVERY = {
    **OWING,
    "sgd": lambda: SGD(0.1),
    "adagrad": lambda: Adagrad(0.1),
    "lazy adam": lambda: LazyAdam(0.1),
    "clipped": lambda: Adam(0.1, global_clipnorm=1.0),
}
every_owing_one = pytest.mark.parametrize("make", OWING.values(), ids=OWING)
every_optimizer = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Cut what is done in pieces into many, on a table that is small."""
    monkeypatch.setattr(memory, "_CHUNK", 3)


def slices(rows, seed, dtype="float32"):
    values = np.random.default_rng(seed).normal(size=(len(rows), D))
    return IndexedSlices(values.astype(dtype), np.array(rows), (V, D))


def bits(*arrays):
    return [(a.dtype.str, a.shape, a.tobytes()) for a in map(np.asarray, arrays)]


# Reading.


def table_after_steps(make):
    table, optimizer = Variable(np.ones((V, D), "float32")), make()
    for seed, rows in enumerate(([1, 2], [2, 6, 6], [3])):
        optimizer.apply([slices(rows, seed)], [table])
    return table, optimizer


READS = {
    "value": lambda table, optimizer: table.value,
    "rows": lambda table, optimizer: table.rows([[6, 1], [6, 4], [0, 3]]),
    "array": lambda table, optimizer: np.asarray(table),
    "copy": lambda table, optimizer: copy.copy(table),
    "deepcopy": lambda table, optimizer: copy.deepcopy((optimizer, table)),
    "pickle": lambda table, optimizer: pickle.dumps((table, optimizer)),
    "save": lambda table, optimizer: optimizer.save_own_variables({}),
}


# The other ways to read go through `value`; one optimizer will do for them.
HOW = [(name, way) for name in OWING for way in READS if name == "adam" or way in ("value", "rows")]


@pytest.mark.parametrize(("name", "way"), HOW)
def test_a_reading_that_is_cut_off_leaves_every_row_as_it_would_have_been(name, way):
    make, read = OWING[name], READS[way]
    expected = bits(table_after_steps(make)[0].value)
    for table, _ in everywhere(lambda: table_after_steps(make), lambda pair: read(*pair)):
        assert bits(table.value) == expected


def model_after_steps(make):
    model = Sequential([Embedding(V, D), GlobalAveragePooling1D(), Dense(1)], seed=0)
    model.compile(make(), "mse")
    for ids in ([[1, 2]], [[2, 6]], [[3, 3]]):
        model.train_on_batch(ids, [1.0])
    return model


MODEL_READS = {
    "predict": lambda model, folder: model.predict([[1, 4], [6, 6]]),
    "evaluate": lambda model, folder: model.evaluate([[1, 4], [6, 6]], [1.0, 0.0]),
    "call": lambda model, folder: model([[1, 4], [6, 6]]),
    "get_weights": lambda model, folder: model.get_weights(),
    "save": lambda model, folder: model.save(folder / "model.npz"),
}


@pytest.mark.parametrize("read", MODEL_READS.values(), ids=MODEL_READS)
def test_a_model_that_is_read_and_cut_off_has_the_weights_it_would_have_had(read, tmp_path):
    expected = bits(*model_after_steps(OWING["adam"]).get_weights())
    for model in everywhere(
        lambda: model_after_steps(OWING["adam"]), lambda model: read(model, tmp_path), step=5
    ):
        assert bits(*model.get_weights()) == expected


def test_a_model_trains_on_after_a_reading_that_was_cut_off_as_if_there_had_been_none():
    twin = model_after_steps(OWING["adam"])
    twin.train_on_batch([[1, 5]], [0.0])
    for model in everywhere(
        lambda: model_after_steps(OWING["adam"]), lambda m: m.predict([[1]]), step=5
    ):
        model.train_on_batch([[1, 5]], [0.0])
        for one, other in zip(model.get_weights(), twin.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


# Steps.


class Training:
    """Two variables, of which one is a table, and an optimizer, some steps on."""

    def __init__(self, make, dense=False, constraint=None, dtype="float32"):
        self.table = Variable(np.ones((V, D), dtype), constraint=constraint)
        self.bias = Variable(np.ones(3, dtype), constraint=constraint)
        self.optimizer, self.dense, self.dtype = make(), dense, dtype
        for seed, rows in enumerate(([1, 2], [2, 6, 6], [3])):
            self.step(rows, seed)

    def step(self, rows=(6, 2, 4), seed=9):
        gradient = slices(rows, seed, self.dtype)
        if self.dense:
            gradient = gradient.dense()
        of_bias = np.random.default_rng(seed).normal(size=3)
        self.optimizer.apply([gradient, of_bias], [self.table, self.bias])

    def bits(self):
        slots = {}
        weights = bits(self.table.value, self.bias.value)
        self.optimizer.save_own_variables(slots)
        return weights, {name: bits(array) for name, array in slots.items()}


def hold(make_training, step=1):
    """Cut a step off at every line: all is as before, or as after; and both come about."""
    before, twin = make_training().bits(), make_training()
    twin.step()
    after, seen = twin.bits(), []
    assert before != after
    for training in everywhere(make_training, Training.step, step):
        now = training.bits()
        assert now in (before, after)
        seen.append(now == after)
        if seen[-1] or len(seen) % 7:
            continue
        training.step()  # once more: from there it goes on, and nothing jumps
        again = [training.table.value, training.bias.value]
        for one, other in zip(again, [twin.table.value, twin.bias.value], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)
    assert {True, False} == set(seen)
    assert seen == sorted(seen), "decided once"


@every_optimizer
@pytest.mark.parametrize("dense", [False, True], ids=["rows", "dense"])
def test_a_step_that_is_cut_off_is_made_whole_or_not_at_all(make, dense):
    hold(lambda: Training(make, dense))


@pytest.mark.parametrize("constraint", [None, NonNeg()], ids=["free", "constrained"])
@pytest.mark.parametrize(
    "make", [lambda: SGD(0.1, momentum=0.9, weight_decay=0.1), lambda: Adam(0.1, weight_decay=0.1)]
)
def test_weight_decay_and_constraint_are_part_of_the_step(make, constraint):
    hold(lambda: Training(make, constraint=constraint))


@every_owing_one
def test_a_step_before_which_all_rows_are_settled_is_whole_too(make, monkeypatch):
    monkeypatch.setattr(memory, "_LONGEST", 3)
    hold(lambda: Training(make), step=2)


def test_a_step_that_needs_more_room_for_the_sums_is_whole_too(monkeypatch):
    monkeypatch.setattr(decay_sums, "_FIRST_COLUMNS", 4)
    hold(lambda: Training(OWING["adam"]))


def test_a_step_that_is_the_first_by_rows_after_dense_ones_is_whole_too():
    def make():
        training = Training(OWING["adam"], dense=True)
        training.dense = False
        return training

    hold(make)


def test_a_step_on_rows_that_another_optimizer_moved_before_is_whole_too():
    def make():
        training, other = Training(OWING["adam"]), Adam(0.2)
        for seed, rows in enumerate(([0, 2], [5])):
            other.apply([slices(rows, seed)], [training.table])
        return training

    hold(make, step=3)


def test_train_on_batch_is_whole():
    twin = model_after_steps(OWING["adam"])
    before = bits(*twin.get_weights())
    twin.train_on_batch([[1, 5]], [0.0])
    after, seen = bits(*twin.get_weights()), []
    for model in everywhere(
        lambda: model_after_steps(OWING["adam"]),
        lambda m: m.train_on_batch([[1, 5]], [0.0]),
        step=3,
    ):
        now = bits(*model.get_weights())
        assert now in (before, after)
        assert model.optimizer.iterations == (4 if now == after else 3)
        seen.append(now == after)
    assert {True, False} == set(seen)


class OnDisk:
    """A table in a file, some steps on, that can be put back to there."""

    def __init__(self, path, make):
        self.make, self.optimizer = make, make()
        layout = Layout(V, D, slots=tuple(self.optimizer.first_slots()))
        self.table = DiskTable.create(path, layout)
        self.bias = Variable(np.ones(3, "float32"))
        for seed, rows in enumerate(([1, 2], [2, 6, 6])):
            self.step(rows, seed)
        self.start = self.table._lines.copy(), self.table._bits.copy()

    def put_back(self):
        self.table._lines[...], self.table._bits[...] = self.start
        self.bias = Variable(np.ones(3, "float32"))
        self.optimizer = self.make()
        return self

    def step(self, rows=(6, 2, 4), seed=9):
        grads = [slices(rows, seed), np.random.default_rng(seed).normal(size=3)]
        self.optimizer.apply(grads, [self.table, self.bias])

    def bits(self):
        known = self.table.rows(np.arange(V))
        lines = self.table.read_lines(np.array([1, 2, 6]))
        return bits(known, lines, self.bias.value, self.optimizer.iterations)


@pytest.mark.parametrize("make", [SGD, Adagrad, LazyAdam])
def test_a_step_on_disk_that_is_cut_off_is_made_whole_or_not_at_all(make, tmp_path):
    training, seen = OnDisk(tmp_path / "table", make), []
    with training.table:
        before = training.put_back().bits()
        training.step()
        after = training.bits()
        for _ in everywhere(training.put_back, OnDisk.step):
            now = training.bits()
            assert now in (before, after)
            seen.append(now == after)
    assert {True, False} == set(seen)


def test_a_reading_on_disk_that_is_cut_off_changes_nothing(tmp_path):
    training = OnDisk(tmp_path / "table", Adagrad)
    with training.table:
        expected = training.bits()
        for _ in everywhere(lambda: training, lambda t: t.table.rows([[6, 0], [1, 1]])):
            assert training.bits() == expected


# Several arrays at once.


def test_weights_that_are_set_are_set_together():
    def make():
        layer = Dense(2)
        layer.build((None, 3))
        return layer

    old = make().get_weights()[1]
    for layer in everywhere(make, lambda layer: layer.set_weights([np.ones((3, 2)), np.ones(2)])):
        kernel, bias = layer.get_weights()
        assert (kernel == 1).all() == (bias == 1).all()
        assert (bias == old).all() or (bias == 1).all()


def test_a_store_that_is_read_back_is_read_back_together():
    store = {}
    later = Training(OWING["adam"])
    later.step()
    later.optimizer.save_own_variables(store)
    before = Training(OWING["adam"]).bits()[1]
    after = {name: bits(array) for name, array in store.items()}
    for training in everywhere(
        lambda: Training(OWING["adam"]), lambda t: t.optimizer.load_own_variables(store)
    ):
        assert training.bits()[1] in (before, after)
