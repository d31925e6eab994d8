"""The restricted Boltzmann machine against counting through everything, and scikit-learn's."""

from itertools import product

import numpy as np
import pytest
import scipy
from helpers import numeric_gradient, refused
from sklearn.neural_network import BernoulliRBM

from embedding_core.relatives.rbm import RBM


def rows_of(n):
    return np.array(list(product([0.0, 1.0], repeat=n)))


def with_weights(W, a, b, **options):
    W = np.asarray(W, float)
    model = RBM(*W.shape, **options)
    model.kernel.assign(W)
    model.visible_bias.assign(a)
    model.hidden_bias.assign(b)
    return model


def weights(seed, V, H, scale=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(0, scale, (V, H)), rng.normal(0, scale, V), rng.normal(0, scale, H)


def chances(W, a, b):
    """The oracle: the probability of every visible row, from the energy of every pair."""
    v, h = rows_of(len(a)), rows_of(len(b))
    energy = -(v @ a)[:, None] - h @ b - v @ W @ h.T
    pairs = np.exp(-energy)
    return pairs.sum(axis=1) / pairs.sum()


@pytest.mark.parametrize(("V", "H"), [(4, 2), (2, 4), (3, 3), (1, 5)])
def test_the_likelihood_is_what_counting_through_all_pairs_gives(V, H):
    parts = weights(V + H, V, H)
    model = with_weights(*parts)
    expected = np.log(chances(*parts))
    found = [model.log_likelihood(row[None]) for row in rows_of(V)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert model.log_likelihood(rows_of(V)) == pytest.approx(expected.mean())


def test_a_side_without_end_still_has_a_likelihood_if_the_other_is_small():
    model = RBM(300, 2, seed=0)
    model.kernel.assign(np.zeros((300, 2)))
    assert model.log_likelihood(np.ones((1, 300))) == pytest.approx(-300 * np.log(2))
    with pytest.raises(ValueError, match="states of 21 units, at most 20 can be"):
        RBM(30, 21).log_partition()


def test_gibbs_steps_leave_its_own_distribution_as_it_is():
    parts = weights(0, 3, 2)
    model = with_weights(*parts, seed=0)
    expected = chances(*parts)
    rng = np.random.default_rng(0)
    start = rows_of(3)[rng.choice(8, 40_000, p=expected)]
    for samples in (model.gibbs(start, 1), model.gibbs(start, 3)):
        seen = np.bincount((samples @ [4, 2, 1]).astype(int), minlength=8) / len(samples)
        np.testing.assert_allclose(seen, expected, atol=0.015)


def test_from_anywhere_many_gibbs_steps_lead_to_it():
    parts = weights(1, 3, 2)
    samples = with_weights(*parts, seed=0).gibbs(np.zeros((40_000, 3)), 30)
    seen = np.bincount((samples @ [4, 2, 1]).astype(int), minlength=8) / len(samples)
    np.testing.assert_allclose(seen, chances(*parts), atol=0.015)


def test_the_step_of_many_gibbs_steps_is_along_the_gradient_of_the_likelihood():
    """CD-k with large k estimates the true gradient; the true one by finite differences."""
    W, a, b = weights(2, 3, 2, 0.5)
    data = np.repeat(rows_of(3)[[1, 3, 6]], 20_000, axis=0)
    model = with_weights(W, a, b, steps=30, learning_rate=1.0, seed=0)
    model.fit(data, epochs=1, batch_size=len(data))

    def likelihood(kernel):
        return with_weights(kernel, a, b).log_likelihood(data[::20_000])

    np.testing.assert_allclose(model.kernel.value - W, numeric_gradient(likelihood, W), atol=0.015)


def blocks(n=400, seed=0):
    """Rows in which units 0-3 go together, and units 4-7."""
    rng = np.random.default_rng(seed)
    on = np.repeat(rng.integers(0, 2, (n, 2)), 4, axis=1)
    return np.where(rng.random(on.shape) < 0.1, 1 - on, on).astype(float)


def likelihood_of_theirs(theirs, x):
    parts = theirs.components_.T, theirs.intercept_visible_, theirs.intercept_hidden_
    return float(np.log(chances(*parts))[(x @ 2 ** np.arange(8)[::-1]).astype(int)].mean())


@pytest.mark.long
def test_it_reaches_the_likelihood_of_scikit_learns():
    """The same data, rate, batches and epochs; both persistent; five seeds each."""
    x = blocks()
    ours, theirs = [], []
    for seed in range(5):
        model = RBM(8, 3, persistent=True, learning_rate=0.05, seed=seed)
        before = model.log_likelihood(x)
        model.fit(x, epochs=60, batch_size=10)
        ours.append(model.log_likelihood(x))
        oracle = BernoulliRBM(3, learning_rate=0.05, n_iter=60, batch_size=10, random_state=seed)
        theirs.append(likelihood_of_theirs(oracle.fit(x), x))
    noise = np.hypot(np.std(ours), np.std(theirs))
    assert abs(np.mean(ours) - np.mean(theirs)) < max(2 * noise, 0.05), (ours, theirs)
    assert min(ours) > before + 1.0


@pytest.mark.parametrize("options", [{}, {"steps": 3}, {"persistent": True}])
def test_every_kind_makes_the_data_more_likely(options):
    x = blocks()
    model = RBM(8, 2, learning_rate=0.1, seed=0, **options)
    independent = RBM(8, 2)
    share = x.mean(axis=0)
    independent.kernel.assign(np.zeros((8, 2)))
    independent.visible_bias.assign(np.log(share / (1 - share)))
    model.fit(x, epochs=40)
    assert model.log_likelihood(x) > independent.log_likelihood(x) + 0.5


def test_persistent_chains_go_on_where_they_were():
    model = RBM(8, 2, persistent=True, seed=0)
    model.fit(blocks(30), epochs=1, batch_size=10)
    assert model._chains.shape == (10, 8)
    model.fit(blocks(30), epochs=1, batch_size=15)
    assert model._chains.shape == (15, 8), "a larger batch needs more of them"
    assert RBM(8, 2, seed=0)._chains is None


def test_sparse_and_boolean_data_are_taken_and_one_seed_gives_one_machine():
    x = blocks(50)
    models = []
    for data in (x, scipy.sparse.csr_matrix(x), x > 0, x.astype(int)):
        model = RBM(8, 2, seed=3)
        model.fit(data, epochs=2)
        models.append(model.kernel.value.copy())
    for other in models[1:]:
        np.testing.assert_array_equal(other, models[0])


def test_two_biases_are_what_an_embedding_of_the_same_shape_has_not():
    model = RBM(5, 2)
    sizes = [v.value.size for v in (model.kernel, model.visible_bias, model.hidden_bias)]
    assert sizes == [10, 5, 2]


@pytest.mark.parametrize(
    ("bad", "error", "match"),
    [
        (np.empty((0, 8)), ValueError, r"at least one row and one column: received shape \(0, 8\)"),
        (np.ones(8), ValueError, r"received shape \(8,\)"),
        (np.ones((2, 7)), ValueError, r"8 columns.*received shape \(2, 7\)"),
        ([[1.0] * 8, [1.0]], ValueError, "length"),
        (np.full((2, 8), np.nan), ValueError, "finite numbers: received nan"),
        (np.full((2, 8), np.inf), ValueError, "finite numbers: received inf"),
        (np.full((2, 8), 0.5), ValueError, "received 0.5. Write x > 0 for counts"),
        (np.full((2, 8), 2), ValueError, "received 2"),
        (np.full((2, 8), -1), ValueError, "received -1"),
        (scipy.sparse.csr_matrix(np.full((2, 8), 3)), ValueError, "received 3"),
        (np.full((2, 8), "1"), TypeError, "real numbers: received dtype"),
    ],
)
def test_bad_data_are_refused_and_nothing_is_trained(bad, error, match):
    model = RBM(8, 2, persistent=True, seed=0)
    model.fit(blocks(20), epochs=1)
    for use in (model.fit, model.free_energy, model.log_likelihood):
        with refused(error, match, model):
            use(bad)


@pytest.mark.parametrize("name", ["visible", "hidden", "steps"])
def test_sizes_must_be_positive(name):
    arguments = {"visible": 3, "hidden": 2, "steps": 1, name: 0}
    with pytest.raises(ValueError, match=f"{name} must be a positive integer: received 0"):
        RBM(**arguments)


def test_other_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="learning_rate"):
        RBM(3, 2, learning_rate=-1)
    model = RBM(8, 2, seed=0)
    for name in ("epochs", "batch_size"):
        with refused(ValueError, f"{name} must be a positive integer: received 0", model):
            model.fit(blocks(5), **{name: 0})
