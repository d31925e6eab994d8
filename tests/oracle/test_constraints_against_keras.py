import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest
from keras_side import assert_same_arguments

from embedding_core import constraints
from embedding_core.ground.configurable import serialize

WEIGHT = np.random.default_rng(0).normal(size=(6, 4))
WEIGHT[2] = 0
CASES = [("NonNeg", {})] + [
    (name, kwargs | {"axis": axis})
    for axis in (0, 1, [0, 1], [-1])
    for name, kwargs in [
        ("MaxNorm", {}),
        ("MaxNorm", {"max_value": 1.3}),
        ("UnitNorm", {}),
        ("MinMaxNorm", {}),
        ("MinMaxNorm", {"min_value": 1.5, "max_value": 2.0, "rate": 0.6}),
    ]
]


@pytest.mark.parametrize(("name", "kwargs"), CASES, ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_projections_are_the_same(name, kwargs, dtype):
    ours, of_keras = (getattr(m, name)(**kwargs) for m in (constraints, keras.constraints))
    weight = WEIGHT.astype(dtype)
    expected = np.array(of_keras(weight))
    projected = ours(weight)
    assert projected.dtype == expected.dtype
    tolerance = 1e-6 if dtype == "float32" else 1e-12
    assert np.allclose(projected, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", ["NonNeg", "MaxNorm", "UnitNorm", "MinMaxNorm"])
def test_arguments_and_their_defaults_are_keras(name):
    if name == "NonNeg":
        assert constraints.NonNeg().get_config() == keras.constraints.NonNeg().get_config() == {}
    else:
        assert_same_arguments(getattr(constraints, name), getattr(keras.constraints, name))


@pytest.mark.parametrize("name", constraints._KNOWN)
def test_every_name_that_is_known_here_is_known_to_keras_with_the_same_settings(name):
    ours, of_keras = constraints.get(name), keras.constraints.get(name)
    assert type(ours).__name__ == type(of_keras).__name__
    assert ours.get_config() == of_keras.get_config()
    assert keras.constraints.get(serialize(ours)).get_config() == ours.get_config()
