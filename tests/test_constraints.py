import json

import numpy as np
import pytest

from embedding_core import SGD, Dense, constraints
from embedding_core.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from embedding_core.ground.configurable import serialize

# Columns of length 5 and 1; rows of length 3, 4 and 1.
WEIGHT = np.array([[3.0, 0.0], [4.0, 0.0], [0.0, 1.0]])
ALL = [NonNeg(), MaxNorm(1.5, 1), UnitNorm(1), MinMaxNorm(0.5, 2.0, 0.7, 1)]


def test_non_neg_turns_negative_numbers_into_zero():
    assert NonNeg()(np.array([-1.0, 0.0, 2.0])).tolist() == [0, 0, 2]


def test_unit_norm_makes_columns_one_long_and_rows_with_axis_1():
    assert np.allclose(UnitNorm()(WEIGHT), [[0.6, 0], [0.8, 0], [0, 1]], atol=1e-6)
    assert np.allclose(UnitNorm(axis=1)(WEIGHT), [[1, 0], [1, 0], [0, 1]], atol=1e-6)


def test_several_axes_are_measured_as_one_long_vector():
    long = np.array([WEIGHT, 2 * WEIGHT])
    assert np.allclose(UnitNorm([0, 1])(WEIGHT), WEIGHT / 26**0.5, atol=1e-6)
    assert np.allclose(UnitNorm((1, 2))(long), np.array([WEIGHT, WEIGHT]) / 26**0.5, atol=1e-6)
    assert np.allclose(MaxNorm(26**0.5 / 2, axis=[-2, -1])(WEIGHT), WEIGHT / 2, atol=1e-6)
    again = constraints.get(json.loads(json.dumps(serialize(UnitNorm([0, 1])))))
    assert again == UnitNorm([0, 1])


def test_the_base_of_all_constraints_changes_nothing_and_can_be_built_upon():
    class Halved(Constraint):
        def __call__(self, weight):
            return weight / 2

    assert Constraint()(WEIGHT).tolist() == WEIGHT.tolist()
    assert Constraint.from_config(Constraint().get_config()) == Constraint()
    layer = Dense(2, kernel_constraint=Halved())
    layer(WEIGHT)
    before = layer.kernel.value.copy()
    SGD(1.0).apply([np.zeros((2, 2)), np.zeros(2)], layer.trainable_weights)
    assert layer.kernel.value.tolist() == (before / 2).tolist()
    assert all(isinstance(one, Constraint) for one in ALL)


@pytest.mark.parametrize("axis", [0.5, "0", None, [0, "1"], True])
@pytest.mark.parametrize("cls", [MaxNorm, UnitNorm, MinMaxNorm])
def test_an_axis_that_is_none_is_refused(cls, axis):
    with pytest.raises(TypeError, match="axis must be a whole number or a list of them: received"):
        cls(axis=axis)


def test_max_norm_shortens_what_is_too_long_and_leaves_the_rest():
    assert np.allclose(MaxNorm()(WEIGHT), [[1.2, 0], [1.6, 0], [0, 1]], atol=1e-6)
    assert np.allclose(MaxNorm(3.5, axis=1)(WEIGHT), [[3, 0], [3.5, 0], [0, 1]], atol=1e-6)


def test_min_max_norm_moves_lengths_between_its_bounds():
    between = MinMaxNorm(2.0, 3.5, axis=1)
    assert np.allclose(between(WEIGHT), [[3, 0], [3.5, 0], [0, 2]], atol=1e-6)
    default = MinMaxNorm()
    assert np.allclose(default(WEIGHT), [[0.6, 0], [0.8, 0], [0, 1]], atol=1e-6)


def test_min_max_norm_goes_only_part_of_the_way_at_a_lower_rate():
    halfway = MinMaxNorm(2.0, 3.0, rate=0.5, axis=1)
    assert np.allclose(halfway(WEIGHT), [[3, 0], [3.5, 0], [0, 1.5]], atol=1e-6)
    assert np.allclose(MinMaxNorm(2.0, 3.0, rate=0.0)(WEIGHT), WEIGHT, atol=1e-6)


@pytest.mark.parametrize("constraint", ALL)
def test_a_zero_vector_stays_zero_instead_of_becoming_nan(constraint):
    assert constraint(np.zeros((2, 3))).tolist() == np.zeros((2, 3)).tolist()


@pytest.mark.parametrize("constraint", ALL)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_a_constraint_gives_a_new_array_of_the_same_shape_and_dtype(constraint, dtype):
    weight = -WEIGHT.astype(dtype)
    before = weight.copy()
    projected = constraint(weight)
    assert projected.shape == weight.shape
    assert projected.dtype == dtype
    projected[...] = 7
    assert weight.tolist() == before.tolist()


@pytest.mark.parametrize(
    ("constraint", "config"),
    [
        (NonNeg(), {}),
        (MaxNorm(3.0), {"max_value": 3.0, "axis": 0}),
        (UnitNorm(1), {"axis": 1}),
        (
            MinMaxNorm(0.1, 0.9, 0.5, 1),
            {"min_value": 0.1, "max_value": 0.9, "rate": 0.5, "axis": 1},
        ),
    ],
)
def test_a_configuration_gives_the_same_constraint(constraint, config):
    assert constraint.get_config() == config
    assert type(constraint).from_config(json.loads(json.dumps(config))) == constraint
    assert constraints.get(serialize(constraint)) == constraint


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("non_neg", "NonNeg"), NonNeg()),
        (("max_norm", "MaxNorm"), MaxNorm(2, 0)),
        (("unit_norm", "UnitNorm"), UnitNorm(0)),
        (("min_max_norm", "MinMaxNorm"), MinMaxNorm(0.0, 1.0, 1.0, 0)),
    ],
)
def test_get_finds_by_name_with_the_default_arguments(names, expected):
    for name in names:
        assert constraints.get(name) == expected


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"constraint 'nonneg'\. Did you mean 'non_neg'\?"):
        constraints.get("nonneg")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"min_value": 2.0, "max_value": 1.0}, r"at most max_value: received 2\.0 and 1\.0"),
        ({"rate": 1.5}, r"rate must lie in \[0, 1\]: received 1\.5"),
    ],
)
def test_lengths_that_cannot_be_kept_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        MinMaxNorm(**arguments)
