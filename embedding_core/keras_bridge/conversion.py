"""A layer or a model, from here to Keras and back: configuration and weights.

`from_keras(to_keras(m))` is the identity, also through Keras's own `.keras` files. Not carried
over are what an optimizer remembers (it starts anew on the other side), the state of the random
numbers, and gradients. Four things Keras itself does not keep: a learning rate beyond float32, the
`dtype` of a loss, the `lora_alpha` of a layer that is not built yet, and, in a `.keras` file, the
two matrices of LoRA, which it adds to the table.
"""

import inspect
from typing import Any

import numpy as np

from embedding_core import constraints, initializers, regularizers
from embedding_core.ground._types import Config
from embedding_core.keras_bridge.compiling import compile_keras, compile_ours
from embedding_core.keras_bridge.loading import load_keras
from embedding_core.keras_bridge.settings import dtype_name, only_ours
from embedding_core.layers import Dense, Embedding, GlobalAveragePooling1D, Layer
from embedding_core.model import Sequential

_CLASSES: dict[str, type[Layer]] = {
    cls.__name__: cls for cls in (Embedding, Dense, GlobalAveragePooling1D)
}
_KINDS = {
    "initializer": initializers._KNOWN,
    "regularizer": regularizers._KNOWN,
    "constraint": constraints._KNOWN,
}
_ARRAYS = ("__numpy__", "__tensor__")


def to_keras(layer_or_model: Any) -> Any:
    """Make the same layer or model in Keras.

    Parameters
    ----------
    layer_or_model
        An `Embedding`, `Dense`, `GlobalAveragePooling1D`, or a `Sequential` of them.

    Returns
    -------
    keras.layers.Layer or keras.Sequential
        Built, with copies of the weights, if it is built here; compiled if it is compiled.

    Raises
    ------
    TypeError
        Something else.
    ValueError
        A part that Keras does not have, for example `LazyAdam`.
    """
    if type(layer_or_model) is Sequential:
        return _model_to_keras(layer_or_model)
    layer = _layer_to_keras(layer_or_model)
    if layer_or_model.built:
        shape = layer_or_model.get_build_config()["input_shape"]
        layer.build((None, None, None) if shape is None else tuple(shape))
        _give_weights(layer_or_model, layer)
    return layer


def _layer_to_keras(layer: Any) -> Any:
    name = type(layer).__name__
    if _CLASSES.get(name) is not type(layer):
        raise TypeError(
            f"cannot convert a {name} to Keras: only {', '.join(_CLASSES)} and Sequential."
        )
    config = layer.get_config()
    if layer.built:  # Keras's build would lose lora_alpha, so `_give_weights` enables LoRA
        config = {key: value for key, value in config.items() if not key.startswith("lora")}
    return getattr(load_keras().layers, name).from_config(config)


def _give_weights(layer: Layer, keras_layer: Any) -> None:
    if isinstance(layer, Embedding) and layer.lora_enabled:
        keras_layer.enable_lora(layer.lora_rank, layer.lora_alpha)
    values = {weight.name: weight.value for weight in layer.weights}
    for weight in keras_layer.weights:
        weight.assign(values[weight.name])


def _model_to_keras(model: Sequential) -> Any:
    keras = load_keras()
    layers = [_layer_to_keras(layer) for layer in model.layers]
    inputs = []
    if model.layers and all(layer.built for layer in model.layers):
        first = model.layers[0]
        if isinstance(first, Embedding):
            inputs = [keras.Input((None,), dtype="int32")]
        elif isinstance(first, Dense):
            inputs = [keras.Input((first.kernel.shape[0],))]
    keras_model = keras.Sequential([*inputs, *layers])
    if inputs:
        for layer, keras_layer in zip(model.layers, layers, strict=True):
            _give_weights(layer, keras_layer)
    if model.optimizer is not None:
        compile_keras(model, keras_model)
    return keras_model


def from_keras(layer_or_model: Any) -> Any:
    """Make the same layer or model here.

    Parameters
    ----------
    layer_or_model
        One of Keras's: an `Embedding`, `Dense`, `GlobalAveragePooling1D`, or a `Sequential`
        of them.

    Returns
    -------
    Layer or Sequential
        Built, with copies of the weights, if it is built there; compiled if it is compiled.

    Raises
    ------
    TypeError
        Something else, for example another layer of Keras's; it is named.
    ValueError
        A setting that does not exist here; it is named.
    """
    if type(layer_or_model) is load_keras().Sequential:
        model = Sequential([_layer_from_keras(layer) for layer in layer_or_model.layers])
        if layer_or_model.compiled:
            compile_ours(layer_or_model, model)
        return model
    return _layer_from_keras(layer_or_model)


def _layer_from_keras(layer: Any) -> Layer:
    name = type(layer).__name__
    if name not in _CLASSES or type(layer) is not getattr(load_keras().layers, name):
        raise TypeError(
            f"cannot convert {getattr(layer, 'name', layer)!r}, a {type(layer).__module__}.{name}, "
            f"from Keras: only Keras's {', '.join(_CLASSES)} and Sequential."
        )
    cls = _CLASSES[name]
    config = _layer_config(layer, cls)
    try:
        ours = cls.from_config(config)
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"cannot convert layer {layer.name}: {error}") from error
    if layer.built:
        stored = {weight.name: weight.numpy() for weight in layer.weights}
        if "embeddings_scale" in stored:
            stored["embeddings_scale"] = stored["embeddings_scale"].astype(np.float32)
        shape = [None, len(stored["kernel"])] if "kernel" in stored else None
        ours.build_from_config({"input_shape": shape}, stored)
    return ours


def _layer_config(layer: Any, cls: type[Layer]) -> Config:
    config = layer.get_config() | {"dtype": dtype_name(layer)}
    quantizers = config.pop("quantization_config", None)
    if quantizers and (quantizers.get("config") or {}).get("weight_quantizer") is not None:
        raise ValueError(
            f"cannot convert layer {layer.name}: it was quantized with a weight_quantizer of its "
            "own, which does not exist here."
        )
    arguments = set(inspect.signature(cls).parameters)
    arguments |= {"name", "dtype", "trainable", "activity_regularizer"}
    config = only_ours(f"layer {layer.name}", config, arguments, {})
    for name, value in config.items():
        kind = name.rpartition("_")[2]
        if kind in _KINDS and value is not None:
            config[name] = _part(f"layer {layer.name}", _KINDS[kind], value)
            if value["class_name"] == "Identity":  # Keras does not write its gain down
                config[name] = {**value, "config": {"gain": getattr(layer, name).gain}}
    return config


def _part(layer: str, known: dict[str, type], written: Config) -> Config:
    """Drop what Keras alone can set in an initializer, a regularizer or a constraint."""
    name = written["class_name"]
    if name in ("function", "__lambda__"):
        raise ValueError(
            f"cannot convert {layer}: a function cannot be written down, nor an array in the place "
            "of an initializer. Use keras.initializers.Constant(array)."
        )
    if name not in known:
        raise ValueError(f"cannot convert {layer}: unknown {name!r}. Known: {', '.join(known)}.")
    ours = set(inspect.signature(known[name]).parameters)
    config = only_ours(f"{layer}'s {name}", written["config"], ours, {})
    return {"class_name": name, "config": {key: _listed(value) for key, value in config.items()}}


def _listed(value: Any) -> Any:
    """Read an array as Keras writes it; anything else stays as it is."""
    if isinstance(value, dict) and value.get("class_name") in _ARRAYS:
        return value["config"]["value"]
    return value
