"""What all losses share, and a loss of one's own."""

import copy
import json
import pickle

import numpy as np
import pytest
from helpers import numeric_gradient

from embedding_core import Dense, Loss, Sequential, losses
from embedding_core.ground.configurable import serialize
from embedding_core.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
)

ROWS = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
P = np.array([[0.5, 0.25, 0.25], [0.1, 0.5, 0.2]])


class Cubed(Loss):
    def call(self, y_true, y_pred):
        return np.mean(np.abs(y_pred - y_true) ** 3, axis=-1)

    def backward(self, y_true, y_pred, gradient):
        slope = 3 * (y_pred - y_true) ** 2 * np.sign(y_pred - y_true) / y_pred.shape[-1]
        return slope * gradient[..., None]


def test_a_loss_of_ones_own_is_weighed_masked_and_reduced():
    loss = Cubed(dtype="float64")
    y_true, y_pred, weights = np.zeros((3, 2)), np.arange(6.0).reshape(3, 2), [1, 2, 3]
    each = np.array([0.5, 17.5, 94.5])
    assert loss(y_true, y_pred) == pytest.approx(each.mean())
    assert loss(y_true, y_pred, weights, [True, True, False]) == pytest.approx(35.5 / 2)
    gradient = loss.gradient(y_true, y_pred, weights)
    expected = numeric_gradient(lambda p: loss(y_true, p, weights), y_pred)
    assert np.allclose(gradient, expected, rtol=1e-6, atol=1e-6)


def test_a_loss_of_ones_own_trains_a_model_but_is_not_saved(tmp_path):
    model = Sequential([Dense(1, use_bias=False, kernel_initializer="zeros")])
    model.compile("sgd", Cubed())
    x = np.array([[1.0], [2.0]])
    first = model.train_on_batch(x, 2 * x)
    assert model.train_on_batch(x, 2 * x) < first
    with pytest.raises(ValueError, match=r"the loss Cubed.* is of a class of your own"):
        model.save(tmp_path / "m.npz")
    assert not list(tmp_path.iterdir())


def test_a_loss_without_its_methods_says_what_is_missing():
    with pytest.raises(
        NotImplementedError, match=r"Loss must have a method call\(y_true, y_pred\)"
    ):
        Loss()([1.0], [1.0])
    loss = type("Half", (Loss,), {"call": lambda self, y_true, y_pred: y_pred})()
    with pytest.raises(NotImplementedError, match="Half must have a method backward"):
        loss.gradient([1.0], [1.0])


def test_names_are_those_of_keras():
    assert Cubed().name == "cubed"
    assert type("MyOwnLoss", (Loss,), {})().name == "my_own_loss"
    assert MeanSquaredError(name="mine").name == "mine"
    with pytest.raises(TypeError, match="name must be a str"):
        MeanSquaredError(name=3)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_result_has_the_dtype_that_was_chosen(dtype):
    for loss in (MeanSquaredError(dtype=dtype), Cubed(dtype=dtype)):
        assert loss(ROWS, P).dtype == loss.dtype == dtype
    assert MeanSquaredError(None, dtype=dtype)(ROWS, P).dtype == dtype
    assert Cubed()(ROWS, P).dtype == "float32"


def test_without_a_dtype_the_result_is_a_float_as_exact_as_the_predictions():
    assert type(MeanSquaredError()([[0.0]], np.array([[0.1]], "float32"))) is float
    assert MeanSquaredError()([[0.0]], np.array([[0.1]])) == 0.1**2
    assert MeanSquaredError().gradient([[0.0]], np.array([[0.1]])) == 0.2
    assert MeanSquaredError().gradient([[0.0]], np.array([[0.5]], "float16")).dtype == "float32"


@pytest.mark.parametrize("wrong", ["bfloat16", "int32", "text", 0.5])
def test_another_dtype_is_refused(wrong):
    with pytest.raises(TypeError, match="dtype must be one of floats: received"):
        BinaryCrossentropy(dtype=wrong)


def test_the_dtype_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        MeanSquaredError().dtype = "float16"


MADE = [
    BinaryCrossentropy(True, 0.25, 0, "sum", "mine", "float64"),
    CategoricalCrossentropy(True, 0.25, 1, None, "mine", "float16"),
    SparseCategoricalCrossentropy(True, -1, "mean", -1, "mine"),
    MeanSquaredError("none", "mine", "float32"),
    MeanAbsoluteError("mean_with_sample_weight"),
]


@pytest.mark.parametrize("loss", MADE, ids=lambda loss: type(loss).__name__)
def test_a_configuration_gives_the_same_loss(loss):
    again = losses.get(json.loads(json.dumps(serialize(loss))))
    assert again == loss
    assert hash(again) == hash(loss)
    assert repr(again) == repr(loss)
    assert pickle.loads(pickle.dumps(loss)) == copy.deepcopy(loss) == loss
    assert loss != type(loss)()
    assert loss != 3


@pytest.mark.parametrize("name", losses._KNOWN)
def test_get_finds_by_every_name(name):
    found = losses.get(name)
    assert found == losses.get(type(found).__name__)


@pytest.mark.parametrize(("function", "cls"), losses.CLASSES.items())
def test_a_function_gives_each_sample_its_loss_and_compile_the_class(function, cls):
    labels = [0, 2] if "Sparse" in cls.__name__ else ROWS
    each = function(labels, P)
    assert each.shape == (2,)
    assert np.array_equal(each, cls(reduction=None)(labels, P))
    assert cls()(labels, P) == pytest.approx(each.mean())
    assert losses.get(function) == losses.get(function.__name__) == cls()


def test_losses_of_rows_worked_out_by_hand():
    loss = CategoricalCrossentropy(reduction=None)
    assert loss(ROWS, P) == pytest.approx([np.log(2), np.log(4)])  # 0.2 of 0.8
    logits = np.log(P)
    assert CategoricalCrossentropy(True, reduction=None)(ROWS, logits) == pytest.approx(
        loss(ROWS, P)
    )
    smooth = CategoricalCrossentropy(label_smoothing=0.3)(ROWS[:1], P[:1])
    assert smooth == pytest.approx(0.8 * np.log(2) + 0.2 * np.log(4))
    assert MeanAbsoluteError()([[1.0, -1.0]], [[3.0, 0.0]]) == 1.5
    binary = BinaryCrossentropy(label_smoothing=0.5)([[1.0]], [[0.5]])
    assert binary == pytest.approx(np.log(2))
    assert BinaryCrossentropy(label_smoothing=0.5)([[1.0]], [[0.25]]) == pytest.approx(
        0.75 * np.log(4) + 0.25 * np.log(4 / 3)
    )


def test_rows_of_zeros_and_certainty_give_no_nan():
    for loss in (CategoricalCrossentropy(), CategoricalCrossentropy(True)):
        for rows in (np.zeros((2, 3)), ROWS, ROWS[::-1], (1 - ROWS) * 1e3):
            assert np.isfinite(loss(ROWS, rows))
            assert np.isfinite(loss.gradient(ROWS, rows)).all()
    impossible = np.array([[0.0, -np.inf, -np.inf]])
    assert CategoricalCrossentropy(True)([[1, 0, 0]], impossible) == 0


def test_flat_predictions_are_one_sample_unless_something_says_that_they_are_many():
    y_true, y_pred = [1.0, 2.0], np.array([3.0, 5.0])
    assert MeanSquaredError("sum")(y_true, y_pred) == 6.5
    assert MeanSquaredError("sum")([[1.0], [2.0]], y_pred) == 13
    assert MeanSquaredError("sum")(y_true, y_pred, [1, 2]) == 4 + 2 * 9
    assert MeanSquaredError()(y_true, y_pred, mask=[True, False]) == 4
    assert MeanSquaredError().gradient(y_true, y_pred, mask=[True, False]).tolist() == [4, 0]
    assert MeanSquaredError()(1.0, 3.0) == 4


REFUSED = {
    "one-hot rows": (
        SparseCategoricalCrossentropy(),
        ROWS,
        "one-hot labels: use categorical_cross",
    ),
    "numbers": (CategoricalCrossentropy(), [0, 2], "use sparse_categorical_crossentropy"),
    "a column": (CategoricalCrossentropy(), [[0], [2]], "use sparse_categorical_crossentropy"),
    "outside": (
        CategoricalCrossentropy(),
        2 * ROWS,
        r"between 0 and 1: received 2.0 at .*\(0, 0\)",
    ),
    "no class": (SparseCategoricalCrossentropy(ignore_class=9), [0, 8], "or 9, which is ignored"),
    "axis": (BinaryCrossentropy(axis=2), ROWS, r"axis 2 is none of predictions of shape \(2, 3\)"),
    "sparse axis": (SparseCategoricalCrossentropy(axis=0), [0, 1], "only axis=-1 is supported"),
}


@pytest.mark.parametrize(("loss", "labels", "match"), REFUSED.values(), ids=REFUSED)
def test_labels_that_do_not_fit_are_refused_with_the_cure(loss, labels, match):
    for use in (loss, loss.gradient):
        with pytest.raises(ValueError, match=match):
            use(labels, P)


@pytest.mark.parametrize("labels", [np.eye(3)[[0, 1, 2, 1]], np.ones((4, 2))])
def test_fit_shows_the_shapes_of_all_samples(labels):
    model = Sequential([Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    shape = str(labels.shape).replace("(", r"\(").replace(")", r"\)")
    with pytest.raises(ValueError, match=rf"labels of shape {shape} .* of shape \(4, 3\)"):
        model.fit(np.ones((4, 2)), labels, verbose=0)


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: BinaryCrossentropy(label_smoothing=1.5), ValueError, r"in \[0, 1\]: received 1.5"),
        (
            lambda: CategoricalCrossentropy(label_smoothing="a"),
            TypeError,
            "label_smoothing must be",
        ),
        (lambda: BinaryCrossentropy(axis=True), ValueError, "axis must be a whole number"),
        (
            lambda: SparseCategoricalCrossentropy(ignore_class=1.0),
            TypeError,
            "ignore_class must be",
        ),
        (lambda: CategoricalCrossentropy("yes"), TypeError, "from_logits must be True or False"),
    ],
)
def test_settings_that_are_none_are_refused(make, error, match):
    with pytest.raises(error, match=match):
        make()


@pytest.mark.parametrize(
    "reduction", ["sum_over_batch_size", "sum", "mean_with_sample_weight", None]
)
def test_loss_and_gradient_together_are_those_asked_for_apart(reduction):
    rng = np.random.default_rng(0)
    y, p, weight = rng.integers(0, 2, 6), rng.uniform(0.1, 0.9, (6, 1)), rng.uniform(size=6)
    loss = BinaryCrossentropy(reduction=reduction)
    value, slope = loss.with_gradient(y, p, weight)
    assert np.array_equal(value, loss(y, p, weight))
    assert slope.shape == p.shape
    assert np.array_equal(slope, loss.gradient(y, p, weight))
