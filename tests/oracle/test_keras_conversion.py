"""From here to Keras and back: the same configuration, weights and predictions."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import pytest

import embedding_core as ec
from embedding_core import initializers
from embedding_core.constraints import MaxNorm, MinMaxNorm
from embedding_core.keras_bridge import from_keras, to_keras
from embedding_core.metrics import CategoricalAccuracy
from embedding_core.optimizers.schedules import ExponentialDecay
from embedding_core.regularizers import L1, L1L2

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

IDS = np.random.default_rng(0).integers(0, 9, (6, 4))
DTYPES = ["float16", "float32", "float64"]


def embedding(**kwargs):
    layer = ec.Embedding(9, 3, **kwargs)
    layer.build()
    return layer


def quantized(lora=False, **kwargs):
    layer = embedding(**kwargs)
    layer.quantize("int8")
    if lora:
        layer.enable_lora(2, 5, b_initializer="ones")
    return layer


def dense(**kwargs):
    layer = ec.Dense(2, **kwargs)
    layer.build((None, 3))
    return layer


LAYERS = {
    "plain": embedding,
    "everything": lambda: embedding(
        embeddings_initializer=initializers.VarianceScaling(3.0, "fan_out", "uniform", 4),
        embeddings_regularizer=L1L2(0.1, 0.01),
        embeddings_constraint=MinMaxNorm(0.1, 2.0, 0.3, 1),
        mask_zero=True,
        name="words",
        dtype="float64",
        trainable=False,
    ),
    "identity": lambda: embedding(embeddings_initializer=initializers.Identity(2.5)),
    "orthogonal": lambda: embedding(embeddings_initializer=initializers.Orthogonal(2.0, 3)),
    "not built": lambda: ec.Embedding(9, 3),
    "one row": lambda: ec.Embedding(1, 1, weights=[[2.0]]),
    "half": lambda: embedding(dtype="float16"),
    "outputs kept small": lambda: dense(activity_regularizer=L1(0.25)),
    "lora": lambda: embedding(lora_rank=2, lora_alpha=7),
    "lora not built": lambda: ec.Embedding(9, 3, lora_rank=2, lora_alpha=7),
    "int8": quantized,
    "int8 double": lambda: quantized(dtype="float64"),
    "int8 lora": lambda: quantized(lora=True),
    "dense": dense,
    "dense with everything": lambda: dense(
        activation="softmax",
        use_bias=False,
        kernel_initializer="he_normal",
        kernel_regularizer=L1(0.3),
        kernel_constraint=MaxNorm(3, 1),
        name="head",
    ),
    "dense not built": lambda: ec.Dense(2, "relu", bias_initializer="ones"),
    "pooling": lambda: ec.GlobalAveragePooling1D(name="mean"),
}


def assert_same(one, other):
    assert type(one) is type(other)
    assert one.get_config() == other.get_config()
    assert one.built == other.built or not one.weights  # Keras's pooling is built from the start
    assert [w.name for w in one.weights] == [w.name for w in other.weights]
    for mine, yours in zip(one.weights, other.weights, strict=True):
        assert mine.value.dtype == yours.value.dtype
        assert mine.value.tobytes() == yours.value.tobytes()
        assert mine.trainable == yours.trainable or not one.trainable


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
def test_there_and_back_is_the_identity(make):
    layer = make()
    there = to_keras(layer)
    assert type(there).__module__.startswith("keras.")
    assert_same(from_keras(there), layer)
    assert there.name == layer.name
    assert there.trainable == layer.trainable


@pytest.mark.parametrize("name", [n for n in LAYERS if "not built" not in n])
def test_a_converted_layer_computes_the_same(name):
    layer = LAYERS[name]()
    x = IDS % layer.input_dim if isinstance(layer, ec.Embedding) else np.ones((2, 3), "float32")
    x = np.ones((2, 3, 4), "float32") if name == "pooling" else x
    expected = np.asarray(layer(x))
    assert np.allclose(expected, to_keras(layer)(x), rtol=1e-3 if name == "half" else 1e-6)


def test_the_weights_are_copies():
    layer = embedding()
    there = to_keras(layer)
    before = layer.get_weights()[0]
    there.embeddings.assign(np.zeros((9, 3)))
    assert layer.get_weights()[0].tolist() == before.tolist()


OPTIMIZERS = {
    "sgd": lambda: ec.SGD(0.123),
    "momentum": lambda: ec.SGD(0.1, 0.9, True),
    "adam": lambda: ec.Adam(0.003, 0.8, 0.99, 1e-6),
    "adagrad": lambda: ec.Adagrad(0.1),
    "rmsprop": lambda: ec.RMSprop(0.01, momentum=0.5),
    "weight decay": lambda: ec.Adam(0.01, weight_decay=0.1),
    "clipped": lambda: ec.SGD(0.1, clipnorm=0.01),
    "schedule": lambda: ec.Adam(ExponentialDecay(0.1, 3, 0.5)),
}
LOSSES = {
    "binary": (ec.BinaryCrossentropy(), 1, ["accuracy"]),
    "binary logits": (ec.BinaryCrossentropy(True), 1, [ec.BinaryAccuracy("mine", threshold=0.0)]),
    "classes": (ec.SparseCategoricalCrossentropy(True), 3, ["acc", "sparse_categorical_accuracy"]),
    "squared": (ec.MeanSquaredError(), 1, []),
    "one-hot": (ec.MeanSquaredError(), 3, [CategoricalAccuracy()]),
    "smooth": (ec.BinaryCrossentropy(label_smoothing=0.1, reduction="sum", name="mine"), 1, []),
    "rows": (
        ec.CategoricalCrossentropy(True, 0.25, reduction="mean_with_sample_weight"),
        3,
        [ec.metrics.TopKCategoricalAccuracy(2), ec.metrics.Accuracy(dtype="float16")],
    ),
    "ignored": (ec.SparseCategoricalCrossentropy(True, -1), 3, []),
    "absolute": (ec.MeanAbsoluteError("sum"), 1, []),
}


def model_of(optimizer=OPTIMIZERS["adam"], loss="binary", build=True, first=None):
    loss, units, metrics = LOSSES[loss]
    layers = [
        first or ec.Embedding(9, 3, mask_zero=True, name="words"),
        ec.GlobalAveragePooling1D(name="mean"),
        ec.Dense(units, "sigmoid" if units == 1 else None, kernel_regularizer="l2", name="head"),
    ]
    model = ec.Sequential(layers, seed=3)
    if build:
        model.build((None, 4))
    model.compile(optimizer(), loss, metrics)
    return model


def assert_same_model(one, other):
    for mine, yours in zip(one.layers, other.layers, strict=True):
        assert_same(mine, yours)
    assert (one.optimizer is None) == (other.optimizer is None)
    if one.optimizer is not None:
        assert type(one.optimizer) is type(other.optimizer)
        assert one.optimizer.get_config() == other.optimizer.get_config()
        assert (one.loss, one.metrics) == (other.loss, other.metrics)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_model_comes_back_with_its_compile_settings(tmp_path, optimizer, loss):
    model = model_of(optimizer, loss)
    there = to_keras(model)
    there.run_eagerly = True  # one batch: to trace a graph takes longer
    assert_same_model(from_keras(there), model)
    expected = model.predict(IDS)
    assert np.allclose(there.predict(IDS, verbose=0), expected, atol=1e-6)
    there.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    again.run_eagerly = True
    assert_same_model(from_keras(again), model)
    assert np.allclose(again.predict(IDS, verbose=0), expected, atol=1e-6)


def test_a_saved_file_of_ours_goes_to_keras_and_back(tmp_path):
    model = model_of()
    model.save(tmp_path / "model.npz")
    assert_same_model(from_keras(to_keras(ec.Sequential.load(tmp_path / "model.npz"))), model)


@pytest.mark.parametrize("first", [quantized, lambda: embedding(lora_rank=2)])
def test_adapted_tables_survive_a_keras_file_in_what_they_compute(tmp_path, first):
    model = model_of(first=first())
    to_keras(model).save(tmp_path / "model.keras")
    again = from_keras(keras.models.load_model(tmp_path / "model.keras"))
    assert np.allclose(again.predict(IDS), model.predict(IDS), atol=1e-6)
    assert again.layers[0].get_config() == model.layers[0].get_config()


def test_models_that_are_not_built_or_not_compiled():
    model = model_of(build=False)
    assert_same_model(from_keras(to_keras(model)), model)
    model = ec.Sequential([dense(name="a")])
    there = to_keras(model)
    assert_same_model(from_keras(there), model)
    assert there.built
    assert not there.compiled
    assert to_keras(ec.Sequential([])).layers == []


def test_both_train_alike_afterwards():
    model = model_of(OPTIMIZERS["sgd"], "squared", first=ec.Embedding(9, 3, name="words"))
    there = to_keras(model)
    x, y = np.arange(8).reshape(2, 4), np.array([[1.0], [0.0]])
    for _ in range(5):
        model.train_on_batch(x, y)
        there.train_on_batch(x, y)
    for ours, of_keras in zip(model.get_weights(), there.get_weights(), strict=True):
        assert np.allclose(ours, of_keras, atol=1e-6)


def test_a_keras_model_by_strings_and_functions():
    there = keras.Sequential([keras.layers.Embedding(9, 3), keras.layers.GlobalAveragePooling1D()])
    there.add(keras.layers.Dense(1, "sigmoid"))
    there.compile("adam", keras.losses.binary_crossentropy, metrics=["accuracy"])
    there(IDS)
    model = from_keras(there)
    assert model.loss == ec.BinaryCrossentropy()
    assert model.optimizer.learning_rate == 0.001
    assert np.allclose(model.predict(IDS), there.predict(IDS, verbose=0), atol=1e-6)


MATRIX = np.arange(8.0).reshape(4, 2)
FORMS = {
    "an array": lambda: MATRIX,
    "float32": lambda: MATRIX.astype("float32"),
    "lists": MATRIX.tolist,
    "a tensor": lambda: keras.ops.convert_to_tensor(MATRIX),
    "a variable": lambda: keras.Variable(MATRIX),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("build", [True, False], ids=["built", "not built"])
def test_a_matrix_that_keras_begins_with_comes_along(form, build):
    there = keras.layers.Embedding(4, 2, embeddings_initializer=keras.initializers.Constant(form()))
    if build:
        there.build()
    layer = from_keras(there)
    layer.build()
    assert layer.get_weights()[0].tolist() == MATRIX.tolist()
    back = to_keras(layer)
    assert np.array_equal(back.get_weights()[0], MATRIX)
    assert_same(from_keras(back), layer)


def test_a_row_that_a_bias_begins_with_comes_along():
    there = keras.layers.Dense(2, bias_initializer=keras.initializers.Constant([1.0, 2.0]))
    layer = from_keras(there)
    layer.build((None, 3))
    assert layer.get_weights()[1].tolist() == [1, 2]


L = keras.layers
REFUSED = {
    "another layer": (lambda: L.Dropout(0.5, name="d"), TypeError, r"'d', a keras.*Dropout"),
    "a subclass": (lambda: type("Dense", (L.Dense,), {})(2), TypeError, "a .*Dense, from Keras"),
    "a number": (lambda: 3, TypeError, "cannot convert 3"),
    "one of ours": (lambda: ec.Dense(2), TypeError, "embedding_core.*Dense, from Keras"),
    "an activation": (
        lambda: L.Dense(2, "gelu", name="d"),
        ValueError,
        "cannot convert layer d: unknown activation 'gelu'",
    ),
    "an array": (
        lambda: L.Embedding(4, 2, embeddings_initializer=MATRIX, name="e"),
        ValueError,
        r"layer e: a function .* nor an array .* Use keras\.initializers\.Constant\(array\)",
    ),
    "text in a constant": (
        lambda: L.Dense(2, bias_initializer=keras.initializers.Constant("a"), name="d"),
        TypeError,
        "cannot convert layer d: value",
    ),
    "a policy": (lambda: L.Dense(2, dtype="mixed_float16"), ValueError, "dtype mixed_float16"),
    "an initializer": (
        lambda: L.Embedding(2, 2, "stft"),
        ValueError,
        "unknown 'STFT'",
    ),
    "a regularizer": (
        lambda: L.Embedding(2, 2, embeddings_regularizer="orthogonal_regularizer"),
        ValueError,
        "unknown 'OrthogonalRegularizer'",
    ),
    "dense lora": (lambda: L.Dense(2, lora_rank=2), ValueError, "lora_rank=2 does not exist here"),
}


@pytest.mark.parametrize(("make", "error", "match"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_converted_is_refused_by_name(make, error, match):
    with pytest.raises(error, match=match):
        from_keras(make())


def compiled(**kwargs):
    model = keras.Sequential([L.Dense(2)])
    model.compile(**({"optimizer": "sgd", "loss": "mse"} | kwargs))
    return model


@pytest.mark.parametrize(
    ("kwargs", "match"),
    [
        ({"optimizer": keras.optimizers.Adam(use_ema=True)}, "Adam: its setting use_ema=True"),
        ({"optimizer": keras.optimizers.SGD(use_ema=True)}, "SGD: its setting use_ema=True"),
        ({"optimizer": "ftrl"}, "unknown optimizer 'Ftrl'"),
        ({"loss": "hinge"}, "unknown loss 'hinge'"),
        ({"loss": keras.losses.Huber(0.5)}, "unknown loss 'Huber'"),
        ({"metrics": ["auc"]}, "unknown metric 'auc'"),
        ({"loss_weights": [2.0]}, r"loss_weights=\[2.0\] does not exist here"),
    ],
)
def test_compile_settings_that_do_not_exist_here_are_refused_by_name(kwargs, match):
    with pytest.raises(ValueError, match=match):
        from_keras(compiled(**kwargs))


def test_models_with_other_parts_are_refused_by_name():
    with pytest.raises(TypeError, match=r"'d', a keras.*Dropout"):
        from_keras(keras.Sequential([L.Dense(2), L.Dropout(0.5, name="d")]))
    inputs = keras.Input((3,))
    with pytest.raises(TypeError, match="Functional"):
        from_keras(keras.Model(inputs, L.Dense(2)(inputs)))


@pytest.mark.parametrize("thing", [3, None, ec.Layer(), type("Mine", (ec.Dense,), {})(2)])
def test_only_our_own_layers_go_to_keras(thing):
    with pytest.raises(TypeError, match=r"cannot convert a .* to Keras: only Embedding"):
        to_keras(thing)


def test_an_optimizer_that_keras_has_not_is_refused_by_name():
    model = ec.Sequential([ec.Embedding(4, 2), ec.GlobalAveragePooling1D(), ec.Dense(1)])
    model.compile(ec.LazyAdam(), "mse")
    with pytest.raises(ValueError, match="cannot convert LazyAdam"):
        to_keras(model)
