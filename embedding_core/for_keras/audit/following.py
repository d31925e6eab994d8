"""One symbolic call of a model, looked into where Keras keeps no graph of what happens.

A layer or model whose `call` somebody has written is a single step to Keras, whatever is done in
it. Here that `call` is run on symbolic tensors, so that all that is called inside leaves a node of
its own. Nothing is computed, and afterwards the model is as it was.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

from embedding_core.for_keras.backend import keras

# What a model without an Input may have been called with, and a size for what nobody has fixed.
_DTYPES, _SIZES = ("int32", "float32", "string"), (None, 64)
# What a layer has in another way while it is looked into.
_CHANGED = ("_called", "add_loss", "build", "symbolic_call")


@dataclass
class Followed:
    """What was seen of a call.

    Attributes
    ----------
    nodes
        Keras's nodes, one for each call of a layer or an operation.
    inputs, outputs
        The model's tensors.
    reasons
        Why a layer was not looked into, by the layer.
    passed_over
        The layers that were not called.
    """

    nodes: list[Any] = field(default_factory=list)
    inputs: list[Any] = field(default_factory=list)
    outputs: list[Any] = field(default_factory=list)
    reasons: dict[Any, str] = field(default_factory=dict)
    passed_over: list[Any] = field(default_factory=list)


def graph_of(layer: Any) -> Any:
    """Return Keras's graph of what a layer does; `None` if it keeps none."""
    graph = getattr(layer, "_functional", None) or layer
    return graph if hasattr(graph, "_nodes_by_depth") else None


def follow(model: Any, holders: list[Any]) -> Followed:
    """Call a model on symbolic tensors, and look into those of its layers that hold tables.

    Parameters
    ----------
    model
        A Keras model or layer.
    holders
        The layers to look into, the model among them.
    """
    attempts = []
    for size, dtype in product(_SIZES, _DTYPES):
        attempts.append(_called(model, holders, size, dtype))
        if not attempts[-1].reasons:
            break
    return min(attempts, key=lambda seen: (model in seen.reasons, len(seen.reasons)))


def _called(model: Any, holders: list[Any], size: int | None, dtype: str) -> Followed:
    followed = Followed()
    with _open(model, holders, followed.reasons) as before:
        try:
            args, kwargs = _arguments(model, size, dtype)
            with keras.StatelessScope():
                outputs = model(*args, **kwargs)
        except Exception as error:  # whatever somebody's `call` makes of symbolic tensors
            followed.reasons[model] = _first_sentence(error)
        if model in followed.reasons:
            return followed
        followed.passed_over = [x for x in model._flatten_layers() if not x._called]
        followed.inputs = keras.tree.flatten((args, kwargs))
        followed.outputs = keras.tree.flatten(outputs)
        opened = set(map(id, holders)) - set(map(id, followed.reasons))
        followed.nodes = [
            node for node in _nodes(followed.inputs, before) if id(node.operation) not in opened
        ]
    return followed


def _arguments(model: Any, size: int | None, dtype: str) -> tuple[list[Any], dict[str, Any]]:
    """Make inputs like those that the model has, or that it was built for."""
    graph = graph_of(model)
    if graph is not None:
        made = keras.tree.map_structure(
            lambda tensor: _input(tensor.shape, size, tensor.dtype), graph._inputs_struct
        )
        return [made], {}
    if not model._build_shapes_dict:
        raise ValueError("it has not been called yet, so that Keras knows no shape of its input")
    inputs = {
        name.removesuffix("_shape"): _inputs(shape, size, dtype)
        for name, shape in model._build_shapes_dict.items()
    }
    return (list(inputs.values()), {}) if len(inputs) == 1 else ([], inputs)


def _inputs(shape: Any, size: int | None, dtype: str) -> Any:
    """Make an input for each shape, in whatever they are packed."""
    if isinstance(shape, dict):
        return {name: _inputs(each, size, dtype) for name, each in shape.items()}
    if any(isinstance(each, (dict, list, tuple)) for each in shape):
        return [_inputs(each, size, dtype) for each in shape]
    return _input(shape, size, dtype)


def _input(shape: Any, size: int | None, dtype: str) -> Any:
    sizes = [size, *(size if each is None else each for each in shape[1:])]
    return keras.Input(batch_shape=sizes, dtype=dtype)


@contextlib.contextmanager
def _open(model: Any, holders: list[Any], reasons: dict[Any, str]) -> Iterator[dict[int, int]]:
    """Have Keras run these layers' `call` where it would ask for a shape; then all is as it was.

    Gives how many readers each layer had before.
    """
    before = []
    for layer in model._flatten_layers():
        own, readers = vars(layer), len(layer._outbound_nodes)
        kept = {name: own[name] for name in _CHANGED if name in own}
        before.append((layer, len(layer._inbound_nodes), readers, kept))
        own["_called"] = False
        own["add_loss"] = lambda loss: None  # which Keras takes of tensors that hold numbers
        if not _whole(layer):
            own["build"] = partial(_refuse_to_build, layer.name)
        if layer in holders:
            own["symbolic_call"] = partial(_look_into, layer, reasons)
    try:
        yield {id(layer): readers for layer, _, readers, _ in before}
    finally:
        for layer, calls, readers, kept in before:
            del layer._inbound_nodes[calls:], layer._outbound_nodes[readers:]
            for name in _CHANGED:
                vars(layer).pop(name, None)
            vars(layer).update(kept)


def _whole(layer: Any) -> bool:
    """Tell whether nothing in the layer would make weights when it is called."""
    is_default = keras.src.utils.python_utils.is_default
    return all(each.built or is_default(each.build) for each in layer._flatten_layers())


def _refuse_to_build(name: str, *args: Any, **kwargs: Any) -> None:
    raise ValueError(f"{name} has not been built yet")


def _look_into(layer: Any, reasons: dict[Any, str], *args: Any, **kwargs: Any) -> Any:
    try:
        return layer.call(*args, **kwargs)
    except Exception as error:
        reasons[layer] = _first_sentence(error)
        return layer.compute_output_spec(*args, **kwargs)


def _nodes(inputs: list[Any], before: dict[int, int]) -> list[Any]:
    """List the nodes that the inputs have led to."""
    found: dict[int, Any] = {}
    waiting = [tensor._keras_history.operation for tensor in inputs]
    while waiting:
        operation = waiting.pop(0)
        for node in operation._outbound_nodes[before.get(id(operation), 0) :]:
            if id(node) not in found:
                found[id(node)] = node
                waiting.append(node.operation)
    return list(found.values())


def _first_sentence(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}, {lines[0].split('. ')[0]}" if lines else type(error).__name__
