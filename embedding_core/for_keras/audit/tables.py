"""Tables that are held, corrected or packed in another way than one would think."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.for_keras.audit.report import Finding
from embedding_core.for_keras.audit.walk import Walk
from embedding_core.for_keras.backend import keras

_NORMS = ("MaxNorm", "MinMaxNorm", "UnitNorm")


def norm_by_column(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find a norm constraint that holds columns and not words."""
    constraint = table.embeddings_constraint
    axis = getattr(constraint, "axis", None)
    if type(constraint).__name__ in _NORMS and axis in (0, [0], (0,)):
        yield Finding(
            table.name,
            f"{type(constraint).__name__} on axis=0 holds the table's columns, over all words, "
            "where it was meant to hold each word's row",
            f"keras.constraints.{type(constraint).__name__}(axis=1)",
            3,
            wrong=True,
        )


def dead_lora(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find two factors that keep each other at zero."""
    if not table.lora_enabled:
        return
    factors = (table.lora_embeddings_a, table.lora_embeddings_b)
    if not any(np.any(keras.ops.convert_to_numpy(factor)) for factor in factors):
        yield Finding(
            table.name,
            "both LoRA factors are zero, as after loading a saved model: each one's gradient is "
            "a multiple of the other, and gradient descent never moves them",
            "assign the first factor anew, for example from keras.initializers.HeUniform()",
            3,
            wrong=True,
        )


def lost_alpha(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find an alpha that was given and is not used."""
    given = getattr(getattr(table, "_auto_config", None), "config", {}).get("lora_alpha")
    if table.lora_enabled and given is not None and given != table.lora_alpha:
        yield Finding(
            table.name,
            f"lora_alpha={given} was given, and {table.lora_alpha} is used: `build` sets it to "
            "the rank",
            f"set layer.lora_alpha = {given} after building, and after every loading",
            3,
            wrong=True,
        )


def saturated_int4(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find packed rows of one sign, whose numbers all became the largest one there is."""
    if table.quantization_mode != "int4" or not hasattr(table, "embeddings_zero"):
        return
    lost = _saturated_rows(table)
    if lost.size:
        yield Finding(
            table.name,
            f"{lost.size} of its rows in int4, first row {lost[0]}, hold numbers of one sign far "
            "from zero: the zero point is cut to what four bits can hold, and the row is lost",
            "quantize in int8, or with block_size=-1 (no blocks)",
            3,
            wrong=True,
        )


def _saturated_rows(table: Any) -> NDArray[np.intp]:
    codes = keras.ops.convert_to_numpy(
        keras.src.quantizers.unpack_int4(table._embeddings, table.output_dim, axis=-1)
    )
    zero = keras.ops.convert_to_numpy(table.embeddings_zero)
    groups = zero.shape[1]
    if table.output_dim % groups or table.output_dim // groups % table._int4_block_size:
        return np.array([], np.intp)  # a block filled up with zeros has both signs
    blocks = codes.reshape(len(codes), groups, -1)
    above = (zero == -8) & ((blocks == 7).mean(axis=2) > 0.5)
    below = (zero == 7) & ((blocks == -8).mean(axis=2) > 0.5)
    return np.flatnonzero((above | below).any(axis=1))
