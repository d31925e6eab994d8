"""The linear autoencoder finds the principal subspace; SciPy's SVD is the oracle."""

import warnings

import numpy as np
import pytest
import scipy
from helpers import refused
from hypothesis import given
from hypothesis import strategies as st

from embedding_core import SGD, Dense, Embedding, Sequential, one_hot
from embedding_core.relatives.autoencoder import LinearAutoencoder, largest_angle
from embedding_core.relatives.ppmi import cooccurrences


def data_with(singular_values, n=60, m=20, seed=0):
    """A matrix with these singular values, and its right singular vectors as columns."""
    rng = np.random.default_rng(seed)
    k = len(singular_values)
    left = np.linalg.qr(rng.normal(size=(n, k)))[0]
    right = np.linalg.qr(rng.normal(size=(m, k)))[0]
    return (left * singular_values) @ right.T, right


def principal(x, D):
    """The oracle: the first D right singular vectors as columns."""
    return scipy.linalg.svd(x, full_matrices=False)[2][:D].T


@pytest.mark.parametrize("gap", [1.05, 1.2, 5.0])
@pytest.mark.parametrize("D", [1, 3, 7])
def test_it_finds_the_principal_subspace_wherever_the_border_is_clear(gap, D):
    kept, left_out = np.linspace(9, 3 * gap, D), np.linspace(3, 0.1, 12)
    x, right = data_with([*kept, *left_out], seed=D)
    model = LinearAutoencoder(D, seed=0)
    model.fit(x)
    assert largest_angle(model.encoder, principal(x, D)) < 1e-3
    assert largest_angle(model.encoder, right[:, :D]) < 1e-3
    bound = 1e-5 / (1 - 1 / gap**2)
    assert np.sin(largest_angle(model.encoder, right[:, :D])) <= bound, "the docstring's promise"


@given(st.integers(0, 10**6), st.integers(1, 6), st.floats(1.05, 3))
def test_it_finds_it_in_any_data_with_a_clear_border(seed, D, gap):
    rng = np.random.default_rng(seed)
    left_out = np.sort(rng.uniform(0.01, 1, 5))[::-1]
    kept = gap * left_out[0] * (1 + np.sort(rng.exponential(size=D))[::-1])
    kept[-1] = gap * left_out[0]
    x, right = data_with([*kept, *left_out], n=30, m=15, seed=seed)
    model = LinearAutoencoder(D, seed=seed)
    model.fit(x)
    assert largest_angle(model.encoder, right[:, :D]) < 1e-3


def test_no_other_matrices_lose_less():
    """Eckart and Young: what it loses is what the singular values left out hold."""
    x, _ = data_with([5, 4, 2, 1])
    model = LinearAutoencoder(2, seed=1)
    model.fit(x)
    assert model.lost(x) == pytest.approx((4 + 1) / (25 + 16 + 4 + 1))
    given_back = model.decode(model.encode(x))
    assert np.square(x - given_back).sum() == pytest.approx(5)
    assert all(np.diff(model.history) <= 1e-12)
    np.testing.assert_allclose(model.encoder.T @ model.encoder, np.eye(2), atol=1e-12)
    np.testing.assert_array_equal(model.decoder, model.encoder.T)


def test_sparse_data_give_the_same():
    x = scipy.sparse.random(80, 30, 0.2, format="coo", random_state=0)
    x.data[:5] *= 30
    dense, sparse = (LinearAutoencoder(3, seed=0) for _ in range(2))
    dense.fit(x.toarray())
    sparse.fit(x)
    np.testing.assert_allclose(sparse.encoder, dense.encoder, atol=1e-9)
    assert sparse.lost(x) == pytest.approx(dense.lost(x.toarray()))


def test_two_matrices_and_gradient_descent_find_it_too():
    """The same in the package's own parts: no step of it is exact, and the end is the same."""
    # All eight directions occur: where the data have none, an encoder stays as it began.
    x, right = data_with([6, 5, 2, 1, 1, 1, 1, 1], n=40, m=8)
    down, up = Dense(2, use_bias=False, dtype="float64"), Dense(8, use_bias=False, dtype="float64")
    model = Sequential([down, up], seed=0)
    model.compile(SGD(1.0, momentum=0.9), loss="mean_squared_error")
    for _ in range(1500):
        model.train_on_batch(x, x)
    assert largest_angle(down.kernel.value, right[:, :2]) < 1e-3
    assert largest_angle(up.kernel.value.T, right[:, :2]) < 1e-3
    assert np.square(x - model(x)).sum() == pytest.approx(9)


def test_of_words_and_their_neighbours_it_finds_the_principal_subspace_too():
    """Words of two topics never meet: a row says whom a word meets, and so its code the topic."""
    rng = np.random.default_rng(0)
    topics = np.arange(40) % 2
    texts = rng.choice(6, (40, 30), p=[0.3, 0.25, 0.2, 0.1, 0.1, 0.05]) + 6 * topics[:, None]
    counts = cooccurrences(texts, 12, window=3)
    model = LinearAutoencoder(2, seed=0)
    model.fit(counts)
    values = scipy.linalg.svdvals(counts.toarray())
    assert values[1] / values[2] > 1.05
    assert largest_angle(model.encoder, principal(counts.toarray(), 2)) < 1e-3
    codes = model.encode(counts)
    codes /= np.linalg.norm(codes, axis=1, keepdims=True)
    same = np.equal.outer(np.arange(12) // 6, np.arange(12) // 6)
    np.testing.assert_allclose((codes @ codes.T)[~same], 0, atol=1e-3)
    assert (codes @ codes.T)[same].min() > 0.9


COUNTS = np.array([2, 7, 5, 30, 3, 1])
IDS = np.repeat(np.arange(6), COUNTS)


def test_of_one_hot_rows_it_keeps_the_most_frequent_words_alone():
    x = one_hot(IDS, 6, "float64")
    model = LinearAutoencoder(3, seed=0)
    model.fit(x)
    frequent = np.argsort(-COUNTS)[:3]
    assert largest_angle(model.encoder, np.eye(6)[:, frequent]) < 1e-3
    given_back = model.decode(model.encode(np.eye(6)))
    kept = np.isin(np.arange(6), frequent)
    np.testing.assert_allclose(given_back, np.diag(kept.astype(float)), atol=1e-3)
    assert model.lost(x) == pytest.approx(COUNTS[~kept].sum() / COUNTS.sum(), abs=1e-6)


@pytest.mark.long
def test_an_embedding_before_a_dense_layer_is_that_autoencoder():
    table, back = Embedding(6, 3, dtype="float64"), Dense(6, use_bias=False, dtype="float64")
    model = Sequential([table, back], seed=0)
    model.compile(SGD(2.0, momentum=0.9), loss="mean_squared_error")
    for _ in range(3000):
        model.train_on_batch(IDS, np.eye(6)[IDS])
    kept = np.isin(np.arange(6), np.argsort(-COUNTS)[:3])
    np.testing.assert_allclose(model(np.arange(6)), np.diag(kept.astype(float)), atol=0.02)


def test_one_seed_gives_one_encoder_and_another_the_same_space():
    x, _ = data_with([5, 4, 2, 1])
    encoders = []
    for seed in (0, 0, 1):
        model = LinearAutoencoder(2, seed)
        model.fit(x)
        encoders.append(model.encoder)
    np.testing.assert_array_equal(encoders[0], encoders[1])
    assert largest_angle(encoders[0], encoders[2]) < 1e-3


@pytest.mark.parametrize("values", [[5, 4], [5, 3, 1e-9], [1, 1, 1]])
def test_data_of_low_rank_or_without_a_border_end_all_the_same(values):
    x, _ = data_with(values)
    model = LinearAutoencoder(3, seed=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(x)
    assert model.lost(x) == pytest.approx(0, abs=1e-12)


def test_a_tolerance_that_is_not_reached_is_reported():
    x, _ = data_with([5, 4, 3.9, 1])
    model = LinearAutoencoder(2, seed=0)
    with pytest.warns(RuntimeWarning, match="3 steps did not reach tolerance=1e-05"):
        model.fit(x, steps=3)
    assert len(model.history) == 3


def test_the_angle_is_that_between_lines_in_the_plane():
    line = [[1.0], [0.0]]
    assert largest_angle(line, [[1.0], [1.0]]) == pytest.approx(np.pi / 4)
    assert largest_angle(line, [[-2.0], [0.0]]) == pytest.approx(0, abs=1e-12)
    assert largest_angle(np.eye(3)[:, :2], np.eye(3)[:, 1:]) == pytest.approx(np.pi / 2)


GOOD = np.arange(12.0).reshape(4, 3)


@pytest.mark.parametrize(
    ("bad", "error", "match"),
    [
        (np.empty((0, 3)), ValueError, r"at least one row and one column: received shape \(0, 3\)"),
        (np.empty((3, 0)), ValueError, r"at least one row and one column: received shape \(3, 0\)"),
        (scipy.sparse.csr_matrix((0, 3)), ValueError, "at least one row"),
        (np.ones(3), ValueError, r"received shape \(3,\)"),
        (np.ones((2, 2, 2)), ValueError, r"received shape \(2, 2, 2\)"),
        ([[1.0, 2], [3]], ValueError, "length"),
        (np.where(GOOD == 4, np.nan, GOOD), ValueError, "finite numbers: received nan"),
        (np.where(GOOD == 4, -np.inf, GOOD), ValueError, "finite numbers: received -inf"),
        (scipy.sparse.csr_matrix([[np.nan, 1], [1, 1]]), ValueError, "received nan"),
        (np.zeros((4, 3)), ValueError, "nothing but zeros"),
        (GOOD.astype(str), TypeError, "real numbers: received dtype"),
        (GOOD + 1j, TypeError, "real numbers: received dtype complex128"),
        (GOOD[:1], ValueError, r"output_dim=2 needs at least as many rows .* shape \(1, 3\)"),
        (GOOD[:, :1], ValueError, r"output_dim=2 needs at least as many rows .* shape \(4, 1\)"),
    ],
)
def test_bad_data_are_refused_and_a_former_fit_stays(bad, error, match):
    model = LinearAutoencoder(2, seed=0)
    model.fit(GOOD)
    with refused(error, match, model):
        model.fit(bad)


def test_other_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="output_dim must be a positive integer: received 0"):
        LinearAutoencoder(0)
    model = LinearAutoencoder(2)
    for use in (model.encode, model.decode, model.lost):
        with pytest.raises(ValueError, match="learned nothing yet: call fit"):
            use(GOOD)
    with refused(ValueError, "steps must be a positive integer: received 0", model):
        model.fit(GOOD, steps=0)
    for tolerance in (-1.0, float("nan")):
        with refused(ValueError, "tolerance must be", model):
            model.fit(GOOD, tolerance=tolerance)
    model.fit(GOOD)
    with pytest.raises(ValueError, match="fitted to 3 columns: received 4"):
        model.encode(np.ones((2, 4)))
    with pytest.raises(ValueError, match=r"codes must have 2 columns: received shape \(1, 3\)"):
        model.decode(np.ones((1, 3)))


def test_an_angle_needs_equally_many_rows():
    with pytest.raises(ValueError, match=r"equally many rows: \(3, 2\) and \(2, 2\)"):
        largest_angle(np.ones((3, 2)), np.ones((2, 2)))
