import json
import pickle
import re

import numpy as np
import pytest
from helpers import numeric_gradient, refused
from scipy.sparse import csr_array

from embedding_core import Dense, one_hot
from embedding_core.activations import Activation
from embedding_core.constraints import NonNeg, UnitNorm
from embedding_core.initializers import Constant
from embedding_core.regularizers import L1, L2

ACTIVATIONS = ["linear", "relu", "sigmoid", "tanh"]
KERNEL = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
BIAS = np.array([10.0, 20.0])


def layer_with(kernel=KERNEL, bias=BIAS, **kwargs):
    layer = Dense(kernel.shape[1], use_bias=bias is not None, dtype="float64", **kwargs)
    layer.build((None, len(kernel)))
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return layer


def test_outputs_are_inputs_times_kernel_plus_bias():
    assert layer_with()([[1, 0, 2]]).tolist() == [[1 + 10 + 10, 2 + 12 + 20]]
    assert layer_with(bias=None)([[1, 0, 2]]).tolist() == [[11, 14]]
    assert layer_with(activation="relu", bias=-BIAS)([[1, 0, 2]]).tolist() == [[1, 0]]


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3), (0, 3), (2, 0, 3)])
def test_leading_axes_are_kept_whatever_their_number(shape):
    inputs = np.random.default_rng(0).normal(size=shape)
    layer = layer_with()
    outputs = layer(inputs)
    assert outputs.shape == (*shape[:-1], 2) == layer.compute_output_shape(shape)
    for at in np.ndindex(*shape[:-1]):
        assert np.allclose(outputs[at], [sum(inputs[at] * k) for k in KERNEL.T] + BIAS)
    back = layer.backward(np.ones_like(outputs))
    assert back.shape == shape
    assert layer.kernel.gradient.shape == (3, 2)
    expected = inputs.reshape(-1, 3).sum(axis=0)
    assert np.allclose(layer.kernel.gradient, np.stack([expected, expected], axis=1))
    assert layer.bias.gradient.tolist() == [outputs.size / 2, outputs.size / 2]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("shape", [(5, 3), (2, 4, 3)])
def test_gradients_agree_with_finite_differences(activation, use_bias, shape):
    rng = np.random.default_rng(1)
    inputs, kernel, bias = rng.normal(size=shape), rng.normal(size=(3, 2)), rng.normal(size=2)
    mixture = rng.normal(size=(*shape[:-1], 2))
    layer = layer_with(kernel, bias if use_bias else None, activation=activation)

    def loss(x, kernel, bias):
        layer.set_weights([kernel, bias] if use_bias else [kernel])
        return np.sum(np.sin(layer(x)) * mixture)

    expected = [
        numeric_gradient(lambda x: loss(x, kernel, bias), inputs),
        numeric_gradient(lambda k: loss(inputs, k, bias), kernel),
        numeric_gradient(lambda b: loss(inputs, kernel, b), bias),
    ]
    loss(inputs, kernel, bias)
    back = layer.backward(np.cos(layer(inputs)) * mixture)
    assert np.allclose(back, expected[0], atol=1e-8)
    assert np.allclose(layer.kernel.gradient, expected[1], atol=1e-8)
    if use_bias:
        assert np.allclose(layer.bias.gradient, expected[2], atol=1e-8)
    else:
        assert layer.bias is None


def test_one_hot_inputs_read_rows_of_the_kernel_dense_or_sparse():
    ids = [2, 0, 2]
    layer = layer_with(bias=None)
    assert layer(one_hot(ids, 3, dense=True)).tolist() == KERNEL[ids].tolist()
    assert layer(one_hot(ids, 3)).tolist() == KERNEL[ids].tolist()


def test_a_sparse_matrix_and_its_array_give_the_same_outputs_and_gradients():
    rng = np.random.default_rng(2)
    inputs = rng.normal(size=(6, 3)) * (rng.random((6, 3)) < 0.5)
    gradient = rng.normal(size=(6, 2))
    dense, sparse = layer_with(activation="tanh"), layer_with(activation="tanh")
    assert np.allclose(dense(inputs), sparse(csr_array(inputs)), rtol=1e-14)
    assert np.allclose(dense.backward(gradient), sparse.backward(gradient), rtol=1e-13)
    assert isinstance(sparse.kernel.gradient, np.ndarray)
    assert np.allclose(dense.kernel.gradient, sparse.kernel.gradient, rtol=1e-13)
    assert np.allclose(dense.bias.gradient, sparse.bias.gradient, rtol=1e-13)


def test_a_sparse_matrix_builds_a_layer_and_is_brought_to_its_dtype():
    layer = Dense(2, "linear", kernel_initializer="ones")
    assert layer(csr_array(np.eye(3))).tolist() == [[1, 1]] * 3
    layer.backward(np.ones((3, 2), "float32"))
    assert layer.kernel.gradient.tolist() == [[1, 1]] * 3
    assert layer.kernel.gradient.dtype == np.float32


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_outputs_and_gradients_have_the_layers_dtype(activation, dtype):
    layer = Dense(2, activation, dtype=dtype)
    outputs = layer(np.ones((4, 3)))
    assert outputs.dtype == dtype
    assert layer.backward(np.ones((4, 2))).dtype == dtype
    assert layer.kernel.gradient.dtype == layer.bias.gradient.dtype == dtype


def test_gradients_of_two_passes_add_up():
    layer = layer_with()
    for _ in range(2):
        layer([[1, 2, 3]])
        layer.backward(np.ones((1, 2)))
    assert layer.kernel.gradient.tolist() == [[2, 2], [4, 4], [6, 6]]
    assert layer.bias.gradient.tolist() == [2, 2]


def test_what_is_frozen_collects_no_gradient_but_hands_one_on():
    layer = layer_with(trainable=False)
    layer([[1, 2, 3]])
    assert layer.backward(np.ones((1, 2))).tolist() == [[3, 7, 11]]
    assert layer.kernel.gradient is None
    assert layer.bias.gradient is None
    partly = layer_with()
    partly.kernel.trainable = False
    partly([[1, 2, 3]])
    partly.backward(np.ones((1, 2)))
    assert partly.kernel.gradient is None
    assert partly.bias.gradient.tolist() == [1, 1]


def test_weights_are_made_for_the_last_axis_by_the_parts_asked_for():
    layer = Dense(2, None, True, Constant(0.5), Constant(-3.0), L1(), L2(), NonNeg(), "unit_norm")
    layer.build((None, 7, 3))
    assert layer.kernel.value.tolist() == [[0.5, 0.5]] * 3
    assert layer.bias.value.tolist() == [-3, -3]
    assert layer.losses == pytest.approx([0.01 * 3, 0.01 * 18])
    assert layer.kernel.constraint == NonNeg()
    assert layer.bias.constraint == UnitNorm()
    assert [w.name for w in layer.weights] == ["kernel", "bias"]
    assert layer.count_params() == 8
    kernel = layer.kernel
    layer.build((None, 99))
    assert layer.kernel is kernel


def test_a_bias_starts_at_zero_and_a_kernel_within_glorots_bounds():
    layer = Dense(50)
    layer.build((None, 100))
    assert (layer.bias.value == 0).all()
    assert 0.19 < np.abs(layer.kernel.value).max() < 0.2 + 1e-6


def test_a_configuration_survives_json_and_gives_an_equal_layer():
    layer = Dense(
        2, "tanh", False, Constant(0.5), "ones", L1(0.1), L2(0.2), NonNeg(), "max_norm", name="d"
    )
    config = json.loads(json.dumps(layer.get_config()))
    again = Dense.from_config(config)
    assert again.get_config() == config
    assert (again.units, again.activation.name, again.use_bias) == (2, "tanh", False)
    assert again.kernel_initializer((2,), "float32").tolist() == [0.5, 0.5]
    assert again.bias_initializer((2,), "float32").tolist() == [1, 1]
    assert again.kernel_regularizer == L1(0.1)
    assert again.bias_regularizer == L2(0.2)
    assert again.kernel_constraint == NonNeg()
    assert again.bias_constraint.max_value == 2


@pytest.mark.parametrize("shape", [(2, 4), (4,), (2,), (), (3, 1)])
def test_inputs_of_another_width_are_refused(shape):
    layer = layer_with(name="d")
    layer([[1, 2, 3]])
    with refused(ValueError, r"layer d was built for inputs of 3 numbers: received shape", layer):
        layer(np.ones(shape))
    assert layer([[0, 0, 0]]).tolist() == [[10, 20]]


@pytest.mark.parametrize("shape", [None, ()])
def test_build_needs_at_least_one_axis(shape):
    layer = Dense(2, name="d")
    with refused(ValueError, "layer d: build needs the shape of its inputs, at least one", layer):
        layer.build(shape)


@pytest.mark.parametrize("shape", [(3,), (None, None, 3), (None, None, 5, 3)])
def test_only_the_last_axis_has_to_have_a_length(shape):
    layer = Dense(2)
    layer.build(shape)
    assert layer.kernel.shape == (3, 2)


@pytest.mark.parametrize("shape", [(None,), (2, None), (2, 3, None)])
def test_a_last_axis_without_a_length_is_refused(shape):
    with pytest.raises(ValueError, match=f"at least one axis: received {re.escape(str(shape))}"):
        Dense(2).build(shape)


def test_an_activation_of_ones_own_may_return_another_precision():
    wide = Activation("wide", lambda x: x.astype("float64"), lambda y, given: given)
    layer = Dense(2, wide, dtype="float16")
    assert layer(np.ones((4, 3))).dtype == np.float16


def test_backward_needs_a_call_before_it():
    layer = layer_with(name="d")
    with refused(ValueError, "layer d: backward needs a call before it", layer):
        layer.backward(np.ones((1, 2)))


@pytest.mark.parametrize("shape", [(2,), (1, 2), (3, 3), (3, 2, 1)])
def test_backward_refuses_a_gradient_of_another_shape(shape):
    layer = layer_with()
    layer(np.ones((3, 3)))
    match = rf"shape of the last outputs, \(3, 2\): received {re.escape(str(shape))}\."
    with refused(ValueError, match, layer):
        layer.backward(np.ones(shape))
    assert layer.backward(np.ones((3, 2))).shape == (3, 3)


@pytest.mark.parametrize(
    "arguments",
    [
        {"activation": "gelu"},
        {"kernel_initializer": "x"},
        {"bias_regularizer": "x"},
        {"kernel_constraint": "x"},
    ],
)
def test_unknown_names_are_refused(arguments):
    with pytest.raises(ValueError, match=r"unknown .*Known here"):
        Dense(2, **arguments)


@pytest.mark.parametrize("activation", [None, "sigmoid", "relu", "tanh", "softmax"])
def test_a_layer_survives_pickling_with_its_activation(activation):
    layer, x = Dense(3, activation=activation), np.linspace(-2, 2, 8).reshape(2, 4)
    outputs = layer(x)
    assert np.array_equal(pickle.loads(pickle.dumps(layer))(x), outputs)
