"""How weights and a mask count: by arithmetic. The same beside Keras: tests/oracle."""

import numpy as np
import pytest
from helpers import numeric_gradient

from embedding_core.losses import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalCrossentropy,
    squeeze_or_expand_to_same_rank,
)
from embedding_core.losses.reduction import REDUCTIONS, beside, shares

RNG = np.random.default_rng(0)
N, STEPS, C = 3, 4, 3
KEPT = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]], bool)
P = RNG.uniform(0.05, 0.9, (N, STEPS, C))
LOGITS = RNG.normal(0, 2, (N, STEPS, C))
CLASSES = RNG.integers(0, C, (N, STEPS))
ROWS = np.eye(C)[CLASSES]
IGNORED = np.where(RNG.uniform(size=(N, STEPS)) < 0.4, -1, CLASSES)
CASES = {
    "squared": (MeanSquaredError, {}, ROWS, LOGITS),
    "absolute": (MeanAbsoluteError, {}, ROWS, LOGITS),
    "binary": (BinaryCrossentropy, {"label_smoothing": 0.2}, ROWS, P),
    "binary logits": (BinaryCrossentropy, {"from_logits": True}, ROWS, LOGITS),
    "binary, another axis": (BinaryCrossentropy, {"axis": 1}, ROWS, P),
    "rows": (CategoricalCrossentropy, {"label_smoothing": 0.2}, ROWS, P),
    "rows of shares": (CategoricalCrossentropy, {"from_logits": True}, P / 2, LOGITS),
    "rows, another axis": (CategoricalCrossentropy, {"axis": 1}, ROWS, P),
    "classes": (SparseCategoricalCrossentropy, {}, CLASSES, P),
    "ignored": (
        SparseCategoricalCrossentropy,
        {"from_logits": True, "ignore_class": -1},
        IGNORED,
        LOGITS,
    ),
}
every_case = pytest.mark.parametrize(
    ("cls", "settings", "labels", "outputs"), CASES.values(), ids=CASES
)


@every_case
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_gradient_agrees_with_finite_differences(
    cls, settings, labels, outputs, reduction, masked, weighted
):
    loss = cls(reduction=reduction, **settings)
    shape = loss.call(labels, outputs).shape
    mask = np.resize(KEPT, shape) if masked else None
    weights = np.linspace(0, 2, int(np.prod(shape))).reshape(shape) if weighted else None
    gradient = loss.gradient(labels, outputs, weights, mask)
    expected = numeric_gradient(lambda p: np.sum(loss(labels, p, weights, mask)), outputs)
    assert gradient.shape == outputs.shape
    assert np.allclose(gradient, expected, rtol=1e-5, atol=1e-8)


def test_a_mean_is_over_what_the_mask_leaves():
    each = np.array([[1.0], [4.0], [100.0]])
    loss = MeanSquaredError()
    mask = np.array([True, True, False])
    assert loss(np.zeros((3, 1)), np.sqrt(each), mask=mask) == pytest.approx(2.5)
    weights = [2, 1, 5]
    assert loss(np.zeros((3, 1)), np.sqrt(each), weights, mask) == pytest.approx(3)
    total = MeanSquaredError("sum")
    assert total(np.zeros((3, 1)), np.sqrt(each), weights, mask) == pytest.approx(6)
    weighted = MeanSquaredError("mean_with_sample_weight")
    assert weighted(np.zeros((3, 1)), np.sqrt(each), weights, mask) == pytest.approx(2)
    single = MeanSquaredError("none")
    assert single(np.zeros((3, 1)), np.sqrt(each), weights, mask).tolist() == [2, 4, 0]


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int32", "int64", "uint64", "float32"])
def test_a_mask_may_have_any_dtype(dtype):
    loss = SparseCategoricalCrossentropy()
    expected = loss(CLASSES[KEPT], P[KEPT])
    assert loss(CLASSES, P, mask=KEPT.astype(dtype)) == pytest.approx(expected)


@every_case
@pytest.mark.parametrize("reduction", REDUCTIONS[:4])
def test_where_nothing_is_left_the_loss_is_0_and_no_nan(cls, settings, labels, outputs, reduction):
    loss = cls(reduction=reduction, **settings)
    shape = loss.call(labels, outputs).shape
    for weights, mask in ((np.zeros(N), None), (None, np.zeros(shape)), (1.0, np.zeros(shape))):
        assert loss(labels, outputs, weights, mask) == 0
        assert not loss.gradient(labels, outputs, weights, mask).any()


def test_ignored_positions_do_not_count_in_the_mean():
    counted = IGNORED != -1
    loss = SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    plain = SparseCategoricalCrossentropy(from_logits=True)
    expected = plain(CLASSES[counted], LOGITS[counted])
    assert loss(IGNORED, LOGITS) == pytest.approx(expected)
    both = counted & KEPT
    assert loss(IGNORED, LOGITS, mask=KEPT) == pytest.approx(plain(CLASSES[both], LOGITS[both]))
    assert not loss.gradient(IGNORED, LOGITS)[~counted].any()


def test_weights_for_samples_weigh_samples_also_when_there_are_as_many_steps():
    square = P[:, :3]
    labels = CLASSES[:, :3]
    loss = SparseCategoricalCrossentropy()
    weights = np.array([1.0, 0.0, 0.0])
    assert loss(labels, square, weights) == pytest.approx(loss(labels[:1], square[:1]) / 3)
    assert loss(labels, square, weights) == pytest.approx(loss(labels, square, weights[:, None]))


FITTING = {
    "a number": (2.0, ()),
    "samples": (np.ones(3), (3, 1)),
    "a column": (np.ones((3, 1)), (3, 1)),
    "steps": (np.ones((3, 4)), (3, 4)),
    "with a last axis": (np.ones((3, 4, 1)), (3, 4)),
    "one row": (np.ones((1, 4)), (1, 4)),
}


@pytest.mark.parametrize(("given", "shape"), FITTING.values(), ids=FITTING)
def test_weights_are_laid_beside_the_values(given, shape):
    assert beside("sample_weight", given, (3, 4)).shape == shape
    assert shares((3, 4), "sum", given, None, "float64").shape == (3, 4)


@pytest.mark.parametrize("given", [np.ones(4), np.ones((4, 3)), np.ones((3, 4, 2)), np.ones(2)])
def test_weights_that_do_not_fit_are_refused_with_both_shapes(given):
    match = r"sample_weight must have shape \(3,\), .* or \(3, 4\), one for each step: received "
    with pytest.raises(ValueError, match=match + re_of(given.shape)):
        beside("sample_weight", given, (3, 4))


def re_of(shape):
    return str(shape).replace("(", r"\(").replace(")", r"\)")


@pytest.mark.parametrize("wrong", [np.ones((4, 2)), np.ones(3)])
def test_a_mask_that_does_not_fit_is_refused(wrong):
    with pytest.raises(ValueError, match=r"mask must have shape \(4,\), one for each sample: rec"):
        MeanSquaredError()(np.ones((4, 1)), np.ones((4, 1)), mask=wrong)
    with pytest.raises(TypeError, match="mask must be numbers: received dtype <U1"):
        MeanSquaredError()(np.ones((4, 1)), np.ones((4, 1)), mask=list("abcd"))


@pytest.mark.parametrize("wrong", ["abc", 3, ["sum"], True])
def test_an_unknown_reduction_is_refused(wrong):
    with pytest.raises(ValueError, match=r"reduction: it must be one of 'sum_over_batch_size'"):
        MeanSquaredError(reduction=wrong)


def test_only_a_last_axis_of_1_is_squeezed_or_expanded():
    for one, other, shapes in (
        ((3,), (3, 1), ((3, 1), (3, 1))),
        ((3, 1), (3,), ((3, 1), (3, 1))),
        ((3, 2), (3, 2, 1), ((3, 2), (3, 2))),
        ((3, 2), (3,), ((3, 2), (3,))),
        ((3,), (3,), ((3,), (3,))),
        ((), (3, 1), ((), (3, 1))),
    ):
        made = squeeze_or_expand_to_same_rank(np.ones(one), np.ones(other))
        assert tuple(part.shape for part in made) == shapes
    made = squeeze_or_expand_to_same_rank(np.ones(3), np.ones((3, 1)), expand_rank_1=False)
    assert [part.shape for part in made] == [(3,), (3,)]
