import numpy as np
import pytest

from embedding_core import utils


def test_a_class_becomes_a_row_with_a_one():
    assert utils.to_categorical([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]
    assert utils.to_categorical([0, 2, 5]).shape == (3, 6)
    assert utils.to_categorical(1).tolist() == [0, 1]
    assert utils.to_categorical(np.array([1.0, 0.0]), 2).tolist() == [[0, 1], [1, 0]]
    assert utils.to_categorical([], 2).shape == (0, 2)


def test_axes_stay_but_for_a_last_one_of_length_1():
    assert utils.to_categorical([[0, 1], [1, 1]]).tolist() == [[[1, 0], [0, 1]], [[0, 1], [0, 1]]]
    assert utils.to_categorical([[0], [1]]).tolist() == [[1, 0], [0, 1]]
    assert utils.to_categorical([[[0], [1]]]).shape == (1, 2, 2)
    assert utils.to_categorical([0]).shape == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([3], 3), IndexError, r"id 3 at position .* is outside \[0, 3\)"),
        (([0, -1],), IndexError, r"id -1 at position \(1,\) is outside"),
        ((np.uint64(2**64 - 1),), IndexError, "id 18446744073709551615 at position"),
        (([np.nan],), TypeError, "float id nan"),
        (([2**60],), MemoryError, f"for each of \\[{2**60}\\]"),
        (([2**62],), MemoryError, f"no room for {2**62 + 1} numbers"),
        (([0.5],), TypeError, "float id 0.5"),
        ((["a"],), TypeError, "x must be the numbers of classes: received dtype <U1"),
        (([True],), TypeError, "boolean|bool"),
        (([0], 0), ValueError, "num_classes must be a positive integer: received 0"),
        (([0], 2.0), ValueError, "num_classes must be a positive integer: received 2.0"),
        (([],), ValueError, "num_classes must be given for no labels"),
    ],
)
def test_labels_that_are_no_classes_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        utils.to_categorical(*arguments)


def test_vectors_get_the_length_1_along_any_axis():
    x = np.array([[3.0, 1.0], [4.0, 0.0], [0.0, 0.0]])
    assert np.allclose(utils.normalize(x), [[3 / 10**0.5, 1 / 10**0.5], [1, 0], [0, 0]])
    assert np.allclose(utils.normalize(x, axis=0), [[0.6, 1], [0.8, 0], [0, 0]])
    assert np.allclose(utils.normalize(x, order=1), [[0.75, 0.25], [1, 0], [0, 0]])
    assert np.allclose(utils.normalize(x, 0, np.inf), [[0.75, 1], [1, 0], [0, 0]])
    assert utils.normalize([3, 4]).tolist() == [0.6, 0.8]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_normalize_makes_a_new_array_of_the_same_dtype(dtype):
    x = np.ones((2, 2), dtype)
    assert utils.normalize(x).dtype == dtype
    assert (x == 1).all()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((["a"],), TypeError, "x must be numbers"),
        (([1.0], "0"), TypeError, "axis must be a whole number: received '0'"),
        (([1.0], 1), ValueError, "x has 1 axes: received axis 1"),
        (([1.0], -1, "fro"), TypeError, "order must be a number: received 'fro'"),
        (([1.0], -1, 10**400), ValueError, "order must be a number that a float holds: 1000"),
    ],
)
def test_what_cannot_be_normalized_is_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        utils.normalize(*arguments)
