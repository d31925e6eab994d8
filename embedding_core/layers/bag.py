"""A table and a mean in one: each text is a set of ids, as many as it likes, without padding.

What `Embedding`, its mask and `GlobalAveragePooling1D` compute on padded rows, computed on the
rows of a sparse matrix. Its product with the table adds up, for each text, the rows that the text
names; chapter 6 is about that product. Keras 3 has no such layer; PyTorch's is `EmbeddingBag`,
of which this is `mode="mean"`.
"""

from typing import Any

import numpy as np
import scipy

from embedding_core import initializers
from embedding_core.ground._types import Config, Floats, Ids, Mask, Shape
from embedding_core.ground.checks import positive_int, shown
from embedding_core.ground.configurable import arguments_of
from embedding_core.ground.shares import Shares, handed_back, mixed
from embedding_core.ids import distinct
from embedding_core.layers.layer import Layer
from embedding_core.ops import IndexedSlices
from embedding_core.variable import Variable


class EmbeddingBag(Layer):
    """The mean of the rows that a text names.

    Parameters
    ----------
    input_dim
        Number of rows V.
    output_dim
        Length D of each row.
    embeddings_initializer
        Where the first values come from.
    **kwargs
        `name`, `dtype` and `trainable`, see `Layer`.

    Raises
    ------
    ValueError
        A size that is not a positive integer, or an unknown name.
    TypeError
        As `Layer`, or an initializer that is none.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim = positive_int("input_dim", input_dim)
        self.output_dim = positive_int("output_dim", output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self._last: tuple[Shares, Ids] | None = None

    def build(self, input_shape: Shape | None = None) -> None:
        """Create the table. Its shape is known from the start: `input_shape` is not used."""
        if self.built:
            return
        self.embeddings: Variable = self.add_weight(
            shape=(self.input_dim, self.output_dim),
            initializer=self.embeddings_initializer,
            name="embeddings",
        )
        self.built = True

    def call(self, inputs: Any, mask: Mask | None = None) -> Floats:
        """Average, for each row of a sparse matrix, the rows of the table that it names.

        Parameters
        ----------
        inputs
            SciPy sparse matrix, shape (n, input_dim): how often each text names each id, not
            negative.
        mask
            Not used: what a text does not name is not there.

        Returns
        -------
        numpy.ndarray
            Shape (n, output_dim), the layer's dtype; 0 for a text that names nothing.

        Raises
        ------
        TypeError
            `inputs` are not sparse, or hold something else than real numbers.
        ValueError
            They have another shape, or a number that is negative or not finite.
        """
        texts = self._checked(inputs)
        # SciPy's sum(dtype=...) adds up in the matrix's own dtype all the same.
        named = texts.astype(np.float64).sum(axis=1)
        share = np.repeat(1 / np.where(named > 0, named, 1), np.diff(texts.indptr))
        # SciPy has no sparse float16.
        wide = np.float32 if self.dtype == np.float16 else self.dtype
        # Only the columns that are named: the product then reads no other row.
        rows, column = distinct(texts.indices.astype(np.intp))
        shares = (texts.data * share).astype(wide), column, texts.indptr.astype(np.intp)
        self._last = shares, rows
        named_rows = np.asarray(self.embeddings.rows_ahead(rows), wide)
        return np.asarray(mixed(named_rows, *shares), self.dtype)

    def backward(self, gradient: Floats) -> IndexedSlices:
        """Hand each row its share of the gradients of the texts that name it.

        Parameters
        ----------
        gradient
            Shape of the outputs of the last call.

        Returns
        -------
        IndexedSlices
            Each named row once; also added to the table's `gradient` when it is trainable.

        Raises
        ------
        ValueError
            There was no call, or `gradient` has another shape than its outputs.
        TypeError
            `gradient` holds no numbers.
        """
        if self._last is None:
            raise ValueError(f"layer {self.name}: backward needs a call before it.")
        shares, rows = self._last
        weights, column, bounds = shares
        given = self._gradient_of(gradient, (bounds.size - 1, self.output_dim))
        given = np.asarray(given, weights.dtype)
        values = handed_back(given, weights, column, bounds, rows.size)
        values = np.asarray(values, self.dtype)
        slices = IndexedSlices(values, rows, (self.input_dim, self.output_dim))
        if self.embeddings in self.trainable_weights:
            self.embeddings.add_gradient(slices)
        return slices

    def check_inputs(self, inputs: Any) -> None:
        """Refuse bad texts of a whole data set before the first step.

        Raises
        ------
        TypeError, ValueError
            As `call`.
        """
        self._checked(inputs)

    def _checked(self, inputs: Any) -> "scipy.sparse.csr_array":
        if not scipy.sparse.issparse(inputs):
            raise TypeError(
                f"layer {self.name} needs a sparse matrix (texts, {self.input_dim}), for example "
                f"from text.Ngrams: received {shown(inputs)}. For rows of ids, use "
                "Embedding and GlobalAveragePooling1D."
            )
        if inputs.dtype.kind not in "biuf":
            raise TypeError(f"layer {self.name} needs real numbers: received {inputs.dtype}.")
        texts = scipy.sparse.csr_array(inputs)
        if texts.ndim != 2 or texts.shape[1] != self.input_dim:
            raise ValueError(
                f"layer {self.name} needs shape (texts, {self.input_dim}), a column for each "
                f"row of the table: received {texts.shape}."
            )
        # NaN fails the comparison, so it is refused too.
        if texts.nnz and not (texts.data.min() >= 0 and texts.data.max() < np.inf):
            raise ValueError(
                f"layer {self.name} counts how often a text names an id, from 0 on: received "
                f"numbers from {texts.data.min()} to {texts.data.max()}."
            )
        return texts

    def compute_mask(self, inputs: Any, mask: Mask | None = None) -> Mask | None:
        """Return `None`: after the mean there are no steps left to mask."""
        return None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Keep the texts, and give each `output_dim` numbers."""
        return (input_shape[0], self.output_dim)

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        return super().get_config() | arguments_of(self, EmbeddingBag)
