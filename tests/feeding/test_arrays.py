"""What becomes an array, and how the rest is told what to do."""

import array
from collections import deque

import numpy as np
import pytest
import scipy

from embedding_core.feeding.arrays import as_array, as_inputs

ROWS = [[1, 2], [3, 4]]


class Tensor:
    """Stands for PyTorch's, which is not installed here: it may refuse to become an array."""

    def __init__(self, error=None):
        self.error = error

    def __array__(self, dtype=None, copy=None):
        if self.error is not None:
            raise self.error
        return np.array(ROWS)


Tensor.__module__ = "torch"


class DataLoader:
    """Stands for PyTorch's."""

    def __iter__(self):
        return iter([(ROWS, [0, 1])])


DataLoader.__module__ = "torch.utils.data.dataloader"


@pytest.mark.parametrize(
    "value",
    [
        ROWS,
        tuple(map(tuple, ROWS)),
        np.array(ROWS),
        [np.array([1, 2]), np.array([3, 4])],
        deque(ROWS),
        [range(1, 3), range(3, 5)],
        Tensor(),
        memoryview(np.array(ROWS)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_numpy_reads_is_taken(value):
    assert as_array("x", value).tolist() == ROWS


def test_other_sequences_of_numbers_are_taken():
    assert as_array("x", range(3)).tolist() == [0, 1, 2]
    assert as_array("x", array.array("d", [1, 2])).tolist() == [1, 2]
    assert as_array("x", 3).tolist() == 3
    given = np.ones((2, 3), order="F")
    assert as_array("x", given) is given


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Can't call numpy() on Tensor that requires grad."),
        TypeError("can't convert cuda:0 device type tensor to numpy."),
        ValueError("something else"),
    ],
)
def test_a_tensor_that_lies_elsewhere_is_refused_with_the_way_to_numpy(error):
    with pytest.raises(TypeError, match=r"x is a torch\.Tensor .*\.detach\(\)\.cpu\(\)\.numpy\(\)"):
        as_array("x", Tensor(error))


@pytest.mark.parametrize(
    ("value", "match"),
    [
        (None, "None"),
        (iter(ROWS), "list_iterator, which can be gone through only once.*train_on_batch"),
        ((row for row in ROWS), "generator, which can be gone through only once. Collect"),
        (DataLoader(), r"torch.*DataLoader, which gives batches.*zip\(\*data\)"),
        ({"x": ROWS}, r"dict with the keys \['x'\]. A model here has one input"),
        ({1, 2}, "a set"),
        (object(), "a object.*Make an array of it first"),
        (list, "a type"),
        (scipy.sparse.eye_array(3), r"a sparse matrix of shape \(3, 3\).*\.toarray\(\)"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_array_is_refused_by_name(value, match):
    with pytest.raises(TypeError, match=f"x must be an array or nested lists: received.*{match}"):
        as_array("x", value)


def test_lists_of_different_lengths_are_told_to_be_padded():
    with pytest.raises(ValueError, match=r"y must form a rectangle.*\[\[1\], \[2, 3\]\].*pad"):
        as_array("y", [[1], [2, 3]])


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil", "dok", "dia", "bsr"])
@pytest.mark.parametrize("array_or_matrix", ["array", "matrix"])
def test_sparse_inputs_of_any_kind_can_be_cut_into_rows(kind, array_or_matrix):
    dense = np.array([[0, 2.0], [1, 0], [0, 0]])
    made = as_inputs("x", getattr(scipy.sparse, f"{kind}_{array_or_matrix}")(dense))
    assert made.shape == (3, 2)
    assert made[[2, 0]].toarray().tolist() == [[0, 0], [0, 2]]


def test_inputs_have_an_axis_of_samples():
    with pytest.raises(ValueError, match="x must have an axis that counts samples: received 3"):
        as_inputs("x", 3)
