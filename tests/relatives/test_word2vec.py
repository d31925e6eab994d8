"""Skip-gram with negative sampling: its pairs, its gradient, and where its training ends."""

from itertools import pairwise

import numpy as np
import pytest
from helpers import numeric_gradient
from hypothesis import given
from hypothesis import strategies as st

from embedding_core import Embedding
from embedding_core.lessons.claims.words import neighbours_alike, texts_of_two_topics
from embedding_core.relatives.negative_sampling import NegativeSampling
from embedding_core.relatives.pairs import joined, kept_share, neighbours, stretches
from embedding_core.relatives.ppmi import cooccurrences
from embedding_core.relatives.word2vec import Skipgram


def all_pairs(texts, reach):
    """List all neighbours with loops alone."""
    places, pairs = [(t, i) for t, text in enumerate(texts) for i in range(len(text))], []
    for at, (text, i) in enumerate(places):
        for near, (other, j) in enumerate(places):
            if text == other and 1 <= abs(i - j) <= reach[at]:
                pairs.append((at, near))
    return sorted(pairs)


@given(
    st.lists(st.integers(0, 6), max_size=5), st.integers(1, 4), st.integers(1, 5), st.integers(0, 9)
)
def test_neighbours_are_those_of_the_same_text_within_reach_each_once(
    lengths, window, pieces, seed
):
    texts = [[0] * length for length in lengths]
    ids, text = joined(texts, 1, skip=())
    reach = np.random.default_rng(seed).integers(1, window + 1, ids.size)
    cuts = [ids.size * piece // pieces for piece in range(pieces + 1)]
    found = [
        pair
        for start, stop in pairwise(cuts)
        for pair in np.transpose(neighbours(text, reach, start, stop)).tolist()
    ]
    assert list(map(tuple, found)) == all_pairs(texts, reach)  # in the order of the text


def test_texts_are_joined_without_the_ids_to_skip():
    ids, text = joined([[5, 1, 2, 0], [], np.array([1, 3])], 6, skip=(0, 1))
    assert ids.tolist() == [5, 2, 3]
    assert text.tolist() == [0, 0, 2]


def test_a_frequent_word_is_kept_by_the_rule_of_the_program():
    share = kept_share(np.array([0, 1, 99, 900]), subsample=0.01)
    # f = 0.9: √(0.01 / 0.9) + 0.01 / 0.9; the words with f ≤ 0.001 all stay.
    np.testing.assert_allclose(share, [1, 1, 0.4188310, 0.1165204], atol=1e-7)
    assert kept_share(np.array([1, 99]), subsample=0).tolist() == [1, 1]


@given(st.integers(0, 130_000), st.integers(0, 400_000))
def test_stretches_cover_every_place_once_and_every_word(length, words):
    pieces = list(stretches(length, words))
    assert [start for start, _, _ in pieces[1:]] == [stop for _, stop, _ in pieces[:-1]]
    assert (pieces[0][0], pieces[-1][1]) == (0, length)
    assert sum(share for _, _, share in pieces) == words
    assert all(stop - start <= 50_000 for start, stop, _ in pieces)


def task_of(tables, seed=0, negatives=3):
    """Make the task for two tables in float64."""
    layers = [Embedding(*table.shape, weights=table, dtype="float64") for table in tables]
    counts = np.arange(1, len(tables[1]) + 1)
    return NegativeSampling(*layers, counts, negatives, np.random.default_rng(seed))


@pytest.mark.parametrize("which", [0, 1])
def test_a_step_goes_down_the_gradient_of_the_loss_repeated_ids_and_all(which):
    rng = np.random.default_rng(1)
    tables = [rng.normal(size=(4, 3)), rng.normal(size=(5, 3))]
    pairs = np.array([0, 1, 0, 3, 0]), np.array([4, 4, 4, 2, 4])

    def loss(table):
        with_it = [table if i == which else other for i, other in enumerate(tables)]
        return task_of(with_it).step(*pairs, learning_rate=0.0)

    task = task_of(tables)
    task.step(*pairs, learning_rate=0.5)
    moved = (task.inputs, task.outputs)[which].embeddings.value - tables[which]
    np.testing.assert_allclose(moved, -0.5 * numeric_gradient(loss, tables[which]), atol=1e-7)


def test_the_loss_is_that_of_plain_arithmetic():
    """With two outputs a negative is the other one, or the true one and left out."""
    tables = np.array([[1.0, 2.0]]), np.array([[0.5, 0.25], [-1.0, 1.0]])
    losses = {
        round(task_of(tables, seed, negatives=2).step(np.array([0]), np.array([0]), 0.0), 9)
        for seed in range(40)
    }
    true, other = np.log1p(np.exp(-1.0)), np.log1p(np.exp(1.0))
    assert losses == {round(true + n * other, 9) for n in range(3)}


def by_hand(tables, groups, drawn, negatives):
    """Go through all pairs and all negatives of their group: the loss, and both gradients."""
    loss, gradients = 0.0, [np.zeros_like(table) for table in tables]

    def ask(one, other, answer, weight):
        nonlocal loss
        x, y = tables[0][one], tables[1][other]
        guess = 1 / (1 + np.exp(-x @ y))
        loss -= weight * np.log(guess if answer else 1 - guess)
        gradients[0][one] += weight * (guess - answer) * y
        gradients[1][other] += weight * (guess - answer) * x

    for pairs, shared in zip(groups, drawn, strict=True):
        for one, other in pairs:
            ask(one, other, 1, 1.0)
            for negative in shared:
                if negative != other:
                    ask(one, negative, 0, negatives / len(shared))
    return loss, gradients


@pytest.mark.parametrize("size", [1, 7, 128, 129, 300])
def test_a_step_is_that_of_all_pairs_one_by_one_with_the_negatives_of_their_group(size):
    rng = np.random.default_rng(size)
    tables = [rng.normal(size=(6, 3)), rng.normal(size=(9, 3))]
    pairs = np.transpose([rng.integers(0, 6, size), rng.integers(0, 9, size)])
    task = task_of(tables, negatives=2)
    drawn = rng.integers(0, 9, (-(-size // 128), 5))  # some of them are true ones
    task._drawn = lambda groups, pairs: drawn
    found = task.step(*pairs.T, learning_rate=0.01)
    groups = [pairs[start : start + 128] for start in range(0, size, 128)]
    loss, gradients = by_hand(tables, groups, drawn, negatives=2)
    np.testing.assert_allclose(found, loss, rtol=1e-12)
    for table, before, gradient in zip((task.inputs, task.outputs), tables, gradients, strict=True):
        moved = table.embeddings.value - before
        np.testing.assert_allclose(moved, -0.01 * gradient, atol=1e-12)


@pytest.mark.parametrize(("pairs", "count"), [(1, 3), (8, 3), (9, 6), (128, 48), (300, 48)])
def test_a_lot_of_negatives_serves_eight_pairs_of_a_group(pairs, count):
    task, seen = task_of([np.zeros((2, 3)), np.zeros((4, 3))], negatives=3), []
    draw = task._drawn
    task._drawn = lambda *size: seen.append(draw(*size)) or seen[-1]
    task.step(np.zeros(pairs, int), np.ones(pairs, int), 0.1)
    assert [drawn.shape for drawn in seen] == [(-(-pairs // 128), count)]


@pytest.mark.long
def test_over_many_draws_the_mean_step_is_that_of_every_possible_negative():
    rng = np.random.default_rng(3)
    tables = [rng.normal(size=(3, 2)), rng.normal(size=(4, 2))]
    pairs = np.transpose([rng.integers(0, 3, 20), rng.integers(0, 4, 20)])
    task, moves = task_of(tables, negatives=2), []
    for _ in range(600):
        for table, first in zip((task.inputs, task.outputs), tables, strict=True):
            table.embeddings.assign(first)
        task.step(*pairs.T, learning_rate=1.0)
        moves.append(task.outputs.embeddings.value - tables[1])
    share = np.arange(1, 5) ** 0.75 / np.sum(np.arange(1, 5) ** 0.75)
    # A lot in which each id has its share is drawn by nobody, but its gradient is the mean one.
    lots = np.repeat(np.arange(4), np.round(1000 * share).astype(int))
    _, gradients = by_hand(tables, [pairs], [lots], negatives=2)
    noise = np.std(moves, axis=0) / np.sqrt(len(moves))
    assert (np.abs(np.mean(moves, axis=0) + gradients[1]) < 5 * noise).all()
    assert (noise < 0.3).all()


def test_negatives_are_drawn_by_the_three_quarter_power_of_the_counts():
    task = task_of([np.zeros((1, 2)), np.zeros((4, 2))], negatives=1000)
    drawn = task._drawn(groups=200, pairs=1)
    assert drawn.shape == (200, 1000)
    shares = np.bincount(drawn.ravel(), minlength=4) / 200_000
    expected = np.array([1, 2, 3, 4]) ** 0.75
    np.testing.assert_allclose(shares, expected / expected.sum(), atol=0.005)


def test_a_frozen_table_stays_and_the_other_one_learns():
    tables = [np.ones((2, 3)), np.ones((2, 3))]
    task = task_of(tables)
    task.outputs.trainable = False
    task.step(np.array([0]), np.array([1]), 0.1)
    assert (task.outputs.embeddings.value == 1).all()
    assert (task.inputs.embeddings.value[0] != 1).all()
    assert task.inputs.embeddings.gradient is None


def test_the_rate_falls_in_a_straight_line_over_all_epochs():
    task, rates = task_of([np.zeros((2, 3)), np.zeros((2, 3))]), []
    task.step = lambda first, second, rate: rates.append(rate) or 0.0
    pairs = np.array([0, 1] * 4), np.array([1, 0] * 4)
    task.train(lambda: [(*pairs, 10)], words=10, epochs=2, learning_rate=0.5, batch_size=2)
    np.testing.assert_allclose(rates, 0.5 * (1 - np.arange(8) / 8))


@pytest.mark.long
def test_words_of_one_topic_come_to_lie_together():
    texts, _ = texts_of_two_topics(40)
    model = Skipgram(12, 8, subsample=0, seed=0)
    losses = model.fit(texts, epochs=30)
    assert losses[-1] < 0.8 * losses[0]
    assert neighbours_alike(model.vectors, np.arange(12) // 6) == 1


@pytest.mark.long
def test_the_products_become_what_levy_and_goldberg_derived():
    """With as many dimensions as words, #(w, c) log σ(s) + k P(c) (#(w) − #(w, c)) log σ(−s)."""
    rng, chain = np.random.default_rng(0), [0]
    follows = rng.dirichlet(np.full(6, 0.5), size=6)
    for _ in range(3000):
        chain.append(rng.choice(6, p=follows[chain[-1]]))
    model = Skipgram(6, 6, 2, negatives=2, subsample=0, learning_rate=0.1, batch_size=64, seed=0)
    model.fit([chain], epochs=60)
    seen = cooccurrences([chain], 6, window=2).toarray()
    drawn = np.bincount(chain) ** 0.75
    # A negative equal to the true neighbour is left out, hence the difference.
    others = (seen.sum(axis=1, keepdims=True) - seen) * drawn / drawn.sum()
    products = model.vectors @ model.contexts.embeddings.value.T
    np.testing.assert_allclose(products, np.log(seen / (2 * others)), atol=0.2)


def test_a_seed_repeats_and_another_gives_others():
    texts, _ = texts_of_two_topics()
    first, again, other = (Skipgram(12, 4, seed=seed) for seed in (3, 3, 4))
    assert first.fit(texts) == again.fit(texts)
    other.fit(texts)
    np.testing.assert_array_equal(first.vectors, again.vectors)
    assert not np.array_equal(first.vectors, other.vectors)


def test_words_to_skip_keep_their_first_vectors():
    texts = [[0, 1, 2, 3, 2, 0], [3, 2, 1, 3, 0, 0]]
    model = Skipgram(4, 4, subsample=0, seed=0)
    before = model.vectors.copy()
    model.fit(texts, skip=(0, 1))
    changed = (model.vectors != before).any(axis=1)
    assert changed.tolist() == [False, False, True, True]


@pytest.mark.long
@pytest.mark.parametrize("learning_rate", [0.025, 0.5])
def test_few_words_and_many_pairs_do_not_overshoot(learning_rate):
    text = np.random.default_rng(0).integers(0, 2, 400)
    model = Skipgram(2, 8, subsample=0, learning_rate=learning_rate, seed=0)
    losses = model.fit([text], epochs=4)
    # Nothing can be learned from chance: the best is to guess one in 1 + 5 × ½.
    chance = 3.5 * np.log(3.5) - 2.5 * np.log(2.5)
    np.testing.assert_allclose(losses[-1], chance, rtol=0.1)
    assert np.abs(model.vectors).max() < 20


@pytest.mark.parametrize(
    ("ids", "size"),
    [
        # Each of two ids is in every second pair, and 2.5 times among its five negatives: 3.
        (np.arange(1000) % 2, 1 / 0.3),
        (np.arange(1000) % 100, 1 / 0.006),
        # The mean over the pairs of how many share their first id: 0.7 squared, and 300 times 10⁻⁶.
        (np.append(np.zeros(700, int), np.arange(300) + 1), 1 / 0.04903),
        # An id in a tenth of the pairs, and a 901th of five negatives: an eighth of that.
        (np.append(np.zeros(100, int), np.arange(900) + 1), 8 / (0.01 + 0.5 / 901)),
        (np.arange(30_000), 3072),
    ],
)
def test_a_step_takes_fewer_pairs_where_they_share_rows(ids, size):
    num_rows = int(ids.max()) + 1
    tables = [Embedding(num_rows, 2, weights=np.zeros((num_rows, 2))) for _ in range(2)]
    task = NegativeSampling(*tables, np.ones(num_rows), 5, np.random.default_rng(0))
    assert task._pairs_at_once(ids, ids, 0.1) == int(size)


def test_a_batch_size_that_is_given_is_taken():
    model, sizes = Skipgram(12, 4, seed=0, batch_size=7), set()
    real = NegativeSampling.step

    def step(task, first, second, rate):
        sizes.add(first.size)
        return real(task, first, second, rate)

    texts, _ = texts_of_two_topics()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NegativeSampling, "step", step)
        model.fit(texts, epochs=1)
    assert max(sizes) == 7


def test_a_window_longer_than_every_text_reaches_all_of_it():
    model, seen = Skipgram(3, 2, window=50, subsample=0, seed=0), set()
    real = NegativeSampling.step

    def step(task, first, second, rate):
        seen.update(map(tuple, np.transpose([first, second]).tolist()))
        return real(task, first, second, rate)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NegativeSampling, "step", step)
        model.fit([[0, 1, 2]], epochs=30)
    assert seen == {(0, 1), (1, 0), (1, 2), (2, 1), (0, 2), (2, 0)}


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], r"no text holds two words.*0 text\(s\) with 0 word\(s\)"),
        ([[], []], r"no text holds two words.*2 text\(s\)"),
        ([[2], [3]], r"no text holds two words.*2 word\(s\)"),
        ([[0, 1, 2]], "no text holds two words"),  # but for the two to skip
        ([[2, 2, 2]], "at least two different ids.*received 1"),
    ],
)
def test_texts_without_anything_to_learn_are_refused(texts, message):
    model = Skipgram(4, 4, seed=0)
    before = model.vectors.copy()
    with pytest.raises(ValueError, match=message):
        model.fit(texts, skip=(0, 1))
    np.testing.assert_array_equal(model.vectors, before)


def test_a_text_that_subsampling_empties_is_refused_with_the_cure():
    with pytest.raises(ValueError, match="subsample=0"):
        Skipgram(4, 4, subsample=1e-12, seed=0).fit([[0, 1, 2, 3]])


def test_a_vocabulary_of_one_has_no_negative():
    with pytest.raises(ValueError, match="at least two different ids"):
        Skipgram(1, 4).fit([[0, 0, 0]])


@pytest.mark.parametrize(
    ("texts", "error", "message"),
    [
        ([[0, 4]], IndexError, r"id 4 at position \(1,\) is outside \[0, 4\)"),
        ([["good", "film"]], TypeError, "TextVectorization"),
        ([0, 1, 2], ValueError, "text 0 has shape .*list of lists"),
        ([[[0, 1], [1, 2]]], ValueError, r"text 0 has shape \(2, 2\)"),
    ],
)
def test_what_is_no_text_of_ids_is_refused(texts, error, message):
    with pytest.raises(error, match=message):
        Skipgram(4, 4).fit(texts)


@pytest.mark.parametrize(
    ("argument", "value", "error"),
    [
        ("vocabulary_size", 0, ValueError),
        ("output_dim", 2.5, ValueError),
        ("window", 0, ValueError),
        ("negatives", 0, ValueError),
        ("batch_size", 0, ValueError),
        ("subsample", -1, ValueError),
        ("learning_rate", np.nan, ValueError),
        ("learning_rate", "fast", TypeError),
    ],
)
def test_an_argument_outside_its_range_is_named(argument, value, error):
    with pytest.raises(error, match=argument):
        Skipgram(**{"vocabulary_size": 4, "output_dim": 2} | {argument: value})


def test_epochs_must_be_positive():
    with pytest.raises(ValueError, match="epochs must be a positive integer: received 0"):
        Skipgram(4, 2).fit([[0, 1]], epochs=0)


def test_counts_must_match_the_table():
    layers = Embedding(3, 2, weights=np.zeros((3, 2))), Embedding(3, 2, weights=np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"one count for each of 3 rows: received \(4,\)"):
        NegativeSampling(*layers, np.ones(4), 2, np.random.default_rng(0))


def two_tables(width=2):
    tables = [Embedding(4, 2), Embedding(4, width)]
    for table in tables:
        table.build()
    return tables


def sampling(counts=(5, 3, 1, 1), inputs=None, outputs=None):
    made = two_tables()
    return NegativeSampling(
        inputs or made[0], outputs or made[1], np.array(counts, float), 2, np.random.default_rng(0)
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"outputs": Embedding(4, 2)}, "outputs must be built, and both of one width"),
        ({"outputs": two_tables(3)[1]}, "outputs must be built, and both of one width"),
        ({"counts": (5, 3)}, r"one count for each of 4 rows: received \(2,\)"),
        ({"counts": (5, 3, -1, 1)}, r"finite numbers from 0 on: received -1\.0"),
        ({"counts": (5, 3, np.inf, 1)}, "finite numbers from 0 on: received inf"),
        ({"counts": (5, 0, 0, 0)}, "at least two different ids .* received 1"),
    ],
)
def test_sampling_refuses_what_does_not_fit(changed, message):
    with pytest.raises(ValueError, match=message):
        sampling(**changed)


@pytest.mark.parametrize(("first", "second"), [([0, 1], [2]), ([[0]], [[1]]), ([], [])])
def test_a_step_needs_pairs(first, second):
    made = sampling()
    before = made.inputs.embeddings.value.copy()
    with pytest.raises(ValueError, match=r"must be pairs, two of shape \(n,\): received"):
        made.step(first, second, 0.1)
    np.testing.assert_array_equal(made.inputs.embeddings.value, before)
