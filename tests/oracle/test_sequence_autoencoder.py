"""The small LSTM autoencoder learns to write texts again, through one table."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
import pytest

from embedding_core.keras_bridge.sequence_autoencoder import SequenceAutoencoder, one_late

# Two kinds of text: the second word decides all that follow it.
TEXTS = np.array([[2, 3, 4, 5, 0], [2, 6, 7, 8, 0]] * 20)


def test_the_writer_is_told_the_words_before_the_one_it_has_to_write():
    assert one_late(TEXTS[:2]).tolist() == [[0, 2, 3, 4, 5], [0, 2, 6, 7, 8]]


def test_it_learns_to_write_again_what_it_has_read():
    """The second word cannot be guessed from the first: only what was read tells it."""
    model = SequenceAutoencoder(9, 4, units=8, learning_rate=0.05)
    first = model.table
    run = model.fit(TEXTS, epochs=25, batch_size=8)
    assert run["loss"][-1] < 0.2 < run["loss"][0]
    assert run["accuracy"][-1] > 0.95
    assert run["accuracy"][-1] > 7 / 8 + 0.05, "7 of 8 words follow from the words before"
    assert (model.table[2:] != first[2:]).all()
    assert model.table.shape == (9, 4)
    blind = model.model.predict([TEXTS[:2] * 0, one_late(TEXTS[:2])], verbose=0).argmax(-1)
    assert blind[0, 1] == blind[1, 1], "without the reader it cannot tell the two apart"


def test_padding_need_not_be_written():
    """A text of padding beside the words changes nothing in what is learned of them."""
    runs = []
    for pad in (0, 4):
        texts = np.pad(TEXTS[:, :4], ((0, 0), (0, pad + 1)))
        runs.append(SequenceAutoencoder(9, 4, units=8).fit(texts)["accuracy"][0])
    assert all(0 <= accuracy <= 1 for accuracy in runs)
    words_alone = SequenceAutoencoder(9, 4, units=8).fit(np.full((8, 3), 2), epochs=40)
    assert words_alone["accuracy"][-1] == 1.0


def test_a_seed_repeats():
    tables = [SequenceAutoencoder(9, 4, units=8, seed=3).table for _ in range(2)]
    np.testing.assert_array_equal(*tables)


@pytest.mark.parametrize(
    ("bad", "error", "match"),
    [
        (np.empty((0, 3), int), ValueError, r"hold a word at least: received shape \(0, 3\)"),
        (np.zeros((2, 3), int), ValueError, "hold a word at least: .*, 0 words"),
        ([2, 3], ValueError, r"received shape \(2,\)"),
        ([[2, 9]], IndexError, "id 9"),
        ([[2.5, 3]], TypeError, "2.5"),
    ],
)
def test_bad_texts_are_refused_before_anything_is_trained(bad, error, match):
    model = SequenceAutoencoder(9, 4, units=8)
    before = model.model.get_weights()
    with pytest.raises(error, match=match):
        model.fit(bad)
    for one, other in zip(before, model.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_sizes_must_be_positive():
    with pytest.raises(ValueError, match="units must be a positive integer: received 0"):
        SequenceAutoencoder(9, 4, units=0)
