import json

import numpy as np
import pytest

from embedding_core import Dense, initializers
from embedding_core.ground.configurable import serialize

DRAWING = [
    initializers.RandomUniform,
    initializers.RandomNormal,
    initializers.TruncatedNormal,
    initializers.VarianceScaling,
    initializers.GlorotUniform,
    initializers.GlorotNormal,
    initializers.HeUniform,
    initializers.HeNormal,
    initializers.LecunUniform,
    initializers.LecunNormal,
    initializers.Orthogonal,
]
FIXED = [initializers.Constant, initializers.Zeros, initializers.Ones, initializers.Identity]
SHAPE = (400, 250)


@pytest.mark.parametrize(
    ("initializer", "value"),
    [
        (initializers.Zeros(), 0),
        (initializers.Ones(), 1),
        (initializers.Constant(), 0),
        (initializers.Constant(-2.5), -2.5),
    ],
)
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_fixed_ones_fill_any_shape(initializer, value, dtype):
    for shape in [(), (3,), (2, 3), (0, 3)]:
        array = initializer(shape, dtype)
        assert array.shape == shape
        assert array.dtype == dtype
        assert (array == value).all()


SHAPES = [(1, 1), (5, 5), (7, 3), (3, 7), (1, 4), (4, 1)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("gain", [1.0, -2.5])
def test_orthogonal_has_vectors_of_one_length_at_right_angles(shape, gain):
    matrix = initializers.Orthogonal(gain, seed=3)(shape, "float64")
    assert matrix.shape == shape
    assert matrix.flags.c_contiguous
    few = matrix if shape[0] <= shape[1] else matrix.T
    assert np.allclose(few @ few.T, gain**2 * np.eye(min(shape)), atol=1e-14)


def test_orthogonal_prefers_no_direction():
    # Without the signs of the decomposition, the first number would never be positive.
    draws = [initializers.Orthogonal(seed=i)((2, 2), "float64") for i in range(400)]
    assert abs(np.mean([d[0, 0] > 0 for d in draws]) - 0.5) < 0.08
    assert abs(np.mean([np.linalg.det(d) > 0 for d in draws]) - 0.5) < 0.08


@pytest.mark.parametrize("shape", [*SHAPES, (0, 3)])
def test_identity_has_its_gain_on_the_diagonal(shape):
    matrix = initializers.Identity(3.0)(shape)
    assert matrix.shape == shape
    for at in np.ndindex(*shape):
        assert matrix[at] == (3 if at[0] == at[1] else 0)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4)])
def test_an_identity_that_is_no_matrix_is_refused(shape):
    with pytest.raises(ValueError, match=r"makes matrices \(n, m\) only: received shape \("):
        initializers.Identity()(shape)


@pytest.mark.parametrize("shape", [(), (3,)])
def test_one_axis_has_no_right_angles(shape):
    with pytest.raises(ValueError, match=r"needs two axes or more: received shape \("):
        initializers.Orthogonal()(shape)


@pytest.mark.parametrize("shape", [(2, 3, 4), (2, 3, 4, 5), (2, 2, 7)])
def test_orthogonal_of_more_axes_is_one_matrix_folded(shape):
    folded = initializers.Orthogonal(2.0, seed=5)(shape, "float64")
    assert folded.shape == shape
    rows = int(np.prod(shape[:-1]))
    flat = initializers.Orthogonal(2.0, seed=5)((rows, shape[-1]), "float64")
    assert (folded.reshape(rows, -1) == flat).all()


def test_a_constant_array_is_repeated_to_fit_and_written_as_lists():
    row = initializers.Constant(np.array([1.0, 2.5], "float32"))
    assert row((3, 2)).tolist() == [[1, 2.5]] * 3
    assert row.get_config() == {"value": [1, 2.5]}
    assert initializers.get(json.loads(json.dumps(serialize(row)))) == row
    with pytest.raises(ValueError, match=r"value of shape \(2,\) cannot fill .* \(3, 4\)"):
        row((3, 4))
    with pytest.raises(TypeError, match="value must be numbers: received dtype <U4"):
        initializers.Constant(["good"])


def test_an_array_is_an_initializer_of_its_own_shape():
    array = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")
    given = initializers.get(array)
    weight = given((2, 2), "float64")
    assert weight.dtype == np.float64
    assert weight.tolist() == array.tolist()
    weight[:] = 0
    assert array.any()
    with pytest.raises(ValueError, match=r"of shape \(2, 2\) was given for .* shape \(2, 3\)"):
        given((2, 3))
    with pytest.raises(TypeError, match="array must be numbers"):
        initializers.get(np.array(["good"]))
    layer = Dense(2, kernel_initializer=array)
    layer(np.eye(2))
    assert layer.kernel.value.tolist() == array.tolist()
    with pytest.raises(ValueError, match="has no get_config"):
        layer.get_config()


@pytest.mark.parametrize("cls", DRAWING + FIXED)
def test_dtype_is_float32_unless_told_otherwise(cls):
    assert cls()((2, 3)).dtype == np.float32
    for dtype in ("float16", "float32", "float64"):
        assert cls()((2, 3), dtype).dtype == dtype


# For a (400, 250) matrix: 400 inputs, 250 outputs, 325 on average. A uniform draw on [-a, a]
# has standard deviation a / sqrt(3); a normal one cut at two deviations keeps 0.8796 of its own.
UNIFORM = {
    "default": (initializers.RandomUniform(seed=1), -0.05, 0.05),
    "bounds": (initializers.RandomUniform(-1.0, 3.0, seed=2), -1.0, 3.0),
    "glorot": (initializers.GlorotUniform(3), -np.sqrt(3 / 325), np.sqrt(3 / 325)),
    "he": (initializers.HeUniform(4), -np.sqrt(6 / 400), np.sqrt(6 / 400)),
    "lecun": (initializers.LecunUniform(5), -np.sqrt(3 / 400), np.sqrt(3 / 400)),
    "fan_out": (
        initializers.VarianceScaling(3.0, "fan_out", "uniform", 6),
        -np.sqrt(9 / 250),
        np.sqrt(9 / 250),
    ),
}


@pytest.mark.parametrize(("initializer", "low", "high"), UNIFORM.values(), ids=UNIFORM)
def test_uniform_draws_fill_their_interval_evenly(initializer, low, high):
    draws = initializer(SHAPE, "float64")
    assert low <= draws.min() < low + 1e-3 * (high - low)
    assert high - 1e-3 * (high - low) < draws.max() < high
    counts, _ = np.histogram(draws, 10, (low, high))
    assert np.abs(counts / draws.size - 0.1).max() < 0.005


NORMAL = {
    "default": (initializers.RandomNormal(seed=1), 0.0, 0.05),
    "moved": (initializers.RandomNormal(3.0, 0.5, 2), 3.0, 0.5),
    "untruncated": (
        initializers.VarianceScaling(2.0, "fan_avg", "untruncated_normal", 3),
        0.0,
        np.sqrt(2 / 325),
    ),
}


@pytest.mark.parametrize(("initializer", "mean", "stddev"), NORMAL.values(), ids=NORMAL)
def test_normal_draws_have_their_mean_spread_and_tails(initializer, mean, stddev):
    z = (initializer(SHAPE, "float64") - mean) / stddev
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 1) < 0.01
    assert abs((np.abs(z) > 2).mean() - 0.0455) < 0.004


CUT = {
    "default": (initializers.TruncatedNormal(seed=1), 0.0, 0.05),
    "moved": (initializers.TruncatedNormal(-2.0, 0.5, 2), -2.0, 0.5),
    "glorot": (initializers.GlorotNormal(3), 0.0, np.sqrt(1 / 325) / 0.8796256610342398),
    "he": (initializers.HeNormal(4), 0.0, np.sqrt(2 / 400) / 0.8796256610342398),
    "lecun": (initializers.LecunNormal(5), 0.0, np.sqrt(1 / 400) / 0.8796256610342398),
    "scaling": (initializers.VarianceScaling(seed=6), 0.0, np.sqrt(1 / 400) / 0.8796256610342398),
}


@pytest.mark.parametrize(("initializer", "mean", "stddev"), CUT.values(), ids=CUT)
def test_truncated_draws_end_at_two_standard_deviations(initializer, mean, stddev):
    z = (initializer(SHAPE, "float64") - mean) / stddev
    assert 1.99 < np.abs(z).max() <= 2
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 0.8796) < 0.01
    assert abs((np.abs(z) < 1).mean() - 0.6827 / 0.9545) < 0.005


@pytest.mark.parametrize(
    ("shape", "fan_in", "fan_out"), [((), 1, 1), ((7,), 7, 7), ((7, 3), 7, 3), ((0, 4), 1, 4)]
)
def test_fans_are_read_off_the_shape(shape, fan_in, fan_out):
    for mode, fan in [("fan_in", fan_in), ("fan_out", fan_out)]:
        scaled = initializers.VarianceScaling(1.0, mode, "uniform", seed=1)(shape, "float64")
        limit = np.sqrt(3 / fan)
        same = initializers.RandomUniform(-limit, limit, seed=1)(shape, "float64")
        assert np.allclose(scaled, same, rtol=1e-15)


@pytest.mark.parametrize(
    ("shape", "axes", "expected"),
    [
        ((), (), (1, 1)),
        ((7,), (), (7, 7)),
        ((7, 3), (), (7, 3)),
        ((5, 7, 3), (), (35, 15)),
        ((2, 5, 7, 3), (), (70, 30)),
        ((512, 8, 64), ([0], [1, 2]), (512, 512)),
        ((512, 8, 64), ([0, 1], [-1]), (4096, 64)),
        ((4, 6), ([], [0, 1]), (1, 24)),
    ],
)
def test_fans_are_products_of_lengths(shape, axes, expected):
    assert initializers.fans(shape, *axes) == expected


@pytest.mark.parametrize(
    ("shape", "error"), [([[3, 2]], TypeError), ((2.5, 3), TypeError), ((3, -1), ValueError)]
)
def test_fans_of_no_shape_are_refused(shape, error):
    with pytest.raises(error, match="shape"):
        initializers.fans(shape)


def test_named_axes_decide_the_spread_and_are_written_down():
    axes = {"input_axes": [0], "output_axes": [1, 2]}
    shape = (32, 4, 16)
    named = initializers.LecunUniform(1, **axes)
    limit = np.sqrt(3 / 32)
    same = initializers.RandomUniform(-limit, limit, seed=1)
    assert np.allclose(named(shape, "float64"), same(shape, "float64"), rtol=1e-15)
    assert named.get_config() == {"seed": 1, **axes}
    assert initializers.get(json.loads(json.dumps(serialize(named)))) == named
    scaling = initializers.VarianceScaling(1.0, "fan_in", "uniform", 1, **axes)
    assert (scaling(shape) == named(shape)).all()


@pytest.mark.parametrize(
    ("axes", "error", "message"),
    [
        (([0], None), ValueError, r"go together.*received \[0\] and None"),
        ((None, [0]), ValueError, r"received None and \[0\]"),
        ((0, 1), TypeError, "axes must be a list of whole numbers: received 0"),
        (([0], [0.5]), TypeError, r"received \[0.5\]"),
    ],
)
def test_axes_that_will_not_do_are_refused(axes, error, message):
    for make in (initializers.HeNormal, initializers.VarianceScaling):
        with pytest.raises(error, match=message):
            make(input_axes=axes[0], output_axes=axes[1])


@pytest.mark.parametrize("axis", [2, -3])
def test_an_axis_that_the_weight_does_not_have_is_refused(axis):
    with pytest.raises(ValueError, match=rf"a weight of shape \(4, 6\) has no axis {axis}"):
        initializers.GlorotNormal(input_axes=[0], output_axes=[axis])((4, 6))


@pytest.mark.parametrize("cls", DRAWING)
def test_a_seed_repeats_and_no_seed_draws_anew(cls):
    seeded, other, unseeded = cls(seed=7), cls(seed=8), cls()
    assert (seeded((5, 4)) == seeded((5, 4))).all()
    assert (seeded((5, 4)) != other((5, 4))).any()
    assert (unseeded((5, 4)) != unseeded((5, 4))).any()


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"scale": 0.0}, "scale must be positive: received 0.0"),
        ({"scale": -1.0}, "received -1.0"),
        ({"mode": "fan"}, "'fan_in', 'fan_out' or 'fan_avg': received 'fan'"),
        ({"distribution": "normal"}, "untruncated_normal': received 'normal'"),
    ],
)
def test_variance_scaling_refuses_bad_settings(arguments, match):
    with pytest.raises(ValueError, match=match):
        initializers.VarianceScaling(**arguments)


@pytest.mark.parametrize("cls", DRAWING + FIXED)
def test_a_configuration_survives_json_and_gives_the_same_initializer(cls):
    made = cls(seed=3) if cls in DRAWING else cls()
    config = json.loads(json.dumps(made.get_config()))
    again = cls.from_config(config)
    assert type(again) is cls
    assert again == made
    assert initializers.get(serialize(made)) == made
    assert (again((3, 2)) == made((3, 2))).all()


def test_get_finds_by_name_class_name_configuration_object_and_function():
    assert initializers.get("uniform") == initializers.RandomUniform()
    assert initializers.get("GlorotUniform") == initializers.GlorotUniform()
    config = {"class_name": "Constant", "config": {"value": 3.0}}
    assert initializers.get(config) == initializers.Constant(3.0)
    made = initializers.HeNormal()
    assert initializers.get(made) is made
    assert initializers.get(np.zeros) is np.zeros
    assert initializers.get(None) is None


def test_an_unknown_name_is_refused_with_the_nearest_one():
    with pytest.raises(ValueError, match=r"initializer 'unifrom'\. Did you mean 'uniform'\?"):
        initializers.get("unifrom")


def test_seeded_draws_a_seed_only_for_those_that_want_one_and_have_none():
    rng = np.random.default_rng(0)
    chosen = initializers.RandomUniform(seed=5)
    assert initializers.seeded(chosen, rng) is chosen
    assert initializers.seeded(initializers.Ones(), rng) == initializers.Ones()
    assert initializers.seeded(np.zeros, rng) is np.zeros
    plain = initializers.GlorotUniform()
    assert initializers.seeded(plain, None) is plain
    with_seed = initializers.seeded(plain, rng)
    assert isinstance(with_seed, initializers.GlorotUniform)
    assert (with_seed((3, 3)) == with_seed((3, 3))).all()
    repeated = initializers.seeded(plain, np.random.default_rng(0))
    assert (repeated((3, 3)) == with_seed((3, 3))).all()
    another = initializers.seeded(plain, rng)
    assert (another((3, 3)) != with_seed((3, 3))).any()
