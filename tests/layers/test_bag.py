"""The bag of rows, against the look-up of padded rows and its masked mean."""

import numpy as np
import pytest
import scipy
from helpers import numeric_gradient, refused
from hypothesis import given
from hypothesis import strategies as st

from embedding_core import Dense, Embedding, GlobalAveragePooling1D, Sequential
from embedding_core.layers import EmbeddingBag

pytestmark = pytest.mark.usefixtures("form")

V, D = 6, 3
BAGS = st.lists(st.lists(st.integers(1, V - 1), max_size=5), min_size=1, max_size=5)


def sparse(bags):
    """Count the ids of each text."""
    counts = np.array([np.bincount(bag, minlength=V) for bag in bags], "float32")
    return scipy.sparse.csr_array(counts)


def padded(bags):
    """Fill up with the id 0, which is masked."""
    width = max(map(len, bags)) + 1
    return np.array([bag + [0] * (width - len(bag)) for bag in bags], int)


@given(BAGS, st.sampled_from(["float16", "float32", "float64"]))
def test_it_is_the_masked_mean_of_the_look_up(bags, dtype):
    layer = EmbeddingBag(V, D, dtype=dtype)
    outputs = layer(sparse(bags))
    table, mean = Embedding(V, D, mask_zero=True, dtype=dtype), GlobalAveragePooling1D(dtype=dtype)
    table.build()
    table.set_weights(layer.get_weights())
    ids = padded(bags)
    expected = mean(table(ids), table.compute_mask(ids))
    precision = {"float16": 1e-2, "float32": 1e-6, "float64": 1e-13}[dtype]
    assert outputs.dtype == expected.dtype == dtype
    np.testing.assert_allclose(outputs, expected, rtol=precision, atol=precision)

    upstream = np.random.default_rng(0).normal(size=outputs.shape).astype(dtype)
    slices = layer.backward(upstream)
    table.backward(mean.backward(upstream))
    np.testing.assert_allclose(
        slices.dense(), table.embeddings.gradient.dense(), rtol=precision, atol=precision
    )
    assert layer.embeddings.gradient is slices
    assert slices.indices.tolist() == sorted({i for bag in bags for i in bag})


def test_its_gradient_is_the_derivative():
    bags = sparse([[1, 2, 2], [], [2, 5]])
    layer = EmbeddingBag(V, D, dtype="float64")
    upstream = np.random.default_rng(1).normal(size=layer(bags).shape)
    (table,) = layer.get_weights()

    def loss(values):
        layer.set_weights([values])
        return float((layer(bags) * upstream).sum())

    expected = numeric_gradient(loss, table)
    np.testing.assert_allclose(layer.backward(upstream).dense(), expected, atol=1e-8)


def test_a_nan_in_a_row_that_nobody_names_stays_there():
    layer = EmbeddingBag(V, D)
    layer.build()
    layer.set_weights([np.where(np.arange(V * D).reshape(V, D) // D == 4, np.nan, 1.0)])
    assert layer(sparse([[1, 2], [3]])).tolist() == [[1.0] * D] * 2


def test_a_text_without_ids_gets_zeros():
    assert EmbeddingBag(V, D)(sparse([[], []])).tolist() == [[0.0] * D] * 2


def test_a_model_of_it_learns_what_the_padded_model_learns():
    bags, labels = [[1, 2], [3], [1, 4, 5], [5, 3]], np.array([1, 0, 1, 0])
    layers = [Embedding(V, D, mask_zero=True), GlobalAveragePooling1D()]
    models = [
        Sequential([*begin, Dense(1, activation="sigmoid")], seed=0)
        for begin in ([EmbeddingBag(V, D)], layers)
    ]
    for model, x in zip(models, (sparse(bags), padded(bags)), strict=True):
        model.compile("adam", "binary_crossentropy")
        model.build((None, V))
        for _ in range(5):
            model.train_on_batch(x, labels)
    for ours, theirs in zip(*(model.get_weights() for model in models), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["csr_array", "csr_matrix", "coo_array", "csc_matrix"])
def test_a_model_of_it_is_fed_whole_and_measured_and_saved(tmp_path, kind):
    bags, labels = [[1, 2], [3], [], [1, 4, 5], [5, 3], [2]], np.array([1, 0, 0, 1, 0, 1.0])
    x = getattr(scipy.sparse, kind)(sparse(bags).toarray())
    settings = {"batch_size": 2, "epochs": 3, "verbose": 0, "shuffle": False}
    model, padded_model = (
        Sequential([*begin, Dense(1, activation="sigmoid")], seed=0)
        for begin in (
            [EmbeddingBag(V, D)],
            [Embedding(V, D, mask_zero=True), GlobalAveragePooling1D()],
        )
    )
    runs = []
    for one, data in ((model, x), (padded_model, padded(bags))):
        one.compile("adam", "binary_crossentropy", ["accuracy"])
        held_out = data.tocsr()[:2] if one is model else data[:2]
        runs.append(
            [
                one.fit(data, labels, validation_split=0.4, **settings).history,
                one.fit(data, labels, validation_data=(held_out, labels[:2]), **settings).history,
                one.evaluate(data, labels, batch_size=4, return_dict=True),
                {"predicted": one.predict(data, batch_size=4)},
            ]
        )
    for ours, theirs in zip(*runs, strict=True):
        for name in theirs:
            np.testing.assert_allclose(ours[name], theirs[name], rtol=1e-4, atol=1e-5)
    model.save(tmp_path / "m.npz")
    again = Sequential.load(tmp_path / "m.npz")
    np.testing.assert_array_equal(again.predict(x), model.predict(x))
    assert again.fit(x, labels, **settings).history == model.fit(x, labels, **settings).history


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_a_bad_count_in_the_last_batch_is_found_before_the_first_step(bad):
    counts = np.eye(V)
    counts[-1, -1] = bad
    model = Sequential([EmbeddingBag(V, D), Dense(1)], seed=0)
    model.compile("sgd", "mse")
    model.train_on_batch(sparse([[1]]), [0.0])
    with refused(ValueError, "counts how often a text names an id", model):
        model.fit(scipy.sparse.csr_array(counts), np.zeros(V), batch_size=1, verbose=0)
    with refused(TypeError, "needs a sparse matrix", model):
        model.fit(counts, np.zeros(V), verbose=0)


def test_frozen_it_collects_no_gradient():
    layer = EmbeddingBag(V, D, trainable=False)
    layer.backward(layer(sparse([[1]])))
    assert layer.embeddings.gradient is None


def test_it_can_be_made_again_from_its_configuration():
    layer = EmbeddingBag(V, D, embeddings_initializer="zeros", name="bag")
    again = EmbeddingBag.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    assert again(sparse([[1]])).tolist() == [[0.0] * D]
    assert layer.compute_output_shape((None, V)) == (None, D)
    assert layer.compute_mask(sparse([[1]])) is None


@pytest.mark.parametrize(
    ("inputs", "error", "match"),
    [
        (np.eye(V), TypeError, "needs a sparse matrix"),
        ([[1, 2]], TypeError, "For rows of ids, use Embedding"),
        (scipy.sparse.eye_array(V + 1), ValueError, r"received \(7, 7\)"),
        (-scipy.sparse.eye_array(V), ValueError, "numbers from -1.0 to -1.0"),
        (np.nan * scipy.sparse.eye_array(V), ValueError, "numbers from nan to nan"),
        (np.inf * scipy.sparse.eye_array(V), ValueError, "numbers from inf to inf"),
    ],
)
def test_other_inputs_are_refused(inputs, error, match):
    layer = EmbeddingBag(V, D)
    layer(sparse([[1, 2]]))
    with refused(error, match, layer):
        layer(inputs)


def test_a_gradient_without_a_call_or_of_another_shape_is_refused():
    layer = EmbeddingBag(V, D)
    with pytest.raises(ValueError, match="backward needs a call before it"):
        layer.backward(np.ones((1, D)))
    layer(sparse([[1]]))
    with pytest.raises(ValueError, match=r"\(1, 3\): received \(2, 3\)"):
        layer.backward(np.ones((2, D)))


@pytest.mark.parametrize("sizes", [(0, 3), (3, 0), (2.5, 3), (True, 3)])
def test_sizes_are_positive_integers(sizes):
    with pytest.raises(ValueError, match="must be a positive integer"):
        EmbeddingBag(*sizes)


def test_building_again_leaves_the_table_as_it_is():
    layer = EmbeddingBag(V, D)
    layer.build()
    table = layer.embeddings
    layer.build((None, V))
    assert layer.weights == [table]


def test_complex_counts_are_refused():
    counts = scipy.sparse.csr_array(np.eye(1, V) * 1j)
    with pytest.raises(TypeError, match="needs real numbers: received complex128"):
        EmbeddingBag(V, D)(counts)


def test_a_count_of_zero_that_is_written_down_counts_nothing():
    layer = EmbeddingBag(3, 2)
    texts = scipy.sparse.csr_array(
        (np.array([0.0, 2.0], "float32"), np.array([0, 2]), np.array([0, 2])), shape=(1, 3)
    )
    np.testing.assert_array_equal(layer(texts), layer.get_weights()[0][[2]])


def test_counts_that_sum_to_less_than_one_are_a_mean_too():
    layer = EmbeddingBag(3, 2, dtype="float64")
    half = scipy.sparse.csr_array(np.array([[0.25, 0.25, 0.0]]))
    whole = scipy.sparse.csr_array(np.array([[1.0, 1.0, 0.0]]))
    np.testing.assert_allclose(layer(half), layer(whole), rtol=1e-15)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_outputs_and_gradient_have_the_layers_dtype(dtype):
    layer = EmbeddingBag(V, D, dtype=dtype)
    assert layer(sparse([[1, 2], [3]])).dtype == dtype
    assert layer.backward(np.ones((2, D))).values.dtype == dtype


def test_counts_that_add_up_to_more_than_float32_holds_are_a_mean_too():
    layer = EmbeddingBag(3, 2)
    texts = scipy.sparse.csr_array(np.array([[3e38, 3e38, 0]], "float32"))
    np.testing.assert_allclose(layer(texts), layer.get_weights()[0][:2].mean(axis=0)[None])
