"""Sums and means that grow, by arithmetic; beside Keras: tests/oracle."""

import json

import numpy as np
import pytest

from embedding_core import Metric, Sequential, metrics
from embedding_core.ground.configurable import serialize
from embedding_core.layers import Dense
from embedding_core.losses import mean_squared_error
from embedding_core.metrics import (
    Accuracy,
    BinaryAccuracy,
    CategoricalAccuracy,
    Mean,
    MeanAbsoluteError,
    MeanMetricWrapper,
    MeanSquaredError,
    SparseCategoricalAccuracy,
    SparseTopKCategoricalAccuracy,
    Sum,
    TopKCategoricalAccuracy,
)


def off_by(y_true, y_pred):
    return np.abs(np.subtract(y_true, y_pred))


def test_mean_weighs_and_forgets():
    mean = Mean("loss")
    assert (mean.name, mean.result()) == ("loss", 0)
    mean.update_state([1.0, 2.0], [1, 3])
    assert mean.result() == 7 / 4
    mean.update_state(5.0)
    assert mean.result() == 12 / 5
    assert mean.variables == [12, 5]
    for bad in ([1, 2, 3], [[1, 2, 3]]):
        with pytest.raises(ValueError, match=r"shape of the values, \(2,\), or .* received \("):
            mean.update_state([1.0, 2.0], bad)
    assert mean.result() == 12 / 5
    mean.reset_state()
    assert mean.result() == 0


def test_a_mean_of_nothing_adds_nothing():
    for nothing in ([], np.zeros((0, 3)), np.zeros((3, 0))[:0]):
        mean = Mean()
        mean.update_state(nothing)
        assert mean.result() == 0
        mean.update_state([4.0, 2.0])
        mean.update_state(nothing)
        assert mean.result() == 3


def test_what_lies_behind_one_weight_counts_as_its_mean_or_sum():
    values = [[1.0, 3.0], [5.0, 7.0]]
    for weights, mean, total in (
        (None, 4, 16),
        ([1, 0], 2, 4),
        ([[1], [0]], 2, 4),
        ([[1, 1], [1, 0]], 3, 9),
        ([[1, 0]], 3, 6),
        (2, 4, 32),
        ([-1, -1], 4, -16),
    ):
        assert Mean()(values, weights) == mean
        assert Sum()(values, weights) == total


def test_a_mask_is_a_weight_of_0():
    values = [[1.0, 3.0], [5.0, 7.0]]
    for dtype in ("bool", "int8", "float32"):
        mask = np.array([[1, 0], [1, 1]], dtype)
        assert Mean()(values, None, mask) == 13 / 3
        assert Mean()(values, [2, 1], mask) == 14 / 4
        assert Mean()(values, [[2], [1]], mask) == 14 / 4
        assert Mean()(values, [[2, 5], [1, 0]], mask) == 7 / 3
        assert Sum()(values, [2, 1], mask) == 14
    assert Mean()(values, None, np.zeros((2, 2))) == 0
    with pytest.raises(TypeError, match="mask must be numbers"):
        Mean()(values, mask=["a", "b"])


def test_calling_takes_in_and_returns_what_was_seen_so_far():
    metric = BinaryAccuracy()
    assert metric([1, 1], [[0.9], [0.2]]) == 0.5
    assert metric([1, 1], [[0.9], [0.8]]) == 0.75
    assert metric.result() == 0.75
    metric.reset_state()
    assert metric.result() == 0


def test_a_failed_update_adds_nothing():
    metric = SparseCategoricalAccuracy()
    metric.update_state([0], [[0.9, 0.1]])
    for bad in (([2], [[0.9, 0.1]]), ([0, 1], [[0.9, 0.1]]), ([0], [[0.9, 0.1]], [1, 2])):
        with pytest.raises(ValueError, match=r"received|do not match"):
            metric.update_state(*bad)
    assert metric.variables == [1, 1]


def test_padded_steps_do_not_count_in_an_accuracy():
    metric = SparseCategoricalAccuracy()
    y_true, y_pred = [[1, 1], [0, 0]], np.tile([0.2, 0.8], (2, 2, 1))
    mask = [[True, True], [True, False]]
    assert metric(y_true, y_pred, mask=mask) == pytest.approx(2 / 3)
    metric.reset_state()
    assert metric(y_true, y_pred, [1, 3], mask) == pytest.approx(2 / 5)


def test_a_function_becomes_a_mean():
    metric = MeanMetricWrapper(off_by, "off", None)
    metric.update_state([1.0, 2.0], [1.0, 5.0])
    metric.update_state([1.0], [2.0], [2])
    assert metric.result() == 5 / 4
    assert MeanMetricWrapper.from_config(metric.get_config()) == metric
    power = MeanMetricWrapper(
        lambda y_true, y_pred, power: off_by(y_true, y_pred) ** power, power=2
    )
    assert power([1.0, 2.0], [1.0, 5.0]) == 4.5
    assert power.name == "mean_metric_wrapper"
    with pytest.raises(TypeError, match="fn must be a function: received 3"):
        MeanMetricWrapper(3)


def test_a_model_takes_functions_and_metrics_of_ones_own(tmp_path):
    class Count(Metric):
        def __init__(self):
            super().__init__(name="count")
            self.reset_state()

        def update_state(self, y_true, y_pred, sample_weight=None, mask=None):
            self.seen += len(y_true)

        def result(self):
            return self.seen

        def reset_state(self):
            self.seen = 0

    model = Sequential([Dense(1)])
    model.compile("sgd", "mse", [mean_squared_error, off_by, Count()])
    logs = model.train_on_batch(np.ones((3, 2)), np.ones(3), return_dict=True)
    assert list(logs) == ["loss", "mean_squared_error", "off_by", "count"]
    assert logs["mean_squared_error"] == pytest.approx(logs["loss"], rel=1e-6)
    with pytest.raises(
        ValueError, match=r"the metric MeanMetricWrapper.* is of a class of your own"
    ):
        model.save(tmp_path / "m.npz")


def test_errors_worked_out_by_hand():
    assert MeanSquaredError()([1, 2], [[1.0], [5.0]]) == 4.5
    assert MeanAbsoluteError()([1, 2], [[1.0], [5.0]], [3, 1]) == 0.75


@pytest.mark.parametrize("name", metrics._KNOWN)
def test_a_metric_is_reported_under_the_name_it_was_asked_by(name):
    assert metrics.get(name).name == name


def test_a_metric_without_its_methods_says_what_is_missing():
    metric = type("HalfDone", (Metric,), {})()
    assert (metric.name, metric.variables) == ("half_done", [])
    for call, missing in (
        (metric.update_state, "update_state"),
        (metric.result, "result"),
        (metric.reset_state, "reset_state"),
    ):
        with pytest.raises(NotImplementedError, match=f"HalfDone must have a method {missing}"):
            call()


MADE = [
    Accuracy("mine", "float16"),
    BinaryAccuracy("mine", "float32", 0.25),
    CategoricalAccuracy("mine"),
    SparseCategoricalAccuracy("mine"),
    TopKCategoricalAccuracy(2, "mine"),
    SparseTopKCategoricalAccuracy(2, "mine", from_sorted_ids=True),
    Mean("mine", "float32"),
    Sum("mine", "float32"),
    MeanSquaredError("mine", "float32"),
    MeanAbsoluteError("mine"),
]


@pytest.mark.parametrize("metric", MADE, ids=lambda metric: type(metric).__name__)
def test_a_configuration_gives_the_same_metric(metric):
    again = metrics.get(json.loads(json.dumps(serialize(metric))))
    assert again == metric
    assert repr(again) == repr(metric)
    assert again != type(metric)()
    assert again.name == "mine"


def test_the_result_has_the_precision_that_was_chosen():
    assert Mean(dtype="float16")([0.1]) == float(np.float16(0.1))
    assert Mean(dtype="float32").dtype == "float32"
    assert Mean()([0.1]) == 0.1
    mean = Mean()
    mean.update_state(np.ones(1 << 24))
    mean.update_state([0.0])
    assert mean.variables[1] == (1 << 24) + 1  # float32 cannot count so far
    with pytest.raises(TypeError, match="dtype must be one of floats"):
        Mean(dtype="int32")
    with pytest.raises(AttributeError):
        mean.dtype = "float16"
