import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
from keras.src.initializers.random_initializers import compute_fans
from keras_side import arguments
from scipy.stats import ks_2samp

from embedding_core import initializers
from embedding_core.ground.configurable import serialize

SHAPE = (300, 200)
DRAWING = {
    "RandomUniform": {},
    "RandomUniform moved": {"minval": -1.0, "maxval": 3.0},
    "RandomNormal": {},
    "RandomNormal moved": {"mean": 3.0, "stddev": 0.5},
    "TruncatedNormal": {},
    "TruncatedNormal moved": {"mean": -2.0, "stddev": 0.5},
    "GlorotUniform": {},
    "GlorotNormal": {},
    "HeUniform": {},
    "HeNormal": {},
    "LecunUniform": {},
    "LecunNormal": {},
    "Orthogonal": {},
    "Orthogonal longer": {"gain": 3.0},
} | {
    f"VarianceScaling {mode} {distribution}": {
        "scale": 3.0,
        "mode": mode,
        "distribution": distribution,
    }
    for mode in ("fan_in", "fan_out", "fan_avg")
    for distribution in ("uniform", "truncated_normal", "untruncated_normal")
}


def pair(case, **more):
    name, kwargs = case.split()[0], DRAWING[case] | more
    return getattr(initializers, name)(**kwargs), getattr(keras.initializers, name)(**kwargs)


@pytest.mark.parametrize("case", DRAWING)
def test_draws_have_the_same_distribution(case):
    ours, of_keras = pair(case, seed=7)
    here, there = ours(SHAPE).ravel(), np.ravel(of_keras(SHAPE))
    assert here.dtype == there.dtype
    # The seeds are fixed, so this passes always or never.
    assert ks_2samp(here, there).pvalue > 0.01
    spread = there.std()
    assert abs(here.mean() - there.mean()) < 0.02 * spread
    assert abs(here.std() / spread - 1) < 0.01
    if "Orthogonal" in case:
        return  # the largest of its numbers is nobody's setting
    if "ormal" not in case or ("untruncated" not in case and "Random" not in case):
        width = there.max() - there.min()
        assert abs(here.min() - there.min()) < 0.005 * width
        assert abs(here.max() - there.max()) < 0.005 * width


@pytest.mark.parametrize("shape", [(300,), (1, 4000), (4000, 1)])
@pytest.mark.parametrize("name", ["GlorotUniform", "HeUniform", "LecunUniform"])
def test_fans_of_other_shapes_are_the_same(name, shape):
    ours, of_keras = pair(name, seed=3)
    largest = np.abs(of_keras(shape)).max()
    assert np.abs(ours(shape)).max() == pytest.approx(largest, rel=0.03)


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((), ()),
        ((7,), ()),
        ((7, 3), ()),
        ((5, 7, 3), ()),
        ((2, 3, 4, 5), ()),
        ((512, 8, 64), ([0], [1, 2])),
        ((4, 6, 2), ([0, 1], [-1])),
    ],
)
def test_inputs_and_outputs_are_counted_as_in_keras(shape, axes):
    assert initializers.fans(shape, *axes) == compute_fans(shape, *axes)


@pytest.mark.parametrize("shape", [(3, 4, 10), (3, 4, 20), (2, 3, 2, 5)])
def test_an_orthogonal_weight_of_more_axes_has_keras_shape_and_angles(shape):
    ours, of_keras = pair("Orthogonal longer", seed=3)
    for weight in (ours(shape), np.array(of_keras(shape))):
        flat = weight.reshape(-1, shape[-1])
        assert weight.shape == shape
        few = flat if flat.shape[0] <= flat.shape[1] else flat.T
        assert np.allclose(few @ few.T, 9 * np.eye(len(few)), atol=1e-4)


@pytest.mark.parametrize(
    ("name", "kwargs"), [("Zeros", {}), ("Ones", {}), ("Constant", {}), ("Constant", {"value": 3})]
)
def test_the_fixed_ones_fill_with_the_same_number(name, kwargs):
    ours, of_keras = (getattr(m, name)(**kwargs) for m in (initializers, keras.initializers))
    assert ours((2, 3)).tolist() == np.array(of_keras((2, 3))).tolist()


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 5)])
@pytest.mark.parametrize("kwargs", [{}, {"gain": 2.5}])
def test_identity_is_the_same_matrix(shape, kwargs):
    ours, of_keras = (m.Identity(**kwargs)(shape) for m in (initializers, keras.initializers))
    assert ours.tolist() == np.array(of_keras).tolist()


@pytest.mark.parametrize("name", sorted({c.split()[0] for c in DRAWING} | {"Constant", "Identity"}))
def test_arguments_and_their_defaults_are_keras(name):
    ours, of_keras = getattr(initializers, name), getattr(keras.initializers, name)
    there = arguments(of_keras)
    assert arguments(ours) == {key: there.get(key, "not in Keras") for key in arguments(ours)}
    assert list(arguments(ours)) == [key for key in there if key in arguments(ours)]


# Keras lists "constant", but cannot make one without a value.
@pytest.mark.parametrize("name", sorted(initializers._KNOWN.keys() - {"constant", "Constant"}))
def test_every_name_that_is_known_here_is_known_to_keras_with_the_same_settings(name):
    ours, of_keras = initializers.get(name), keras.initializers.get(name)
    assert type(ours).__name__ == type(of_keras).__name__
    there = of_keras.get_config()
    if type(ours).__name__ == "Identity":
        there["gain"] = of_keras.gain  # see the next test
    assert ours.get_config() == {key: there[key] for key in ours.get_config()}


def test_where_we_differ_keras_forgets_the_gain_of_identity():
    assert keras.initializers.Identity(3.0).get_config() == {}
    assert initializers.Identity(3.0).get_config() == {"gain": 3.0}


@pytest.mark.parametrize("name", initializers._KNOWN)
def test_keras_reads_our_configurations(name):
    config = serialize(initializers.get(name))
    again = keras.initializers.get(config)
    assert type(again).__name__ == config["class_name"]
