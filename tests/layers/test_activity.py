import numpy as np
import pytest
from helpers import numeric_gradient

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Layer, Sequential
from embedding_core.regularizers import L1, L2

INPUTS = np.array([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]])


class Same(Layer):
    """A layer of the tests' own, as one would write it for Keras: without a mask."""

    def call(self, inputs):
        return np.asarray(inputs)


def test_the_penalty_is_of_the_last_outputs_for_each_sample():
    layer = Same(activity_regularizer=L2(0.5))
    assert layer.losses == []
    layer(INPUTS)
    assert layer.losses == [0.5 * np.square(INPUTS).sum() / 3]
    layer(2 * INPUTS)
    assert layer.losses == [0.5 * np.square(2 * INPUTS).sum() / 3]
    layer(INPUTS[:1])
    assert layer.losses == [2.5]
    layer(np.ones((0, 2)))
    assert layer.losses == [0]
    layer(np.array(3.0))
    assert layer.losses == [4.5]


def test_it_stands_beside_the_penalties_on_weights():
    layer = Dense(2, kernel_regularizer=L1(1.0), activity_regularizer="l2")
    layer(INPUTS)
    outputs = layer.call(INPUTS)
    assert layer.losses == pytest.approx(
        [0.01 * np.square(outputs).sum() / 3, np.abs(layer.kernel.value).sum()]
    )


@pytest.mark.parametrize("regularizer", [L1(0.3), L2(0.3)])
def test_its_derivative_joins_the_gradient_of_the_outputs(regularizer):
    mixture = np.array([[1.0, -1.0], [2.0, 0.5], [0.0, 3.0]])
    layer = Dense(2, "tanh", activity_regularizer=regularizer, dtype="float64")

    def loss(x):
        return (layer(x) * mixture).sum() + sum(layer.losses)

    slopes = numeric_gradient(loss, INPUTS)
    layer(INPUTS)
    assert np.allclose(layer.backward(mixture), slopes, atol=1e-8)
    kernel = layer.kernel.value.copy()

    def of_kernel(k):
        layer.kernel.assign(k)
        return loss(INPUTS)

    slopes = numeric_gradient(of_kernel, kernel)
    layer.kernel.assign(kernel)
    layer.kernel.gradient = None
    layer(INPUTS)
    layer.backward(mixture)
    assert np.allclose(layer.kernel.gradient, slopes, atol=1e-8)


@pytest.mark.parametrize(
    "layer", [lambda **kw: Embedding(4, 2, **kw), lambda **kw: GlobalAveragePooling1D(**kw)]
)
def test_any_layer_may_have_it(layer):
    made = layer(activity_regularizer=L2(1.0))
    inputs = [[0, 1], [1, 3]] if isinstance(made, Embedding) else INPUTS[:, None]
    outputs = made(inputs)
    assert made.losses == [float(np.square(outputs).sum()) / len(outputs)]
    without = layer()
    if made.weights:
        without.build()
        without.set_weights(made.get_weights())
    without(inputs)
    back = made.backward(np.zeros_like(outputs))
    other = without.backward((2 * outputs / len(outputs)).astype(outputs.dtype))
    values = [getattr(g, "values", g) for g in (back, other)]
    assert np.allclose(*values, rtol=1e-6)


def test_a_model_minimises_it_too():
    model = Sequential([Dense(1, use_bias=False, activity_regularizer=L2(1.0))], seed=1)
    model.compile("sgd", "mse")
    x, y = np.ones((8, 1)), np.ones((8, 1))
    model.fit(x, y, epochs=300, verbose=0)
    # The mean of (w - 1) ** 2 + w ** 2 is least at one half.
    assert model.get_weights()[0][0, 0] == pytest.approx(0.5, abs=1e-3)
    assert model.evaluate(x, y) == pytest.approx(0.5, abs=1e-3)


def test_it_is_written_down_and_found_by_name():
    layer = Dense(2, activity_regularizer="l1")
    assert layer.activity_regularizer == L1()
    again = Dense.from_config(layer.get_config())
    assert again.activity_regularizer == L1()
    assert "activity_regularizer" not in Dense(2).get_config()
    with pytest.raises(ValueError, match="unknown regularizer 'l3'"):
        Dense(2, activity_regularizer="l3")


class Marked(Layer):
    """A layer of the tests' own that wants the mask."""

    def call(self, inputs, mask):
        self.seen = mask
        return np.asarray(inputs)


def test_a_call_gets_the_mask_if_it_takes_one():
    mask = np.array([True, False])
    layer = Marked()
    layer([1, 2], mask)
    assert layer.seen is mask
    layer([1, 2])
    assert layer.seen is None
    assert Same()([1, 2], mask).tolist() == [1, 2]
