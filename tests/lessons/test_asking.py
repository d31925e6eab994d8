"""lessons/asking.py: what came back, in a word."""

import numpy as np
import pytest

from embedding_core import Embedding
from embedding_core.lessons.asking import answer

TABLE = np.arange(4.0)[:, None] * [1, 10]


@pytest.mark.parametrize(
    ("ids", "said"), [([2], "row 2"), (2, "row 2"), ([[3, 1]], "row 3"), ([4], "an error")]
)
def test_the_row_of_the_first_id_is_named_and_an_error_is_one(ids, said):
    assert answer(Embedding(4, 2, weights=TABLE), ids) == said


def test_another_row_is_another_answer():
    assert answer(lambda ids: TABLE[ids - 1], [3]) == "row 2"
    assert answer(lambda ids: TABLE[ids], [-1]) == "row 3"
