"""The choice of optimizer, loss and metrics, from here to Keras and back."""

import inspect
from typing import Any

from embedding_core import losses, metrics, optimizers
from embedding_core.ground._types import Config
from embedding_core.ground.configurable import serialize
from embedding_core.keras_bridge.loading import load_keras
from embedding_core.keras_bridge.settings import only_ours, plain
from embedding_core.model import Sequential

# What `compile` of Keras has beyond the three, where it decides what is learned or reported.
_ONLY_KERAS = ("loss_weights", "weighted_metrics")


def compile_keras(model: Sequential, keras_model: Any) -> None:
    """Compile a Keras model as one of ours is compiled, with a new optimizer."""
    keras_model.compile(
        optimizer=_in_keras("optimizers", model.optimizer),
        loss=_in_keras("losses", model.loss),
        metrics=[
            metric.name
            if isinstance(metric, metrics.AccuracyByShape)
            else _in_keras("metrics", metric)
            for metric in model.metrics
        ],
    )
    if keras_model.built:  # else Keras warns when it loads the model from its file
        keras_model.optimizer.build(keras_model.trainable_variables)


def _in_keras(kind: str, part: Any) -> Any:
    module = getattr(load_keras(), kind)
    written = serialize(part)
    assert written is not None
    if not hasattr(module, written["class_name"]):
        raise ValueError(f"cannot convert {written['class_name']}: Keras has none in {kind}.")
    rate = written["config"].get("learning_rate")
    if isinstance(rate, dict):  # Keras looks for a schedule by module, which is not ours to name
        written["config"]["learning_rate"] = module.schedules.deserialize(rate)
    return getattr(module, written["class_name"])(**written["config"])


def compile_ours(keras_model: Any, model: Sequential) -> None:
    """Compile one of our models as a Keras model is compiled, with a new optimizer."""
    config = keras_model.get_compile_config() or {}
    for name in _ONLY_KERAS:
        if config.get(name) is not None:
            raise ValueError(
                f"cannot convert the model: compile's {name}={config[name]!r} does not exist here."
            )
    model.compile(
        _optimizer(keras_model.optimizer),
        _loss(config.get("loss")),
        [_metric(metric) for metric in config.get("metrics") or []],
    )


def _optimizer(optimizer: Any) -> Any:
    name = type(optimizer).__name__
    ours = set(optimizers.get({"class_name": name, "config": {}}).get_config())
    defaults = type(optimizer)().get_config()
    config = only_ours(name, optimizer.get_config(), ours | {"name"}, defaults)
    if "name" not in ours:
        del config["name"]
    return optimizers.get({"class_name": name, "config": config})


def _loss(loss: Any) -> Any:
    if not isinstance(loss, dict):
        return losses.get(loss)
    if loss["class_name"] == "function":
        return losses.get(loss["config"])
    return losses.get(_chosen("losses", type(losses.get(loss["class_name"])), loss))


def _metric(metric: Any) -> Any:
    if not isinstance(metric, dict):
        return metrics.get(metric)
    return metrics.get(_chosen("metrics", type(metrics.get(metric["class_name"])), metric))


def _chosen(kind: str, cls: Any, written: Config) -> Config:
    name = written["class_name"]
    defaults = getattr(getattr(load_keras(), kind), name)().get_config()
    ours = set(inspect.signature(cls).parameters)
    config = {key: plain(value) for key, value in written["config"].items()}
    if config.get("dtype") == defaults.get("dtype"):  # not chosen: ours decides anew
        config.pop("dtype", None)
    return {"class_name": name, "config": only_ours(name, config, ours, defaults)}
