"""What a gradient has become when the formula gets it. The numbers are added up by hand."""

import numpy as np
import pytest
from strategies import FLOATS

from embedding_core import IndexedSlices, Variable
from embedding_core.optimizers.gradients import prepared


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("given", FLOATS)
def test_slices_are_merged_and_brought_to_the_variables_dtype(given, dtype):
    values = np.array([[1, 2], [3, 4], [5, 6]], given)
    slices = IndexedSlices(values, np.array([4, 1, 4]), (5, 2))
    ready = prepared(slices, Variable(np.zeros((5, 2), dtype)))
    assert ready.values.dtype == dtype
    assert ready.values.tolist() == [[3, 4], [6, 8]]
    assert ready.indices.tolist() == [1, 4]
    assert ready.dense_shape == (5, 2)
    assert slices.values is values, "the gradient itself stays as it was"


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("given", [*FLOATS, "int64"])
def test_an_array_is_brought_to_the_variables_dtype(given, dtype):
    ready = prepared(np.array([1, -2], given), Variable(np.zeros(2, dtype)))
    assert ready.dtype == dtype
    assert ready.tolist() == [1, -2]
