"""A look-up and its mean as one product. The oracle is the two layers, called one by one."""

import numpy as np
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from embedding_core import Adam, Dense, Embedding, GlobalAveragePooling1D, Sequential
from embedding_core.layers.mean_of_rows import MeanOfRows, joined
from embedding_core.regularizers import L2

pytestmark = pytest.mark.usefixtures("form")

V, D = 9, 3
IDS = np.array([[1, 3, 3, 0], [0, 0, 0, 0], [8, 0, 2, 3]])


def layers(mask_zero=True, dtype="float64", **kwargs):
    table = np.random.default_rng(0).normal(size=(V, D))
    return (
        Embedding(V, D, mask_zero=mask_zero, weights=[table], dtype=dtype, **kwargs),
        GlobalAveragePooling1D(dtype=dtype),
    )


def one_by_one(table, mean, ids, gradient):
    """Return the outputs, and the gradient that reaches the table."""
    outputs = mean(table(ids), table.compute_mask(ids))
    return outputs, table.backward(mean.backward(gradient)).dense()


@given(
    npst.arrays(np.int64, npst.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=6),
                elements=st.integers(0, V - 1)),
    st.booleans(),
    st.sampled_from(["float16", "float32", "float64"]),
)  # fmt: skip
def test_any_ids_have_the_mean_and_the_gradient_of_the_two_layers(ids, mask_zero, dtype):
    gradient = np.random.default_rng(1).normal(size=(len(ids), D)).astype(dtype)
    expected = one_by_one(*layers(mask_zero, dtype), ids, gradient)
    both = MeanOfRows(*layers(mask_zero, dtype))
    outputs = both(ids)
    slices = both.backward(gradient)
    assert (outputs.dtype, slices.values.dtype) == (dtype, dtype)
    assert (np.diff(slices.indices) > 0).all()
    tolerance = {"float16": 1e-2, "float32": 1e-5, "float64": 1e-12}[dtype]
    for ours, theirs in zip((outputs, slices.dense()), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=tolerance)


def test_lora_corrects_the_rows_and_the_gradient_is_collected_for_its_matrices_or_the_table():
    for settings in ({}, {"lora_rank": 2}):
        gradients, outputs = [], []
        for together in (False, True):
            table, mean = layers(**settings)
            table.set_weights(
                [np.random.default_rng(2).normal(size=w.shape) for w in table.weights]
            )
            if together:
                both = MeanOfRows(table, mean)
                outputs.append(both(IDS))
                both.backward(np.ones((3, D)))
            else:
                outputs.append(one_by_one(table, mean, IDS, np.ones((3, D)))[0])
            gradients.append([w.gradient for w in table.trainable_weights])
        assert len(gradients[0]) == (2 if settings else 1)
        np.testing.assert_allclose(*outputs, rtol=1e-5)
        for one, other in zip(*gradients, strict=True):
            dense = [g if isinstance(g, np.ndarray) else g.dense() for g in (one, other)]
            np.testing.assert_allclose(*dense, rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "float64"])
def test_after_it_each_layer_can_be_sent_back_by_itself(dtype):
    (table, mean), ids, gradient = layers(dtype=dtype), IDS.copy(), np.ones((3, D), dtype)
    MeanOfRows(table, mean)(ids)
    ids[:] = 5  # the reader's own array: the layers go by what it held
    back = mean.backward(gradient)
    assert back.dtype == dtype
    expected = one_by_one(*layers(dtype=dtype), IDS, gradient)[1]
    np.testing.assert_allclose(table.backward(back).dense(), expected, rtol=1e-3)


def test_the_first_call_builds_the_layers():
    table, mean = Embedding(V, D), GlobalAveragePooling1D()
    outputs = MeanOfRows(table, mean)(IDS)
    assert table.built
    assert mean.built
    np.testing.assert_allclose(outputs, table.get_weights()[0][IDS].mean(axis=1), rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_stands_in_a_row_concerns_the_texts_that_name_it_alone(bad):
    table, mean = layers()
    rows = table.get_weights()[0].copy()
    rows[[0, 8]] = bad
    table.set_weights([rows])
    finite = np.isfinite(MeanOfRows(table, mean)(IDS)).all(axis=1)
    assert finite.tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("ids", "error", "match"),
    [
        ([[1, 9]], IndexError, r"id 9 at position \(0, 1\)"),
        ([[0.5]], TypeError, "float id 0.5"),
        (scipy.sparse.csr_array(IDS), TypeError, "a sparse matrix counts them"),
        ([1, 2], ValueError, r"needs inputs \(batch, steps, features\): received \(2, 3\)"),
    ],
)
def test_it_refuses_what_the_two_layers_refuse(ids, error, match):
    both = MeanOfRows(*layers())
    for _ in range(2):  # at the first call, which builds, and at a later one
        with pytest.raises(error, match=match):
            both(ids)
        both(IDS)


def test_a_gradient_of_another_shape_is_refused():
    both = MeanOfRows(*layers())
    both(IDS)
    with pytest.raises(ValueError, match=r"shape of the last outputs, \(3, 3\)"):
        both.backward(np.ones((3, 2)))


def overriding(kind, method):
    """Return a class of a reader's own that says something about one of its methods."""
    return type("Own", (kind,), {method: lambda self, *arguments: None})


METHODS = ["__call__", "call", "backward", "compute_mask"]
OWN = [(overriding(Embedding, m)(V, D), GlobalAveragePooling1D()) for m in METHODS] + [
    (Embedding(V, D), overriding(GlobalAveragePooling1D, m)()) for m in METHODS
]


def patched():
    table, mean = layers()
    table.call = lambda inputs, mask=None: np.ones((*np.shape(inputs), D))
    return table, mean


def no_longer_penalized():
    """Return layers of which one still holds the penalty of its last call."""
    table = Embedding(V, D, activity_regularizer=L2(0.1))
    table(IDS)
    table.activity_regularizer = None
    return table, GlobalAveragePooling1D()


@pytest.mark.parametrize(
    "pair",
    [
        *OWN,
        (Embedding(V, D, activity_regularizer=L2(0.1)), GlobalAveragePooling1D()),
        (Embedding(V, D), GlobalAveragePooling1D(activity_regularizer=L2(0.1))),
        (Embedding(V, D), GlobalAveragePooling1D(keepdims=True)),
        (Embedding(V, D), GlobalAveragePooling1D("channels_first")),
        (Embedding(V, D), Dense(2)),
        (Embedding(V, D),),
        patched(),
        no_longer_penalized(),
        (),
    ],
)
def test_layers_that_do_something_else_are_called_one_by_one(pair):
    assert joined(list(pair)) == list(pair)


def test_a_model_sends_back_through_what_it_was_called_through():
    model = Sequential([*layers(), Dense(1)], seed=0)
    before = model(IDS)
    assert model(IDS).tolist() == before.tolist(), "the first call, which builds, and the second"
    model.backward(np.ones((3, 1)))
    collected = model.layers[0].embeddings.gradient
    assert collected.indices.tolist() == [1, 2, 3, 8]
    model.add(Dense(1))
    with pytest.raises(ValueError, match="backward needs a call before it"):
        model.backward(np.ones((3, 1)))


def test_a_model_warns_of_a_mask_it_was_given_as_ever():
    model = Sequential(list(layers()))
    model(IDS)
    with pytest.warns(UserWarning, match="does not support masking"):
        model(IDS, np.ones(IDS.shape, bool))


def test_a_step_reads_and_writes_the_rows_once_and_a_second_reading_settles_them():
    model = Sequential([*layers(dtype="float32"), Dense(1)], seed=0)
    model.compile(Adam(0.1), "mse")
    y = np.array([0.0, 1.0, 2.0])
    for _ in range(2):
        model.train_on_batch(IDS, y)
    memory, done = model.optimizer._memories[0], []
    read, write = memory._read, memory.write
    memory._read = lambda rows: (done.append(("read", rows.tolist())), read(rows))[1]
    memory.write = lambda rows, parts: (done.append(("write", rows.tolist())), write(rows, parts))
    other = np.array([[4, 5]])
    model.train_on_batch(other, y[:1])
    done.clear()
    model.train_on_batch(IDS, y)  # whose rows are owed a step by now
    assert done == [("read", [1, 2, 3, 8]), ("write", [1, 2, 3, 8])]
    assert model(other).tolist() == model(other).tolist() == model(other).tolist()
    assert memory._last[[4, 5]].tolist() == [4, 4], "made up for, and written down"


def test_rows_that_were_read_ahead_and_then_assigned_are_not_put_back_by_the_step():
    model, twin = (Sequential([*layers(), Dense(1)], seed=0) for _ in range(2))
    for one in (model, twin):
        one.compile(Adam(0.1), "mse")
        one.train_on_batch(IDS, [0.0, 1.0, 2.0])
    model(IDS)  # read ahead
    for one in (model, twin):
        one.layers[0].embeddings.assign_rows([3], np.full((1, D), 7.0))
        one.train_on_batch(IDS, [0.0, 1.0, 2.0])
    for one, other in zip(model.get_weights(), twin.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_two_layers_alone_are_joined_and_keep_their_dtype(dtype):
    table, mean = layers(dtype=dtype, name="words")
    (both,) = joined([table, mean])
    assert isinstance(both, MeanOfRows)
    assert both.name == f"words and {mean.name}"
    assert both(IDS).dtype == dtype
    assert both.backward(np.ones((3, D))).values.dtype == dtype


def test_both_layers_are_built_by_the_first_call_also_where_one_is_built_already():
    table, mean = layers()
    assert (table.built, mean.built) == (True, False)
    MeanOfRows(table, mean)(IDS)
    assert mean.built
