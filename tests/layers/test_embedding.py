import json
import re
import tracemalloc

import numpy as np
import pytest
from bad_ids import REFUSED
from helpers import add_up, numeric_gradient, refused
from hypothesis import given
from hypothesis import strategies as st
from strategies import FLOATS, gradients, look_ups

from embedding_core import Embedding, IndexedSlices
from embedding_core.constraints import UnitNorm
from embedding_core.initializers import Constant
from embedding_core.regularizers import L2

TABLE = np.arange(8.0).reshape(4, 2)


def layer_with(table, **kwargs):
    return Embedding(*table.shape, weights=table, dtype=table.dtype.name, **kwargs)


@given(look_ups())
def test_each_id_becomes_its_row(drawn):
    table, ids = drawn
    outputs = layer_with(table)(ids)
    assert outputs.dtype == table.dtype
    assert outputs.shape == (*ids.shape, table.shape[1])
    for at in np.ndindex(*ids.shape):
        assert outputs[at].tolist() == table[int(ids[at])].tolist()


@given(gradients())
def test_backward_hands_each_look_up_its_gradient_in_order(drawn):
    table, ids, gradient = drawn
    layer = layer_with(table)
    layer(ids)
    slices = layer.backward(gradient)
    assert isinstance(slices, IndexedSlices)
    assert slices.indices.tolist() == ids.ravel().tolist()
    assert slices.values.tolist() == gradient.reshape(-1, table.shape[1]).tolist()
    assert slices.values.dtype == table.dtype
    assert slices.dense_shape == table.shape
    assert layer.embeddings.gradient.dense().tolist() == add_up(gradient, ids, len(table)).tolist()


@pytest.mark.parametrize("ids", [[3, 0, 3, 3], [[1, 2], [2, 2], [0, 1]], 2, []])
def test_gradient_of_the_table_agrees_with_finite_differences(ids):
    rng = np.random.default_rng(0)
    table = rng.normal(size=(5, 3))
    mixture = rng.normal(size=(*np.shape(ids), 3))
    layer = layer_with(table)

    def loss(weights):
        layer.set_weights([weights])
        return np.sum(np.sin(layer(ids)) * mixture)

    expected = numeric_gradient(loss, table)
    layer.set_weights([table])
    layer.backward(np.cos(layer(ids)) * mixture)
    assert np.allclose(layer.embeddings.gradient.dense(), expected, atol=1e-8)


def test_two_backward_passes_add_up_and_each_returns_only_its_own():
    layer = layer_with(TABLE)
    layer([0, 1])
    layer.backward(np.ones((2, 2)))
    layer([1])
    second = layer.backward(np.full((1, 2), 5.0))
    assert second.indices.tolist() == [1]
    assert layer.embeddings.gradient.indices.tolist() == [0, 1, 1]
    assert layer.embeddings.gradient.dense().tolist() == [[1, 1], [6, 6], [0, 0], [0, 0]]


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_gradient_is_brought_to_the_layers_dtype(dtype):
    layer = Embedding(4, 2, dtype=dtype)
    layer([1])
    assert layer.backward([[1, 2]]).values.dtype == dtype
    assert layer.backward(np.ones((1, 2))).values.dtype == dtype


def test_a_frozen_layer_returns_its_slices_but_collects_no_gradient():
    layer = layer_with(TABLE, trainable=False)
    layer([3])
    assert layer.backward(np.ones((1, 2))).indices.tolist() == [3]
    assert layer.embeddings.gradient is None
    assert layer.trainable_weights == []


@pytest.mark.parametrize("ids", [[[0, 2], [1, 0]], np.array([0, 3]), 0, [0.0, 1.0]])
def test_mask_zero_marks_every_id_that_is_not_zero(ids):
    masked, plain = Embedding(4, 2, mask_zero=True), Embedding(4, 2)
    assert masked.compute_mask(ids).tolist() == (np.array(ids) != 0).tolist()
    assert plain.compute_mask(ids) is None


def test_row_zero_stays_an_ordinary_row_under_mask_zero():
    layer = Embedding(4, 2, mask_zero=True, weights=TABLE + 1)
    assert layer([0]).tolist() == [[1, 2]]
    layer.backward(np.ones((1, 2)))
    assert layer.embeddings.gradient.indices.tolist() == [0]


def test_the_table_exists_from_build_on_and_its_shape_needs_no_input():
    layer = Embedding(4, 2)
    with pytest.raises(AttributeError, match="has no table yet: call build or the layer"):
        _ = layer.embeddings
    layer.build()
    table = layer.embeddings
    assert table.shape == (4, 2)
    layer.build((None, 7))
    assert layer.embeddings is table
    assert layer.count_params() == 8
    assert np.abs(table.value).max() <= 0.05


def test_the_parts_are_those_that_were_asked_for():
    layer = Embedding(4, 2, Constant(3.0), "l2", "unit_norm")
    layer.build()
    assert (layer.embeddings.value == 3).all()
    assert layer.losses == pytest.approx([0.01 * 8 * 9])
    assert layer.embeddings.regularizer == L2(0.01)
    assert layer.embeddings.constraint == UnitNorm()
    assert layer.embeddings.name == "embeddings"
    assert layer.weights == [layer.embeddings]


@pytest.mark.parametrize("weights", [TABLE, [TABLE], TABLE.tolist(), [TABLE.tolist()], (TABLE,)])
def test_first_values_may_be_given_as_an_array_or_a_list_of_one(weights):
    layer = Embedding(4, 2, weights=weights)
    assert layer.built
    assert layer.embeddings.value.tolist() == TABLE.tolist()
    assert layer.embeddings.dtype == np.float32


def test_first_values_of_a_table_with_one_row_are_not_taken_for_a_list():
    assert Embedding(1, 2, weights=[[1, 2]])([0]).tolist() == [[1, 2]]
    assert Embedding(1, 2, weights=np.array([[[1, 2]]])[0])([0]).tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("weights", "received"),
    [
        (np.zeros((2, 4)), r"\[\(2, 4\)\]"),
        (np.zeros((4, 3)), r"\[\(4, 3\)\]"),
        (np.zeros((5, 2)), r"\[\(5, 2\)\]"),
        (np.zeros(2), r"\[\(2,\)\]"),
        ([np.zeros((4, 2)), np.zeros(2)], r"\[\(4, 2\), \(2,\)\]"),
        ([], r"\[\]"),
        (3.0, r"\[\(\)\]"),
    ],
)
def test_first_values_of_another_shape_are_refused(weights, received):
    match = rf"table has weights of shapes \[\(4, 2\)\]: received {received}"
    with pytest.raises(ValueError, match=match):
        Embedding(4, 2, weights=weights, name="table")


def test_first_values_that_are_none_or_too_few_are_refused_before_there_is_a_table():
    with pytest.raises(
        TypeError, match="a weight of table must be numbers: received dtype <U5, 'glove'"
    ):
        Embedding(4, 2, weights="glove", name="table")
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match=r"shapes \[\(1000000, 100\)\]: received \[\(1, 1\)\]"):
            Embedding(10**6, 100, weights=[[1.0]])
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_output_shape_is_the_shape_of_the_ids_and_the_width():
    layer = Embedding(4, 2)
    assert layer.compute_output_shape((None, 10)) == (None, 10, 2)
    assert layer.compute_output_shape((3,)) == layer([1, 2, 3]).shape
    assert layer.compute_output_shape(()) == layer(1).shape


@given(st.sampled_from(FLOATS), st.booleans(), st.booleans())
def test_a_configuration_survives_json_and_gives_an_equal_layer(dtype, mask_zero, trainable):
    layer = Embedding(
        4, 2, Constant(0.5), L2(0.25), UnitNorm(1), mask_zero, dtype=dtype, trainable=trainable
    )
    config = json.loads(json.dumps(layer.get_config()))
    again = Embedding.from_config(config)
    assert again.get_config() == config
    assert again.embeddings_initializer == Constant(0.5)
    assert again.embeddings_regularizer == L2(0.25)
    assert again.embeddings_constraint == UnitNorm(1)
    assert (again.mask_zero, again.trainable, again.dtype) == (mask_zero, trainable, dtype)
    assert (again.input_dim, again.output_dim, again.name) == (4, 2, layer.name)


@pytest.mark.parametrize(("ids", "error", "match"), REFUSED.values(), ids=REFUSED)
def test_bad_ids_are_refused_and_the_last_good_call_stays_the_last(ids, error, match):
    layer = layer_with(TABLE)
    layer([3, 1])
    with refused(error, match, layer):
        layer(ids)
    assert layer.backward(np.ones((2, 2))).indices.tolist() == [3, 1]


@pytest.mark.parametrize("ids", [REFUSED["ragged"][0], REFUSED["ragged with an empty list"][0]])
def test_ragged_ids_are_refused_by_a_layer_that_is_not_built_too(ids):
    layer = Embedding(4, 2)
    with refused(ValueError, "different lengths.*Pad them first", layer):
        layer(ids)
    assert layer([3]).shape == (1, 2)


def test_backward_needs_a_call_before_it():
    layer = layer_with(TABLE, name="table")
    with refused(ValueError, "layer table: backward needs a call before it", layer):
        layer.backward(np.ones((1, 2)))


@pytest.mark.parametrize("shape", [(2, 2), (3,), (3, 1), (1, 3, 2), ()])
def test_backward_refuses_a_gradient_of_another_shape(shape):
    layer = layer_with(TABLE)
    layer([1, 1, 2])
    match = rf"shape of the last outputs, \(3, 2\): received {re.escape(str(shape))}\."
    with refused(ValueError, match, layer):
        layer.backward(np.ones(shape))
    assert layer.backward(np.ones((3, 2))).dense()[1].tolist() == [2, 2]


@pytest.mark.parametrize(
    "arguments",
    [
        {"embeddings_initializer": "unifrom"},
        {"embeddings_regularizer": "l9"},
        {"embeddings_constraint": "unit"},
    ],
)
def test_unknown_names_are_refused(arguments):
    ((_, name),) = arguments.items()
    with pytest.raises(ValueError, match=f"unknown .* {name!r}.*Known here"):
        Embedding(4, 2, **arguments)


def test_ids_changed_after_the_call_do_not_change_the_gradient():
    layer, ids = Embedding(5, 2), np.array([3, 1])
    layer(ids)
    ids[:] = 0
    assert layer.backward(np.ones((2, 2))).indices.tolist() == [3, 1]


def test_a_mask_is_handed_to_a_subclass_that_takes_one():
    class Hidden(Embedding):
        def call(self, inputs, mask=None):
            return super().call(inputs) * np.asarray(mask)[..., None]

    layer, mask = Hidden(4, 2, weights=TABLE), [True, False]
    assert layer([1, 2], mask=mask).tolist() == [TABLE[1].tolist(), [0, 0]]
