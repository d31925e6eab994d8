"""LoRA and int8: outputs, gradients and configurations of Keras's Embedding."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
import tensorflow as tf

import embedding_core as ec

IDS = np.array([[1, 4, 1], [0, 2, 2]])
V, D, RANK = 5, 3, 2

# Keras's `quantize` itself calls `np.array` on a tensor.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def pair(dtype="float32", alpha=None, **kwargs):
    """Our layer and Keras's with the same table, A and B."""
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape) for shape in [(V, D), (V, RANK), (RANK, D)]]
    ours, of_keras = (m.Embedding(V, D, dtype=dtype, **kwargs) for m in (ec, keras.layers))
    for layer in (ours, of_keras):
        layer.build()
        layer.enable_lora(RANK, alpha)
        layer.set_weights([a.astype(w.dtype) for a, w in zip(arrays, layer.weights, strict=True)])
    return ours, of_keras


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("alpha", [None, 1, 8])
def test_lora_outputs_and_gradients(dtype, alpha):
    ours, of_keras = pair(dtype, alpha)
    with tf.GradientTape() as tape:
        outputs = of_keras(IDS)
    here = ours(IDS)
    tolerance = 2e-3 if dtype == "float16" else 1e-5
    assert here.dtype == outputs.numpy().dtype
    assert np.allclose(here, outputs, rtol=tolerance, atol=tolerance)
    gradient = np.random.default_rng(1).normal(size=here.shape).astype(dtype)
    variables = [w.value for w in of_keras.trainable_weights]
    expected = tape.gradient(outputs, variables, gradient)
    ours.backward(gradient)
    assert [w.name for w in ours.weights] == [w.name for w in of_keras.weights]
    assert [w.trainable for w in ours.weights] == [w.trainable for w in of_keras.weights]
    assert [w.dtype for w in ours.weights] == [w.dtype for w in of_keras.weights]
    for variable, slope in zip(ours.trainable_weights, expected, strict=True):
        got = variable.gradient
        got = got.dense() if isinstance(got, ec.IndexedSlices) else got
        assert np.allclose(got, tf.convert_to_tensor(slope), rtol=tolerance, atol=tolerance)


def test_lora_penalties():
    ours, of_keras = pair(embeddings_regularizer="l2")
    assert np.allclose(ours.losses, [float(x) for x in of_keras.losses], rtol=1e-6)


def test_lora_settings_are_written_down_alike():
    for layer in pair(alpha=7):
        config = layer.get_config()
        assert (config["lora_rank"], config["lora_alpha"]) == (RANK, 7)
        assert layer.lora_enabled


def test_where_we_differ_lora_alpha_given_to_the_constructor_is_lost_by_keras():
    ours, of_keras = (m.Embedding(V, D, lora_rank=2, lora_alpha=8) for m in (ec, keras.layers))
    ours.build()
    of_keras.build()
    assert (ours.lora_alpha, of_keras.lora_alpha) == (8, 2)


def test_where_we_differ_first_values_and_lora_at_once_are_refused_by_keras():
    table = np.ones((V, D), "float32")
    with pytest.raises(ValueError, match="expecting 3 weights"):
        keras.layers.Embedding(V, D, weights=[table], lora_rank=2)
    assert ec.Embedding(V, D, weights=[table], lora_rank=2)([0]).tolist() == [[1, 1, 1]]


@pytest.mark.parametrize("of_lora", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_int8_bytes_scales_and_outputs_are_equal_bit_by_bit(of_lora, seed):
    table = np.random.default_rng(seed).normal(0, 10.0**seed, (50, 8)).astype("float32")
    table[3], table[4, 0] = 0, 1e-6
    ours = ec.Embedding(50, 8, weights=table)
    of_keras = keras.layers.Embedding(50, 8, weights=[table])
    ids = np.arange(50).reshape(5, 10)
    for layer in (ours, of_keras):
        layer.quantize("int8")
        if of_lora:
            layer.enable_lora(2, 4, a_initializer="ones", b_initializer="ones")
    there = {w.name: w.numpy() for w in of_keras.weights}
    for variable in ours.weights:
        assert variable.value.tobytes() == there[variable.name].tobytes()
        assert variable.trainable == variable.name.startswith("lora")
    assert ours(ids).tobytes() == of_keras(ids).numpy().tobytes()
    assert of_keras.dtype_policy.name == ours.get_config()["dtype"]
    assert ours.quantization_mode == of_keras.quantization_mode


def test_where_we_differ_keras_quantizes_no_float16_and_keeps_float64_scales():
    half = keras.layers.Embedding(V, D, dtype="float16")
    half.build()
    with pytest.raises(ValueError, match="doesn't work well with compute_dtype='float16'"):
        half.quantize("int8")
    double = keras.layers.Embedding(V, D, dtype="float64")
    double.build()
    double.quantize("int8")
    assert double.embeddings_scale.dtype == "float64"


@pytest.mark.parametrize("mode", ["int8", "int4", "float8"])
def test_what_keras_refuses_is_refused(mode):
    for module in (ec, keras.layers):
        layer = module.Embedding(V, D)
        with pytest.raises(ValueError, match=r"buil[dt]|mode must be"):
            layer.quantize(mode)
        layer.build()
        layer.quantize("int8")
        with pytest.raises(ValueError, match=r"already|mode must be"):
            layer.quantize(mode)
    for module in (ec, keras.layers):
        layer = module.Embedding(V, D, embeddings_constraint="unit_norm")
        layer.build()
        with pytest.raises(ValueError, match=r"constraint"):
            layer.enable_lora(2)


def test_keras_files_hold_the_corrected_table_and_a_correction_that_cannot_learn(tmp_path):
    # After loading, A and B are both 0, and so are their gradients, for ever.
    layer = keras.layers.Embedding(V, D, lora_rank=2)
    model = keras.Sequential([layer])
    model.build((None, 2))
    layer.lora_embeddings_b.assign(np.ones((2, D)))
    model.save(tmp_path / "lora.keras")
    again = keras.models.load_model(tmp_path / "lora.keras").layers[0]
    assert again.lora_enabled
    assert not again.lora_embeddings_a.numpy().any()
    assert not again.lora_embeddings_b.numpy().any()
    assert np.allclose(again(IDS), layer(IDS), atol=1e-6)
