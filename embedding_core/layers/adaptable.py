"""What may be done to a table that has been trained: correct it cheaply, or make it small.

`enable_lora` and `quantize` of Keras's `Embedding`. What the first adds to a row is in `lora`,
what the second does to it in `quantized`. Difference from Keras: other modes than int8 are
refused.
"""

from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike

from embedding_core.constraints import Constraint
from embedding_core.ground._types import Config, Floats, Ids, Mask, Shape
from embedding_core.ground.checks import as_name, as_numbers, finite, positive_int, shown
from embedding_core.ids import check_ids
from embedding_core.layers import lora
from embedding_core.layers.layer import Layer
from embedding_core.layers.quantized import dequantize_rows, quantize_rows
from embedding_core.layers.weights import assign_all, of_shapes
from embedding_core.ops import IndexedSlices
from embedding_core.regularizers import Regularizer
from embedding_core.variable import Variable

_INT8 = "int8_from_"  # so begins Keras's name for the dtype of a quantized layer


class AdaptableTable(Layer):
    """A layer with a table (V, D) that can be given LoRA and be quantized.

    Parameters
    ----------
    **kwargs
        `name`, `dtype` and `trainable`, see `Layer`. The dtype "int8_from_float32" (or
        16, or 64) makes a quantized layer, to be filled by `set_weights`.

    Attributes
    ----------
    quantization_mode
        "int8" or `None`.
    lora_rank, lora_alpha
        What was asked for, or `None`.
    """

    input_dim: int
    output_dim: int
    embeddings_regularizer: Regularizer | None
    embeddings_constraint: Constraint | None
    lora_rank: int | None = None
    lora_alpha: float | None = None
    _embeddings: Variable
    _lora: lora.Lora | None = None

    def __init__(self, **kwargs: Any) -> None:
        dtype = kwargs.get("dtype")
        is_quantized = isinstance(dtype, str) and dtype.startswith(_INT8)
        self.quantization_mode = "int8" if is_quantized else None
        if isinstance(dtype, str):
            kwargs["dtype"] = dtype.removeprefix(_INT8)
        super().__init__(**kwargs)

    def _start_with(self, weights: Any) -> None:
        """Build, with first values that are given."""
        listed = isinstance(weights, (list, tuple)) and _is_a_list_of_arrays(weights)
        shapes: list[Shape] = [(self.input_dim, self.output_dim)]
        if self.quantization_mode:
            shapes.append((self.input_dim,))
        # Compared first: a small array must not make room for a large table.
        arrays = of_shapes(self.name, shapes, weights if listed else [weights])
        self.build()
        assign_all(self.name, [w for w in self.weights if not w.name.startswith("lora")], arrays)

    def check_inputs(self, inputs: Any) -> None:
        """Refuse bad ids of a whole data set before the first step.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `ids.check_ids`.
        """
        self._refuse_sparse(inputs)
        check_ids(inputs, self.input_dim)

    def __call__(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Build if need be, then run `call`.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `call`; `TypeError` also for a sparse matrix.
        """
        self._refuse_sparse(inputs)
        return super().__call__(inputs, mask)

    def _refuse_sparse(self, inputs: Any) -> None:
        if scipy.sparse.issparse(inputs):
            raise TypeError(
                f"layer {self.name} looks up ids, and a sparse matrix counts them: received one "
                f"of shape {inputs.shape}. Begin the model with layers.EmbeddingBag instead."
            )

    def _adapted(self, rows: Any, ids: Ids) -> Floats:
        """Turn rows of the table into the layer's outputs."""
        if self.quantization_mode:
            rows = dequantize_rows(rows, self.embeddings_scale.value[ids], self.dtype)
        if self._lora is not None:
            rows = rows + self._lora.rows(ids)
        return np.asarray(rows, self.dtype)

    def _hand_on(self, slices: IndexedSlices) -> None:
        """Add the gradient of the outputs to those of the weights."""
        trainable = self.trainable_weights
        if self._embeddings in trainable:
            self._embeddings.add_gradient(slices)
        if self._lora is not None:
            self._lora.backward(slices, trainable)

    @property
    def lora_enabled(self) -> bool:
        """Whether the table is frozen and a correction of low rank is trained instead."""
        return self._lora is not None

    def enable_lora(
        self,
        rank: int,
        lora_alpha: float | None = None,
        a_initializer: Any = "he_uniform",
        b_initializer: Any = "zeros",
    ) -> None:
        """Freeze the table and train a correction of low rank instead, see `lora`.

        Adds the weights `lora_embeddings_a` (V, rank) and `lora_embeddings_b` (rank, D). An
        optimizer that was built before does not know them: compile the model again.

        Parameters
        ----------
        rank
            Number of columns of A and rows of B.
        lora_alpha
            Strength of the correction, divided by `rank`; by default `rank`.
        a_initializer, b_initializer
            Where the first values come from. As long as B is 0, nothing is corrected.

        Raises
        ------
        ValueError
            The layer is not built, has LoRA already or has a constraint; `rank` is not a
            positive integer or `lora_alpha` not finite. The layer stays as it was.
        TypeError
            `lora_alpha` that is no number, or an initializer that is none.
        MemoryError
            There is no room for the two matrices.
        """
        if not self.built:
            raise ValueError(f"layer {self.name} has no table to freeze yet: call build first.")
        if self.lora_enabled:
            raise ValueError(f"layer {self.name} has LoRA already: it can be enabled once.")
        rank, alpha = self._checked_lora(positive_int("rank", rank), lora_alpha)
        before = dict(self._weights)
        try:
            self._lora = lora.create(
                self.add_weight,
                (self.input_dim, self.output_dim),
                rank,
                alpha,
                a_initializer,
                b_initializer,
                self.embeddings_regularizer,
            )
        except BaseException:
            self._weights = before
            raise
        self.lora_embeddings_a, self.lora_embeddings_b = self._lora.a, self._lora.b
        self._embeddings.trainable = False
        self.lora_rank, self.lora_alpha = rank, alpha

    def _checked_lora(self, rank: int | None, alpha: float | None) -> tuple[Any, Any]:
        if rank is None:
            if alpha is not None:
                raise ValueError(
                    f"lora_alpha needs a lora_rank: received lora_alpha={shown(alpha)}."
                )
            return None, None
        rank = positive_int("lora_rank", rank)
        if self.embeddings_constraint is not None:
            raise ValueError(
                f"layer {self.name}: LoRA cannot keep the constraint "
                f"{self.embeddings_constraint}, because the corrected table is never written "
                "down. Leave embeddings_constraint out."
            )
        return rank, rank if alpha is None else finite("lora_alpha", alpha)

    def quantize(self, mode: str) -> None:
        """Keep the table in one byte a number and one float32 a row, frozen; see `quantized`.

        A correction of low rank stays as it is and trainable.

        Parameters
        ----------
        mode
            "int8". Keras's other modes are not offered.

        Raises
        ------
        ValueError
            The layer is not built or quantized already, the mode is another, or a number in
            the table cannot be written in int8. The layer stays as it was.
        TypeError
            The mode is no string.
        """
        if as_name(mode, "mode") != "int8":
            raise ValueError(f"mode must be 'int8', the only one offered: received {shown(mode)}.")
        if self.quantization_mode:
            raise ValueError(f"layer {self.name} is quantized already: it can be done once.")
        if not self.built:
            raise ValueError(f"layer {self.name} has no table to quantize yet: call build first.")
        rounded, scale = quantize_rows(self._embeddings.value)
        of_lora = {k: v for k, v in self._weights.items() if k != "embeddings"}
        self._weights = {}
        self._add_int8_weights(lambda *_: rounded, lambda *_: scale)
        self._weights |= of_lora
        self.quantization_mode = "int8"

    def _add_int8_weights(self, rows: Any, scale: Any) -> None:
        self._embeddings = self.add_weight(
            (self.input_dim, self.output_dim), rows, "int8", trainable=False, name="embeddings"
        )
        self.embeddings_scale = self.add_weight(
            (self.input_dim,), scale, "float32", trainable=False, name="embeddings_scale"
        )

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        config = super().get_config()
        if self.quantization_mode:
            config["dtype"] = _INT8 + config["dtype"]
        if self.lora_rank is not None:
            config |= {"lora_rank": self.lora_rank, "lora_alpha": self.lora_alpha}
        return config


def _is_a_list_of_arrays(weights: Any) -> bool:
    """Tell `[table]`, as `get_weights` returns it, from a table that is written as lists."""
    return as_numbers("weights", weights[:1]).ndim != 2
