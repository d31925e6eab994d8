"""The way around in a Keras model: its tables, what feeds them, what reads what they give."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from embedding_core.for_keras.audit.following import Followed, follow, graph_of
from embedding_core.for_keras.backend import keras

# What hands ids on as they are: they may be looked at through these.
_PASS_IDS_ON = {
    *("Cast", "Concatenate", "ExpandDims", "Flatten", "GetItem", "Identity", "InputLayer"),
    *("Masking", "Permute", "RepeatVector", "Reshape", "Squeeze", "Transpose"),
}


class Walk:
    """A model's layers, and what is called on what.

    Parameters
    ----------
    model
        A Keras model or layer. A model that is more than one graph of Keras's is called once
        more to see into it; a Sequential that nobody has called yet has a chain.

    Attributes
    ----------
    layers, nodes, outputs
        What is in the model, Keras's notes of what was called on what, and what is returned.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.layers = list(model._flatten_layers())
        self._makers: dict[int, Any] = {}
        self._readers: dict[int, list[Any]] = defaultdict(list)
        self.nodes: list[Any] = []
        followed = self._follow()
        self._reasons, self._passed_over = followed.reasons, followed.passed_over
        # What a model returns goes to the loss; what a layer returns, to who knows whom.
        whole = isinstance(model, keras.Model)
        self.outputs = followed.outputs if whole else []
        self._unknown = set(map(id, followed.inputs)) if whole and not graph_of(model) else set()
        for node in followed.nodes:
            self._add(node)

    def _follow(self) -> Followed:
        """Call the model once more if a table is in a layer within it."""
        graph, followed = graph_of(self.model), Followed()
        holders = [x for x in self.layers if x not in self.tables() and self._held(x)]
        if holders and not (graph and holders == [self.model]):
            followed = follow(self.model, holders)
        if graph and not followed.nodes:
            for nodes in graph._nodes_by_depth.values():
                followed.nodes += nodes
            followed.outputs = list(graph._outputs)
        return followed

    def _held(self, layer: Any) -> list[Any]:
        return [x for x in layer._flatten_layers() if isinstance(x, keras.layers.Embedding)]

    def _add(self, node: Any) -> None:
        if node in self.nodes:
            return
        self.nodes.append(node)
        for tensor in node.output_tensors:
            self._makers[id(tensor)] = node
        for tensor in node.input_tensors:
            self._readers[id(tensor)].append(node)

    def tables(self) -> list[Any]:
        """List the embedding layers."""
        return [layer for layer in self.layers if isinstance(layer, keras.layers.Embedding)]

    def calls(self, layer: Any) -> list[Any]:
        """List the nodes at which a layer is called."""
        return [node for node in self.nodes if node.operation is layer]

    def readers(self, tensor: Any) -> list[Any]:
        """List the nodes that read a tensor."""
        return self._readers[id(tensor)]

    def why_not_followed(self, table: Any) -> str | None:
        """Say which layer around a table could not be looked into, and why not."""
        for layer, reason in self._reasons.items():
            seen = layer is self.model and self.calls(table)  # in the graph that Keras keeps
            if table in self._held(layer) and not seen:
                return f"{layer.name} ({type(layer).__name__}): {reason}"
        if table in self._passed_over:
            return f"{self.model.name} ({type(self.model).__name__}): nobody calls it as a layer"
        return None

    def is_of_unknown_dtype(self, tensor: Any) -> bool:
        """Tell whether it is an input of a model that does not say what it is called with."""
        return id(tensor) in self._unknown

    def id_tensors(self, layer: Any) -> Iterator[Any]:
        """Yield the tensors that bring a table its ids, back to where these are made."""
        waiting = [tensor for node in self.calls(layer) for tensor in node.input_tensors[:1]]
        while waiting:
            tensor = waiting.pop()
            yield tensor
            maker = self._makers.get(id(tensor))
            if maker is not None and type(maker.operation).__name__ in _PASS_IDS_ON:
                waiting += maker.input_tensors

    def makers_of_ids(self, layer: Any) -> list[Any]:
        """List the operations that make a table's ids."""
        made = [self._makers.get(id(tensor)) for tensor in self.id_tensors(layer)]
        found = [node.operation for node in made if node is not None]
        return found or self._before(layer)

    def first_of_unbuilt(self, layer: Any) -> bool:
        """Tell whether it is the first layer of a Sequential whose Input is still to be made."""
        chains = [m for m in self.layers if isinstance(m, keras.Sequential) and not m.built]
        return any(chain.layers[:1] == [layer] for chain in chains)

    def _before(self, layer: Any) -> list[Any]:
        """Look one layer back in a chain that has no graph yet."""
        for chain in self.layers:
            if isinstance(chain, keras.Sequential) and layer in chain.layers[1:]:
                return [chain.layers[chain.layers.index(layer) - 1]]
        return []
