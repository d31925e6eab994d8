"""The twins of chapter 8: one table in two layers. What is asserted here is what Keras does."""

import numpy as np
import pytest

import embedding_core as ec
from embedding_core.keras_bridge import Twins, accuracy_both_ways, load_keras
from embedding_core.keras_bridge.lanes import Lanes, first_weights

keras = load_keras()
TWINS = Twins(num_rows=12, width=3, sentences=64, epochs=3)


def gap(one, other):
    return np.abs(one - other).max()


@pytest.fixture(scope="module")
def trained():
    return {
        name: TWINS.in_keras(getattr(keras.optimizers, name)(0.0625))
        for name in ("SGD", "Adagrad", "RMSprop", "Adam")
    }


def test_in_keras_sgd_trains_the_twins_alike(trained):
    tables = trained["SGD"]
    assert gap(tables["dense"], TWINS.start) > 1e-3
    assert gap(tables["embedding"], tables["dense"]) < 1e-6


@pytest.mark.parametrize("name", ["Adagrad", "RMSprop", "Adam"])
def test_in_keras_optimizers_that_square_do_not(trained, name):
    tables = trained[name]
    moved = gap(tables["dense"], TWINS.start)
    assert gap(tables["embedding"], tables["dense"]) > 1e-3 * moved
    assert gap(tables["penalty"], tables["dense"]) == 0


@pytest.mark.parametrize("lane", ["embedding", "dense"])
@pytest.mark.parametrize("name", ["SGD", "Adagrad", "RMSprop", "Adam"])
def test_ours_is_the_dense_twin_of_keras(trained, name, lane):
    ours = TWINS.in_core(lane, getattr(ec, name)(0.0625))
    moved = gap(trained[name]["dense"], TWINS.start)
    assert gap(ours, trained[name]["dense"]) < 1e-4 * moved


def test_a_lane_trains_as_if_it_were_alone(trained):
    model = keras.Sequential(
        [
            keras.layers.Embedding(12, 3),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.build((None, 6))
    model.set_weights(first_weights(12, 3, TWINS.seed))
    model.compile(keras.optimizers.Adam(0.0625), loss="binary_crossentropy")
    model.fit(TWINS.ids, TWINS.labels, batch_size=32, epochs=3, shuffle=False, verbose=0)
    assert gap(model.get_weights()[0], trained["Adam"]["embedding"]) < 1e-6


def test_a_seed_decides_words_labels_and_weights():
    same, other = Twins(seed=3), Twins(seed=4)
    for part in ("ids", "labels", "start"):
        assert np.array_equal(getattr(same, part), getattr(Twins(seed=3), part))
        assert not np.array_equal(getattr(same, part), getattr(other, part))
    assert same.ids.shape == (256, 6)
    assert set(same.ids.ravel()) == set(range(50))
    assert set(same.labels) == {0, 1}


def test_the_words_of_a_batch_repeat():
    """Without repetitions there would be nothing to see."""
    first = Twins().ids[:32]
    assert len(np.unique(first)) < first.size / 2


def test_an_unknown_lane_is_refused():
    with pytest.raises(ValueError, match="'embedding' or 'dense': received 'penalty'"):
        TWINS.in_core("penalty", ec.SGD())


@pytest.fixture(scope="module")
def colours():
    """Id 1 means liked and id 2 disliked; 3 says nothing, 0 is padding."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 600)
    ids = np.stack([2 - labels, np.full(600, 3), np.zeros(600, int)], axis=1)
    return (ids[:500], labels[:500]), (ids[500:], labels[500:])


def test_both_ways_learn_what_can_be_learned(colours):
    accuracy = accuracy_both_ways(*colours, num_rows=4, seeds=2, epochs=30, width=4)
    assert list(accuracy) == ["one by one", "added up"]
    for way in accuracy.values():
        assert way.tolist() == [1, 1]


def test_after_a_restart_the_same_training_leads_to_the_same_table():
    """Weights and the optimizer's memory must both begin afresh."""
    first = {"one": keras.layers.Embedding, "other": keras.layers.Embedding}
    lanes = Lanes(12, 3, 6, keras.optimizers.Adam(0.0625), first)
    tables = []
    for seed in (1, 2, 1):
        lanes.restart(seed)
        lanes.fit(TWINS.ids, TWINS.labels, epochs=1, batch_size=32)
        tables.append(lanes.tables()["one"])
        assert np.array_equal(tables[-1], lanes.tables()["other"])
    assert np.array_equal(tables[0], tables[2])
    assert not np.array_equal(tables[0], tables[1])


def test_sentences_of_another_length_are_refused(colours):
    (ids, labels), held_out = colours
    with pytest.raises(ValueError, match="received 2 and 3"):
        accuracy_both_ways((ids[:, :2], labels), held_out, num_rows=4, seeds=1, epochs=1)
