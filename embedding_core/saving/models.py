"""A model in a file, and back: layers, weights, and everything that training goes on from.

Written are the configurations of layers, optimizer, loss and metrics, all weights, what the
optimizer remembers, and the state of the random numbers. So a loaded model trains on exactly as
the saved one would have. Not written are gradients and the last call.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from embedding_core import losses, metrics
from embedding_core.ground import archive
from embedding_core.ground._types import Config
from embedding_core.ground.checks import shown
from embedding_core.ground.configurable import serialize
from embedding_core.ground.files import AnyPath, as_path
from embedding_core.layers import Dense, Embedding, EmbeddingBag, GlobalAveragePooling1D, Layer
from embedding_core.optimizers import Optimizer
from embedding_core.variable import Variable

FORMAT = "embedding_core.Sequential"
VERSION = 1
_LAYERS = {cls.__name__: cls for cls in (Embedding, EmbeddingBag, Dense, GlobalAveragePooling1D)}


class Model(Protocol):
    """What saving needs of a model: `Sequential` has it."""

    layers: list[Layer]
    optimizer: Optimizer | None
    loss: Any
    metrics: list[Any]
    _rng: np.random.Generator
    _seeded: bool

    def compile(self, optimizer: Any, loss: Any, metrics: Sequence[Any] | None = None) -> None:
        """Choose optimizer, loss and metrics."""

    def _lend_seed(self, layer: Layer) -> None:
        """Let a layer take its first values from the model's random numbers."""


SomeModel = TypeVar("SomeModel", bound=Model)
Made = TypeVar("Made")


def save_model(model: Model, path: AnyPath) -> None:
    """Write a model into one `.npz` file; see `Sequential.save`."""
    arrays = {key: weight.value for key, weight in weights_of(model.layers).items()}
    config: Config = {
        "format": FORMAT,
        "version": VERSION,
        "layers": [_layer_config(layer) for layer in model.layers],
        "seeded": model._seeded,
        "random_state": model._rng.bit_generator.state,
        "compile": None,
    }
    if model.optimizer is not None:
        config["compile"] = {
            "optimizer": serialize(model.optimizer),
            "loss": _known("loss", losses._KNOWN, model.loss),
            "metrics": [_known("metric", metrics._KNOWN, metric) for metric in model.metrics],
            "trained": _places(model, model.optimizer),
        }
        state: dict[str, NDArray[Any]] = {}
        model.optimizer.save_own_variables(state)
        arrays |= {f"optimizer/{name}": array for name, array in state.items()}
    archive.write(path, config, arrays)


def weights_of(layers: Sequence[Layer]) -> dict[str, Variable]:
    """Name each weight by the place of its layer and its own name."""
    return {_key(i, w.name): w for i, layer in enumerate(layers) for w in layer.weights}


def _known(kind: str, known: Mapping[str, type], part: Any) -> Config | None:
    if known.get(type(part).__name__) is not type(part):
        raise ValueError(
            f"the {kind} {shown(part)} is of a class of your own, and a file holds no code: "
            "compile the model with one of the package's before saving it."
        )
    return serialize(part)


def _key(nth_layer: int, weight_name: str) -> str:
    return f"layers/{nth_layer}/{weight_name}"


def fits_in_a_file(layer: Layer) -> bool:
    """Say whether it is of a class of the package, as a file holds no code."""
    return _LAYERS.get(type(layer).__name__) is type(layer)


def _layer_config(layer: Layer) -> Config:
    if not fits_in_a_file(layer):
        raise ValueError(
            f"layer {layer.name} is a {type(layer).__name__}: only {', '.join(_LAYERS)} can be "
            "saved, because a file holds no code. Use get_weights and set_weights instead."
        )
    return {
        "class_name": type(layer).__name__,
        "config": layer.get_config(),
        "build_config": layer.get_build_config() if layer.built else None,
        "trainable": {weight.name: weight.trainable for weight in layer.weights},
    }


def _places(model: Model, optimizer: Optimizer) -> list[str] | None:
    """Say which weights the optimizer was built for, in its order; `None` if it was not."""
    if not optimizer.built:
        return None
    keys = {id(weight): key for key, weight in weights_of(model.layers).items()}
    for variable in optimizer._variables:
        if id(variable) not in keys:
            raise ValueError(
                f"the optimizer was built for {variable.name}, which is no weight of the model "
                "any more: compile the model again before saving it."
            )
    return [keys[id(variable)] for variable in optimizer._variables]


def load_model(path: AnyPath, model_class: type[SomeModel]) -> SomeModel:
    """Read a model that `save_model` wrote; see `Sequential.load`."""
    return read_with(path, lambda config, arrays: _model(config, arrays, model_class))


def read_with(path: AnyPath, use: Callable[[Config, dict[str, NDArray[Any]]], Made]) -> Made:
    """Make something of what a file holds.

    Raises
    ------
    TypeError
        The path is none.
    OSError
        There is no such file, or it cannot be opened.
    ValueError
        It is damaged, or holds something else.
    """
    path = as_path(path)
    with open(path, "rb") as file:
        try:
            return use(*archive.read(file))
        except Exception as error:  # whatever a damaged or forged file leads to
            raise ValueError(
                f"cannot load {str(path)!r}: {type(error).__name__}, {error!s:.600}. The file "
                "must be one that Sequential wrote, whole and unchanged: save the model again."
            ) from error


def _model(
    config: Config, arrays: dict[str, NDArray[Any]], model_class: type[SomeModel]
) -> SomeModel:
    if (config.get("format"), config.get("version")) != (FORMAT, VERSION):
        raise ValueError(
            f"it must hold {FORMAT} of version {VERSION}: it holds "
            f"{config.get('format')!r} of version {config.get('version')!r}"
        )
    layers = [_layer(i, entry, arrays) for i, entry in enumerate(config["layers"])]
    model = model_class(layers)  # type: ignore[call-arg]
    model._rng.bit_generator.state = config["random_state"]
    model._seeded = bool(config["seeded"])
    for layer in layers:
        model._lend_seed(layer)
    weights = weights_of(layers)
    state = {
        name.removeprefix("optimizer/"): array
        for name, array in arrays.items()
        if name.startswith("optimizer/")
    }
    if len(weights) + len(state) != len(arrays) or (state and config["compile"] is None):
        raise ValueError(f"it holds other arrays than the weights {sorted(weights)}")
    if config["compile"] is not None:
        _compile(model, config["compile"], weights, state)
    return model


def _layer(nth: int, entry: Config, arrays: dict[str, NDArray[Any]]) -> Layer:
    if entry["class_name"] not in _LAYERS:
        raise ValueError(f"a layer of the class {entry['class_name']!r} is not known here")
    layer = _LAYERS[entry["class_name"]].from_config(entry["config"])
    if entry["build_config"] is not None:
        prefix = _key(nth, "")
        stored = {k.removeprefix(prefix): a for k, a in arrays.items() if k.startswith(prefix)}
        layer.build_from_config(entry["build_config"], stored)
    for weight in layer.weights:
        weight.trainable = bool(entry["trainable"][weight.name])
    return layer


def _compile(
    model: Model, config: Config, weights: dict[str, Variable], state: dict[str, NDArray[Any]]
) -> None:
    model.compile(config["optimizer"], config["loss"], config["metrics"])
    assert model.optimizer is not None
    trained = config["trained"]
    if trained is not None:
        # Named twice, a weight would get room for what is remembered twice, or a million times.
        if len(set(trained)) < len(trained):
            raise ValueError(f"the optimizer was built for one weight twice: {trained!r:.200}")
        model.optimizer.build([weights[key] for key in trained])
    model.optimizer.load_own_variables(state)
