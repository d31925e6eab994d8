"""Cases of the gradient: which row is blamed."""

import numpy as np
from numpy.typing import NDArray

from embedding_core.lessons.elsewhere.cases import Case
from embedding_core.lessons.elsewhere.layer import Adapter, Options, small_table
from embedding_core.lessons.elsewhere.words import numbers, rows_that_differ

_NONE = np.zeros((4, 2), np.float32)


def _blamed(gradient: NDArray[np.float32]) -> str:
    return "NaN" if np.isnan(gradient).any() else rows_that_differ(_NONE, gradient)


def _of_a_bad_id(adapter: Adapter) -> str:
    layer = adapter.make(small_table(), Options())
    return _blamed(layer.gradient(np.array([4]), np.ones((1, 2), np.float32)))


def _of_a_negative_id(adapter: Adapter) -> str:
    layer = adapter.make(small_table(), Options())
    return _blamed(layer.gradient(np.array([-1]), np.ones((1, 2), np.float32)))


def _of_a_repeated_id(adapter: Adapter) -> str:
    upstream = np.array([[1, 0], [0, 1], [5, 0]], np.float32)
    gradient = adapter.make(small_table(), Options()).gradient(np.array([3, 1, 3]), upstream)
    return f"row 3 gets {numbers(gradient[3])}"


def _of_padding(adapter: Adapter) -> str:
    layer = adapter.make(small_table(), Options(padding=0))
    return _blamed(layer.gradient(np.array([0, 1]), np.ones((2, 2), np.float32)))


def _of_a_thousand(adapter: Adapter) -> str:
    layer = adapter.make(_NONE, Options(dtype="bfloat16"))
    upstream = np.ones((1000, 2), np.float32)
    return f"{np.asarray(layer.gradient(np.full(1000, 1), upstream), np.float64)[1, 0]:.4g}"


CASES = (
    Case("gradient of id V", "Which row gets the gradient of id 4?", _of_a_bad_id, "refused"),
    Case(
        "gradient of id -1",
        "Which row gets the gradient of id -1?",
        _of_a_negative_id,
        "refused",
    ),
    Case(
        "repeated id",
        "Ids 3, 1, 3 bring (1, 0), (0, 1), (5, 0). What is row 3's gradient?",
        _of_a_repeated_id,
        "row 3 gets 6 0",
    ),
    Case("gradient of padding", "Ids 0 (padding) and 1 were read. Who is blamed?", _of_padding),
    Case(
        "a thousand in bfloat16",
        "A row occurs a thousand times, each time with gradient 1. What is the sum in bfloat16?",
        _of_a_thousand,
        "1000",
    ),
)
