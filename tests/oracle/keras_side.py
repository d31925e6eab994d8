"""What the comparisons share: arguments and configurations of a Keras class, in our words."""

import inspect
import sys

import pytest


def arguments(cls):
    """Names and defaults of a constructor, in order, without the collected rest."""
    parameters = inspect.signature(cls).parameters.values()
    return {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}


def assert_same_arguments(ours, of_keras):
    """Every argument of ours is one of Keras's, in its order, with its default."""
    here, there = arguments(ours), arguments(of_keras)
    assert here == {name: there.get(name, "not in Keras") for name in here}
    assert list(here) == [name for name in there if name in here]


def plain(config):
    """Write a Keras configuration as ours: parts as class name and settings, dtypes by name."""
    if not isinstance(config, dict):
        return config
    if config.get("class_name") == "DTypePolicy":
        return config["config"]["name"]
    if "class_name" in config:
        return {"class_name": config["class_name"], "config": plain(config["config"])}
    return {key: plain(value) for key, value in config.items()}


def assert_same_config(ours, of_keras):
    """Every entry of our configuration is in Keras's with the same value, parts included."""
    there = plain(of_keras)
    for name, value in ours.items():
        if isinstance(value, dict):
            assert there[name]["class_name"] == value["class_name"]
            assert_same_config(value["config"], there[name]["config"])
        else:
            near = isinstance(value, float)  # Keras keeps some factors in float32
            assert there[name] == (pytest.approx(value) if near else value), name


def put_empty_modules_first(patch, folder):
    """Let children find a TensorFlow and a Keras 2 that take no time and do nothing."""
    for name in ("tensorflow", "tf_keras"):
        (folder / f"{name}.py").write_text("")
    patch.setattr(sys, "path", [str(folder), *sys.path])
