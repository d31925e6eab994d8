"""The way around in a Keras model: its tables, what feeds them, what reads what they give."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from embedding_core.for_keras.backend import keras

# What hands ids on as they are: they may be looked at through these.
_PASS_IDS_ON = {
    *("Cast", "Concatenate", "ExpandDims", "Flatten", "GetItem", "Identity", "InputLayer"),
    *("Masking", "Permute", "RepeatVector", "Reshape", "Squeeze", "Transpose"),
}


class Walk:
    """A model's layers, and the graph that connects them where Keras has one.

    Parameters
    ----------
    model
        A Keras model or layer. A subclassed model has no graph, and a Sequential that nobody has
        called yet has a chain.
    """

    def __init__(self, model: Any) -> None:
        self.model = model
        self.layers = list(model._flatten_layers())
        self._makers: dict[int, Any] = {}
        self._readers: dict[int, list[Any]] = defaultdict(list)
        self.nodes: list[Any] = []
        for layer in self.layers:
            graph = getattr(layer, "_functional", None) or layer
            for nodes in getattr(graph, "_nodes_by_depth", {}).values():
                for node in nodes:
                    self._add(node)

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

    def model_outputs(self) -> list[Any]:
        """List the tensors that the model returns, as far as it has a graph."""
        graph = getattr(self.model, "_functional", None) or self.model
        outputs = getattr(graph, "_outputs", None)
        return list(outputs) if outputs is not None else []

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
