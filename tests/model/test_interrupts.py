"""Ctrl-C inside a step, at each line of the package in turn: no weight is half changed.

The optimizer's own lines are left out: what a cut `apply` leaves, its tests say.
"""

from operator import methodcaller

import numpy as np
import pytest
from helpers import state
from interrupts import everywhere

from embedding_core import SGD, Dense, Embedding, GlobalAveragePooling1D, Sequential

IDS, LABELS = np.array([[1, 3], [2, 0], [3, 3]]), np.array([1, 0, 1])


def trained():
    layers = [
        Embedding(4, 2, mask_zero=True, name="table", embeddings_regularizer="l2"),
        GlobalAveragePooling1D(name="mean"),
        Dense(1, "sigmoid", name="head"),
    ]
    model = Sequential(layers, seed=0)
    model.compile(SGD(0.5), "binary_crossentropy", ["accuracy"])
    model.train_on_batch(IDS, LABELS)
    return model


def stepping(frame):
    """Tell whether a frame belongs to an optimizer, or was called by one."""
    while frame is not None:
        if "optimizers" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def weights_of(model):
    return state([model.get_weights(), model.optimizer.iterations, model._rng])


@pytest.mark.long
@pytest.mark.parametrize("method", ["train_on_batch", "evaluate", "predict"])
def test_an_interrupted_step_is_made_wholly_or_not_at_all_and_the_next_one_is_as_ever(method):
    arguments = {"x": IDS} if method == "predict" else {"x": IDS, "y": LABELS}
    none, whole = trained(), trained()
    getattr(whole, method)(**arguments)
    one, two = weights_of(none), weights_of(whole)
    after_one, after_two = ((m.train_on_batch(IDS, LABELS), weights_of(m)) for m in (none, whole))
    cut_before = 0
    run = methodcaller(method, **arguments)
    for at, model in enumerate(everywhere(trained, run, spared=stepping)):
        left = weights_of(model)
        assert left in (one, two), f"place {at}"
        cut_before += left == one
        following = model.train_on_batch(IDS, LABELS), weights_of(model)
        assert following == (after_one if left == one else after_two), f"place {at}"
    assert cut_before > 50
