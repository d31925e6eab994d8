"""`Embedding`, on a table that stays in a file."""

from typing import Any

from embedding_core.ground._types import Shape
from embedding_core.ground.checks import expect
from embedding_core.layers import Embedding
from embedding_core.scale.disk.table import DiskTable


class DiskEmbedding(Embedding):
    """An `Embedding` whose rows stay on disk; look-up and gradient are its.

    Parameters
    ----------
    table
        Its first values take the initializer's place.
    mask_zero
        As `Embedding`.
    **kwargs
        `name` and `trainable`, see `Layer`.

    Raises
    ------
    TypeError
        As `Layer`; `table` that is none, or `mask_zero` that is neither True nor False.
    """

    def __init__(self, table: DiskTable, mask_zero: bool = False, **kwargs: Any) -> None:
        expect("table", table, DiskTable, "a DiskTable")
        num_rows, width = table.shape
        # The initializer is never asked: one that draws would take a number of the model's seed.
        kwargs |= {"mask_zero": mask_zero, "dtype": table.dtype.name}
        super().__init__(num_rows, width, "zeros", **kwargs)
        self._table = table

    def build(self, input_shape: Shape | None = None) -> None:
        """Take the table for the layer's weight."""
        self._embeddings = self._weights["embeddings"] = self._table
        self.built = True

    def enable_lora(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: LoRA's first matrix has as many rows as the table, and stays in memory.

        Raises
        ------
        ValueError
            Always.
        """
        raise ValueError(f"layer {self.name}: LoRA keeps {self.input_dim:,} rows in memory too.")
