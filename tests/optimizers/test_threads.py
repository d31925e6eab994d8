"""Many threads read at once what an optimizer owes. The oracle is one thread on a twin."""

import copy
import pickle
import sys
import threading

import numpy as np
import pytest

from embedding_core import (
    SGD,
    Adam,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    RMSprop,
    Sequential,
)
from embedding_core.optimizers import memory

pytestmark = pytest.mark.usefixtures("form")

V, THREADS = 3000, 4
X = np.random.default_rng(0).integers(0, V, (300, 10))
Y = (X.sum(axis=1) % 2).astype(float)
OWING = {
    "momentum": lambda: SGD(0.1, momentum=0.9),
    "rmsprop": lambda: RMSprop(0.01, momentum=0.9),
    "adam": lambda: Adam(0.01),
}


@pytest.fixture(autouse=True)
def often(monkeypatch):
    """Let threads take turns as often as Python can, amid work that is done in many pieces."""
    monkeypatch.setattr(memory, "_CHUNK", 40)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def trained(make):
    model = Sequential([Embedding(V, 4), GlobalAveragePooling1D(), Dense(1)], seed=0)
    model.compile(make(), "mse")
    model.fit(X, Y, batch_size=50, verbose=0, shuffle=False)
    return model


def table(model):
    return model.layers[0].embeddings


def saved(model, path):
    model.save(path)
    return Sequential.load(path).get_weights()[0]


READS = {
    "predict": lambda model, path: model.predict(X, 300),
    "evaluate": lambda model, path: model.evaluate(X, Y),
    "call": lambda model, path: model(X),
    "rows": lambda model, path: table(model).rows(X),
    "value": lambda model, path: table(model).value.copy(),
    "get_weights": lambda model, path: model.get_weights()[0],
    "copy": lambda model, path: copy.copy(table(model)).value,
    "deepcopy": lambda model, path: copy.deepcopy(model).get_weights()[0],
    "pickle": lambda model, path: pickle.loads(pickle.dumps(model.optimizer))._variables[0].value,
    "save": saved,
}


def at_once(*work):
    """Run functions in a thread each, begun together; return what they return."""
    results, together = [None] * len(work), threading.Barrier(len(work))

    def run(nth):
        together.wait()
        results[nth] = work[nth]()

    threads = [threading.Thread(target=run, args=(nth,)) for nth in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("make", OWING.values(), ids=OWING)
def test_threads_that_read_the_same_see_what_one_thread_sees(make, read, tmp_path):
    twin = trained(make)
    expected = read(twin, tmp_path / "twin.npz")
    weights = twin.get_weights()
    model = trained(make)
    works = [lambda n=n: read(model, tmp_path / f"{n}.npz") for n in range(THREADS)]
    for seen in at_once(*works):
        np.testing.assert_array_equal(seen, expected)
    for one, other in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("make", OWING.values(), ids=OWING)
def test_threads_that_read_in_all_ways_at_once_see_what_one_thread_sees(make, tmp_path):
    twin, model = trained(make), trained(make)
    works = [
        lambda name=name, read=read: read(model, tmp_path / f"{name}.npz")
        for name, read in READS.items()
    ]
    for (name, read), seen in zip(READS.items(), at_once(*works), strict=True):
        np.testing.assert_array_equal(seen, read(twin, tmp_path / "twin.npz"), err_msg=name)
    model.fit(X, Y, batch_size=50, verbose=0, shuffle=False)
    twin.fit(X, Y, batch_size=50, verbose=0, shuffle=False)
    np.testing.assert_allclose(model.predict(X), twin.predict(X), rtol=1e-4, atol=1e-5)


def test_threads_that_call_a_model_for_the_first_time_build_it_once():
    def fresh():
        return Sequential([Embedding(V, 64), GlobalAveragePooling1D(), Dense(1)], seed=0)

    expected = fresh().predict(X, 300)
    for _ in range(5):
        model = fresh()
        for seen in at_once(*[lambda m=model: m.predict(X, 300)] * THREADS):
            np.testing.assert_array_equal(seen, expected)


def test_a_thread_that_reads_while_another_trains_does_not_disturb_the_training():
    model, twin, going = trained(OWING["adam"]), trained(OWING["adam"]), threading.Event()

    def watch():
        while not going.is_set():
            table(model).rows(X[0])
            np.asarray(table(model))

    watcher = threading.Thread(target=watch)
    watcher.start()
    model.fit(X, Y, batch_size=50, epochs=2, verbose=0, shuffle=False)
    going.set()
    watcher.join()
    twin.fit(X, Y, batch_size=50, epochs=2, verbose=0, shuffle=False)
    np.testing.assert_allclose(table(model).value, table(twin).value, rtol=1e-4, atol=1e-5)
