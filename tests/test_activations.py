import numpy as np
import pytest
from helpers import numeric_gradient

from embedding_core import activations

POINTS = np.array([[-2.0, -0.5, 0.25], [0.5, 1.0, 3.0]])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear", POINTS),
        ("relu", [[0, 0, 0.25], [0.5, 1, 3]]),
        ("sigmoid", 1 / (1 + np.exp(-POINTS))),
        ("softmax", np.exp(POINTS) / np.exp(POINTS).sum(axis=1, keepdims=True)),
        ("tanh", (np.exp(POINTS) - np.exp(-POINTS)) / (np.exp(POINTS) + np.exp(-POINTS))),
    ],
)
def test_values_are_those_of_the_formula(name, expected):
    assert np.allclose(activations.get(name)(POINTS), expected, rtol=1e-14)


@pytest.mark.parametrize("name", ["linear", "relu", "sigmoid", "tanh", "softmax"])
def test_the_way_back_written_with_the_output_agrees_with_finite_differences(name):
    activation = activations.get(name)
    mixture = np.array([[1.0, -2.0, 0.5], [3.0, 0.0, -1.0]])
    slopes = numeric_gradient(lambda x: (activation(x) * mixture).sum(), POINTS)
    assert np.allclose(activation.backward(activation(POINTS), mixture), slopes, atol=1e-8)


@pytest.mark.parametrize("name", ["relu", "sigmoid", "tanh"])
def test_far_out_there_is_no_nan_and_no_slope_below_zero(name):
    activation = activations.get(name)
    outputs = activation(np.array([-1e4, 0.0, 1e4]))
    assert np.isfinite(outputs).all()
    assert (activation.backward(outputs, np.ones_like(outputs)) >= 0).all()


@pytest.mark.parametrize("name", ["linear", "relu", "sigmoid", "tanh", "softmax"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_and_way_back_keep_the_dtype(name, dtype):
    activation = activations.get(name)
    outputs = activation(POINTS.astype(dtype))
    assert outputs.dtype == dtype
    assert activation.backward(outputs, np.ones_like(outputs)).dtype == dtype


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
