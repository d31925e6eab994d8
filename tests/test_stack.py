"""Layers in a row: put together one by one, listed, and whose seed decides."""

import numpy as np
import pytest
from helpers import refused

from embedding_core import SGD, Dense, Embedding, GlobalAveragePooling1D, Sequential
from embedding_core.initializers import get as get_initializer
from embedding_core.layers import EmbeddingBag, Layer

IDS, LABELS = np.array([[1, 3], [2, 0], [3, 3], [0, 1]]), np.array([1, 0, 0, 1])


def layers():
    return [Embedding(4, 2), GlobalAveragePooling1D(), Dense(1, "sigmoid")]


def values(model):
    return [array.tolist() for array in model.get_weights()]


def test_a_model_of_layers_that_were_added_is_the_model_of_their_list():
    made, listed = Sequential(seed=3), Sequential(layers(), seed=3)
    for layer in layers():
        made.add(layer)
    for model in (made, listed):
        model.compile("sgd", "binary_crossentropy")
        model.fit(IDS, LABELS, batch_size=2, epochs=2, verbose=0)
    assert values(made) == values(listed)


def test_the_last_layer_can_be_taken_away():
    made = Sequential(layers(), seed=0)
    before = made(IDS).shape
    last = made.pop()
    assert isinstance(last, Dense)
    assert (before, made(IDS).shape) == ((4, 1), (4, 2))
    made.pop()
    made.pop()
    with pytest.raises(ValueError, match="no layer to take away"):
        made.pop()


def test_a_layer_that_will_not_do_is_not_added():
    made = Sequential([Dense(2, name="d")])
    for layer, error, match in [
        (3, TypeError, "must be a Layer: received 3"),
        (Dense, TypeError, "must be a Layer: received <class"),
        (Embedding(4, 2, name="e"), ValueError, "e must come first"),
        (EmbeddingBag(4, 2, name="b"), ValueError, "b must come first"),
        (Dense(2, name="d"), ValueError, "different names"),
    ]:
        with refused(error, match, made):
            made.add(layer)


@pytest.mark.parametrize("method", ["fit", "evaluate", "train_on_batch"])
def test_a_model_without_layers_is_told_so(method):
    made = Sequential()
    made.compile("sgd", "mse")
    with refused(ValueError, "no layers: add some first", made):
        getattr(made, method)(IDS, LABELS)


def test_all_weights_are_listed_and_counted():
    made = Sequential(layers())
    assert not made.built
    assert made.weights == []
    with pytest.raises(ValueError, match="the model has no weights yet: build it, or call it"):
        made.count_params()
    made.build((None, 2))
    assert made.built
    made.layers[0].trainable = False
    assert [w.shape for w in made.weights] == [(4, 2), (2, 1), (1,)]
    assert [w.shape for w in made.trainable_weights] == [(2, 1), (1,)]
    assert [w.shape for w in made.non_trainable_weights] == [(4, 2)]
    assert made.count_params() == 11


def test_the_layers_of_the_caller_are_a_list_of_their_own():
    given = layers()
    made = Sequential(given)
    made.pop()
    assert len(given) == 3


@pytest.mark.parametrize("other_seed", [None, 1, 2])
@pytest.mark.parametrize("other_is_built_first", [False, True])
@pytest.mark.parametrize("place", range(5))
def test_a_second_model_that_shares_a_layer_does_not_change_the_first_ones_weights(
    other_seed, other_is_built_first, place
):
    def row():
        head = [Embedding(4, 2), GlobalAveragePooling1D()]
        return [*head, Dense(2), Dense(2, bias_initializer="random_normal"), Dense(2)]

    alone = Sequential(row(), seed=1)
    alone(IDS)
    shared = row()
    first = Sequential(shared, seed=1)
    other = [Embedding(4, 2, name="own"), GlobalAveragePooling1D(name="mean"), Dense(2, name="d")]
    other[min(place, 2)] = shared[place]
    second = Sequential(other, seed=other_seed)
    for model in (second, first) if other_is_built_first else (first, second):
        model(IDS)
    assert values(first) == values(alone)
    assert first._rng.bit_generator.state == alone._rng.bit_generator.state  # and `fit` goes on


class Scaled(Layer):
    """A layer of a reader's own, which says only in `build` how its weights begin."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.bias_initializer = get_initializer("uniform")

    def build(self, input_shape=None):
        if not self.built:
            self.scale = self.add_weight((), "uniform", name="scale")
            self.bias = self.add_weight((), self.bias_initializer, name="bias")
            self.built = True

    def call(self, inputs, mask=None):
        return inputs * self.scale.value + self.bias.value


@pytest.mark.parametrize("other_seed", [None, 2])
@pytest.mark.parametrize("other_is_built_first", [False, True])
@pytest.mark.parametrize("place", [1, 2, 3])
def test_nor_does_one_that_shares_a_layer_of_a_class_of_ones_own(
    other_seed, other_is_built_first, place
):
    def row():
        return [Embedding(4, 2), *(Scaled(name=f"scaled_{nth}") for nth in range(3))]

    alone = Sequential(row(), seed=1)
    alone(IDS)
    shared = row()
    first = Sequential(shared, seed=1)
    second = Sequential([Embedding(4, 2, name="own"), shared[place]], seed=other_seed)
    for model in (second, first) if other_is_built_first else (first, second):
        model(IDS)
    assert values(first) == values(alone)
    assert len(set(map(str, values(first)))) == 7  # each draws for itself
    assert first._rng.bit_generator.state == alone._rng.bit_generator.state
    if other_seed is not None:
        by_itself = Sequential([Embedding(4, 2)], seed=other_seed)
        assert values(second)[0] == values_of_table(by_itself)[0]


def test_a_seed_comes_too_late_for_a_layer_that_has_one_and_not_for_one_that_has_none():
    shared = Embedding(4, 2)
    Sequential([shared])
    second = Sequential([shared], seed=5)
    assert values_of_table(second) == values_of_table(Sequential([Embedding(4, 2)], seed=5))


def values_of_table(model):
    model(IDS)
    return values(model)


def thawed(model):
    model.layers[0].trainable = True


def longer(model):
    model.pop()
    model.add(Dense(1, "sigmoid", name="late"))


@pytest.mark.parametrize(("change", "name"), [(thawed, "table"), (longer, "late")])
@pytest.mark.parametrize("method", ["fit", "train_on_batch"])
def test_weights_the_optimizer_does_not_know_are_a_reason_to_compile_again(change, name, method):
    given = [Embedding(4, 2, name="table", trainable=False), *layers()[1:]]
    model = Sequential(given, seed=0)
    model.compile(SGD(0.5, momentum=0.9), "binary_crossentropy")
    model.train_on_batch(IDS, LABELS)
    change(model)
    model(IDS)
    match = f"layer {name} has weights .* compile the model again, with a new optimizer"
    with refused(ValueError, match, model.layers, model._rng, model.optimizer, caches=False):
        getattr(model, method)(IDS, LABELS)
    model.evaluate(IDS, LABELS)  # measuring needs no optimizer
    model.compile("sgd", "binary_crossentropy")
    before = values(model)
    model.fit(IDS, LABELS, verbose=0)
    assert values(model)[0] != before[0] or name == "late"


def test_freezing_needs_no_new_optimizer():
    model = Sequential(layers(), seed=0)
    model.compile("adam", "binary_crossentropy")
    model.train_on_batch(IDS, LABELS)
    model.layers[0].trainable = False
    before = values(model)
    model.train_on_batch(IDS, LABELS)
    assert values(model)[0] == before[0]
    assert values(model)[1] != before[1]
