"""Configurations of Keras in our words: what is ours is kept, what is not is refused by name."""

from typing import Any

import numpy as np

from embedding_core.ground._types import Config

DTYPES = ("float16", "float32", "float64")


def plain(value: Any) -> Any:
    """Write a Keras configuration as ours: parts as class name and settings, short floats."""
    if isinstance(value, dict) and "class_name" in value:
        settings = value.get("config")
        return {"class_name": value["class_name"], "config": plain(settings)}
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return short(value) if isinstance(value, float) else value


def short(number: float) -> float:
    """Undo that Keras keeps a setting in float32: 0.001 comes back as 0.0010000000474974513."""
    return float(str(np.float32(number))) if np.float32(number) == number else number


def only_ours(who: str, config: Config, ours: set[str], defaults: Config) -> Config:
    """Drop the settings that only Keras has, if they are as Keras sets them by default.

    Parameters
    ----------
    who
        Whose they are, for the message.
    config
        Keras's configuration.
    ours
        The names of the settings that this package has too.
    defaults
        Keras's configuration of the same thing when nothing is chosen.

    Raises
    ------
    ValueError
        One is set to something else.
    """
    for name, value in config.items():
        if name not in ours and plain(value) != plain(defaults.get(name)):
            raise ValueError(
                f"cannot convert {who}: its setting {name}={plain(value)!r} does not exist here. "
                f"Leave it at {plain(defaults.get(name))!r}."
            )
    return {name: plain(value) for name, value in config.items() if name in ours}


def dtype_name(layer: Any) -> str:
    """Return the name of a Keras layer's dtype policy, if there is a dtype like it here.

    Raises
    ------
    ValueError
        Another, for example "mixed_float16".
    """
    name: str = layer.dtype_policy.name
    known = [*DTYPES, *(f"int8_from_{dtype}" for dtype in DTYPES)]
    if name not in known:
        raise ValueError(
            f"cannot convert layer {layer.name}: its dtype {name} does not exist here. "
            f"Known here: {', '.join(known)}."
        )
    return name
