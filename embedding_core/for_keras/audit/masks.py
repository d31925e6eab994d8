"""Masks that do not get to where they are needed, and rows of which nothing is left."""

import inspect
from collections.abc import Iterator
from typing import Any

from embedding_core.for_keras.audit.report import Finding
from embedding_core.for_keras.audit.walk import Walk
from embedding_core.for_keras.backend import keras

_AVERAGES = {"AveragePooling1D", "Mean"}


def lost_mask(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find a mask that is dropped before a layer that averages, or before the loss."""
    for node in walk.calls(table) if table.mask_zero else []:
        for tensor in node.output_tensors:
            for loser, needed_by in _losses(walk, tensor, len(tensor.shape), set()):
                yield Finding(
                    table.name,
                    f"its mask is lost at {_name(loser)}, before {needed_by}: what is padding "
                    "counts there like words",
                    "use a layer that hands the mask on (keras.layers.Rescaling for a factor, "
                    "keras.layers.Lambda(..., mask=...) for a function), or pass it by hand",
                    5,
                    wrong=True,
                )


def _losses(walk: Walk, tensor: Any, rank: int, seen: set[int]) -> Iterator[tuple[Any, str]]:
    """Yield each operation that drops the mask of a tensor, with what would have needed it."""
    for node in walk.readers(tensor):
        operation = node.operation
        if id(node) in seen:
            continue
        seen.add(id(node))
        if _averages_blindly(operation):
            yield operation, "it averages"
        elif _takes_mask(operation):
            for output in node.output_tensors:
                if _has_mask(output):
                    yield from _losses(walk, output, rank, seen)
        else:
            for output in node.output_tensors:
                if _has_mask(output):
                    yield from _losses(walk, output, rank, seen)
                elif (needed_by := _needed_by(walk, output, rank, set())) is not None:
                    yield operation, needed_by


def _needed_by(walk: Walk, tensor: Any, rank: int, seen: set[int]) -> str | None:
    """Say who further on would have needed the mask of a tensor that has none any more."""
    if len(tensor.shape) < rank:
        return None  # the positions are gone, and with them what a mask is about
    if any(tensor is output for output in walk.outputs):
        return "the loss"
    for node in walk.readers(tensor):
        if id(node) in seen:
            continue
        seen.add(id(node))
        if _averages_blindly(node.operation) or _takes_mask(node.operation):
            if _by_hand(node):
                continue
            return _name(node.operation)
        for output in node.output_tensors:
            found = _needed_by(walk, output, rank, seen)
            if found is not None:
                return found
    return None


def all_padding(walk: Walk, table: Any) -> Iterator[Finding]:
    """Find a mean that divides by the number of words, which may be 0."""
    for node in walk.nodes if table.mask_zero else []:
        if isinstance(node.operation, keras.layers.GlobalAveragePooling1D) and any(
            _has_mask(tensor) for tensor in node.input_tensors
        ):
            yield Finding(
                table.name,
                f"{node.operation.name} divides by the number of words: a row that is all padding "
                "has the mean NaN, and one such row makes the whole table NaN within two steps",
                "keep empty rows out of the data, or give them one word that means nothing",
                5,
            )


def _has_mask(tensor: Any) -> bool:
    return keras.src.backend.get_keras_mask(tensor) is not None


def _takes_mask(operation: Any) -> bool:
    if not isinstance(operation, keras.layers.Layer):
        return False
    names = inspect.signature(operation.call).parameters
    return any(name == "mask" or name.endswith("_mask") for name in names)


def _by_hand(node: Any) -> bool:
    given = node.arguments.kwargs.items()
    return any(name.endswith("mask") and mask is not None for name, mask in given)


def _averages_blindly(operation: Any) -> bool:
    return type(operation).__name__ in _AVERAGES and not _takes_mask(operation)


def _name(operation: Any) -> str:
    return f"{operation.name} ({type(operation).__name__})"
