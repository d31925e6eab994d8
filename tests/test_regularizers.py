import json

import numpy as np
import pytest
from helpers import numeric_gradient

from embedding_core import regularizers
from embedding_core.ground.configurable import serialize
from embedding_core.regularizers import L1, L1L2, L2

WEIGHT = np.array([[1.0, -2.0], [0.5, -0.25]])


@pytest.mark.parametrize(
    ("regularizer", "penalty"),
    [
        (L1(), 0.01 * 3.75),
        (L1(2.0), 7.5),
        (L2(), 0.01 * 5.3125),
        (L2(2.0), 10.625),
        (L1L2(), 0.0),
        (L1L2(2.0, 4.0), 7.5 + 21.25),
        (L1L2(l2=4.0), 21.25),
    ],
)
def test_penalty_is_the_sum_worked_out_by_hand(regularizer, penalty):
    assert isinstance(regularizer(WEIGHT), float)
    assert regularizer(WEIGHT) == pytest.approx(penalty, rel=1e-12)


@pytest.mark.parametrize("regularizer", [L1(0.3), L2(0.7), L1L2(0.2, 0.5), L1L2()])
def test_gradient_agrees_with_finite_differences(regularizer):
    weight = np.random.default_rng(0).normal(size=(4, 3))
    gradient = regularizer.gradient(weight)
    assert gradient.shape == weight.shape
    assert np.allclose(gradient, numeric_gradient(regularizer, weight), atol=1e-8)


def test_gradient_of_l1_is_zero_at_zero():
    assert L1(1.0).gradient(np.array([0.0, 3.0, -3.0])).tolist() == [0, 1, -1]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_gradient_keeps_the_dtype_of_the_weight(dtype):
    assert L1L2(0.1, 0.1).gradient(WEIGHT.astype(dtype)).dtype == dtype


@pytest.mark.parametrize("make", [L1, L2, lambda v: L1L2(v, 0.0), lambda v: L1L2(0.0, v)])
@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf])
def test_a_factor_must_be_finite_and_not_negative(make, value):
    with pytest.raises(ValueError, match=f"l[12] must be a finite number >= 0: received {value}"):
        make(value)


@pytest.mark.parametrize(
    ("regularizer", "config"),
    [(L1(0.5), {"l1": 0.5}), (L2(0.5), {"l2": 0.5}), (L1L2(0.5, 2.0), {"l1": 0.5, "l2": 2.0})],
)
def test_a_configuration_gives_the_same_regularizer(regularizer, config):
    assert regularizer.get_config() == config
    again = type(regularizer).from_config(json.loads(json.dumps(config)))
    assert again == regularizer
    assert regularizers.get(serialize(regularizer)) == regularizer


@pytest.mark.parametrize(
    ("name", "expected"),
    [("l1", L1()), ("L1", L1()), ("l2", L2()), ("L2", L2()), ("l1l2", L1L2()), ("L1L2", L1L2())],
)
def test_get_finds_by_name(name, expected):
    found = regularizers.get(name)
    assert type(found) is type(expected)
    assert found == expected


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown regularizer 'l3'.*Known here: L1, L1L2, L2"):
        regularizers.get("l3")
