"""What is called while a model trains. What it does beside Keras is tested in `oracle`."""

import numpy as np
import pytest
from helpers import refused

from embedding_core import (
    Callback,
    Dense,
    EarlyStopping,
    Embedding,
    GlobalAveragePooling1D,
    History,
    Sequential,
)

X = np.random.default_rng(0).integers(0, 9, (20, 4))
Y = (X.sum(axis=1) % 2).astype(float)


def model():
    made = Sequential([Embedding(9, 2), GlobalAveragePooling1D(), Dense(1, "sigmoid")], seed=0)
    made.compile("sgd", "binary_crossentropy", ["accuracy"])
    return made


class StopAfter(Callback):
    """Stop after some batches, counted over all epochs."""

    def __init__(self, batches):
        self.left = batches

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        self.model.stop_training = self.left <= 0


def test_training_can_be_stopped_after_any_batch():
    made = model()
    run = made.fit(X, Y, batch_size=5, epochs=3, verbose=0, callbacks=StopAfter(6))
    assert made.optimizer.iterations == 6
    assert run.epoch == [0, 1]
    again = made.fit(X, Y, batch_size=5, verbose=0)  # which does not stop at once
    assert made.optimizer.iterations == 10
    assert made.history is again


def test_the_logs_of_a_batch_are_the_means_so_far_and_those_of_the_epoch_are_kept():
    seen = []

    class Watch(Callback):
        def on_batch_end(self, batch, logs=None):
            seen.append((batch, dict(logs)))

        def on_epoch_end(self, epoch, logs=None):
            logs["rate"] = 0.5  # what a callback adds is in the history, as in Keras

    made = model()
    run = made.fit(X, Y, batch_size=8, verbose=0, shuffle=False, callbacks=[Watch()])
    assert [batch for batch, _ in seen] == [0, 1, 2]
    assert seen[-1][1] == {name: run.history[name][0] for name in ("loss", "accuracy")}
    assert run.history["rate"] == [0.5]
    twin = model()
    first = twin.train_on_batch(X[:8], Y[:8], return_dict=True)
    assert seen[0][1] == pytest.approx(first)


def test_the_best_weights_can_be_had_after_ctrl_c_and_do_not_come_back_in_the_next_training():
    class Stop(Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 3:
                raise KeyboardInterrupt

    made, best = model(), EarlyStopping("accuracy", patience=9, restore_best_weights=True)
    with pytest.raises(KeyboardInterrupt):
        made.fit(X, Y, epochs=6, verbose=0, shuffle=False, callbacks=[best, Stop()])
    twin = model()
    twin.fit(X, Y, epochs=best.best_epoch + 1, verbose=0, shuffle=False)
    best.on_train_end()
    for ours, theirs in zip(made.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    best.start_from_epoch = 9  # no epoch of the next training is looked at: nothing to bring back
    for one, callbacks in ((made, [best]), (twin, None)):
        one.fit(X, Y, epochs=2, verbose=0, shuffle=False, callbacks=callbacks)
    for ours, theirs in zip(made.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_callback_that_fails_leaves_the_epochs_before_it_in_the_history():
    class Fails(Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    made = model()
    with pytest.raises(KeyboardInterrupt):
        made.fit(X, Y, epochs=5, verbose=0, callbacks=[Fails()])
    assert isinstance(made.history, History)
    assert made.history.epoch == [0, 1]


@pytest.mark.parametrize(
    ("callbacks", "match"),
    [
        (EarlyStopping, r"Call the class: EarlyStopping\(\)"),
        ([EarlyStopping(), 3], "received 3"),
        ([lambda epoch, logs: None], "methods of callbacks.Callback: received <function"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "evaluate", "predict"])
def test_what_is_no_callback_is_refused_before_the_first_step(callbacks, match, method):
    made = model()
    given = (X,) if method == "predict" else (X, Y)
    with refused(TypeError, match, made):
        getattr(made, method)(*given, callbacks=callbacks)


def test_early_stopping_tells_what_it_does(capsys):
    made = model()
    stopping = EarlyStopping("loss", min_delta=9, verbose=1, restore_best_weights=True)
    made.fit(X, Y, epochs=5, verbose=0, callbacks=stopping)
    assert capsys.readouterr().out.splitlines() == [
        "Epoch 2: early stopping",
        "The weights are those of the best epoch again, 1.",
    ]


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"monitor": None}, TypeError, "monitor must be a str"),
        ({"min_delta": "a"}, TypeError, "min_delta must be a number"),
        ({"min_delta": np.inf}, ValueError, "min_delta must be a finite number"),
        ({"patience": 1.5}, TypeError, "patience must be a whole number: received 1.5"),
        ({"patience": -1}, ValueError, "patience must be at least 0: received -1"),
        ({"mode": "least"}, ValueError, "mode must be 'auto', 'min' or 'max': received 'least'"),
        ({"baseline": np.nan}, ValueError, "baseline must be a finite number"),
        ({"restore_best_weights": 1}, TypeError, "restore_best_weights must be True or False"),
        ({"start_from_epoch": None}, TypeError, "start_from_epoch must be a whole number"),
    ],
)
def test_early_stopping_refuses_arguments_that_are_none(arguments, error, match):
    with pytest.raises(error, match=match):
        EarlyStopping(**arguments)
