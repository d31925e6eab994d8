"""LoRA: a frozen table and a small trainable correction to it.

Hu et al. (2022), as in Keras's `Embedding.enable_lora`. With V rows of length D and a small
rank r, the matrices A (V, r) and B (r, D) stand for the correction A @ B of the whole table.
Keras 3 multiplies them out before each look-up. Here the rows of A are gathered first and
multiplied afterwards, so a look-up costs the same whatever V is.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from embedding_core import initializers
from embedding_core.ground._types import Floats, Ids
from embedding_core.ops import IndexedSlices
from embedding_core.regularizers import Regularizer
from embedding_core.variable import Variable


class Lora:
    """The correction `scale * A @ B` of a table, a row at a time.

    Parameters
    ----------
    a, b
        Variables of shape (V, r) and (r, D), float32 whatever the table's dtype is, as in
        Keras.
    alpha
        Strength of the correction; it is divided by the rank r.
    """

    def __init__(self, a: Variable, b: Variable, alpha: float) -> None:
        self.a, self.b = a, b
        self.scale = alpha / b.shape[0]

    def rows(self, ids: Ids) -> Floats:
        """Return the corrections of some rows, shape `ids.shape + (D,)`, float32."""
        return np.asarray(self.a.rows(ids) @ self.b.value * np.float32(self.scale))

    def backward(self, slices: IndexedSlices, trainable: list[Variable]) -> None:
        """Add to the gradients of A, as slices, and of B, as an array.

        Parameters
        ----------
        slices
            The gradient of the corrected table.
        trainable
            The weights that want one.
        """
        values = slices.values.astype(self.b.dtype) * np.float32(self.scale)
        if self.a in trainable:
            shape = self.a.shape
            self.a.add_gradient(IndexedSlices(values @ self.b.value.T, slices.indices, shape))
        if self.b in trainable:
            self.b.add_gradient(self.a.rows(slices.indices).T @ values)


def create(
    add_weight: Callable[..., Variable],
    shape: tuple[int, int],
    rank: int,
    alpha: float,
    a_initializer: Any,
    b_initializer: Any,
    regularizer: Regularizer | None,
) -> Lora:
    """Make A and B with a layer's `add_weight`.

    Parameters
    ----------
    add_weight
        See `Layer.add_weight`.
    shape
        (V, D) of the table.
    rank, alpha
        See `Lora`.
    a_initializer, b_initializer
        Where the first values come from.
    regularizer
        Penalty on the size of A and of B.

    Returns
    -------
    Lora
        The correction, of which the first values are A @ B.
    """
    start_a, start_b = initializers.get(a_initializer), initializers.get(b_initializer)
    settings: dict[str, Any] = {"dtype": "float32", "regularizer": regularizer}
    a = add_weight((shape[0], rank), start_a, name="lora_embeddings_a", **settings)
    b = add_weight((rank, shape[1]), start_b, name="lora_embeddings_b", **settings)
    return Lora(a, b, alpha)
