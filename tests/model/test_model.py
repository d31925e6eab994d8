import numpy as np
import pytest

from embedding_core import (
    SGD,
    Adam,
    BinaryAccuracy,
    BinaryCrossentropy,
    Dense,
    Embedding,
    GlobalAveragePooling1D,
    History,
    RMSprop,
    Sequential,
)
from embedding_core.callbacks import Callback

RNG = np.random.default_rng(0)
IDS = RNG.integers(0, 20, (50, 6))
LABELS = (IDS.min(axis=1) < 2).astype(float)


def model_of(optimizer="adam", seed=1, metrics=("accuracy",)):
    model = Sequential([Embedding(20, 4), GlobalAveragePooling1D(), Dense(1, "sigmoid")], seed=seed)
    model.compile(optimizer, "binary_crossentropy", metrics)
    return model


def values_of(model):
    return [weight.value.tolist() for weight in model.trainable_weights]


def test_outputs_go_through_the_layers_one_after_another():
    model = model_of()
    embedding, pooling, dense = model.layers
    one_by_one = dense(pooling(embedding(IDS)))
    np.testing.assert_allclose(model(IDS), one_by_one, rtol=1e-6)  # a table and a mean in one go
    assert model([[3, 4]]).shape == (1, 1)


def test_training_learns_to_tell_the_classes_apart():
    model = model_of(Adam(0.1))
    history = model.fit(IDS, LABELS, batch_size=10, epochs=60, verbose=0)
    assert history.history["loss"][0] > 0.5
    assert history.history["loss"][-1] < 0.1
    assert history.history["accuracy"][-1] == 1
    assert model.evaluate(IDS, LABELS)[1] == 1


def test_history_has_one_number_for_each_epoch_and_name():
    history = model_of().fit(IDS, LABELS, epochs=3, verbose=0, validation_split=0.2)
    assert isinstance(history, History)
    assert history.epoch == [0, 1, 2]
    assert set(history.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert all(len(values) == 3 for values in history.history.values())
    plain = model_of(metrics=None).fit(IDS, LABELS, verbose=0)
    assert set(plain.history) == {"loss"}


def test_the_loss_of_an_epoch_is_the_mean_over_samples_of_the_loss_before_each_step():
    frozen = model_of(SGD(0.0))
    expected = BinaryCrossentropy()(LABELS, frozen.predict(IDS))
    history = frozen.fit(IDS, LABELS, batch_size=8, verbose=0)
    assert history.history["loss"][0] == pytest.approx(expected, rel=1e-6)
    right = (frozen.predict(IDS).ravel() > 0.5) == LABELS
    assert history.history["accuracy"][0] == pytest.approx(right.mean())


def test_one_epoch_of_one_batch_is_one_step_of_train_on_batch():
    one, other = model_of(), model_of()
    history = one.fit(IDS, LABELS, batch_size=50, verbose=0, shuffle=False)
    loss, accuracy = other.train_on_batch(IDS, LABELS)
    assert values_of(one) == values_of(other)
    assert history.history == {"loss": [loss], "accuracy": [accuracy]}
    assert one.optimizer.iterations == other.optimizer.iterations == 1


def batches_of(model, **arguments):
    """Fit, and return the batches that the model went through."""
    seen, means = [], model._means

    def watched(kind, data, watch):
        return means(kind, (seen.append(batch) or batch for batch in data), watch)

    model._means = watched
    model.fit(IDS, LABELS, verbose=0, **arguments)
    return seen


@pytest.mark.parametrize(("batch_size", "steps"), [(1, 50), (7, 8), (25, 2), (50, 1), (99, 1)])
def test_every_sample_is_seen_once_in_each_epoch(batch_size, steps):
    model = model_of()
    seen = [batch.x for batch in batches_of(model, batch_size=batch_size, epochs=2)]
    assert model.optimizer.iterations == 2 * steps
    for epoch in (np.vstack(seen[:steps]), np.vstack(seen[steps:])):
        assert sorted(epoch.tolist()) == sorted(IDS.tolist())
        assert batch_size == 99 or epoch.tolist() != IDS.tolist()


def test_inputs_labels_and_weights_are_shuffled_together():
    weights = np.arange(50.0)
    model = model_of()
    pairs = [
        sample
        for batch in batches_of(model, batch_size=16, sample_weight=weights)
        for sample in zip(batch.x.tolist(), batch.y, batch.weight, strict=True)
    ]
    expected = list(zip(IDS.tolist(), LABELS, weights, strict=True))
    assert sorted(pairs) == sorted(expected)
    assert pairs != expected


def test_without_shuffling_the_order_is_that_of_the_data():
    model = model_of()
    seen = [batch.x for batch in batches_of(model, batch_size=16, shuffle=False)]
    assert np.vstack(seen).tolist() == IDS.tolist()


def test_a_seed_repeats_a_whole_run_and_no_seed_does_not():
    def run(seed):
        model = model_of(seed=seed)
        history = model.fit(IDS, LABELS, batch_size=8, epochs=2, verbose=0)
        return history.history, values_of(model)

    assert run(5) == run(5)
    assert run(5) != run(6)
    assert run(None) != run(None)


def test_a_validation_split_takes_the_last_samples_and_does_not_train_on_them():
    split, by_hand = model_of(), model_of()
    kwargs = {"batch_size": 8, "verbose": 0, "shuffle": False}
    one = split.fit(IDS, LABELS, validation_split=0.3, **kwargs)
    other = by_hand.fit(IDS[:35], LABELS[:35], validation_data=(IDS[35:], LABELS[35:]), **kwargs)
    assert one.history == other.history
    assert values_of(split) == values_of(by_hand)
    loss, accuracy = split.evaluate(IDS[35:], LABELS[35:])
    assert one.history["val_loss"] == [pytest.approx(loss)]
    assert one.history["val_accuracy"] == [pytest.approx(accuracy)]


def test_validation_data_is_used_instead_of_a_split():
    model = model_of()
    data = IDS[:5], LABELS[:5]
    history = model.fit(
        IDS, LABELS, batch_size=10, verbose=0, validation_split=0.5, validation_data=data
    )
    assert model.optimizer.iterations == 5
    assert history.history["val_loss"] == [pytest.approx(model.evaluate(*data)[0])]


def test_held_back_samples_are_measured_as_many_at_once_as_is_said():
    class Sizes(Callback):
        def on_test_batch_end(self, batch, logs=None):
            sizes.append(batch)

    losses, counts = [], []
    for size in (None, 15, 1000):
        sizes, model = [], model_of()
        settings = {"batch_size": 8, "verbose": 0, "validation_split": 0.4}
        run = model.fit(IDS, LABELS, callbacks=[Sizes()], validation_batch_size=size, **settings)
        losses += run.history["val_loss"]
        counts.append(sizes)
    assert counts == [[0, 1, 2], [0, 1], [0]]
    assert losses == pytest.approx(losses[:1] * 3, rel=1e-6)


def test_samples_of_weight_zero_teach_nothing():
    model = model_of(SGD(1.0))
    model.build((None, 6))
    before = values_of(model)
    model.fit(IDS, LABELS, verbose=0, sample_weight=np.zeros(50))
    assert values_of(model) == before
    model.fit(IDS, LABELS, verbose=0, sample_weight=np.ones(50))
    assert values_of(model) != before


def test_rmsprop_trains_where_no_optimizer_is_named():
    models = [Sequential([Dense(1)], seed=0) for _ in range(2)]
    for model, arguments in zip(models, ({}, {"optimizer": "rmsprop"}), strict=True):
        model.compile(loss="mse", **arguments)
        model.train_on_batch(np.ones((2, 3)), np.ones(2))
    assert values_of(models[0]) == values_of(models[1])
    assert models[0].optimizer.get_config() == RMSprop().get_config()


def test_the_reported_loss_includes_the_penalties():
    layers = [Embedding(20, 4, embeddings_regularizer="l2"), GlobalAveragePooling1D(), Dense(1)]
    model = Sequential(layers, seed=1)
    model.compile(SGD(0.0), BinaryCrossentropy(from_logits=True))
    loss = model.train_on_batch(IDS, LABELS)
    table = layers[0].embeddings.value
    expected = BinaryCrossentropy(from_logits=True)(LABELS, model(IDS)) + 0.01 * (table**2).sum()
    assert loss == pytest.approx(expected, rel=1e-6)
    assert model.evaluate(IDS, LABELS, batch_size=7) == pytest.approx(expected, rel=1e-5)


def test_a_frozen_layer_keeps_its_weights_and_the_others_learn():
    model = model_of(SGD(1.0))
    model.layers[0].trainable = False
    model.build((None, 6))
    table, kernel = (layer.get_weights()[0] for layer in (model.layers[0], model.layers[2]))
    model.fit(IDS, LABELS, verbose=0)
    assert model.layers[0].get_weights()[0].tolist() == table.tolist()
    assert model.layers[2].get_weights()[0].tolist() != kernel.tolist()


def test_evaluate_changes_nothing_and_weighs_every_sample_the_same():
    model = model_of()
    model.build((None, 6))
    before = values_of(model)
    by_batches = model.evaluate(IDS, LABELS, batch_size=7, return_dict=True)
    assert values_of(model) == before
    assert model.optimizer.iterations == 0
    assert by_batches["loss"] == pytest.approx(
        BinaryCrossentropy()(LABELS, model.predict(IDS)), rel=1e-6
    )
    assert list(by_batches) == ["loss", "accuracy"]


def test_predict_gives_the_same_outputs_in_any_batches():
    model = model_of()
    outputs = model.predict(IDS)
    assert outputs.shape == (50, 1)
    for batch_size in (1, 7, 50, 99):
        assert np.allclose(model.predict(IDS, batch_size), outputs, rtol=1e-5)
    assert model.predict(np.zeros((0, 6), int)).shape == (0, 1)
    assert model.predict(IDS.tolist()).tolist() == outputs.tolist()


def test_metrics_are_reported_under_their_names():
    model = model_of(metrics=["accuracy", BinaryAccuracy("strict", threshold=0.9)])
    logs = model.train_on_batch(IDS, LABELS, return_dict=True)
    assert list(logs) == ["loss", "accuracy", "strict"]
    assert len(model.train_on_batch(IDS, LABELS)) == 3
    assert isinstance(model_of(metrics=None).train_on_batch(IDS, LABELS), float)


def test_build_makes_all_weights_before_any_data_is_seen():
    model = model_of()
    model.build((None, 6))
    assert [w.shape for w in model.trainable_weights] == [(20, 4), (4, 1), (1,)]
    again = model_of()
    again(IDS)
    assert values_of(model) == values_of(again)


def test_summary_counts_the_parameters(capsys):
    model = model_of()
    model.summary()
    assert capsys.readouterr().out.count("not built yet") == 3
    model.build((None, 6))
    model.layers[0].trainable = False
    model.summary()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in lines] == ["80", "0", "5", "5"]


@pytest.mark.parametrize(
    ("table", "optimizer", "reason"),
    [
        ({}, "adam", None),
        ({}, SGD(momentum=0.9), None),
        ({}, SGD(weight_decay=0.5), "weight_decay=0.5 shrinks every row"),
        ({}, Adam(beta_2=0.5), "beta_1=0.9 and beta_2=0.5 allow no short series"),
        ({"embeddings_constraint": "unit_norm"}, "sgd", "its constraint is applied to every row"),
        ({"embeddings_regularizer": "l2"}, "sgd", "its regularizer has a gradient for every row"),
    ],
)
def test_summary_says_why_every_row_of_a_table_is_updated(capsys, table, optimizer, reason):
    model = Sequential([Embedding(20, 4, **table), GlobalAveragePooling1D(), Dense(1)])
    model.build((None, 6))
    model.summary()
    assert "every row" not in capsys.readouterr().out
    model.compile(optimizer, "binary_crossentropy")
    model.summary()
    lines = capsys.readouterr().out.splitlines()
    said = [line for line in lines if "every row is updated at each step, because" in line]
    if reason is None:
        assert said == []
    else:
        assert said == [lines[1]]
        assert said[0].endswith(f"because {reason}")
    model.layers[0].trainable = False
    model.summary()
    assert "every row" not in capsys.readouterr().out
