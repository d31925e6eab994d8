"""Several seeds, and the epoch that was best in their mean."""

import numpy as np
import pytest

from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D
from embedding_core.sentiment import Runs, mean_of_embeddings, train_seeds

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
