"""All that people do around `fit` works with the layer and the optimizers of `for_keras`."""

import copy
from functools import cache

import numpy as np
import pytest
import tensorflow as tf
from for_keras_models import BATCH, LENGTH, START, D, V, apart, batches, built, keras, ours, theirs

from embedding_core import for_keras
from embedding_core.for_keras.owing import Table

X, Y = batches(15)
SLOTS = {"Adam": {}, "RMSprop": {"momentum": 0.5}, "SGD": {"momentum": 0.9}, "Adagrad": {}}
optimizers = pytest.mark.parametrize("name", SLOTS)
pytestmark = pytest.mark.usefixtures("quiet")


def both(name, rate=0.05):
    return (
        built(ours(getattr(for_keras, name)(rate, **SLOTS[name]))),
        theirs(getattr(keras.optimizers, name)(rate, **SLOTS[name])),
    )


def fit(model, **kwargs):
    return model.fit(X, Y, batch_size=BATCH, shuffle=False, verbose=0, **kwargs)


@optimizers
def test_fit_learns_what_the_dense_optimizer_learns(name):
    one = ours(getattr(for_keras, name)(0.05, **SLOTS[name]))  # not built before its first step
    other = both(name)[1]
    histories = [fit(model, epochs=2).history["loss"] for model in (one, other)]
    np.testing.assert_allclose(*histories, rtol=1e-5)
    assert apart(one, other) < 3e-6 < np.abs(one.get_weights()[0] - START).max()
    assert not one.jit_compile  # without anybody's setting


@pytest.mark.parametrize("name", ["Adam", "SGD"])
def test_evaluate_and_predict_between_epochs_see_settled_rows_and_change_nothing(name):
    one, other = both(name)
    for _ in range(3):
        before = [model.predict(X[:40], verbose=0) for model in (one, other)]
        np.testing.assert_allclose(*before, atol=2e-6)
        results = [model.evaluate(X, Y, verbose=0) for model in (one, other)]
        np.testing.assert_allclose(*results, rtol=1e-5)
        fit(one)
        fit(other)
    assert apart(one, other) < 5e-6


@pytest.mark.parametrize(
    "settings",
    [{"run_eagerly": True}, {"steps_per_execution": 4}],
    ids=["eagerly", "several steps at once"],
)
def test_other_ways_to_run_steps(settings):
    one, other = both("Adam")
    for model in (one, other):
        model.compile(model.optimizer, "binary_crossentropy", **settings)
        fit(model)
    assert apart(one, other) < 3e-6


def test_train_on_batch_and_a_changing_learning_rate():
    one, other = both("Adam")
    for i in range(12):
        part = slice(i * BATCH, (i + 1) * BATCH)
        for model in (one, other):
            model.optimizer.learning_rate = 0.1 / (1 + i)
            model.train_on_batch(X[part], Y[part])
    assert apart(one, other) < 3e-6


@pytest.mark.parametrize("compiled", [False, True], ids=["eager", "tf.function"])
@pytest.mark.parametrize("name", ["Adam", "Adagrad"])
def test_a_loop_of_ones_own(name, compiled):
    models = both(name)
    for model in models:
        optimizer = model.optimizer

        def step(x, y, model=model, optimizer=optimizer):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(keras.losses.binary_crossentropy(y, model(x)))
                loss += sum(model.losses)  # the penalty of 0, beside which Keras adds up
            weights = model.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            return loss

        run = tf.function(step) if compiled else step
        for i in range(12):
            part = slice(i * BATCH, (i + 1) * BATCH)
            run(tf.constant(X[part]), tf.constant(Y[part]))
    assert apart(*models) < 3e-6
    assert models[0].optimizer.iterations.numpy() == 12


def two_inputs(Embedding, optimizer, shared, **kwargs):
    keras.utils.set_random_seed(1)
    first, second = (keras.Input((LENGTH,), dtype="int32") for _ in range(2))
    one = Embedding(V, D, mask_zero=True, **kwargs)
    two = one if shared else Embedding(V, 2 * D, **kwargs)
    average = keras.layers.GlobalAveragePooling1D()
    joined = keras.layers.Concatenate()([average(one(first)), average(two(second))])
    model = keras.Model([first, second], keras.layers.Dense(1, activation="sigmoid")(joined))
    model.compile(optimizer, "binary_crossentropy")
    return model


@pytest.mark.parametrize("shared", [True, False], ids=["one table used twice", "two tables"])
def test_several_look_ups(shared):
    zero = keras.regularizers.L2(0.0)
    one = two_inputs(for_keras.Embedding, for_keras.Adam(0.05), shared)
    other = two_inputs(
        keras.layers.Embedding, keras.optimizers.Adam(0.05), shared, embeddings_regularizer=zero
    )
    x = [X + (X == 0), X[::-1] + (X[::-1] == 0)]
    for model in (one, other):
        model.fit(x, Y, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    assert apart(one, other) < 3e-6


def test_a_tied_table_has_a_dense_gradient_and_the_dense_result():
    class Tied(keras.Model):
        def __init__(self, Embedding):
            super().__init__()
            self.table = Embedding(V, D)

        def call(self, ids):
            mean = keras.ops.mean(self.table(ids), axis=1)
            return keras.ops.matmul(mean, keras.ops.transpose(self.table.embeddings))

    models = []
    for Embedding, optimizer in (
        (for_keras.Embedding, for_keras.Adam(0.05)),
        (keras.layers.Embedding, keras.optimizers.Adam(0.05)),
    ):
        keras.utils.set_random_seed(1)
        model = Tied(Embedding)
        model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        model.fit(X, X[:, 0], batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
        models.append(model)
    assert apart(*models) < 5e-6


def test_a_frozen_table_rests_and_a_thawed_one_goes_on():
    models = both("Adam")
    for trainable in (True, False, True):
        for model in models:
            model.layers[0].trainable = trainable
            model.compile(model.optimizer, "binary_crossentropy")
            before = model.get_weights()[0]
            fit(model)
            assert np.array_equal(before, model.get_weights()[0]) == (not trainable)
    assert apart(*models) < 5e-6


def test_schedules_and_callbacks(tmp_path):
    schedule = keras.optimizers.schedules.ExponentialDecay(0.05, 10, 0.8)
    models = ours(for_keras.Adam(schedule)), theirs(keras.optimizers.Adam(schedule))
    for model in models:
        fit(model, epochs=2)
    assert apart(*models) < 3e-6
    models = both("Adam")
    for k, model in enumerate(models):
        callbacks = [
            keras.callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=0, min_delta=1),
            keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True),
            keras.callbacks.ModelCheckpoint(tmp_path / f"{k}.keras", save_freq=7),
        ]
        fit(model, epochs=6, callbacks=callbacks, validation_split=0.2)
    assert float(models[0].optimizer.learning_rate) < 0.05
    assert apart(*models) < 5e-6
    assert apart(*(keras.models.load_model(tmp_path / f"{k}.keras") for k in range(2))) < 5e-6


def test_tf_data():
    models = both("RMSprop")
    for model in models:
        model.fit(tf.data.Dataset.from_tensor_slices((X, Y)).batch(BATCH), shuffle=False, verbose=0)
    assert apart(*models) < 3e-6


@pytest.mark.parametrize("name", ["Adam", "RMSprop"])
def test_training_goes_on_from_a_file_as_if_it_had_never_stopped(name, tmp_path):
    whole, halved = (both(name)[0] for _ in range(2))
    fit(whole, epochs=2)
    fit(halved)
    halved.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is getattr(for_keras, name)
    assert type(loaded.layers[0]) is for_keras.Embedding
    assert apart(loaded, halved) == 0
    fit(loaded)
    assert apart(loaded, whole) < 3e-6


def test_weights_alone_clones_configurations_and_tensorflows_own_checkpoints(tmp_path):
    model = both("Adam")[0]
    fit(model)
    model.save_weights(tmp_path / "w.weights.h5")
    clone = keras.models.clone_model(model)
    assert type(clone.layers[0]) is for_keras.Embedding
    clone.load_weights(tmp_path / "w.weights.h5")
    assert apart(clone, model) == 0
    path = tf.train.Checkpoint(model=model, optimizer=model.optimizer).save(tmp_path / "tf")
    weights = model.get_weights()
    fit(model)
    after = model.get_weights()
    tf.train.Checkpoint(model=model, optimizer=model.optimizer).restore(path)
    np.testing.assert_array_equal(model.get_weights()[0], weights[0])
    fit(model)
    np.testing.assert_allclose(model.get_weights()[0], after[0], atol=3e-6)
    adam = for_keras.Adam.from_config(for_keras.Adam(0.1, beta_2=0.99).get_config())
    assert (adam.beta_2, float(adam.learning_rate)) == (0.99, pytest.approx(0.1))


def test_an_export_is_a_plain_look_up(tmp_path):
    model = both("Adam")[0]
    fit(model)
    model.export(tmp_path / "saved", verbose=False)
    loaded = tf.saved_model.load(tmp_path / "saved")
    expected = model.predict(X[:20], verbose=0)
    np.testing.assert_allclose(loaded.serve(X[:20]), expected, atol=1e-6)
    graph = loaded.signatures["serve"].graph.as_graph_def()
    operations = {n.op for f in graph.library.function for n in f.node_def} | {
        node.op for node in graph.node
    }
    assert not {op for op in operations if "Scatter" in op or op in ("Unique", "Assert")}
    fit(model)  # and training goes on
    assert np.abs(model.predict(X[:20], verbose=0) - expected).max() > 1e-4


def test_a_model_in_tensorflows_own_format_and_copies_hold_settled_rows(tmp_path):
    model = both("Adam")[0]
    fit(model)
    expected = model.predict(X[:9], verbose=0)
    tf.saved_model.save(model, tmp_path / "saved")
    serve = tf.saved_model.load(tmp_path / "saved").signatures["serving_default"]
    np.testing.assert_allclose(serve(tf.constant(X[:9]))["output_0"], expected, atol=1e-6)
    twin = copy.deepcopy(model)
    for each in (model, twin):
        fit(each)
    assert apart(model, twin) < 3e-6


def test_a_scaled_loss():
    scaled = keras.optimizers.LossScaleOptimizer
    one = ours(scaled(for_keras.Adam(0.05)))
    other = theirs(scaled(keras.optimizers.Adam(0.05)))
    for model in (one, other):
        fit(model)
    assert one.layers[0].embeddings.memory is not None
    assert apart(one, other) < 3e-6


@cache
def traced():
    """A pair, and what all its variables hold at the start."""
    models = both("Adam", 0.1)
    return models, [[v.numpy() for v in m.variables + m.optimizer.variables] for m in models]


def after_an_epoch():
    """Begin with the same pair anew: to trace its steps takes longer than to train."""
    models, starts = traced()
    for model, values in zip(models, starts, strict=True):
        for variable, value in zip(
            model.variables + model.optimizer.variables, values, strict=True
        ):
            variable.assign(value)
        fit(model)
    return models


READERS = {
    "embeddings": lambda m: m.layers[0].embeddings.numpy(),
    "as an array": lambda m: np.array(m.layers[0].embeddings),
    "as a tensor": lambda m: keras.ops.convert_to_numpy(m.layers[0].embeddings),
    "get_weights": lambda m: m.layers[0].get_weights()[0],
    "a slice": lambda m: np.concatenate([m.layers[0].embeddings[:5], m.layers[0].embeddings[5:]]),
    "a sum": lambda m: (m.layers[0].embeddings + 0.0).numpy(),
    "variables": lambda m: m.variables[0].numpy(),
    "the layer": lambda m: m.layers[0](np.arange(V, dtype="int32")).numpy(),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_whoever_reads_the_table_sees_settled_rows(read):
    one, other = after_an_epoch()
    stored = np.array(one.layers[0].embeddings.raw)
    assert np.abs(stored - other.get_weights()[0]).max() > 1e-3  # rows are owed something
    np.testing.assert_allclose(read(one), other.get_weights()[0], atol=3e-6)


def test_the_slots_are_settled_too_when_they_are_read_first():
    one, other = after_an_epoch()
    for mine, keras_own in zip(one.optimizer.variables, other.optimizer.variables, strict=True):
        np.testing.assert_allclose(mine.numpy(), keras_own.numpy(), atol=1e-6)


def test_assigning_a_table_forgets_what_its_rows_were_owed():
    models = after_an_epoch()
    for model in models:
        model.layers[0].set_weights([START])
        np.testing.assert_array_equal(model.layers[0].get_weights()[0], START)
        fit(model)
    assert apart(*models) < 5e-6


def test_a_new_optimizer_takes_the_table_over():
    models = both("Adam", 0.1)
    for model in models:
        fit(model)
        model.predict(X[:9], verbose=0)
    for model, namespace in zip(models, (for_keras, keras.optimizers), strict=True):
        model.compile(namespace.RMSprop(0.01), "binary_crossentropy")
        fit(model)
    np.testing.assert_allclose(*(m.predict(X, verbose=0) for m in models), atol=3e-6)
    assert apart(*models) < 5e-6


def test_a_function_traced_for_an_earlier_optimizer_is_refused_and_not_wrong():
    model = ours(for_keras.Adam(0.1), compiled=False)
    table = model.layers[0]

    @tf.function
    def look_up(ids):
        return table(ids)

    optimizer = for_keras.Adam(0.1)
    optimizer.build(model.trainable_variables)
    look_up(X[:2])
    for_keras.Adam(0.1).build(model.trainable_variables)
    with pytest.raises(tf.errors.InvalidArgumentError, match="traced before the optimizer"):
        look_up(X[:2])


def test_a_step_touches_nothing_that_is_as_large_as_the_table():
    """Counted and not timed: no operation of a step but the variables' own has V rows."""
    rows = 4321
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            for_keras.Embedding(rows, D),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1),
        ]
    )
    model.compile(for_keras.Adam(0.1), "mse")
    model.train_on_batch(X[:BATCH], Y[:BATCH])

    @tf.function
    def step(x, y):
        model.train_step((x, y))

    graph = step.get_concrete_function(X[:BATCH], Y[:BATCH]).graph
    assert any(op.type == "ResourceScatterSub" for op in graph.get_operations())
    large = [
        op.name
        for op in graph.get_operations()
        for output in op.outputs
        if output.shape.rank and rows in output.shape.as_list()
    ]
    reads = [op for op in graph.get_operations() if op.type == "ReadVariableOp"]
    assert large == []
    assert all(op.outputs[0].shape.num_elements() < rows for op in reads)


def test_beside_kerass_slots_a_row_costs_four_bytes():
    made, variable = [], tf.Variable

    def counting(next_creator, **kwargs):
        made.append(next_creator(**kwargs))
        return made[-1]

    layer = for_keras.Embedding(50_000, D)
    layer.build()
    with tf.variable_creator_scope(counting):
        optimizer = for_keras.Adam()
        optimizer.build([layer.embeddings])
    own = {id(v._value) for v in optimizer.variables}
    extra = sum(v.shape.num_elements() * v.dtype.size for v in made if id(v) not in own)
    assert 4 * 50_000 < extra <= 4 * 50_000 + 10_000_000
    assert isinstance(layer.embeddings, Table)
    assert variable is tf.Variable
