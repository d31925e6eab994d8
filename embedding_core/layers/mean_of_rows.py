"""A look-up, its mask and the mean behind it, as one product.

An `Embedding` in front of a `GlobalAveragePooling1D` copies a row for each word of each text, and
the mean adds them up again. Chapter 6 says what the two compute: a sparse matrix, which holds each
text's share of each word, times the table. So only the rows that differ are read, each once, and
the gradient has one vector for each of them. `Sequential` puts this in the place of the two; the
numbers are theirs, but for the order in which they are added up.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core.ground._types import Floats, Ids, Mask
from embedding_core.ground.shares import Shares, handed_back, mixed
from embedding_core.ids import check_ids, distinct
from embedding_core.layers.embedding import Embedding
from embedding_core.layers.layer import Layer
from embedding_core.layers.pooling import GlobalAveragePooling1D
from embedding_core.ops import IndexedSlices


class MeanOfRows:
    """Two layers that are called as one.

    Parameters
    ----------
    table, mean
        The layers, for which `joined` has found that nothing stands in the way.
    """

    supports_masking = True
    _last: tuple[Shares, Ids] | None = None

    def __init__(self, table: Embedding, mean: GlobalAveragePooling1D) -> None:
        self.table, self.mean = table, mean
        self.name = f"{table.name} and {mean.name}"

    def __call__(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Average, for each text, the rows that its ids name.

        Parameters
        ----------
        inputs
            Ids, shape (n, L).
        mask
            None: where the ids come with a mask, the two layers are called one by one.

        Returns
        -------
        numpy.ndarray
            Shape (n, D), in the table's dtype; 0 for a text that is all padding.

        Raises
        ------
        IndexError, TypeError, ValueError
            As the two layers.
        """
        if not (self.table.built and self.mean.built):
            self.mean(self.table(inputs))  # whose first call builds them
        self.table._refuse_sparse(inputs)
        ids = check_ids(inputs, self.table.input_dim)
        if ids.ndim != 2:
            return self.mean(self.table(ids))  # which says what it needs
        counts = ids != 0 if self.table.mask_zero else np.ones(ids.shape, bool)
        length = counts.sum(axis=1)
        # SciPy has no sparse float16.
        wide = np.result_type(self.table.dtype, np.float32)
        share = (1 / np.maximum(length, 1)).astype(wide)
        rows, position = distinct(ids[counts])
        shares = share.repeat(length), position, np.append(0, length.cumsum())
        looked_up = self.table._adapted(self.table.embeddings.rows_ahead(rows), rows)
        outputs = mixed(np.asarray(looked_up, wide), *shares)
        outputs = np.asarray(outputs, self.table.dtype)
        self._last = shares, rows
        # As if they had been called: each may be sent back by itself.
        self.table._last_ids = ids.copy()
        self.mean._last = counts, share.astype(self.table.dtype)[:, None], outputs.shape
        return outputs

    def backward(self, gradient: Floats) -> IndexedSlices:
        """Hand each row its share of the gradients of the texts that name it.

        Parameters
        ----------
        gradient
            Shape of the outputs of the last call, (n, D).

        Returns
        -------
        IndexedSlices
            Each named row once; also added to the table's `gradient` when it is trainable.

        Raises
        ------
        TypeError, ValueError
            As `GlobalAveragePooling1D.backward`.
        """
        assert self._last is not None
        shares, rows = self._last
        table = self.table
        weights, position, bounds = shares
        given = self.mean._gradient_of(gradient, (bounds.size - 1, table.output_dim))
        given = np.asarray(given, weights.dtype)
        values = handed_back(given, weights, position, bounds, rows.size)
        values = np.asarray(values, table.dtype)
        slices = IndexedSlices(values, rows, (table.input_dim, table.output_dim))
        table._hand_on(slices)
        return slices

    def compute_mask(self, inputs: ArrayLike, mask: Mask | None = None) -> Mask | None:
        """Return `None`: after the mean there are no steps left to mask."""
        return None


Step = Layer | MeanOfRows
"""What a row of layers is gone through by."""


def joined(layers: Sequence[Layer]) -> Sequence[Step]:
    """Put a `MeanOfRows` in the place of a table and the mean behind it.

    Parameters
    ----------
    layers
        In a row.

    Returns
    -------
    list
        The same, the first two as one if they are what they are called and nobody has
        asked for what is between them: a penalty on it, or a class with a method of its own.
    """
    if len(layers) < 2:
        return layers
    table, mean, *others = layers
    if not (_as_written(table, Embedding) and _as_written(mean, GlobalAveragePooling1D)):
        return layers
    assert isinstance(table, Embedding)
    assert isinstance(mean, GlobalAveragePooling1D)
    if mean.data_format != "channels_last" or mean.keepdims:
        return layers
    return [MeanOfRows(table, mean), *others]


def _as_written(layer: Layer, kind: Any) -> bool:
    own: Any = type(layer)
    return (
        _inherits(own, kind)
        and _METHODS.isdisjoint(vars(layer))
        and layer.activity_regularizer is None
        and layer._activity is None
    )


_METHODS = frozenset(("__call__", "call", "backward", "compute_mask"))


@lru_cache
def _inherits(own: Any, kind: Any) -> bool:
    return issubclass(own, kind) and all(getattr(own, m) is getattr(kind, m) for m in _METHODS)
