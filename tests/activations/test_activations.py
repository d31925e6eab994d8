import pickle

import numpy as np
import pytest
from helpers import numeric_gradient

from embedding_core import Dense, activations

POINTS = np.array([[-2.0, -0.5, 0.25], [0.5, 1.0, 3.0]])
EXP = np.exp(POINTS)
ALL = sorted(activations._KNOWN)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", POINTS),
        ("relu", [[0, 0, 0.25], [0.5, 1, 3]]),
        ("sigmoid", 1 / (1 + np.exp(-POINTS))),
        ("softmax", EXP / EXP.sum(axis=1, keepdims=True)),
        ("tanh", (EXP - 1 / EXP) / (EXP + 1 / EXP)),
        ("log_softmax", POINTS - np.log(EXP.sum(axis=1, keepdims=True))),
        ("log_sigmoid", -np.log(1 + 1 / EXP)),
        ("softplus", np.log(1 + EXP)),
        ("softsign", [[-2 / 3, -1 / 3, 0.2], [1 / 3, 0.5, 0.75]]),
        ("exponential", EXP),
        ("elu", np.where(POINTS > 0, POINTS, EXP - 1)),
        ("leaky_relu", [[-0.4, -0.1, 0.25], [0.5, 1, 3]]),
        ("relu6", [[0, 0, 0.25], [0.5, 1, 3]]),
        ("hard_sigmoid", [[1 / 6, 2.5 / 6, 3.25 / 6], [3.5 / 6, 4 / 6, 1]]),
    ],
)
def test_values_are_those_of_the_formula(name, expected):
    assert np.allclose(activations.get(name)(POINTS), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, [0, 0, 0, 4, 8]),
        ({"negative_slope": 0.5}, [-4, -1, 0, 4, 8]),
        ({"max_value": 5}, [0, 0, 0, 4, 5]),
        ({"threshold": 4}, [0, 0, 0, 0, 8]),
        ({"threshold": -4}, [0, -2, 0, 4, 8]),
        ({"negative_slope": 0.5, "max_value": 5, "threshold": 2}, [-5, -2, -1, 4, 5]),
    ],
)
def test_relu_with_arguments_bends_elsewhere(arguments, expected):
    x = np.array([-8.0, -2.0, 0.0, 4.0, 8.0])
    assert activations.relu(x, **arguments).tolist() == expected


def test_relu_leaves_its_input_alone_and_numbers_and_lists_will_do():
    x = np.array([-1.0, 7.0])
    activations.relu(x, negative_slope=1.0, max_value=1.0, threshold=0.5)
    assert x.tolist() == [-1, 7]
    assert activations.relu6([-1, 7.0]).tolist() == [0, 6]
    assert activations.relu(-3) == 0


def test_selu_keeps_mean_and_variance():
    x = np.random.default_rng(0).normal(size=200_000)
    assert np.allclose([activations.selu(x).mean(), activations.selu(x).var()], [0, 1], atol=0.01)


def test_the_share_of_softmax_goes_along_an_axis_or_several():
    x = np.random.default_rng(0).normal(size=(2, 3, 4))
    assert np.allclose(activations.softmax(x, axis=1).sum(axis=1), 1)
    assert np.allclose(activations.softmax(x, axis=(1, 2)).sum(axis=(1, 2)), 1)
    both = activations.log_softmax(x, axis=(0, 2))
    assert np.allclose(both, np.log(activations.softmax(x, axis=(0, 2))))


@pytest.mark.parametrize(
    ("activation", "arguments", "error", "message"),
    [
        ("relu", {"negative_slope": "0.1"}, TypeError, "negative_slope must be a number.*'0.1'"),
        ("relu", {"max_value": -1}, ValueError, "max_value must be a finite number >= 0.*-1"),
        ("relu", {"threshold": float("nan")}, ValueError, "threshold must be a finite.*nan"),
        ("elu", {"alpha": None}, TypeError, "alpha must be a number: received None"),
        ("softmax", {"axis": 2}, ValueError, r"axis must lie in \[-2, 2\).*received 2"),
        ("log_softmax", {"axis": (0, -3)}, ValueError, r"received \(0, -3\)"),
        ("softmax", {"axis": (1, -1)}, ValueError, r"each axis once: received \(1, -1\)"),
        ("softmax", {"axis": None}, TypeError, "axis must be a whole number or a list"),
        ("tanh", {"slope": 1}, TypeError, "slope"),
    ],
)
def test_an_argument_that_will_not_do_is_refused(activation, arguments, error, message):
    with pytest.raises(error, match=message):
        activations.get(activation)(POINTS, **arguments)


def test_inputs_that_are_no_numbers_are_refused():
    with pytest.raises(TypeError, match="inputs must be numbers: received dtype <U4"):
        activations.relu(["good"])


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "uint64"])
@pytest.mark.parametrize("name", ALL)
def test_whole_numbers_and_booleans_are_taken_as_floats(name, dtype):
    inputs = np.array([[0, 1], [1, 1]], dtype)
    outputs = activations.get(name)(inputs)
    np.testing.assert_array_equal(outputs, activations.get(name)(inputs.astype("float64")))
    assert outputs.dtype == "float64"


@pytest.mark.parametrize("name", ALL)
def test_the_way_back_written_with_the_output_agrees_with_finite_differences(name):
    activation = activations.get(name)
    points = POINTS - 0.01  # none of them in a corner
    mixture = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    slopes = numeric_gradient(lambda x: (activation(x) * mixture).sum(), points)
    assert np.allclose(activation.backward(activation(points), mixture), slopes, atol=1e-8)


@pytest.mark.parametrize("name", sorted(set(ALL) - {"exponential", "softmax", "log_softmax"}))
def test_far_out_there_is_no_nan_and_no_slope_below_zero(name):
    activation = activations.get(name)
    outputs = activation(np.array([-1e4, 0.0, 1e4]))
    assert np.isfinite(outputs).all()
    assert (activation.backward(outputs, np.ones_like(outputs)) >= 0).all()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_value_and_way_back_keep_the_dtype(name, dtype):
    activation = activations.get(name)
    outputs = activation(POINTS.astype(dtype))
    assert outputs.dtype == dtype
    assert activation.backward(outputs, np.ones_like(outputs)).dtype == dtype


@pytest.mark.parametrize("name", ALL)
def test_a_layer_that_ends_in_it_can_be_pickled(name):
    layer = pickle.loads(pickle.dumps(Dense(2, name)))
    assert layer.activation == activations.get(name)


def test_get_finds_by_name_and_hands_objects_back():
    assert activations.get("relu").name == "relu"
    assert activations.get(None).name == "linear"
    assert activations.get(activations.tanh) is activations.tanh


@pytest.mark.parametrize("name", ["gelu", "Relu", ""])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(ValueError, match=f"unknown activation {name!r}.*linear, sigmoid, relu"):
        activations.get(name)


def test_what_is_neither_a_name_nor_an_activation_is_refused():
    with pytest.raises(TypeError, match="must be a name or an Activation: received 3"):
        activations.get(3)


def test_softmax_shares_out_1_even_far_out():
    outputs = activations.softmax(np.array([[1e4, 0.0, -1e4], [1e4, 1e4, 0.0]]))
    assert outputs.tolist() == [[1, 0, 0], [0.5, 0.5, 0]]
    assert np.isfinite(activations.softmax.backward(outputs, np.ones((2, 3)))).all()
