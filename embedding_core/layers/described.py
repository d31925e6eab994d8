"""How a layer is called and written down, and how it is made again with the same weights.

The part of Keras's `Layer` that no batch passes through: name and dtype, `get_config` and
`from_config`, `build_from_config`.
"""

import difflib
import inspect
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from embedding_core import initializers
from embedding_core.ground._types import Config, Initializer, Shape
from embedding_core.ground.checks import as_dtype, as_name, shown, switch
from embedding_core.ground.configurable import build

_names_given: Counter[str] = Counter()
# What layers were told in older Kerases.
_SHAPES = ("input_length", "input_shape", "batch_input_shape", "input_dim")


class Described:
    """What has a name, a dtype and a configuration.

    Parameters
    ----------
    name
        By default the class's name in snake case, numbered from the second one on.
    dtype
        Of the weights: float16, float32 (the default) or float64.
    trainable
        False keeps optimizers away from every weight of the layer.
    **unknown
        Nothing else is taken: what comes is refused by name.

    Raises
    ------
    TypeError
        `dtype` is not one of the three (a mixed policy is none), `name` no string, `trainable`
        neither True nor False, or an argument that the layer does not know.
    """

    built: bool = False

    def __init__(
        self,
        name: str | None = None,
        dtype: str | None = None,
        trainable: bool = True,
        **unknown: Any,
    ) -> None:
        _refuse_unknown(type(self), unknown)
        floats = "float16, float32 or float64"
        policy = getattr(dtype, "name", dtype)  # Keras's policies have one
        if isinstance(policy, str) and policy.startswith("mixed_"):
            raise TypeError(
                f"dtype must be {floats}: received {shown(dtype)}. A mixed policy keeps weights in "
                "float32 and computes in 16 bits, which pays on an accelerator and not in NumPy: "
                "here weights and outputs have one dtype."
            )
        self.dtype = as_dtype("float32" if dtype is None else dtype, "f", floats)
        if self.dtype.itemsize > 8:
            raise TypeError(f"dtype must be {floats}: received {shown(dtype)}.")
        self.trainable = switch("trainable", trainable)
        self.name = _new_name(type(self)) if name is None else as_name(name)
        # Where initializers without a seed of their own get one; the first seeded model that
        # holds the layer sets it.
        self.rng: np.random.Generator | None = None
        # The first values of weights that are read from a file instead of being initialized.
        self._stored: Mapping[str, NDArray[Any]] | None = None

    def build(self, input_shape: Shape | None = None) -> None:
        """Create the weights."""
        raise NotImplementedError

    def check_inputs(self, inputs: Any) -> None:
        """Refuse inputs of a whole data set before the first step; by default none.

        Parameters
        ----------
        inputs
            As for a call, but of all samples. A layer that looks only at shapes need not look
            here: those are tried on the first sample.
        """

    def get_build_config(self) -> Config:
        """Return what `build_from_config` needs to create the weights again."""
        return {"input_shape": None}

    def build_from_config(
        self, config: Any, stored: Mapping[str, NDArray[Any]] | None = None
    ) -> None:
        """Create the weights as `get_build_config` has written down.

        Parameters
        ----------
        config
            With the entry `input_shape`.
        stored
            First values by the weights' names, in place of those of the initializers.

        Raises
        ------
        ValueError
            An array that is missing or has another shape or dtype than its weight, or a shape
            that will not do.
        TypeError
            A configuration that is no dictionary with the one entry, or a shape that is none.
        """
        if not isinstance(config, Mapping) or "input_shape" not in config:
            raise TypeError(f"config must hold an input_shape: received {shown(config)}.")
        shape = config["input_shape"]
        if shape is not None and not isinstance(shape, (list, tuple)):
            raise TypeError(f"input_shape must be a list of lengths: received {shown(shape)}.")
        self._stored = stored
        try:
            self.build(None if shape is None else tuple(shape))
        finally:
            self._stored = None

    def _initializer_of(self, weight: str, given: Any, dtype: np.dtype[Any]) -> Initializer:
        """Return what fills a new weight: its initializer, or the stored array."""
        if self._stored is None:
            default = "glorot_uniform" if dtype.kind == "f" else "zeros"
            return initializers.seeded(
                initializers.get(default if given is None else given), self.rng
            )
        value = self._stored.get(weight)
        if value is None or value.dtype != dtype:
            raise ValueError(
                f"layer {self.name} needs an array of {dtype} for its weight {weight}: "
                f"received {None if value is None else value.dtype}."
            )
        found = value
        return lambda shape, dtype: found

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        return {"name": self.name, "dtype": self.dtype.name, "trainable": self.trainable}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """Build a layer from `get_config`'s dictionary, with fresh weights.

        Raises
        ------
        TypeError, ValueError
            As `configurable.build`.
        """
        return build(cls, config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"


def _refuse_unknown(cls: type, unknown: Mapping[str, Any]) -> None:
    """Name the class that was called: Python would name the one at the bottom."""
    if not unknown:
        return
    constructors = [vars(base)["__init__"] for base in cls.__mro__[:-1] if "__init__" in vars(base)]
    parameters = [p for init in constructors for p in inspect.signature(init).parameters.values()]
    known = list(
        dict.fromkeys(p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL))
    )
    known.remove("self")
    name = next(iter(unknown))
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    if name in _SHAPES:
        hint = " Leave it out: a layer learns the shape of its inputs from the first of them."
    raise TypeError(
        f"{cls.__name__} has no argument {name!r}: received {name}={shown(unknown[name])}.{hint} "
        f"Known are: {', '.join(known)}."
    )


def _new_name(cls: type) -> str:
    base = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
    _names_given[base] += 1
    nth = _names_given[base] - 1
    return f"{base}_{nth}" if nth else base
