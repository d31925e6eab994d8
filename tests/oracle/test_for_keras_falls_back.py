"""What the update by rows cannot do is done densely, with a warning, or is refused by name."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
import tensorflow as tf
from for_keras_models import BATCH, LENGTH, START, D, V, apart, batches, keras, model_of, theirs

from embedding_core import for_keras
from embedding_core.ground.collector import CHILD

X, Y = batches(8)
pytestmark = pytest.mark.usefixtures("quiet")


def ours(optimizer, **kwargs):
    """Leave the optimizer to be built in the first step, where it says what it cannot do."""
    return model_of(for_keras.Embedding, optimizer, **kwargs)


def fit(model, epochs=2):
    model.fit(X, Y, batch_size=BATCH, epochs=epochs, shuffle=False, verbose=0)


OPTIONS = {
    "weight decay": ({"weight_decay": 0.01}, "weight decay"),
    "amsgrad": ({"amsgrad": True}, "amsgrad"),
    "use_ema": ({"use_ema": True}, "use_ema"),
    "accumulation": ({"gradient_accumulation_steps": 2}, "gradient accumulation"),
    "loss scale": ({"loss_scale_factor": 8.0}, "loss_scale_factor"),
    "epsilon": ({"epsilon": 0.0, "amsgrad": False}, "epsilon=0"),
}


@pytest.mark.parametrize(("given", "reason"), OPTIONS.values(), ids=OPTIONS)
def test_an_option_that_moves_every_row_makes_the_update_dense_and_says_so(given, reason):
    settings = {"epsilon": 1e-7} | given
    one = ours(for_keras.Adam(0.05, **settings))
    other = theirs(keras.optimizers.Adam(0.05, **settings))
    if settings["epsilon"]:
        with pytest.warns(UserWarning, match=f"of layer 'embedding.*' densely.*{reason}"):
            fit(one)
        fit(other)
        assert apart(one, other) < 3e-6
    else:  # every number that never had a gradient is 0 / 0 in Keras too
        with pytest.warns(UserWarning, match=f"densely.*{reason}"):
            one.optimizer.build(one.trainable_variables)


@pytest.mark.parametrize("by", ["variable", "name"])
def test_a_table_that_is_left_out_of_weight_decay_is_updated_by_row(by):
    models = ours(None, compiled=False), theirs(keras.optimizers.Adam())
    for model, namespace in zip(models, (for_keras, keras.optimizers), strict=True):
        adam = namespace.Adam(0.05, weight_decay=0.5)
        table = model.layers[0].embeddings
        adam.exclude_from_weight_decay(
            **({"var_list": [table]} if by == "variable" else {"var_names": ["embeddings"]})
        )
        model.compile(adam, "binary_crossentropy")
        with warnings.catch_warnings():
            warnings.simplefilter("error", UserWarning)
            fit(model)
    assert models[0].layers[0].embeddings.memory is not None
    assert apart(*models) < 3e-6


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"embeddings_regularizer": "l2"}, "regularizer"),
        ({"embeddings_constraint": "max_norm"}, "constraint"),
    ],
    ids=["regularizer", "constraint"],
)
def test_a_rule_for_the_whole_table_makes_the_update_dense_and_says_so(given, reason):
    one = ours(for_keras.Adam(0.05), **given)
    given = given if "embeddings_regularizer" in given else given | {"penalty": True}
    other = model_of(keras.layers.Embedding, keras.optimizers.Adam(0.05), **given)
    with pytest.warns(UserWarning, match=f"densely.*{reason}"):
        fit(one)
    fit(other)
    assert apart(one, other) < 3e-6


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_makes_the_update_dense_and_says_so(policy):
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        one = ours(for_keras.Adam(0.05))
        other = theirs(keras.optimizers.Adam(0.05))
        with pytest.warns(UserWarning, match="densely.*precision"):
            fit(one)
        fit(other)
    finally:
        keras.config.set_dtype_policy(before)
    assert apart(one, other) < 3e-6


def test_a_distribution_strategy_makes_the_update_dense_and_says_so():
    with tf.distribute.MirroredStrategy(["cpu:0"]).scope():
        one = ours(for_keras.Adam(0.05))
        other = theirs(keras.optimizers.Adam(0.05))
    with pytest.warns(UserWarning, match="densely.*distribution strategy"):
        fit(one)
    fit(other)
    assert apart(one, other) < 3e-6


def test_xla_is_left_out_by_keras_and_refused_where_a_user_asks_for_it():
    model = ours(for_keras.Adam(0.05))
    with pytest.warns(UserWarning, match="doesn't support `jit_compile=True`"):
        model.compile(model.optimizer, "binary_crossentropy", jit_compile=True)
    fit(model)
    table = for_keras.Embedding(V, D)
    table.build()
    optimizer = for_keras.Adam(0.05)
    optimizer.build([table.embeddings])

    @tf.function(jit_compile=True)
    def step():
        slices = tf.IndexedSlices(tf.ones((2, D)), tf.constant([1, 1]), tf.constant([V, D]))
        optimizer.apply([slices], [table.embeddings])

    with pytest.raises(ValueError, match=r"compiled by XLA.*merged\("):
        step()


@pytest.mark.parametrize(
    "name", ["Nadam", "AdamW", "Adadelta", "Adamax", "Ftrl", "Lion", "Adafactor", "Lamb", "Adam"]
)
@pytest.mark.parametrize("layer", [keras.layers.Embedding, for_keras.Embedding])
def test_merged_gives_any_optimizer_the_sums(name, layer):
    cls = getattr(keras.optimizers, name)
    table, dense, unmerged = layer(V, D), keras.Variable(START), keras.Variable(START)
    table.build()
    table.set_weights([START])
    optimizers = for_keras.merged(cls(0.01)), cls(0.01), cls(0.01)
    for seed in range(3):
        ids, _ = batches(1, seed)
        values = np.random.default_rng(seed).normal(size=(ids.size, D)).astype("float32")
        slices = tf.IndexedSlices(tf.constant(values), tf.constant(ids.ravel()), (V, D))
        gradients = slices, tf.convert_to_tensor(slices), slices
        variables = table.embeddings, dense, unmerged
        for optimizer, g, variable in zip(optimizers, gradients, variables, strict=True):
            optimizer.apply([g], [variable])
    np.testing.assert_array_equal(table.get_weights()[0], dense.numpy())
    if name != "Lion":
        assert np.abs(unmerged.numpy() - dense.numpy()).max() > 1e-5


def theirs_without_penalty(optimizer):
    return model_of(keras.layers.Embedding, optimizer)


def test_merged_is_saved_and_scheduled_like_the_optimizer_it_holds(tmp_path):
    model = theirs_without_penalty(for_keras.merged("adam"))
    fit(model)
    model.optimizer.learning_rate = 0.5
    assert float(model.optimizer.inner_optimizer.learning_rate) == 0.5
    model.save(tmp_path / "m.keras")
    loaded = keras.models.load_model(tmp_path / "m.keras")
    fit(model)
    fit(loaded)
    assert isinstance(loaded.optimizer, for_keras.Merged)
    assert int(loaded.optimizer.iterations) == int(model.optimizer.iterations)
    assert apart(model, loaded) < 1e-6


@pytest.mark.parametrize("thing", [3, None, keras.layers.Dense(1)])
def test_merged_takes_optimizers_alone(thing):
    with pytest.raises((TypeError, ValueError), match="optimizer"):
        for_keras.merged(thing)


def test_a_layer_of_ours_with_a_foreign_optimizer_works_densely_and_says_so_once():
    one = ours(keras.optimizers.Adam(0.05))
    other = theirs(keras.optimizers.Adam(0.05))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(one)
        one.predict(X, verbose=0)
        fit(one)
    assert sum("which trains it" in str(w.message) for w in caught) == 1
    fit(other)
    fit(other)
    assert apart(one, other) < 3e-6


def test_so_it_does_in_a_loop_of_ones_own():
    for form in (tf.function, lambda step: step):
        layer, plain = for_keras.Embedding(V, D), keras.Variable(START)
        layer.build()
        layer.set_weights([START])
        adams = keras.optimizers.Adam(0.1), keras.optimizers.Adam(0.1)

        @form
        def step(ids, layer=layer, adam=adams[0]):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(layer(ids) ** 2)
            weights = layer.trainable_variables
            adam.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for i in range(3):
                step(tf.constant(X[i]))
        assert sum("no optimizer of embedding_core" in str(w.message) for w in caught) == 1
        for i in range(3):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(tf.gather(tf.convert_to_tensor(plain), X[i]) ** 2)
            adams[1].apply([tf.convert_to_tensor(tape.gradient(loss, plain.value))], [plain])
        np.testing.assert_allclose(layer.get_weights()[0], plain.numpy(), atol=1e-6)


def test_a_table_that_was_served_goes_to_a_foreign_optimizer():
    models = ours(for_keras.Adam(0.05)), theirs(keras.optimizers.Adam(0.05))
    for model in models:
        fit(model)
        model.compile(keras.optimizers.RMSprop(0.01), "binary_crossentropy")
    with pytest.warns(UserWarning, match="RMSprop, which trains it"):
        fit(models[0])
    fit(models[1])
    assert apart(*models) < 3e-6


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "tf.function"])
def test_ids_are_added_up_whatever_made_them(compiled):
    """Also those that come out of `tf.unique` as places, which repeat."""
    layer = for_keras.Embedding(5, 1, embeddings_initializer="zeros")
    layer.build()
    adam = for_keras.Adam(0.1)
    adam.build([layer.embeddings])

    def step(ids, values):
        slices = tf.IndexedSlices(values, tf.reshape(tf.unique(ids)[1], [-1]), (5, 1))
        adam.apply([slices], [layer.embeddings])

    ids, values = tf.constant([7, 7, 8]), tf.constant([[3.0], [4.0], [5.0]])
    (tf.function(step) if compiled else step)(ids, values)
    expected = [[-0.1], [-0.1], [0], [0], [0]]
    np.testing.assert_allclose(layer.get_weights()[0], expected, atol=1e-6)


def test_a_plain_layer_with_an_optimizer_of_ours_has_its_repeated_ids_added_up():
    for name, settings in (("Adam", {}), ("RMSprop", {}), ("Adagrad", {}), ("SGD", {})):
        one = theirs_without_penalty(getattr(for_keras, name)(0.05, **settings))
        other = theirs(getattr(keras.optimizers, name)(0.05, **settings))
        fit(one)
        fit(other)
        assert apart(one, other) < 3e-6, name


def test_an_optimizer_that_was_built_before_the_layer_is_refused_by_name():
    optimizer = for_keras.Adam(0.1)
    early, late = for_keras.Embedding(V, D), for_keras.Embedding(V, D, name="late")
    early.build()
    optimizer.build([early.embeddings])
    late.build()
    slices = tf.IndexedSlices(tf.ones((1, D)), tf.constant([1]), tf.constant([V, D]))
    with pytest.raises(ValueError, match="was built before the table of layer 'late'"):
        optimizer.apply([slices], [late.embeddings])


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_ids_in_half_precision_are_refused_before_they_are_used(dtype):
    layer = for_keras.Embedding(V, D)
    with pytest.raises(ValueError, match=f"ids in {dtype}.*keras.Input"):
        layer(tf.cast([[1, 2]], dtype))
    with pytest.raises(ValueError, match=f"ids in {dtype}.*keras.Input"):
        layer(keras.Input((3,), dtype=dtype))


def test_a_sequential_without_an_input_under_mixed_bfloat16_is_refused():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = keras.Sequential([for_keras.Embedding(5000, 1), keras.layers.Flatten()])
        with pytest.raises(ValueError, match="ids in bfloat16"):
            model(np.array([[257, 999]]))
    finally:
        keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("arguments", [(0, 3), (3, 0), (3.5, 2), ("3", 2), (True, 2)], ids=repr)
def test_arguments_are_refused_as_keras_refuses_them(arguments):
    with pytest.raises(ValueError) as mine:
        for_keras.Embedding(*arguments)
    with pytest.raises(ValueError) as of_keras:
        keras.layers.Embedding(*arguments)
    assert str(mine.value) == str(of_keras.value)
    for name in ("Adam", "RMSprop", "Adagrad", "SGD"):
        with pytest.raises(ValueError, match="learning_rate"):
            getattr(for_keras, name)("fast")


def test_ids_outside_the_table_fail_as_in_keras_and_negative_ones_count_from_the_end():
    layer, plain = for_keras.Embedding(4, 2), keras.layers.Embedding(4, 2)
    for each in (layer, plain):
        each.build()
        each.set_weights([np.arange(8).reshape(4, 2)])
        for bad in (4, -5):
            with pytest.raises(tf.errors.InvalidArgumentError):
                each(np.array([bad]))
    ids = np.array([[-1, 2], [0, -4]])
    np.testing.assert_array_equal(layer(ids), plain(ids))
    optimizer = for_keras.SGD(1.0)
    optimizer.build(layer.trainable_variables)
    np.testing.assert_array_equal(layer(ids), plain(ids))


def test_lora_and_quantization_are_kerass_own():
    model = ours(for_keras.Adam(0.05))
    fit(model)
    layer = model.layers[0]
    layer.enable_lora(2)
    before = layer.get_weights()[0]
    np.testing.assert_allclose(layer(np.arange(V)), before, atol=1e-6)
    model.compile(for_keras.Adam(0.05), "binary_crossentropy")
    fit(model)
    assert np.abs(keras.ops.convert_to_numpy(layer.lora_embeddings_b)).max() > 0
    plain = for_keras.Embedding(V, D, weights=before)
    plain.quantize("int8")
    np.testing.assert_allclose(plain(np.arange(V)), before, atol=0.01)


def test_every_checkpoint_holds_settled_rows_so_that_none_is_read_unsettled(tmp_path):
    """The one thing that could not be told from its numbers is never written."""
    model = ours(for_keras.Adam(0.1))
    fit(model)
    stored = np.array(model.layers[0].embeddings.raw)
    model.save_weights(tmp_path / "w.weights.h5")
    other = ours(None, compiled=False)
    other.load_weights(tmp_path / "w.weights.h5")
    assert np.abs(other.get_weights()[0] - stored).max() > 1e-4
    np.testing.assert_array_equal(other.get_weights()[0], model.layers[0].embeddings.raw)


def test_on_another_backend_the_import_is_refused_by_name():
    code = CHILD + "import embedding_core; import embedding_core.for_keras"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**__import__("os").environ, "KERAS_BACKEND": "numpy"},
    )
    assert done.returncode == 1
    assert "ImportError" in done.stderr


def test_the_length_of_a_batch_may_change():
    model = ours(for_keras.Adam(0.05))
    for n in (1, 5, BATCH):
        model.train_on_batch(X[:n], Y[:n])
    assert model.predict(X[:3, :LENGTH], verbose=0).shape == (3, 1)
