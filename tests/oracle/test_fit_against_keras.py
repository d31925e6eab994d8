"""Masks, weights, callbacks: what `fit` is given has the same effect here and in Keras."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import inspect

import keras
import numpy as np
import pytest
from keras_side import arguments, assert_same_arguments

import embedding_core as ec

RNG = np.random.default_rng(0)
V, STEPS, N = 12, 5, 21
IDS = RNG.integers(1, V, (N, STEPS))
IDS[RNG.random((N, STEPS)) < 0.4] = 0
IDS[3] = 0  # a row of padding alone
KEPT = IDS != 0
SETTINGS = {"batch_size": 8, "epochs": 3, "shuffle": False, "verbose": 0}

# What is predicted at each step: outputs, activation, loss, labels.
TASKS = {
    "numbers": (2, None, "mse", RNG.normal(size=(N, STEPS, 2)).astype("float32")),
    "distances": (1, None, "mae", RNG.normal(size=(N, STEPS, 1)).astype("float32")),
    "yes or no": (
        1,
        "sigmoid",
        "binary_crossentropy",
        RNG.integers(0, 2, (N, STEPS, 1)).astype("float32"),
    ),
    "classes": (
        3,
        "softmax",
        "sparse_categorical_crossentropy",
        RNG.integers(0, 3, (N, STEPS)).astype("float32"),
    ),
    "one-hot classes": (
        3,
        "softmax",
        "categorical_crossentropy",
        np.eye(3, dtype="float32")[RNG.integers(0, 3, (N, STEPS))],
    ),
}
PER_SAMPLE = RNG.uniform(0, 2, N).astype("float32")
WEIGHTS = {
    "no weights": None,
    "a column": PER_SAMPLE[:, None],
    "per step": RNG.uniform(0, 2, (N, STEPS)).astype("float32"),
}


def pair(make, loss, shape, metrics=("accuracy",), optimizer="SGD", rate=0.5, in_graphs=False):
    """Our model and Keras's of the layers that `make` makes, compiled, with the same weights.

    Keras takes the same step either way; a graph pays off after some thirty of them.
    """
    ours, theirs = ec.Sequential(make(ec)), keras.Sequential(make(keras.layers))
    for model, library in ((ours, ec), (theirs, keras.optimizers)):
        model.build(shape)
        model.compile(getattr(library, optimizer)(rate), loss, metrics=list(metrics))
    theirs.run_eagerly = not in_graphs
    rng = np.random.default_rng(1)
    first = [rng.normal(0, 0.5, w.shape).astype("float32") for w in ours.weights]
    ours.set_weights(first)
    theirs.set_weights(first)
    return ours, theirs


def tagger(units, activation, **kwargs):
    return lambda library: [
        library.Embedding(V, 4, mask_zero=True),
        library.Dense(units, activation, **kwargs),
    ]


def classifier(library):
    return [
        library.Embedding(V, 4),
        library.GlobalAveragePooling1D(),
        library.Dense(1, "sigmoid"),
    ]


def assert_same(ours, theirs, here=None, there=None):
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    if here is not None:
        assert here.epoch == there.epoch
        assert sorted(here.history) == sorted(there.history)
        for name, values in there.history.items():
            np.testing.assert_allclose(here.history[name], values, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("weights", WEIGHTS.values(), ids=WEIGHTS)
@pytest.mark.parametrize(("units", "activation", "loss", "labels"), TASKS.values(), ids=TASKS)
def test_padded_steps_are_left_out_of_loss_metrics_and_gradient(
    units, activation, loss, labels, weights
):
    ours, theirs = pair(tagger(units, activation), loss, (None, STEPS))
    given = {"sample_weight": weights, "return_dict": True}
    here = ours.evaluate(IDS, labels, batch_size=8, **given)
    there = theirs.evaluate(IDS, labels, batch_size=8, verbose=0, **given)
    assert here == pytest.approx(there, rel=1e-4, abs=1e-6)
    # What stands at a padded step makes no difference; where nothing is padded, it does.
    padded = np.where(KEPT.reshape(KEPT.shape + (1,) * (labels.ndim - 2)), labels, 1 - labels % 2)
    assert ours.evaluate(IDS, padded, batch_size=8, **given) == pytest.approx(here)
    step = ours.train_on_batch(IDS, labels, **given)
    assert step == pytest.approx(theirs.train_on_batch(IDS, labels, **given), rel=1e-4, abs=1e-6)
    assert_same(ours, theirs)
    runs = [m.fit(IDS, labels, sample_weight=weights, **SETTINGS) for m in (ours, theirs)]
    assert_same(ours, theirs, *runs)


def test_a_batch_of_padding_alone_has_no_loss_and_teaches_nothing():
    ours, theirs = pair(tagger(1, None), "mse", (None, STEPS))
    nothing, labels = np.zeros((4, STEPS), int), np.ones((4, STEPS, 1), "float32")
    before = ours.get_weights()
    here, there = (m.train_on_batch(nothing, labels, return_dict=True) for m in (ours, theirs))
    assert here == there == {"loss": 0, "accuracy": 0}
    assert_same(ours, theirs)
    for one, other in zip(ours.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("dtype", [bool, "int8", "uint8", "int64", "float32", "float64"])
def test_a_mask_of_any_dtype_counts_what_is_not_zero(dtype):
    class Ours(ec.Dense):
        def compute_mask(self, inputs, mask=None):
            return np.asarray(mask, dtype)

    class Theirs(keras.layers.Dense):
        def compute_mask(self, inputs, mask=None):
            return keras.ops.cast(mask, np.dtype(dtype).name)

    ours, theirs = pair(
        lambda library: [
            library.Embedding(V, 4, mask_zero=True),
            Ours(1) if library is ec else Theirs(1),
        ],
        "mse",
        (None, STEPS),
    )
    labels = TASKS["distances"][3]
    runs = [m.fit(IDS, labels, **SETTINGS) for m in (ours, theirs)]
    assert_same(ours, theirs, *runs)


def test_a_penalty_counts_in_full_beside_a_masked_loss():
    make = tagger(1, None, kernel_regularizer="l2")
    ours, theirs = pair(make, "mse", (None, STEPS))
    runs = [m.fit(IDS, TASKS["distances"][3], **SETTINGS) for m in (ours, theirs)]
    assert_same(ours, theirs, *runs)


Y = RNG.integers(0, 2, N)


@pytest.mark.parametrize("shape", [(N,), (N, 1)])
def test_held_back_weights_count_in_the_loss_of_the_validation(shape):
    ours, theirs = pair(classifier, "binary_crossentropy", (None, STEPS))
    weights = PER_SAMPLE.reshape(shape)
    given = {**SETTINGS, "validation_split": 0.4, "sample_weight": weights}
    runs = [m.fit(IDS, Y, **given) for m in (ours, theirs)]
    assert_same(ours, theirs, *runs)


def test_validation_data_bring_their_weights():
    ours, theirs = pair(classifier, "binary_crossentropy", (None, STEPS))
    held = (IDS[:9], Y[:9], PER_SAMPLE[:9])
    given = {"validation_data": held, "validation_batch_size": 4, **SETTINGS}
    runs = [m.fit(IDS[9:], Y[9:], **given) for m in (ours, theirs)]
    assert_same(ours, theirs, *runs)
    plain, _ = pair(classifier, "binary_crossentropy", (None, STEPS))
    without = plain.fit(IDS[9:], Y[9:], validation_data=held[:2], **SETTINGS)
    assert not np.allclose(without.history["val_loss"], runs[0].history["val_loss"])


CLASSES = RNG.integers(0, 3, N)
LABELS = {
    "numbers": ("sparse_categorical_crossentropy", CLASSES),
    "a column": ("sparse_categorical_crossentropy", CLASSES[:, None]),
    "as floats": ("sparse_categorical_crossentropy", CLASSES.astype("float32")),
    "one-hot rows": ("categorical_crossentropy", np.eye(3)[CLASSES]),
}


@pytest.mark.parametrize(("loss", "labels"), LABELS.values(), ids=LABELS)
def test_the_weights_of_classes_count_in_training_and_not_in_validation(loss, labels):
    def make(library):
        return [*classifier(library)[:2], library.Dense(3, "softmax")]

    ours, theirs = pair(make, loss, (None, STEPS))
    given = {**SETTINGS, "class_weight": {0: 3.0, 2: 0.25}, "validation_split": 0.3}
    runs = [m.fit(IDS, labels, **given) for m in (ours, theirs)]
    assert_same(ours, theirs, *runs)
    given = {"class_weight": {1: 0.0, 7: 2.0}, "return_dict": True}
    here, there = (m.train_on_batch(IDS, labels, **given) for m in (ours, theirs))
    assert here == pytest.approx(there, rel=1e-4)
    assert_same(ours, theirs)


def test_both_kinds_of_weights_at_once_are_refused_by_both():
    for model in pair(classifier, "binary_crossentropy", (None, STEPS)):
        with pytest.raises(ValueError, match="same time"):
            model.fit(IDS, Y, class_weight={0: 1.0}, sample_weight=PER_SAMPLE, verbose=0)


@pytest.mark.parametrize(("first", "last"), [(0, 2), (1, 3), (2, 2), (3, 2)])
def test_the_first_epoch_may_be_a_later_one(first, last):
    ours, theirs = pair(classifier, "binary_crossentropy", (None, STEPS))
    given = {**SETTINGS, "epochs": last, "initial_epoch": first}
    runs = [m.fit(IDS, Y, **given) for m in (ours, theirs)]
    assert runs[0].epoch == list(range(first, last))
    assert_same(ours, theirs, *runs)


def recording(base):
    """A callback that writes down each call and what it was told."""

    class Recording(base):
        def __init__(self):
            super().__init__()
            self.calls = []

    def named(name, has_number):
        def call(self, *arguments, logs=None):
            numbers = arguments[:1] if has_number else ()
            told = (arguments[1:] if has_number else arguments) or (logs,)
            self.calls.append((name, *numbers, sorted(told[0] or {})))

        return call

    for name in dir(base):
        if name.startswith("on_") and name not in ("on_batch_begin", "on_batch_end"):
            setattr(Recording, name, named(name, "batch" in name or "epoch" in name))
    return Recording()


def test_callbacks_are_called_at_the_same_moments_with_the_same_names():
    calls = []
    for model, base in zip(
        pair(classifier, "binary_crossentropy", (None, STEPS)),
        (ec.Callback, keras.callbacks.Callback),
        strict=True,
    ):
        seen = recording(base)
        given = {"batch_size": 8, "epochs": 2, "verbose": 0, "validation_split": 0.4}
        model.fit(IDS, Y, callbacks=[seen], **given)
        model.evaluate(IDS, Y, batch_size=8, verbose=0, callbacks=[seen])
        model.predict(IDS, batch_size=8, verbose=0, callbacks=[seen])
        calls.append([c if not c[0].startswith("on_predict") else c[:2] for c in seen.calls])
        assert {key: seen.params[key] for key in ("verbose",)} == {"verbose": 0}
    of_predict = [[c[0] for c in one if c[0].startswith("on_predict")] for one in calls]
    assert of_predict[0] == of_predict[1]
    ours, theirs = ([c for c in one if not c[0].startswith("on_predict")] for one in calls)
    assert ours == theirs


def test_the_protocol_has_kerass_methods():
    methods = {n for n in vars(keras.callbacks.Callback) if n.startswith(("on_", "set_"))}
    assert methods == {n for n in vars(ec.Callback) if n.startswith(("on_", "set_"))}
    for name in methods:
        assert arguments(getattr(ec.Callback, name)) == arguments(
            inspect.unwrap(getattr(keras.callbacks.Callback, name))
        ), name


class Rigged:
    """Stands for a model whose weights are the number of its epoch."""

    def __init__(self, library):
        self.stop_training, self.at, self.set = False, None, None
        accuracy = ec.metrics.get("accuracy")
        if library is keras.callbacks:
            accuracy = keras.metrics.BinaryAccuracy("accuracy")
            accuracy = type("M", (keras.src.trainers.compile_utils.MetricsList,), {})([accuracy])
        self.metrics = [accuracy]

    def get_weights(self):
        return [np.array(self.at)]

    def set_weights(self, weights):
        self.set = weights[0].item()


CURVES = {
    "falling": [5, 4, 3, 2, 1, 0],
    "falls and rises": [5, 3, 2, 3, 1, 4, 5, 6, 7],
    "flat": [1.0, 1.0, 1.0, 1.0, 1.0],
    "rising": [1, 2, 3, 4, 5],
    "slowly falling": [1, 0.95, 0.9, 0.85, 0.8, 0.75],
    "nan at first": [np.nan, 1, 0.5, 2, 3],
    "nan later": [1, np.nan, 0.5, np.nan, np.nan, np.nan, 0.1],
    "late": [1, 1, 1, 1, 0.5, 0.4, 0.3, 2, 3, 4],
}
STOPS = [
    {},
    {"patience": 1},
    {"patience": 2, "restore_best_weights": True},
    {"patience": 1, "min_delta": 0.1, "restore_best_weights": True},
    {"patience": 1, "min_delta": -0.1},
    {"patience": 2, "baseline": 0.7, "restore_best_weights": True},
    {"start_from_epoch": 3, "restore_best_weights": True},
    {"mode": "max", "patience": 1, "restore_best_weights": True},
    {"monitor": "val_accuracy", "patience": 1, "restore_best_weights": True},
    {"monitor": "accuracy", "min_delta": 0.5},
    {"mode": "min", "monitor": "anything"},
]


@pytest.mark.parametrize("settings", STOPS, ids=str)
@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_early_stopping_stops_at_the_same_epoch_and_restores_the_same_weights(curve, settings):
    ends = []
    for library in (ec, keras.callbacks):
        stopping, model = library.EarlyStopping(**settings), Rigged(library)
        stopping.set_model(model)
        for _ in range(2):  # it may be used again
            model.set, model.stop_training = None, False
            stopping.on_train_begin()
            for epoch, value in enumerate(curve):
                model.at = epoch
                stopping.on_epoch_end(epoch, {stopping.monitor: value})
                if model.stop_training:
                    break
            stopping.on_train_end()
        state = epoch, model.set, stopping.stopped_epoch, stopping.wait, stopping.best_epoch
        ends.append(repr((*state, None if stopping.best is None else float(stopping.best))))
    assert ends[0] == ends[1]


def test_early_stopping_has_kerass_arguments_and_warns_as_keras_does():
    assert_same_arguments(ec.EarlyStopping, keras.callbacks.EarlyStopping)
    for library in (ec, keras.callbacks):
        stopping = library.EarlyStopping()
        stopping.set_model(Rigged(library))
        stopping.on_train_begin()
        with pytest.warns(UserWarning, match="not (available|measured)"):
            stopping.on_epoch_end(0, {"loss": 1.0})
        unclear = library.EarlyStopping("my_score")
        unclear.set_model(Rigged(library))
        with pytest.raises(ValueError, match="mode='max'"):
            unclear.on_epoch_end(0, {"my_score": 1.0})


def test_training_is_stopped_and_the_best_weights_come_back_in_both():
    ends = []
    for model, library in zip(
        pair(classifier, "binary_crossentropy", (None, STEPS), rate=3.0, in_graphs=True),
        (ec, keras.callbacks),
        strict=True,
    ):
        stopping = library.EarlyStopping(patience=2, restore_best_weights=True)
        given = {**SETTINGS, "epochs": 40, "validation_split": 0.4, "callbacks": [stopping]}
        ends.append((model, model.fit(IDS, Y, **given), stopping.stopped_epoch))
    (ours, here, our_end), (theirs, there, their_end) = ends
    assert 0 < our_end == their_end < 39
    assert_same(ours, theirs, here, there)


def test_a_callback_of_keras_works_here_too():
    ours, _ = pair(classifier, "binary_crossentropy", (None, STEPS), rate=3.0)
    stopping = keras.callbacks.EarlyStopping(patience=2, mode="min")
    run = ours.fit(IDS, Y, epochs=40, validation_split=0.4, callbacks=stopping, verbose=0)
    assert len(run.epoch) < 40


@pytest.mark.parametrize("method", ["fit", "evaluate", "predict", "train_on_batch"])
def test_the_arguments_are_kerass_in_kerass_order(method):
    ours, theirs = (arguments(getattr(m, method)) for m in (ec.Sequential, keras.Sequential))
    assert [name for name in theirs if name in ours] == list(ours)
    for name, default in ours.items():
        # The size of a batch is written out here, where Keras writes None for 32.
        assert default == theirs[name] or (name, default) == ("batch_size", 32), name
