"""A table in int8: one byte a number, off by at most half a step."""

import json
import tracemalloc

import numpy as np
import pytest
from helpers import refused
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from strategies import FLOATS, INTEGERS, LAYOUTS, ids_of, laid_out

from embedding_core import Embedding, Sequential
from embedding_core.layers import quantized
from embedding_core.layers.quantized import dequantize_rows, quantize_rows

TABLE = np.array([[1.0, -2.0], [0.5, 0.25], [0.0, 0.0], [-100.0, 3.0]])
SIZES = st.tuples(st.integers(1, 6), st.integers(1, 5))


@st.composite
def tables(draw):
    dtype = draw(st.sampled_from(FLOATS))
    numbers = st.floats(-1000, 1000, width=16)
    table = draw(arrays(dtype, draw(SIZES), elements=numbers))
    return laid_out(table, draw(st.sampled_from(LAYOUTS)))


@given(tables())
def test_every_number_is_off_by_at_most_half_a_step(table):
    rounded, scale = quantize_rows(table)
    assert (rounded.dtype, scale.dtype) == (np.int8, np.float32)
    assert np.allclose(scale, 127 / (np.abs(table.astype(float)).max(axis=1) + 1e-7), rtol=1e-6)
    again = dequantize_rows(rounded, scale, np.dtype("float64"))
    steps = np.abs(again - table.astype(float)) * scale[:, None]
    # Ties go to the even number; float32 decides which numbers are ties up to its precision.
    assert steps.max() <= 0.5 + 1e-4
    if table.dtype == "float64":
        assert steps.max() <= 0.5 + 1e-12
    assert np.abs(rounded.astype(int)).max() <= 127


@given(st.data(), tables())
def test_a_quantized_layer_gives_the_rows_turned_back(data, table):
    layer = Embedding(*table.shape, weights=table, dtype=table.dtype.name)
    layer.quantize("int8")
    ids = data.draw(ids_of(len(table), INTEGERS))
    outputs = layer(ids)
    rounded, scale = quantize_rows(table)
    expected = (rounded / scale[:, None].astype(float))[np.asarray(ids, int)]
    assert outputs.dtype == table.dtype
    assert outputs.shape == (*ids.shape, table.shape[1])
    tolerance = {"float16": 1e-3, "float32": 1e-6, "float64": 1e-14}[table.dtype.name]
    assert np.allclose(outputs, expected, rtol=tolerance, atol=1e-7)


def test_numbers_worked_out_by_hand():
    rounded, scale = quantize_rows(TABLE)
    assert rounded.tolist() == [[63, -127], [127, 63], [0, 0], [-127, 4]]
    assert np.allclose(scale, [63.5, 254, 1.27e9, 1.27], rtol=1e-6)


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_scale_is_computed_in_the_tables_precision_but_not_below_float32(dtype):
    table = np.random.default_rng(0).normal(size=(500, 2)).astype(dtype)
    wide = np.dtype(dtype if dtype == "float64" else "float32").type
    expected = [wide(127) / (wide(max(abs(a), abs(b))) + wide(1e-7)) for a, b in table]
    rounded, scale = quantize_rows(table)
    assert scale.tolist() == np.array(expected, "float32").tolist()
    back = dequantize_rows(rounded, scale, np.dtype(dtype))
    assert back.dtype == dtype
    by_float64 = rounded.astype("float64") / scale[:, None].astype("float64")
    assert np.abs(back - by_float64).max() <= np.finfo(dtype).eps * 4


def test_the_largest_number_is_the_one_whose_scale_is_still_a_normal_float32():
    largest = 127 * 2.0**126  # its scale is 2 ** -126
    rounded, scale = quantize_rows(np.array([[largest, -largest / 127]]))
    assert (rounded.tolist(), scale.tolist()) == ([[127, -1]], [2.0**-126])
    with pytest.raises(ValueError, match="row 0 cannot be written in int8"):
        quantize_rows(np.array([[largest * 1.01]]))


def test_the_rows_are_done_in_parts_and_come_out_the_same(monkeypatch):
    table = np.concatenate([TABLE, 3 * TABLE, 5 * TABLE])
    whole = quantize_rows(table)
    monkeypatch.setattr(quantized, "_CHUNK", 3)
    for one, other in zip(whole, quantize_rows(table), strict=True):
        assert one.tobytes() == other.tobytes()
    with pytest.raises(ValueError, match="row 3 cannot be written in int8"):
        quantize_rows(np.array([[1.0], [1.0], [1.0], [np.nan]]))


def test_next_to_the_results_no_second_table_is_made(monkeypatch):
    monkeypatch.setattr(quantized, "_CHUNK", 64)
    table = np.ones((64 * 64, 32))
    tracemalloc.start()
    try:
        results = quantize_rows(table)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most - sum(a.nbytes for a in results) < table.nbytes / 8


def test_it_takes_a_byte_a_number_and_a_float32_a_row():
    layer = Embedding(50, 16, dtype="float64")
    layer.build()
    layer.quantize("int8")
    assert layer.quantization_mode == "int8"
    assert [w.trainable for w in layer.weights] == [False, False]
    assert sum(w.value.nbytes for w in layer.weights) == 50 * 16 + 4 * 50
    assert [w.name for w in layer.weights] == ["embeddings", "embeddings_scale"]
    assert layer.count_params() == 50 * 16 + 50


def test_a_quantized_layer_is_frozen_and_still_says_where_its_gradient_belongs():
    layer = Embedding(4, 2, weights=TABLE, embeddings_regularizer="l2")
    layer.quantize("int8")
    assert layer.trainable_weights == []
    assert layer.losses == []
    layer([3, 3])
    assert layer.backward(np.ones((2, 2))).indices.tolist() == [3, 3]
    assert all(w.gradient is None for w in layer.weights)


@pytest.mark.parametrize("first", ["lora", "int8"])
def test_with_lora_the_correction_stays_a_float_and_stays_trainable(first):
    layer = Embedding(4, 2, weights=TABLE)
    if first == "int8":
        layer.quantize("int8")
    layer.enable_lora(1, b_initializer="ones")
    if first == "lora":
        layer.quantize("int8")
    a = layer.lora_embeddings_a.value.copy()
    rounded, scale = quantize_rows(TABLE.astype("float32"))
    assert np.allclose(layer([3, 1]), (rounded / scale[:, None] + a)[[3, 1]], rtol=1e-6)
    assert [w.name for w in layer.weights] == [
        "embeddings",
        "embeddings_scale",
        "lora_embeddings_a",
        "lora_embeddings_b",
    ]
    assert layer.trainable_weights == [layer.lora_embeddings_a, layer.lora_embeddings_b]
    layer.backward(np.ones((2, 2), "float32"))
    assert layer.lora_embeddings_a.gradient.dense().ravel().tolist() == [0, 2, 0, 2]


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_configuration_survives_json_and_gives_an_equal_layer(dtype):
    layer = Embedding(4, 2, weights=TABLE, dtype=dtype)
    layer.quantize("int8")
    config = json.loads(json.dumps(layer.get_config()))
    assert config["dtype"] == f"int8_from_{dtype}"
    again = Embedding.from_config(config)
    again.build()
    assert again.quantization_mode == "int8"
    assert again.get_config() == config
    assert (again([0, 3]) == 0).all()
    assert again.embeddings_scale.value.tolist() == [1, 1, 1, 1]
    again.set_weights(layer.get_weights())
    assert again([0, 3]).tobytes() == layer([0, 3]).tobytes()
    at_once = Embedding(4, 2, weights=layer.get_weights(), dtype=config["dtype"])
    assert at_once([0, 3]).tobytes() == layer([0, 3]).tobytes()


def test_rows_that_an_optimizer_still_owes_a_step_are_settled_first():
    layer = Embedding(4, 2, weights=TABLE)
    model = Sequential([layer])
    model.compile("adam", "binary_crossentropy")
    for ids in ([1, 3], [0, 0], [2, 2]):
        layer(ids)
        model.optimizer.apply([layer.backward(np.ones((2, 2), "float32"))], [layer.embeddings])
    expected = quantize_rows(Embedding(4, 2, weights=layer.get_weights()[0]).embeddings.value)
    layer.quantize("int8")
    assert layer.get_weights()[0].tolist() == expected[0].tolist()


@pytest.mark.parametrize("mode", ["int4", "float8", "gptq", "awq", "INT8"])
def test_other_modes_are_refused_by_name(mode):
    layer = Embedding(4, 2, weights=TABLE)
    with refused(
        ValueError, f"mode must be 'int8', the only one offered: received {mode!r}", layer
    ):
        layer.quantize(mode)
    with refused(TypeError, "mode must be a str: received 8", layer):
        layer.quantize(8)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e300])
def test_numbers_that_int8_cannot_hold_are_refused_and_nothing_is_changed(number):
    table = TABLE.copy()
    table[2, 1] = number
    layer = Embedding(4, 2, weights=table, dtype="float64")
    with refused(ValueError, r"row 2 cannot be written in int8.*finite and within", layer):
        layer.quantize("int8")
    assert layer.trainable_weights == [layer.embeddings]


def test_a_layer_can_be_quantized_once_and_only_when_it_is_built():
    layer = Embedding(4, 2, name="table")
    with refused(ValueError, "table has no table to quantize yet: call build first", layer):
        layer.quantize("int8")
    layer.build()
    layer.quantize("int8")
    with refused(ValueError, "layer table is quantized already: it can be done once", layer):
        layer.quantize("int8")


@pytest.mark.parametrize("dtype", ["int4_from_float32", "int8_from_", "int8_from_int32", "int8"])
def test_other_quantized_dtypes_are_refused(dtype):
    with pytest.raises(TypeError):
        Embedding(4, 2, dtype=dtype)
