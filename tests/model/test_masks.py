"""Where padding ends: it counts neither in the loss, nor in the metrics, nor in the gradient."""

import numpy as np
import pytest

from embedding_core import SGD, Dense, Embedding, Layer, Sequential

TABLE = [[9.0], [1.0], [2.0]]
IDS = np.array([[1, 0], [2, 1]])


def model(loss="mse", first=TABLE, **kwargs):
    made = Sequential(
        [
            Embedding(3, 1, mask_zero=True, weights=[first]),
            Dense(1, kernel_initializer="ones", **kwargs),
        ]
    )
    made.compile(SGD(0.1), loss)
    return made


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        # Squares of 1, (padding), 2, 1: a mean over the three steps that are there.
        (None, (1 + 4 + 1) / 3),
        ([[1], [3]], (1 + 3 * 4 + 3 * 1) / 3),
        ([1, 3], (1 + 3 * 4 + 3 * 1) / 3),
        ([[2, 7], [0, 1]], (2 * 1 + 0 * 4 + 1 * 1) / 3),
    ],
)
def test_the_loss_is_a_mean_over_the_steps_that_are_there(weight, expected):
    labels = np.zeros((2, 2, 1))
    assert model().evaluate(IDS, labels, sample_weight=weight) == pytest.approx(expected)
    assert model().train_on_batch(IDS, labels, weight) == pytest.approx(expected)


def test_a_row_of_padding_adds_nothing_to_the_mean():
    ids = np.array([[1, 2], [0, 0]])
    assert model().evaluate(ids, np.zeros((2, 2, 1))) == pytest.approx((1 + 4) / 2)


def test_a_padded_step_teaches_nothing():
    made = model()
    made.train_on_batch(IDS, np.zeros((2, 2, 1)))
    table, kernel, _ = made.get_weights()
    assert table[0] == 9
    # Row 1 was asked twice and row 2 once: 2 x its value / 3 for each, at the rate 0.1.
    assert table[1:, 0] == pytest.approx([1 - 0.1 * (2 * 2 / 3), 2 - 0.1 * 4 / 3])
    assert kernel[0, 0] == pytest.approx(1 - 0.1 * 2 * (1 + 4 + 1) / 3)


def test_the_accuracy_counts_the_steps_that_are_there():
    made = Sequential(
        [
            Embedding(3, 1, mask_zero=True, weights=[[[1.0], [1.0], [-1.0]]]),
            Dense(1, "sigmoid", kernel_initializer="ones"),
        ]
    )
    made.compile(SGD(0.0), "binary_crossentropy", ["accuracy"])
    labels = np.array([[[1], [0]], [[1], [1]]])
    logs = made.evaluate(IDS, labels, return_dict=True)
    assert logs["accuracy"] == pytest.approx(2 / 3)
    # Over batches it is the share of all steps, and no mean of the batches' shares.
    by_one = made.fit(IDS, labels, batch_size=1, verbose=0)
    assert by_one.history["accuracy"][0] == pytest.approx(2 / 3)


def test_a_mask_that_ends_before_the_outputs_leaves_the_loss_alone():
    class Deaf(Layer):
        def call(self, inputs, mask=None):
            return np.asarray(inputs)

    made = Sequential([Embedding(3, 1, mask_zero=True, weights=[TABLE]), Deaf()])
    made.compile(SGD(0.1), "mse")
    with pytest.warns(UserWarning, match="does not support masking"):
        loss = made.evaluate(IDS, np.zeros((2, 2, 1)))
    assert loss == pytest.approx((1 + 81 + 4 + 1) / 4)
