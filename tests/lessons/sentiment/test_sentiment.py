"""Several seeds, and the epoch that was best in their mean."""

import numpy as np
import pytest

from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.lessons.sentiment import (
    Runs,
    at_best_rate,
    compare_tables,
    mean_of_embeddings,
    train_seeds,
)

X = np.array([[2, 3, 0], [3, 0, 0], [4, 5, 4], [5, 0, 0]] * 10)
Y = np.array([1, 1, 0, 0] * 10)


def models(n=2, learning_rate=0.05):
    return [mean_of_embeddings(6, 4, learning_rate, seed=seed) for seed in range(n)]


def test_the_model_is_a_masked_look_up_a_mean_and_one_unit():
    model = mean_of_embeddings(6, 4, 0.05)
    assert [type(layer) for layer in model.layers] == [Embedding, GlobalAveragePooling1D, Dense]
    assert model.layers[0].mask_zero
    assert model.optimizer.learning_rate == 0.05
    model.build((None, 3))
    assert [w.shape for w in model.trainable_weights] == [(6, 4), (4, 1), (1,)]


def test_the_models_end_with_the_weights_of_the_best_epoch():
    runs = train_seeds(models(), X, Y, (X, Y), epochs=6)
    assert runs.validation_accuracy.shape == (2, 6)
    at_best = runs.validation_accuracy[:, runs.best_epoch - 1]
    np.testing.assert_allclose(runs.accuracy(X, Y), at_best)


@pytest.mark.long
def test_a_bad_last_epoch_is_undone():
    """Validation labels turned round: the better it learns, the worse it looks."""
    runs = train_seeds(models(8, learning_rate=0.001), X, Y, (X, 1 - Y), epochs=30)
    assert runs.mean[-1] < runs.mean.max()
    assert runs.best_epoch < 30
    np.testing.assert_allclose(runs.accuracy(X, 1 - Y).mean(), runs.mean.max())


def test_the_best_epoch_is_that_of_the_mean_and_the_first_of_equals():
    accuracy = np.array([[0.9, 0.5, 0.7, 0.7], [0.1, 0.6, 0.7, 0.7]])
    runs = Runs([], accuracy)
    np.testing.assert_allclose(runs.mean, [0.5, 0.55, 0.7, 0.7])
    assert runs.best_epoch == 3


@pytest.mark.parametrize(("n", "epochs"), [(0, 3), (2, 0)])
def test_nothing_to_train_is_refused(n, epochs):
    with pytest.raises(ValueError, match="at least one model and one epoch"):
        train_seeds(models(n), X, Y, (X, Y), epochs)


def test_a_given_table_is_where_training_begins_and_stays_if_it_must():
    table = np.arange(24.0).reshape(6, 4)
    for trainable in (True, False):
        model = mean_of_embeddings(6, 4, 0.05, seed=0, weights=table, trainable=trainable)
        np.testing.assert_array_equal(model.layers[0].embeddings.value, table)
        model.fit(X, Y, verbose=0)
        moved = (model.layers[0].embeddings.value != table).any()
        assert moved == trainable


TELLING = np.array([[0], [0], [3], [3], [-3], [-3]]) * np.ones((6, 4))


RANDOM = np.random.default_rng(0).uniform(-0.05, 0.05, (6, 4))
TABLES = {"random": {"as drawn": RANDOM}, "telling": {"as it is": TELLING}}


def test_tables_are_compared_at_every_size_and_seed():
    found = compare_tables(TABLES, (X, Y), (X, Y), (X, Y), {4: 2, 40: 1}, [0.01], seeds=2)
    assert {name: list(by_count) for name, by_count in found.items()} == {
        name: [4, 40] for name in TABLES
    }
    reached = [one for by_count in found.values() for one in by_count.values()]
    assert all(one.accuracy.shape == (2,) for one in reached)


LABELLED = np.array([[3], [5]] * 10), np.array([1, 0] * 10)
UNSEEN = np.array([[2], [4]]), np.array([1, 0])


@pytest.mark.long
@pytest.mark.parametrize("trainable", [True, False])
def test_a_table_carries_labels_to_words_that_no_label_was_about(trainable):
    found = compare_tables(TABLES, LABELLED, LABELLED, UNSEEN, {20: 40}, [0.01], trainable, 8)
    telling, random = (found[name][20].accuracy.mean() for name in ("telling", "random"))
    assert telling > random + 0.25


@pytest.mark.long
@pytest.mark.parametrize("trainable", [True, False])
def test_each_table_gets_the_version_and_the_rate_that_the_validation_samples_prefer(trainable):
    # Turned round, so that the first units of both seeds are wrong until they have learned.
    versions = {"rows": {"silent": np.zeros((6, 4)), "telling": -TELLING}}
    found = compare_tables(versions, LABELLED, UNSEEN, UNSEEN, {20: 60}, [1e-6, 0.05], trainable)
    best = found["rows"][20]
    assert (best.version, best.learning_rate) == ("telling", 0.05)
    assert best.accuracy.min() == 1


def test_a_table_that_is_kept_gives_the_unit_the_mean_of_its_rows():
    """The short cut over precomputed means is the model with a frozen table."""
    found = compare_tables(
        TABLES, (X, Y), (X, Y), (X, Y), {40: 3}, [0.01], trainable=False, seeds=1
    )
    model = mean_of_embeddings(6, 4, 0.01, seed=0, weights=TELLING, trainable=False)
    slow = train_seeds([model], X[:40], Y[:40], (X, Y), 3)
    assert found["telling"][40].accuracy == pytest.approx(slow.accuracy(X, Y), abs=0.05)


def test_what_cannot_be_compared_is_refused():
    parts = (X, Y), (X, Y), (X, Y)
    with pytest.raises(ValueError, match="cannot train on 41 samples: received 40"):
        compare_tables(TABLES, *parts, {4: 1, 41: 1}, [0.01])
    with pytest.raises(ValueError, match="no version of random"):
        compare_tables({"random": {}}, *parts, {4: 1}, [0.01])
    with pytest.raises(ValueError, match=r"rates \[\]"):
        compare_tables(TABLES, *parts, {4: 1}, [])


@pytest.mark.long
def test_the_rate_is_the_one_that_the_validation_samples_prefer():
    def make(rate, seed):
        return mean_of_embeddings(6, 4, rate, seed, weights=-TELLING)

    rate, runs = at_best_rate(make, (1e-6, 0.05), *LABELLED, UNSEEN, 60, seeds=2)
    assert rate == 0.05
    assert [model.optimizer.learning_rate for model in runs.models] == [0.05, 0.05]
    assert runs.accuracy(*UNSEEN).min() == 1
    with pytest.raises(ValueError, match=r"received \[\]"):
        at_best_rate(make, (), *LABELLED, UNSEEN, 1)
