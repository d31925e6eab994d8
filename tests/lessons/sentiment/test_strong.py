"""The strong judge: its start, its votes, its curve."""

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.naive_bayes import MultinomialNB

from embedding_core.lessons.sentiment import (
    accuracy_by_size,
    fit_bags,
    log_count_ratios,
    start_from_counts,
    strong_model,
    train_judge,
)
from embedding_core.text import Ngrams

LIKED = ["good film", "a good one", "not bad", "not bad at all", "good and not bad"]
DISLIKED = ["bad film", "a bad one", "not good", "not good at all", "bad and not good"]
TEXTS = LIKED + DISLIKED
LABELS = np.array([1] * len(LIKED) + [0] * len(DISLIKED))


@pytest.fixture
def bags():
    return Ngrams(min_texts=1).adapt_and_call(TEXTS)


def test_the_ratios_are_those_of_naive_bayes(bags):
    bayes = MultinomialNB().fit(bags, LABELS)
    expected = bayes.feature_log_prob_[1] - bayes.feature_log_prob_[0]
    np.testing.assert_allclose(log_count_ratios(bags, LABELS), expected)


def test_the_start_judges_by_the_mean_of_the_ratios(bags):
    model = strong_model(bags.shape[1])
    before = logit(model(bags)[:, 0].astype(float))
    start_from_counts(model, bags, LABELS, strength=2.0)
    after = logit(model(bags)[:, 0].astype(float))
    mean = (bags @ log_count_ratios(bags, LABELS)) / bags.sum(axis=1)
    np.testing.assert_allclose(after - before, 2.0 * mean, atol=1e-4)


def test_pairs_tell_what_words_cannot():
    """Each word is in as many good texts as in bad ones; what turns is the order."""
    judge = train_judge(TEXTS * 20, np.tile(LABELS, 20), epochs=5)
    assert judge.accuracy(TEXTS, LABELS) == 1.0
    one, other = judge.probability(["not good", "not bad"])
    assert one < 0.5 < other


def test_the_votes_add_up_to_the_answer():
    judge = train_judge(TEXTS, LABELS)
    for text in ("not good at all , zxqv", "good good good", "", "zxqv"):
        votes = judge.votes(text)
        total = judge.bias + sum(vote.amount for vote in votes)
        np.testing.assert_allclose(expit(total), judge.probability([text])[0], rtol=1e-5)
        sizes = [abs(vote.amount) for vote in votes]
        assert sizes == sorted(sizes, reverse=True)
    assert {vote.gram for vote in judge.votes("not good")} == {"not", "good", "not good"}


@pytest.mark.long
def test_one_seed_gives_one_judge():
    one, same, other = (train_judge(TEXTS, LABELS, seed=seed) for seed in (3, 3, 4))
    answers = [judge.probability(TEXTS) for judge in (one, same, other)]
    np.testing.assert_array_equal(answers[0], answers[1])
    assert (answers[0] != answers[2]).any()


def test_each_epoch_sees_every_text_and_is_measured(bags):
    model = strong_model(bags.shape[1])
    seen = []
    step = model.train_on_batch
    model.train_on_batch = lambda x, y: seen.append(x.shape[0]) or step(x, y)
    many = bags[np.tile(np.arange(len(LABELS)), 10)]
    measured = fit_bags(model, many, np.tile(LABELS, 10), 3, validation_data=(bags, LABELS))
    assert seen == [64, 36] * 3
    assert measured[-1] == np.mean((model(bags)[:, 0] > 0.5) == LABELS)
    assert len(measured) == 3
    assert fit_bags(model, bags, LABELS, 1) == []


def test_the_curve_rises_and_a_subset_knows_its_own_texts_only(monkeypatch):
    from embedding_core.lessons.sentiment import curve

    sizes_of_tables = []
    make = curve.strong_model
    monkeypatch.setattr(
        curve, "strong_model", lambda v, seed: sizes_of_tables.append(v) or make(v, seed=seed)
    )
    ngrams = Ngrams(min_texts=1)
    texts, labels = TEXTS * 30, np.tile(LABELS, 30)
    train = ngrams.adapt_and_call(texts), labels
    held_out = ngrams(TEXTS), LABELS
    accuracy = accuracy_by_size(train, held_out, [12, 300], seeds=(0, 1))
    assert accuracy.shape == (2, 2)
    assert accuracy[:, 1].min() == 1.0
    assert sizes_of_tables[0] < sizes_of_tables[1] == ngrams.size
    np.testing.assert_array_equal(
        accuracy, accuracy_by_size(train, held_out, [12, 300], seeds=(0, 1))
    )


@pytest.mark.parametrize("sizes", [[0], [11], [5, -1]])
def test_a_curve_of_more_texts_than_there_are_is_refused(bags, sizes):
    with pytest.raises(ValueError, match=r"sizes must lie in \[1, 10\]"):
        accuracy_by_size((bags, LABELS), (bags, LABELS), sizes)


@pytest.mark.parametrize(
    ("labels", "match"),
    [
        (LABELS[:-1], r"one label for each of the 10 texts: received shape \(9,\)"),
        (LABELS * 2, r"received \[0, 2\]"),
        (LABELS * 0, r"received \[0\]"),
    ],
)
def test_labels_are_checked_before_anything_is_trained(bags, labels, match):
    model = strong_model(bags.shape[1])
    before = model.get_weights()
    for use in (start_from_counts, fit_bags):
        with pytest.raises(ValueError, match=match):
            use(model, bags, labels)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_a_table_of_another_size_and_no_epoch_are_refused(bags):
    with pytest.raises(ValueError, match=f"the table has 3 rows: received {bags.shape[1]}"):
        start_from_counts(strong_model(3), bags, LABELS)
    with pytest.raises(ValueError, match="epochs must be at least 1: received 0"):
        fit_bags(strong_model(bags.shape[1]), bags, LABELS, 0)
