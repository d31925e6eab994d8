"""The weights alone in a file: all of them come back, or none."""

import numpy as np
import pytest
from helpers import refused

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Sequential
from embedding_core.ground import archive
from embedding_core.layers import EmbeddingBag

IDS, LABELS = np.array([[1, 3], [2, 0], [3, 3]]), np.array([1, 0, 1])


def model(seed=1, width=2, first=Embedding, **kwargs):
    layers = [first(4, width, **kwargs), Dense(1, "sigmoid")]
    if first is Embedding:
        layers.insert(1, GlobalAveragePooling1D())
    made = Sequential(layers, seed)
    made.build((None, 4))
    made.compile("adam", "binary_crossentropy")
    return made


@pytest.mark.parametrize("kwargs", [{}, {"dtype": "float64"}, {"lora_rank": 1}])
@pytest.mark.parametrize("whole", [False, True])
def test_weights_come_back_into_a_model_of_the_same_layers(tmp_path, kwargs, whole):
    made, other = model(1, **kwargs), model(2, **kwargs)
    made.train_on_batch(IDS, LABELS)
    made.train_on_batch(IDS[:1], LABELS[:1])  # rows are owed a step now
    path = tmp_path / "w.npz"
    (made.save if whole else made.save_weights)(path)
    assert other.predict(IDS).tolist() != made.predict(IDS).tolist()
    other.load_weights(path)
    for one, two in zip(other.weights, made.weights, strict=True):
        np.testing.assert_array_equal(one.value, two.value)
    other.train_on_batch(IDS, LABELS)  # with an optimizer of its own


def test_the_weights_of_a_bag_come_back(tmp_path):
    made, other = (model(seed, first=EmbeddingBag) for seed in (1, 2))
    made.save_weights(tmp_path / "w.npz")
    other.load_weights(tmp_path / "w.npz")
    np.testing.assert_array_equal(other.get_weights()[0], made.get_weights()[0])


def test_a_model_that_is_not_built_is_told_so(tmp_path):
    fresh = Sequential([Dense(1, name="d")])
    for method in (fresh.save_weights, fresh.load_weights):
        with pytest.raises(ValueError, match=r"layer d has no weights yet: call model\.build"):
            method(tmp_path / "w.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("other", "match"),
    [
        (lambda: model(width=3), "has weights of shapes"),
        (lambda: model(lora_rank=1), "it holds .*lora.*, and the model has "),
        (lambda: model(first=EmbeddingBag), "layers/2/kernel"),
    ],
)
def test_the_weights_of_another_model_are_refused_and_nothing_is_changed(tmp_path, other, match):
    other().save_weights(tmp_path / "w.npz")
    made = model()
    with refused(ValueError, match, made):
        made.load_weights(tmp_path / "w.npz")


@pytest.mark.parametrize("config", [{}, {"format": "x"}, {"format": "embedding_core.weights"}])
def test_a_file_of_something_else_is_refused(tmp_path, config):
    archive.write(tmp_path / "w.npz", config, {})
    made = model()
    with refused(ValueError, "must hold weights or a model of version 1: it holds", made):
        made.load_weights(tmp_path / "w.npz")
    (tmp_path / "w.npz").write_bytes(b"PK")
    with refused(ValueError, r"cannot load .*w\.npz", made):
        made.load_weights(tmp_path / "w.npz")
