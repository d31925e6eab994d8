"""LoRA: the correction is A @ B, row by row, and only A and B learn."""

import json

import numpy as np
import pytest
from helpers import add_up, numeric_gradient, refused
from hypothesis import given
from hypothesis import strategies as st
from strategies import gradients

from embedding_core import Embedding, IndexedSlices, Sequential
from embedding_core.initializers import Constant, RandomNormal
from embedding_core.regularizers import L2

TABLE = np.arange(8.0).reshape(4, 2)
A, B = np.arange(12.0).reshape(4, 3) - 5, np.array([[1.0, -2.0], [0.5, 4.0], [-1.0, 3.0]])


def layer_with(table=TABLE, rank=3, alpha=None, a=A, b=B, **kwargs):
    layer = Embedding(*table.shape, weights=table, dtype=table.dtype.name, **kwargs)
    layer.enable_lora(rank, alpha)
    layer.lora_embeddings_a.assign(a)
    layer.lora_embeddings_b.assign(b)
    return layer


@given(gradients(), st.integers(1, 3), st.sampled_from([None, 1, 8.0]))
def test_outputs_and_gradients_are_those_of_the_corrected_table(drawn, rank, alpha):
    table, ids, gradient = drawn
    a = np.arange(len(table) * rank).reshape(len(table), rank) % 5 - 2.0
    b = np.arange(rank * table.shape[1]).reshape(rank, -1) % 3 - 1.0
    layer = layer_with(table, rank, alpha, a, b)
    scale = (alpha or rank) / rank
    outputs = layer(ids)
    assert outputs.dtype == table.dtype
    expected = (table + scale * (a @ b))[np.asarray(ids, int)]
    assert np.allclose(
        outputs, expected, rtol=1e-3 if table.dtype == "float16" else 1e-6, atol=1e-5
    )
    slices = layer.backward(gradient)
    assert slices.values.tolist() == gradient.reshape(-1, table.shape[1]).tolist()
    dense = add_up(gradient, ids, len(table))
    got = layer.lora_embeddings_a.gradient
    assert isinstance(got, IndexedSlices)
    assert got.indices.tolist() == np.asarray(ids).ravel().tolist()
    # What cancels leaves the rounding of its terms, in float32.
    terms = scale * add_up(np.abs(gradient), ids, len(table))
    rounding = 1e-5 + 1e-6 * terms @ np.abs(b.T)
    assert np.allclose(got.dense(), scale * dense @ b.T, rtol=1e-5, atol=rounding)
    got, rounding = layer.lora_embeddings_b.gradient, 1e-5 + 1e-6 * np.abs(a.T) @ terms
    assert np.allclose(got, scale * a.T @ dense, rtol=1e-5, atol=rounding)
    assert layer.embeddings.gradient is None


def test_gradients_agree_with_finite_differences():
    layer, ids = layer_with(alpha=2), [[3, 0, 3], [1, 3, 3]]
    mixture = np.random.default_rng(0).normal(size=(2, 3, 2))
    layer(ids)
    layer.backward(mixture)
    assert layer.lora_embeddings_a.gradient.values.dtype == np.float32
    assert layer.lora_embeddings_b.gradient.dtype == np.float32
    # The outputs are linear in A and in B, so that a step of any width gives their slope.
    for variable in (layer.lora_embeddings_a, layer.lora_embeddings_b):
        kept = variable.value.copy()

        def loss(value, variable=variable):
            variable.assign(value)
            return np.sum(layer(ids) * mixture)

        expected = numeric_gradient(loss, kept, step=1.0)
        variable.assign(kept)
        got = variable.gradient
        got = got.dense() if isinstance(got, IndexedSlices) else got
        assert np.allclose(got, expected, atol=1e-5)


def test_only_a_and_b_are_trained_and_both_in_float32():
    layer = layer_with(TABLE, embeddings_regularizer=L2(0.5))
    assert [w.name for w in layer.weights] == [
        "embeddings",
        "lora_embeddings_a",
        "lora_embeddings_b",
    ]
    assert layer.trainable_weights == [layer.lora_embeddings_a, layer.lora_embeddings_b]
    assert [w.dtype for w in layer.weights] == ["float64", "float32", "float32"]
    assert layer.losses == pytest.approx([0.5 * (A**2).sum(), 0.5 * (B**2).sum()])
    assert layer.lora_enabled
    layer.trainable = False
    layer([1])
    layer.backward(np.ones((1, 2)))
    assert layer.lora_embeddings_a.gradient is None
    assert layer.lora_embeddings_b.gradient is None


def test_at_first_nothing_is_corrected_and_a_has_the_spread_of_he():
    layer = Embedding(600, 2, lora_rank=3)
    layer.build()
    limit = np.sqrt(6 / 600)
    a = layer.lora_embeddings_a.value
    assert 0.98 * limit < np.abs(a).max() <= limit
    assert (layer.lora_embeddings_b.value == 0).all()
    assert (layer([5, 7]) == layer.embeddings.rows([5, 7])).all()
    other = Embedding(4, 2, weights=TABLE)
    other.enable_lora(2, a_initializer="ones", b_initializer=Constant(3.0))
    assert other([0]).tolist() == [[6, 7]]


def test_alpha_given_to_the_constructor_survives_build():
    layer = Embedding(4, 2, lora_rank=2, lora_alpha=8)
    assert not layer.lora_enabled
    layer.build()
    assert (layer.lora_rank, layer.lora_alpha) == (2, 8)
    layer.lora_embeddings_a.assign(np.ones((4, 2)))
    layer.lora_embeddings_b.assign(np.ones((2, 2)))
    assert np.allclose(layer([0]), layer.embeddings.rows([0]) + 8)
    plain = Embedding(4, 2, lora_rank=2)
    assert plain.lora_alpha == 2


def test_first_values_are_those_of_the_table_alone():
    layer = Embedding(4, 2, weights=TABLE, lora_rank=3)
    assert layer([3]).tolist() == [[6, 7]]


@pytest.mark.parametrize("alpha", [None, 8, 0.5, np.float32(0.5), np.int64(8)])
def test_a_configuration_survives_json_and_gives_an_equal_layer(alpha):
    layer = Embedding(4, 2, name="table")
    assert not {"lora_rank", "lora_alpha"} & set(layer.get_config())
    layer.build()
    layer.enable_lora(3, alpha)
    config = json.loads(json.dumps(layer.get_config()))
    assert (config["lora_rank"], config["lora_alpha"]) == (3, alpha or 3)
    again = Embedding.from_config(config)
    again.build()
    assert again.get_config() == config
    again.set_weights(layer.get_weights())
    assert again([0, 1]).tobytes() == layer([0, 1]).tobytes()


def test_training_moves_the_rows_that_were_looked_up_and_leaves_the_table():
    layer = Embedding(6, 2, embeddings_initializer=RandomNormal(seed=1), lora_rank=2)
    model = Sequential([layer], seed=0)
    model.compile("sgd", "binary_crossentropy")
    model.build((None,))
    before = layer.embeddings.value.copy()
    outputs = layer(np.arange(6))
    for _ in range(2):  # the first step moves B alone, because B is 0
        layer.lora_embeddings_a.gradient = layer.lora_embeddings_b.gradient = None
        layer([1, 1, 4])
        layer.backward(np.ones((3, 2), "float32"))
        model.optimizer.apply(
            [w.gradient for w in layer.trainable_weights], layer.trainable_weights
        )
    assert layer.embeddings.value.tobytes() == before.tobytes()
    assert (layer(np.arange(6)) != outputs).any()


def test_the_cost_does_not_know_the_size_of_the_table(monkeypatch):
    layer = layer_with()
    # Whoever multiplies the whole of A must read the whole of A.
    monkeypatch.setattr(type(layer.lora_embeddings_a), "__array__", None)
    read = []
    rows = type(layer.embeddings).rows
    monkeypatch.setattr(
        type(layer.embeddings), "rows", lambda self, ids: read.append(self.name) or rows(self, ids)
    )
    layer([1, 2])
    assert read == ["embeddings", "lora_embeddings_a"]


@pytest.mark.parametrize("rank", [0, -1, 1.5, True, "2", None])
def test_a_rank_that_is_no_positive_integer_is_refused(rank):
    layer = Embedding(4, 2, weights=TABLE)
    with refused(ValueError, "rank must be a positive integer", layer):
        layer.enable_lora(rank)
    if rank is not None:
        with pytest.raises(ValueError, match="lora_rank must be a positive integer: received"):
            Embedding(4, 2, lora_rank=rank)


@pytest.mark.parametrize(
    ("alpha", "error"),
    [(np.nan, ValueError), (np.inf, ValueError), ("8", TypeError), (True, TypeError)],
)
def test_an_alpha_that_is_no_number_is_refused(alpha, error):
    layer = Embedding(4, 2, weights=TABLE)
    match = rf"lora_alpha must be a (finite )?number: received {alpha!r}\."
    with refused(error, match, layer):
        layer.enable_lora(2, alpha)
    with pytest.raises(error, match=match):
        Embedding(4, 2, lora_rank=2, lora_alpha=alpha)


def test_what_keras_refuses_is_refused_and_nothing_is_changed():
    layer = Embedding(4, 2, name="table")
    with refused(ValueError, "layer table has no table to freeze yet: call build first", layer):
        layer.enable_lora(2)
    with pytest.raises(ValueError, match="lora_alpha needs a lora_rank: received lora_alpha=4"):
        Embedding(4, 2, lora_alpha=4)
    layer = layer_with()
    with refused(ValueError, "has LoRA already", layer):
        layer.enable_lora(2)
    layer = Embedding(4, 2, weights=TABLE, embeddings_constraint="unit_norm")
    with refused(ValueError, r"constraint UnitNorm.* written down\. Leave emb.*out\.$", layer):
        layer.enable_lora(2)
    with pytest.raises(ValueError, match="cannot keep the constraint"):
        Embedding(4, 2, embeddings_constraint="unit_norm", lora_rank=2)


@pytest.mark.parametrize("bad", ["a_initializer", "b_initializer"])
@pytest.mark.parametrize(
    ("initializer", "match"),
    [("zeroes", "unknown initializer 'zeroes'"), (lambda *_: np.zeros(3), "must return shape")],
)
def test_a_bad_initializer_leaves_the_layer_as_it_was(bad, initializer, match):
    layer = Embedding(4, 2, weights=TABLE)
    with refused(ValueError, match, layer):
        layer.enable_lora(2, **{bad: initializer})
    assert layer.trainable_weights == [layer.embeddings]
    layer.enable_lora(2)
