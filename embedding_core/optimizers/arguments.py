"""What an optimizer takes, and what it refuses by name.

Keras's optimizers have more options than this package computes. A configuration written by
Keras names them all, so an option that is switched off is accepted; one that is switched on is
refused, because leaving it out would train another model than the one asked for.
"""

import inspect
from collections.abc import Mapping
from typing import Any

from embedding_core.ground.checks import shown

OFF_IN_KERAS: Mapping[str, Any] = {
    "use_ema": False,
    "ema_momentum": 0.99,
    "ema_overwrite_frequency": None,
    "loss_scale_factor": None,
    "gradient_accumulation_steps": None,
}
"""Options of every Keras optimizer that are not offered here, with the value that is "off"."""


def refuse(owner: str, options: Mapping[str, Any], off: Mapping[str, Any]) -> None:
    """Accept the options that Keras has and that are off; refuse all others.

    Parameters
    ----------
    owner
        The optimizer's class, for the message.
    options
        Names and values that the constructor does not know.
    off
        Names that Keras knows, with the value under which they do nothing.

    Raises
    ------
    ValueError
        Any other name, or another value.
    """
    for name, value in options.items():
        if name not in off:
            raise ValueError(f"{owner} has no argument {name!r}: received {shown(value)}.")
        if value != off[name]:
            raise ValueError(
                f"{owner} does not offer Keras's {name}: received {shown(value)}. Leave it at "
                f"{off[name]!r}, or train with keras.optimizers.{owner}."
            )


def of(cls: type, base: type) -> list[str]:
    """Name what the constructors of a class and its bases, down to `base`, take by name.

    Parameters
    ----------
    cls
        A subclass that hands on what it does not take, by `**kwargs`.
    base
        The last class that is asked.

    Returns
    -------
    list of str
        From `base` to `cls`, each once.
    """
    line = [one for one in reversed(cls.__mro__) if issubclass(one, base)]
    taken = [p for one in line for p in inspect.signature(one).parameters.values()]
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return list(dict.fromkeys(p.name for p in taken if p.kind not in several))
