"""A warning points at the line of the user's that it is about.

Not beside the modules that warn: `make mutants` puts a call of its own between, and runs those.
"""

import numpy as np
import pytest

from embedding_core import SGD, Embedding, Layer, Sequential, Variable
from embedding_core.layers import embedding_of
from embedding_core.text import WordVectors


class Unaware(Layer):
    """Knows nothing of masks."""

    def call(self, inputs, mask=None):
        return inputs


WARNING = {
    "words without a vector": lambda: embedding_of(WordVectors(["a"], np.ones((1, 2))), ["b"]),
    "no gradient": lambda: SGD(0.5).apply_gradients(
        [(None, Variable([1.0])), (np.ones(1), Variable([1.0]))]
    ),
    "a mask that ends": lambda: Sequential([Embedding(3, 2, mask_zero=True), Unaware()])([[1, 0]]),
}


@pytest.mark.parametrize("warn", WARNING.values(), ids=WARNING)
def test_the_warning_names_this_file(warn):
    with pytest.warns(UserWarning, match="have none|left alone|support masking") as caught:
        warn()
    assert [one.filename for one in caught] == [__file__]
