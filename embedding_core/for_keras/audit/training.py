"""What the optimizer makes of a table."""

from collections.abc import Iterator
from typing import Any

from embedding_core.for_keras.audit.report import Finding
from embedding_core.for_keras.audit.walk import Walk
from embedding_core.for_keras.backend import keras
from embedding_core.for_keras.embedding import Embedding
from embedding_core.for_keras.merging import Merged
from embedding_core.for_keras.optimizer import ByRows

# Keras's optimizers whose result for repeated ids is the dense one; all others square them.
_EQUAL = ("SGD", "Lion")
# Those that move no row without a gradient, and Keras reaches no other.
_BY_ROW = ("SGD",)
_BATCH, _LENGTH, _FAR = 32, 64, 30


def optimizer_of(walk: Walk) -> Any:
    """Return the optimizer of a compiled model, that within a scaling one; else `None`."""
    optimizer = getattr(walk.model, "optimizer", None)
    if isinstance(optimizer, Merged):
        return optimizer
    return getattr(optimizer, "inner_optimizer", optimizer)


def squared_one_by_one(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find repeated ids that are squared or clipped before they are added up."""
    optimizer = optimizer_of(walk)
    if not isinstance(optimizer, keras.optimizers.Optimizer) or not _as_slices(table):
        return
    if isinstance(optimizer, (ByRows, Merged)):
        return
    name = type(optimizer).__name__
    clips = any((optimizer.clipnorm, optimizer.clipvalue, optimizer.global_clipnorm))
    if name not in _EQUAL or clips:
        does = "clips" if name in _EQUAL else "squares"
        yield Finding(
            table.name,
            f"{name} {does} the gradients of an id that occurs several times in a batch one by "
            "one, on TensorFlow: its row goes too far, or not far enough",
            "from embedding_core.for_keras import Adam, Embedding; or merged(optimizer)",
            8,
        )


def costly_step(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find a step that moves every row for the sake of a few."""
    optimizer = optimizer_of(walk)
    if not isinstance(optimizer, keras.optimizers.Optimizer) or not _trained(table):
        return
    name = type(optimizer).__name__
    still = not getattr(optimizer, "momentum", 0)
    if (isinstance(optimizer, ByRows) and isinstance(table, Embedding)) or (
        name in _BY_ROW and still
    ):
        return
    looked_up = _BATCH * _ids_in_a_sample(walk, table)
    if table.input_dim > _FAR * looked_up:
        yield Finding(
            table.name,
            f"each step of {name} moves all {table.input_dim:,} rows, where a batch of {_BATCH} "
            f"looks up {looked_up:,} at most",
            "from embedding_core.for_keras import Adam, Embedding",
            9,
        )


def _trained(table: Any) -> bool:
    return bool(table.trainable) and not table.lora_enabled and table.quantization_mode is None


def _as_slices(table: Any) -> bool:
    """Tell whether Keras hands the table's gradient on id by id."""
    merged = table.embeddings_regularizer is not None or isinstance(table, Embedding)
    return _trained(table) and not merged


def _ids_in_a_sample(walk: Walk, table: Any) -> int:
    known = [
        size
        for node in walk.calls(table)
        for size in node.input_tensors[0].shape[1:]
        if size is not None
    ]
    product = 1
    for size in known:
        product *= int(size)
    return product if known else _LENGTH
