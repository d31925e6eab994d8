"""What an optimizer takes, and what it refuses by name.

Keras's optimizers have more options than this package computes. A configuration written by
Keras names them all, so an option that is switched off is accepted; one that is switched on is
refused, because leaving it out would train another model than the one asked for.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

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
            raise ValueError(f"{owner} has no argument {name!r}: received {value!r}.")
        if value != off[name]:
            raise ValueError(
                f"{owner} does not offer Keras's {name}: received {value!r}. Leave it at "
                f"{off[name]!r}, or train with keras.optimizers.{owner}."
            )


def not_negative(name: str, value: Any) -> float:
    """Return a number >= 0 as a float, or say what it should have been.

    Raises
    ------
    TypeError
        Not a number.
    ValueError
        Negative, infinite or NaN.
    """
    if not 0 <= _number(name, value) < np.inf:
        raise ValueError(f"{name} must be a finite number >= 0: received {value!r}.")
    return float(value)


def positive_or_none(name: str, value: Any) -> float | None:
    """Return `None`, or a number > 0 as a float, or say what it should have been.

    Raises
    ------
    TypeError
        Neither `None` nor a number.
    ValueError
        Zero, negative, infinite or NaN.
    """
    if value is None:
        return None
    if not 0 < _number(name, value) < np.inf:
        raise ValueError(
            f"{name} must be a finite number > 0, or None for none: received {value!r}."
        )
    return float(value)


def fraction(name: str, value: Any) -> float:
    """Return a decay rate in [0, 1), or say what it should have been.

    Raises
    ------
    TypeError
        Not a number.
    ValueError
        Outside [0, 1).
    """
    if not 0 <= _number(name, value) < 1:
        raise ValueError(f"{name} must lie in [0, 1): received {value!r}.")
    return float(value)


def switch(name: str, value: Any) -> bool:
    """Return True or False, or say that it should have been one of them.

    Raises
    ------
    TypeError
        Anything else: a number that slipped into the wrong place would read as True.
    """
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False: received {value!r}.")
    return bool(value)


def _number(name: str, value: Any) -> Any:
    array = np.asarray(value)
    if array.ndim or array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be a number: received {value!r}.")
    return value
