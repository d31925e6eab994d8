"""A row for each text, and a vector for one that was not there."""

import numpy as np
import pytest

from embedding_core.lessons.claims.words import neighbours_alike, texts_of_two_topics
from embedding_core.relatives.paragraph_vectors import ParagraphVectors

TEXTS, TOPICS = texts_of_two_topics(40)


def fitted(seed=0, **arguments):
    model = ParagraphVectors(12, 4, subsample=0, learning_rate=0.1, seed=seed, **arguments)
    model.fit(TEXTS, epochs=40)
    return model


@pytest.mark.long
def test_texts_of_one_topic_come_to_lie_together():
    model = ParagraphVectors(12, 4, subsample=0, learning_rate=0.1, seed=0)
    losses = model.fit(TEXTS, epochs=40)
    assert model.vectors.shape == (40, 4)
    assert losses[-1] < 0.8 * losses[0]
    assert neighbours_alike(model.vectors, TOPICS) == 1


@pytest.mark.long
def test_a_text_scores_its_own_words_above_the_others():
    model = fitted()
    scores = (model.vectors @ model.words.embeddings.value.T).reshape(40, 2, 6).mean(axis=2)
    assert scores[range(40), TOPICS].min() > scores[range(40), 1 - TOPICS].max()


@pytest.mark.long
def test_a_new_text_of_any_length_lands_among_those_of_its_topic_and_no_word_moves():
    model = fitted()
    before = model.words.embeddings.value.copy(), model.vectors.copy()
    new = model.infer([[0, 3, 5, 1], [7, 6, 8, 9, 11, 6, 7, 10, 9]], epochs=30)
    likeness = new @ model.vectors.T
    assert likeness.shape == (2, 40)
    np.testing.assert_array_equal(TOPICS[likeness.argmax(axis=1)], [0, 1])
    np.testing.assert_array_equal(model.words.embeddings.value, before[0])
    np.testing.assert_array_equal(model.vectors, before[1])


@pytest.mark.long
def test_asking_again_gives_the_same_vectors_and_a_seed_repeats():
    model, again, other = fitted(), fitted(), fitted(seed=1)
    new = model.infer(TEXTS[:3])
    np.testing.assert_array_equal(new, model.infer(TEXTS[:3]))
    np.testing.assert_array_equal(new, again.infer(TEXTS[:3]))
    assert not np.array_equal(model.vectors, other.vectors)


@pytest.mark.long
def test_the_order_of_the_words_plays_no_part():
    """Only which words stand in a text: what is left is the order of the draws."""
    model, text = fitted(), [0, 1, 2, 3, 4, 5] * 3
    one, turned = (model.infer([words], epochs=200)[0] for words in (text, text[::-1]))
    np.testing.assert_allclose(
        one @ turned / np.linalg.norm(one) / np.linalg.norm(turned), 1, atol=0.02
    )


def test_a_text_without_a_known_word_has_the_vector_zero():
    model = ParagraphVectors(14, 4, subsample=0, seed=0)
    model.fit([*TEXTS, [12, 12], []], skip=(12,))
    assert (model.vectors[-2:] == 0).all()
    assert model.vectors[:-2].any(axis=1).all()
    new = model.infer([[], [13], [12], [13, 3]], skip=(12,))
    assert new.any(axis=1).tolist() == [False, False, False, True]
    np.testing.assert_array_equal(model.infer([[]]), np.zeros((1, 4)))
    assert model.infer([]).shape == (0, 4)


@pytest.mark.long
def test_fitting_again_starts_anew():
    model = fitted()
    model.fit(TEXTS[:10])
    assert model.vectors.shape == (10, 4)
    assert model.words.embeddings.value.any()


@pytest.mark.long
@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "at least one text"),
        ([[], []], "at least two different ids.*received 0"),
        ([[3, 3], [3]], "at least two different ids.*received 1"),
    ],
)
def test_texts_without_anything_to_learn_are_refused_and_nothing_changes(texts, message):
    model = fitted()
    before = model.vectors.copy()
    with pytest.raises(ValueError, match=message):
        model.fit(texts)
    np.testing.assert_array_equal(model.vectors, before)


def test_texts_that_subsampling_empties_are_refused_with_the_cure():
    with pytest.raises(ValueError, match="subsample=0"):
        ParagraphVectors(4, 2, subsample=1e-12, seed=0).fit([[0, 1], [2, 3]])


def test_before_fit_there_is_nothing_to_show_or_to_infer_with():
    model = ParagraphVectors(4, 2)
    with pytest.raises(ValueError, match="call fit"):
        model.infer([[0, 1]])
    with pytest.raises(ValueError, match="call fit"):
        _ = model.vectors


@pytest.mark.long
@pytest.mark.parametrize("call", ["fit", "infer"])
def test_ids_outside_the_table_and_epochs_below_one_are_refused(call):
    method = getattr(fitted(), call)
    with pytest.raises(IndexError, match=r"id 12 at position \(1,\) is outside"):
        method([[0, 12]])
    with pytest.raises(ValueError, match="epochs must be a positive integer"):
        method([[0, 1]], epochs=0)


@pytest.mark.parametrize("argument", ["vocabulary_size", "output_dim", "negatives", "batch_size"])
def test_a_size_must_be_a_positive_integer(argument):
    with pytest.raises(ValueError, match=f"{argument} must be a positive integer: received 0"):
        ParagraphVectors(**{"vocabulary_size": 4} | {argument: 0})


def test_an_epoch_whose_words_were_all_left_out_has_the_loss_nan():
    model = ParagraphVectors(4, 2, subsample=0.01, seed=0)
    losses = np.array(model.fit([[0, 1], [2, 3]], epochs=12))
    assert 0 < np.count_nonzero(np.isnan(losses)) < 12
    assert np.isfinite(model.vectors).all()
