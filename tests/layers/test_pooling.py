import re

import numpy as np
import pytest
from helpers import numeric_gradient, refused
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from embedding_core import GlobalAveragePooling1D

INPUTS = np.array([[[1.0, 10.0], [3.0, 30.0], [8.0, 80.0]], [[2.0, 0.0], [4.0, 6.0], [6.0, 3.0]]])
MASK = np.array([[True, True, False], [False, False, True]])


def test_without_a_mask_it_is_the_mean_over_the_steps():
    assert np.allclose(GlobalAveragePooling1D()(INPUTS), [[4, 40], [4, 3]])


def test_with_a_mask_only_the_marked_steps_count_in_sum_and_number():
    assert np.allclose(GlobalAveragePooling1D()(INPUTS, MASK), [[2, 20], [6, 3]])
    assert np.allclose(GlobalAveragePooling1D()(INPUTS, MASK.astype(int)), [[2, 20], [6, 3]])
    assert np.allclose(GlobalAveragePooling1D()(INPUTS, [[2, 1, 0], [0, 0, 5]]), [[2, 20], [6, 3]])


@given(
    npst.array_shapes(min_dims=3, max_dims=3, min_side=0, max_side=4), st.integers(0, 99), st.data()
)
def test_any_mask_gives_the_mean_of_what_it_marks_or_zero(shape, seed, data):
    inputs = np.random.default_rng(seed).normal(size=shape)
    mask = data.draw(npst.arrays(bool, shape[:2]))
    outputs = GlobalAveragePooling1D()(inputs, mask)
    assert outputs.shape == (shape[0], shape[2])
    for row, output in enumerate(outputs):
        marked = inputs[row][mask[row]]
        assert np.allclose(output, marked.mean(axis=0) if len(marked) else 0)


@pytest.mark.parametrize("mask", [None, MASK], ids=["no mask", "mask"])
def test_gradient_agrees_with_finite_differences(mask):
    layer = GlobalAveragePooling1D()
    mixture = np.random.default_rng(0).normal(size=(2, 2))
    expected = numeric_gradient(lambda x: np.sum(np.sin(layer(x, mask)) * mixture), INPUTS)
    back = layer.backward(np.cos(layer(INPUTS, mask)) * mixture)
    assert back.shape == INPUTS.shape
    assert np.allclose(back, expected, atol=1e-8)
    if mask is not None:
        assert (back[~mask] == 0).all()


def test_a_row_of_padding_alone_has_mean_zero_and_no_gradient():
    layer = GlobalAveragePooling1D()
    outputs = layer(INPUTS, np.array([[False] * 3, [True] * 3]))
    assert outputs[0].tolist() == [0, 0]
    back = layer.backward(np.ones((2, 2)))
    assert np.isfinite(back).all()
    assert (back[0] == 0).all()
    assert np.allclose(back[1], 1 / 3)


def test_no_steps_at_all_have_mean_zero():
    layer = GlobalAveragePooling1D()
    assert layer(np.ones((2, 0, 3))).tolist() == [[0, 0, 0], [0, 0, 0]]
    assert layer.backward(np.ones((2, 3))).shape == (2, 0, 3)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_stands_in_masked_steps_does_not_matter_even_nan(bad):
    inputs = np.where(MASK[..., None], INPUTS, bad)
    layer = GlobalAveragePooling1D()
    assert np.allclose(layer(inputs, MASK), [[2, 20], [6, 3]])
    assert np.isfinite(layer.backward(np.ones((2, 2)))).all()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("mask", [None, MASK], ids=["no mask", "mask"])
def test_the_dtype_of_the_inputs_is_kept(dtype, mask):
    layer = GlobalAveragePooling1D()
    outputs = layer(INPUTS.astype(dtype), mask)
    assert outputs.dtype == dtype
    assert layer.backward(outputs).dtype == dtype


def test_whole_numbers_have_fractional_means():
    outputs = GlobalAveragePooling1D()([[[1], [4]]])
    assert outputs.tolist() == [[2.5]]
    assert outputs.dtype == np.float32


def test_the_mask_ends_here_and_so_does_the_axis_of_steps():
    layer = GlobalAveragePooling1D()
    assert layer.compute_mask(INPUTS, MASK) is None
    assert layer.compute_output_shape((None, 7, 3)) == (None, 3)
    assert layer.weights == []
    again = GlobalAveragePooling1D.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


@pytest.mark.parametrize("shape", [(2, 3), (3,), (), (2, 3, 4, 5)])
def test_inputs_without_three_axes_are_refused(shape):
    layer = GlobalAveragePooling1D(name="mean")
    layer(INPUTS)
    match = r"layer mean needs inputs \(batch, steps, features\): received \("
    with refused(ValueError, match, layer):
        layer(np.ones(shape))
    assert layer.backward(np.ones((2, 2))).shape == INPUTS.shape


@pytest.mark.parametrize("shape", [(2,), (3, 2), (2, 3, 2), (1, 3), ()])
def test_a_mask_of_another_shape_is_refused(shape):
    layer = GlobalAveragePooling1D(name="mean")
    layer(INPUTS)
    match = r"layer mean: the mask must have shape \(2, 3\): received"
    with refused(ValueError, match, layer):
        layer(INPUTS, np.ones(shape, bool))


def test_backward_needs_a_call_before_it():
    layer = GlobalAveragePooling1D(name="mean")
    with refused(ValueError, "layer mean: backward needs a call before it", layer):
        layer.backward(np.ones((2, 2)))


@pytest.mark.parametrize("shape", [(2, 3), (3, 2), (2,), (2, 3, 2), (2, 1)])
def test_backward_refuses_a_gradient_of_another_shape(shape):
    layer = GlobalAveragePooling1D()
    layer(INPUTS)
    match = rf"shape of the last outputs, \(2, 2\): received {re.escape(str(shape))}\."
    with refused(ValueError, match, layer):
        layer.backward(np.ones(shape))


def test_a_mask_changed_after_the_call_does_not_change_the_gradient():
    layer, mask = GlobalAveragePooling1D(), np.array([[True, True, False]])
    layer(np.ones((1, 3, 1)), mask)
    mask[:] = True
    assert layer.backward(np.ones((1, 1)))[0, :, 0].tolist() == [0.5, 0.5, 0]


FORMATS = [(data_format, keep) for data_format in (None, "channels_first") for keep in (0, 1)]


@pytest.mark.parametrize(("data_format", "keepdims"), FORMATS)
@pytest.mark.parametrize("mask", [None, MASK])
def test_the_axes_of_steps_and_features_may_be_swapped_and_that_of_the_steps_kept(
    data_format, keepdims, mask
):
    layer = GlobalAveragePooling1D(data_format, keepdims=bool(keepdims))
    steps = 1 if data_format is None else 2
    inputs = INPUTS if steps == 1 else INPUTS.swapaxes(1, 2)
    plain = GlobalAveragePooling1D()
    expected = plain(INPUTS, mask)
    shape = tuple(np.expand_dims(expected, steps).shape) if keepdims else expected.shape
    outputs = layer(inputs, mask)
    assert outputs.shape == layer.compute_output_shape(inputs.shape) == shape
    assert outputs.reshape(expected.shape).tolist() == expected.tolist()
    gradient = np.array([[1.0, -2.0], [0.5, 3.0]])
    back = layer.backward(gradient.reshape(shape))
    assert back.shape == inputs.shape
    ours = back if steps == 1 else back.swapaxes(1, 2)
    assert ours.tolist() == plain.backward(gradient).tolist()


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_single_feature_keeps_its_axis_where_that_of_the_steps_is_kept(data_format):
    layer = GlobalAveragePooling1D(data_format, keepdims=True)
    inputs = np.arange(6.0).reshape((3, 2, 1) if data_format == "channels_last" else (3, 1, 2))
    assert layer(inputs).tolist() == [[[0.5]], [[2.5]], [[4.5]]]
    back = layer.backward(np.array([[[1.0]], [[2.0]], [[3.0]]]))
    assert back.shape == inputs.shape
    assert back.ravel().tolist() == [0.5, 0.5, 1, 1, 1.5, 1.5]


def test_its_arguments_are_written_down_and_checked():
    layer = GlobalAveragePooling1D("channels_first", True, name="mean")
    config = layer.get_config()
    assert (config["data_format"], config["keepdims"]) == ("channels_first", True)
    assert GlobalAveragePooling1D.from_config(config).get_config() == config
    assert GlobalAveragePooling1D().get_config()["data_format"] == "channels_last"
    with pytest.raises(ValueError, match=r"data_format must be .* received 'last'"):
        GlobalAveragePooling1D("last")
    with pytest.raises(TypeError, match="keepdims must be True or False: received 1"):
        GlobalAveragePooling1D(keepdims=1)
    with pytest.raises(ValueError, match=r"inputs \(batch, features, steps\): received \(2, 3\)"):
        layer(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"the mask must have shape \(2, 2\)"):
        layer(INPUTS, MASK)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint64", "bool"])
def test_a_mask_may_be_of_any_whole_numbers(dtype):
    layer = GlobalAveragePooling1D()
    assert layer(INPUTS, MASK.astype(dtype)).tolist() == layer(INPUTS, MASK).tolist()
