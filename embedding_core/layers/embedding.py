"""The layer the book is about: a table of vectors, read by row number.

Keras's `Embedding` with its names, arguments and defaults. Differences: ids outside
[0, input_dim) are refused on every platform; lists and plain integers are accepted as ids and
NumPy integers as sizes; the gradient is an `IndexedSlices` that one can look at; with LoRA,
`embeddings` stays the frozen table (Keras's is the corrected one) and `lora_alpha` given to
the constructor is kept (Keras's `build` loses it).

What may be done to the table later, LoRA and int8, is in `adaptable`.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from embedding_core import constraints, initializers, regularizers
from embedding_core.ground._types import Config, Floats, Ids, Mask, Shape
from embedding_core.ground.checks import as_numbers, positive_int, switch
from embedding_core.ground.configurable import arguments_of
from embedding_core.ids import check_ids
from embedding_core.layers.adaptable import AdaptableTable
from embedding_core.ops import IndexedSlices
from embedding_core.variable import Variable


class Embedding(AdaptableTable):
    """A trainable look-up table: integer i becomes row i.

    Parameters
    ----------
    input_dim
        Number of rows V: the largest id plus one.
    output_dim
        Length D of each row.
    embeddings_initializer
        Where the first values come from; "uniform" draws evenly from [-0.05, 0.05).
    embeddings_regularizer
        Penalty on the size of the whole table.
    embeddings_constraint
        Rule applied to the whole table after each update.
    mask_zero
        Announce, through `compute_mask`, that id 0 is padding. Row 0 stays an ordinary row.
    weights
        First values, shape (V, D), or a list with that one array; builds the layer at once.
    lora_rank, lora_alpha
        Enable LoRA when the layer is built, see `enable_lora`.
    **kwargs
        `name`, `dtype` and `trainable`, see `Layer`. The dtype "int8_from_float32" (or
        16, or 64) makes a quantized layer, to be filled by `set_weights`.

    Raises
    ------
    ValueError
        A size that is not a positive integer, weights of another shape, an unknown name, or
        what `enable_lora` refuses.
    TypeError
        As `Layer`; weights that are no numbers, a part that is none, or `mask_zero` that is
        neither True nor False.
    MemoryError
        There is no room for the table.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Any = "uniform",
        embeddings_regularizer: Any = None,
        embeddings_constraint: Any = None,
        mask_zero: bool = False,
        weights: ArrayLike | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim = positive_int("input_dim", input_dim)
        self.output_dim = positive_int("output_dim", output_dim)
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.embeddings_regularizer = regularizers.get(embeddings_regularizer)
        self.embeddings_constraint = constraints.get(embeddings_constraint)
        self.mask_zero = switch("mask_zero", mask_zero)
        self.lora_rank, self.lora_alpha = self._checked_lora(lora_rank, lora_alpha)
        self._last_ids: Ids | None = None
        if weights is not None:
            self._start_with(weights)

    def build(self, input_shape: Shape | None = None) -> None:
        """Create the table. Its shape is known from the start: `input_shape` is not used."""
        if self.built:
            return
        if self.quantization_mode:
            self._add_int8_weights("zeros", "ones")
        else:
            self._embeddings = self.add_weight(
                shape=(self.input_dim, self.output_dim),
                initializer=self.embeddings_initializer,
                name="embeddings",
                regularizer=self.embeddings_regularizer,
                constraint=self.embeddings_constraint,
                trainable=True,  # as Keras says it
            )
        self.built = True
        if self.lora_rank is not None:
            self.enable_lora(self.lora_rank, self.lora_alpha)

    @property
    def embeddings(self) -> Variable:
        """The table, a `Variable` of shape (V, D).

        Raises
        ------
        AttributeError
            The layer is not built yet.
        """
        if not self.built:
            raise AttributeError(f"layer {self.name} has no table yet: call build or the layer.")
        return self._embeddings

    def call(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Look up one row for each id.

        Parameters
        ----------
        inputs
            Ids in [0, input_dim), any shape.
        mask
            Not used: every id has its row, padding too.

        Returns
        -------
        numpy.ndarray
            Shape `inputs.shape + (output_dim,)`, the layer's dtype.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `ids.check_ids`.
        """
        ids = check_ids(inputs, self.input_dim)
        outputs = self._adapted(self.embeddings.rows(ids), ids)
        self._last_ids = ids.copy()  # the caller may change theirs before backward
        return outputs

    def backward(self, gradient: Floats) -> IndexedSlices:
        """Hand each row that was looked up the gradient of its outputs.

        Parameters
        ----------
        gradient
            Shape of the outputs of the last call.

        Returns
        -------
        IndexedSlices
            One vector for each look-up, in order, repeated ids unmerged; also added to the
            table's `gradient` when it is trainable, or sent on to the two matrices of LoRA.
            Ids have no gradient to hand on.

        Raises
        ------
        ValueError
            There was no call, or `gradient` has another shape than its outputs.
        TypeError
            `gradient` holds no numbers.
        """
        if self._last_ids is None:
            raise ValueError(f"layer {self.name}: backward needs a call before it.")
        given = self._gradient_of(gradient, (*self._last_ids.shape, self.output_dim))
        slices = IndexedSlices(
            values=np.asarray(given, self.dtype).reshape(-1, self.output_dim),
            indices=self._last_ids.ravel(),
            dense_shape=(self.input_dim, self.output_dim),
        )
        self._hand_on(slices)
        return slices

    def compute_mask(self, inputs: ArrayLike, mask: Mask | None = None) -> Mask | None:
        """Return where the ids are not 0 if `mask_zero`, else `None`.

        Raises
        ------
        TypeError, ValueError
            The ids are no numbers in a rectangle.
        """
        return np.not_equal(as_numbers("ids", inputs), 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Append `output_dim` to the shape of the ids."""
        return (*input_shape, self.output_dim)

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        without = ("weights", "lora_rank", "lora_alpha")
        return super().get_config() | arguments_of(self, Embedding, without)
