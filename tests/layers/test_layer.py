from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import refused

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Layer, Variable
from embedding_core.constraints import NonNeg
from embedding_core.ground.checks import positive_int
from embedding_core.layers import EmbeddingBag, described
from embedding_core.regularizers import L1, L2


class Affine(Layer):
    """A layer of the tests' own: inputs times a row of numbers, plus a number."""

    def build(self, input_shape=None):
        self.builds = getattr(self, "builds", 0) + 1
        self.scale = self.add_weight((input_shape[-1],), "ones", name="scale", regularizer="l2")
        self.shift = self.add_weight((), "zeros", name="shift", trainable=False)
        self.built = True

    def call(self, inputs, mask=None):
        return np.asarray(inputs) * self.scale.value + self.shift.value


def built(**kwargs):
    layer = Affine(**kwargs)
    layer.build((None, 3))
    return layer


def test_a_layer_builds_at_its_first_call_and_only_then():
    layer = Affine()
    assert not layer.built
    assert layer.weights == []
    assert layer([[1, 2, 3]]).tolist() == [[1, 2, 3]]
    assert layer.built
    layer([[4, 5, 6]])
    assert layer.builds == 1
    assert [w.shape for w in layer.weights] == [(3,), ()]


def test_ragged_inputs_are_refused_before_anything_is_built():
    layer = Affine()
    with refused(ValueError, r"different lengths: received \[\[1\], \[2, 3\]\]. Pad them", layer):
        layer([[1], [2, 3]])


def test_a_plain_layer_has_no_weights_and_leaves_the_work_to_its_subclasses():
    layer = Layer()
    layer.build()
    assert layer.built
    assert layer.weights == []
    assert layer.count_params() == 0
    with pytest.raises(NotImplementedError):
        layer.call([1])
    with pytest.raises(NotImplementedError):
        layer.backward(np.ones(1))
    assert layer.compute_output_shape([2, 3]) == (2, 3)
    mask = np.array([True])
    assert layer.compute_mask([1], mask) is mask
    assert not Layer.supports_masking
    assert Dense.supports_masking
    assert GlobalAveragePooling1D.supports_masking


def test_add_weight_makes_a_variable_with_all_that_it_is_told():
    layer = Layer(dtype="float64")
    weight = layer.add_weight((2, 3), "ones", None, False, "l1", "non_neg", "w")
    assert isinstance(weight, Variable)
    assert weight.value.tolist() == [[1, 1, 1], [1, 1, 1]]
    assert (weight.name, weight.dtype, weight.trainable) == ("w", np.float64, False)
    assert (weight.regularizer, weight.constraint) == (L1(), NonNeg())
    assert layer.weights[0] is weight
    assert layer.add_weight((1,), "zeros", "float16", name="v").dtype == np.float16


def test_an_initializer_is_told_shape_and_dtype_and_may_return_another_dtype():
    asked = []

    def initializer(shape, dtype):
        asked.append((shape, dtype))
        return np.full(shape, 0.1)

    weight = Layer().add_weight((2,), initializer)
    assert asked == [((2,), np.float32)]
    assert weight.value.tolist() == [np.float32(0.1)] * 2
    assert weight.dtype == np.float32


def test_add_weight_fills_floats_by_glorot_and_integers_with_zeros_by_default():
    layer = Layer()
    kernel = layer.add_weight((100, 50), name="kernel").value
    assert kernel.dtype == np.float32
    assert 0.19 < kernel.max() < np.sqrt(6 / 150) + 1e-6
    # Glorot's numbers for a single one lie within 1.7: of so many, some would be 1 or -1.
    for i in range(30):
        steps = layer.add_weight((1,), dtype="int64", name=f"steps {i}").value
        assert steps.dtype == np.int64
        assert steps.tolist() == [0]
    assert layer.add_weight(name="single").shape == ()


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({"name": "scale"}, "has a weight named 'scale' already"),
        ({"initializer": "unifrom"}, "unknown initializer 'unifrom'"),
        ({"regularizer": "l9"}, "unknown regularizer 'l9'"),
        ({"constraint": "nonsense"}, "unknown constraint 'nonsense'"),
        (
            {"shape": (2,), "initializer": lambda shape, dtype: np.zeros(5)},
            r"initializer of variable must return shape \(2,\): received \(5,\)",
        ),
    ],
)
def test_add_weight_refuses_what_it_cannot_use_and_adds_nothing(arguments, match):
    layer = built()
    with refused(ValueError, match, layer):
        layer.add_weight(**arguments)
    layer.add_weight((1,), name="another")
    assert len(layer.weights) == 3


def test_only_trainable_weights_of_a_trainable_layer_are_trainable():
    layer = built()
    assert [w.name for w in layer.weights] == ["scale", "shift"]
    assert [w.name for w in layer.trainable_weights] == ["scale"]
    assert [w.name for w in layer.non_trainable_weights] == ["shift"]
    layer.trainable = False
    assert layer.trainable_weights == []
    assert [w.name for w in layer.non_trainable_weights] == ["scale", "shift"]


def test_losses_are_the_penalties_of_the_trainable_weights():
    layer = Affine()
    assert layer.losses == []
    layer.build((None, 3))
    assert layer.losses == pytest.approx([0.03])
    layer.scale.assign([1, 2, 3])
    assert layer.losses == pytest.approx([0.14])
    layer.trainable = False
    assert layer.losses == []


def test_count_params_counts_every_number_once_the_layer_is_built():
    assert built().count_params() == 4
    with pytest.raises(ValueError, match="has no weights yet: build it, or call it once"):
        Affine().count_params()


def test_get_weights_gives_copies_and_set_weights_takes_them():
    layer = built()
    scale, shift = layer.get_weights()
    scale[...] = 9
    assert layer.scale.value.tolist() == [1, 1, 1]
    layer.set_weights([scale, 5])
    assert layer.scale.value.tolist() == [9, 9, 9]
    assert layer.shift.value == 5
    scale[...] = 0
    assert layer.scale.value.tolist() == [9, 9, 9]
    assert shift == 0


@pytest.mark.parametrize(
    ("weights", "match"),
    [
        ([np.zeros(3)], r"^mine has .* shapes \[\(3,\), \(\)\]: received \[\(3,\)\]"),
        ([], r"received \[\]"),
        ([np.zeros(3), 0, 0], r"received \[\(3,\), \(\), \(\)\]"),
        ([np.zeros(3), np.zeros(1)], r"received \[\(3,\), \(1,\)\]"),
        ([0, np.zeros(3)], r"received \[\(\), \(3,\)\]"),
        ([np.zeros(3), "x"], "a weight of mine must be numbers: received dtype <U1, 'x'"),
        (5, "weights must be a list of arrays: received 5"),
    ],
)
def test_set_weights_sets_none_when_one_does_not_fit(weights, match):
    layer = built(name="mine")
    with refused((ValueError, TypeError), match, layer):
        layer.set_weights(weights)
    layer.set_weights([[2, 3, 4], 1])
    assert layer([[1, 1, 1]]).tolist() == [[3, 4, 5]]


def test_a_configuration_gives_an_equal_layer_with_fresh_weights():
    layer = built(name="mine", dtype="float64", trainable=False)
    assert layer.get_config() == {"name": "mine", "dtype": "float64", "trainable": False}
    again = Affine.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert not again.built


STORED = {"scale": np.array([1, 2, 3], "float32"), "shift": np.array(4, "float32")}


def test_stored_arrays_are_the_first_values_and_initializers_make_those_that_come_later():
    layer = Affine()
    layer.build_from_config({"input_shape": [None, 3]}, STORED)
    assert layer([[1, 1, 1]]).tolist() == [[5, 6, 7]]
    assert layer.add_weight((2,), "ones", name="later").value.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("scale", "received"), [(None, "None"), (np.ones(3), "float64"), (np.ones(3, int), "int64")]
)
def test_a_stored_array_that_is_missing_or_of_another_dtype_is_refused(scale, received):
    stored = {} if scale is None else {**STORED, "scale": scale}
    match = f"layer mine needs an array of float32 for its weight scale: received {received}\\."
    with pytest.raises(ValueError, match=match):
        Affine(name="mine").build_from_config({"input_shape": [None, 3]}, stored)


def test_names_are_snake_case_and_numbered_from_the_second_on(monkeypatch):
    monkeypatch.setattr(described, "_names_given", Counter())

    class OnlyHereForItsName2D(Layer):
        pass

    assert [OnlyHereForItsName2D().name for _ in range(3)] == [
        "only_here_for_its_name2d",
        "only_here_for_its_name2d_1",
        "only_here_for_its_name2d_2",
    ]
    assert GlobalAveragePooling1D().name == "global_average_pooling1d"
    assert repr(Affine(name="x")) == "<Affine name=x, built=False>"


@pytest.mark.parametrize("dtype", ["int32", "bool", "complex64", "longdouble", "U3"])
def test_a_dtype_that_is_no_float_is_refused(dtype):
    with pytest.raises(TypeError, match=f"float16, float32 or float64: received '{dtype}'"):
        Layer(dtype=dtype)


@pytest.mark.parametrize("dtype", [None, "float32"])
def test_the_dtype_is_float32_unless_told_otherwise(dtype):
    assert Layer(dtype=dtype).dtype == Layer().dtype == np.float32


def test_a_generator_decides_the_first_values_of_a_layer():
    def first_values(seed):
        layer = Embedding(5, 3)
        layer.rng = np.random.default_rng(seed)
        layer.build()
        return layer.embeddings.value.tolist()

    assert first_values(1) == first_values(1)
    assert first_values(1) != first_values(2)


@pytest.mark.parametrize("value", [1, 7, np.int64(7), np.uint8(7)])
def test_positive_int_takes_positive_integers_of_any_kind(value):
    assert positive_int("units", value) == value
    assert type(positive_int("units", value)) is int


@pytest.mark.parametrize("value", [0, -1, True, np.True_, 2.0, np.float64(3), "3", None, [3]])
def test_positive_int_refuses_everything_else_by_value_and_type(value):
    match = "units must be a positive integer: received .* of type"
    with pytest.raises(ValueError, match=match) as error:
        positive_int("units", value)
    assert str(error.value).endswith(f"received {value!r} of type {type(value).__name__}.")
    for name, make in (
        ("units", lambda: Dense(value)),
        ("input_dim", lambda: Embedding(value, 1)),
        ("output_dim", lambda: Embedding(1, value)),
    ):
        with pytest.raises(ValueError, match=f"^{name} must be a positive integer"):
            make()


def test_l2_of_a_layer_is_found_by_name():
    assert built().scale.regularizer == L2(0.01)


@pytest.mark.parametrize("config", [{"input_shape": 3}, {}, [3]])
def test_a_build_configuration_names_lengths(config):
    layer = Dense(2)
    with pytest.raises(TypeError, match="input_shape"):
        layer.build_from_config(config)
    assert not layer.built


def test_weights_are_called_variables_too():
    layer = built()
    assert layer.variables == layer.weights
    assert layer.trainable_variables == layer.trainable_weights == [layer.scale]
    assert layer.non_trainable_variables == layer.non_trainable_weights == [layer.shift]


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
@pytest.mark.parametrize("make", [lambda **kw: Dense(2, **kw), lambda **kw: Embedding(3, 2, **kw)])
def test_a_mixed_policy_is_refused_by_name_with_the_reason(make, policy):
    reason = (
        "A mixed policy keeps weights in float32 and computes in 16 bits, which pays on an "
        "accelerator and not in NumPy: here weights and outputs have one dtype."
    )
    for given in (policy, SimpleNamespace(name=policy)):  # as Keras's objects say what they are
        with pytest.raises(TypeError, match=f"received .*{policy}.*{reason}"):
            make(dtype=given)


@pytest.mark.parametrize("make", [lambda **kw: Dense(2, **kw), lambda **kw: Embedding(3, 2, **kw)])
def test_a_dtype_too_deep_to_be_written_is_refused_as_any_other(make):
    deep = []
    for _ in range(5_000):
        deep = [deep]
    with pytest.raises(TypeError, match="float32 or float64: received a list, nested too deeply"):
        make(dtype=deep)


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Embedding(4, 2, mask=True), r"Embedding has no argument 'mask': .*mask_zero"),
        (lambda: Embedding(4, 2, input_length=7), r"Embedding.*input_length=7\. Leave it out"),
        (lambda: Dense(2, input_shape=(3,)), r"Dense.*input_shape=\(3,\)\. Leave it out"),
        (lambda: Dense(2, activaton="relu"), r"Dense.*Did you mean 'activation'\?"),
        (lambda: GlobalAveragePooling1D(axis=1), r"GlobalAveragePooling1D has no argument 'axis'"),
        (lambda: EmbeddingBag(4, 2, mode="sum"), r"EmbeddingBag has no argument 'mode'"),
        (lambda: Dense(2, xyz=1), r"Dense has no argument 'xyz': received xyz=1\. Known are: "),
        (lambda: Affine(nmae="a"), r"Affine has no argument 'nmae'.*Did you mean 'name'\?"),
        (
            lambda: Layer.from_config({"nmae": "a"}),
            r"Layer has no argument 'nmae'.*Known are: activity_regularizer, name, dtype",
        ),
    ],
)
def test_an_unknown_argument_is_refused_in_the_name_of_the_layer_that_was_called(make, match):
    with pytest.raises(TypeError, match=match) as error:
        make()
    assert "__init__" not in str(error.value)


def test_a_first_call_that_fails_leaves_no_weights_and_no_draws_behind():
    class Pair(Layer):
        def build(self, input_shape):
            self.scale = self.add_weight(input_shape[-1:], "uniform", name="scale")
            self.built = True

        def call(self, inputs, mask=None):
            if inputs.shape[-1] != 2:
                raise ValueError("two numbers are needed")
            return inputs * self.scale.value

    tried, other = Pair(), Pair()
    tried.rng, other.rng = np.random.default_rng(0), np.random.default_rng(0)
    with pytest.raises(ValueError, match="two numbers"):
        tried(np.ones((1, 3)))
    assert (tried.weights, tried.built, hasattr(tried, "scale")) == ([], False, False)
    assert tried(np.ones((1, 2))).tolist() == other(np.ones((1, 2))).tolist()
    assert tried.weights == [tried.scale]
