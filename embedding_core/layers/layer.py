"""What all layers share: a name, weights made by `add_weight`, and how to write them down.

Keras's `Layer` in miniature. `call` computes forward and `backward`, written out beside it,
computes the gradient: there is no tape. Differences from Keras: arrays carry no mask, so
`layer(inputs, mask=...)` is told about it; `build` is called by `__call__` in plain sight;
`set_weights` changes all weights or, when one of them does not fit, none.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core import constraints, initializers, regularizers
from embedding_core.ground._types import Config, Floats, Mask, Shape
from embedding_core.ground.checks import (
    as_dtype,
    as_name,
    as_numbers,
    as_shape,
    shown,
    switch,
    undrawn,
)
from embedding_core.ground.configurable import build
from embedding_core.ground.odd_ids import rectangle
from embedding_core.ops import IndexedSlices
from embedding_core.variable import Variable, assign_all

_names_given: Counter[str] = Counter()


class Layer:
    """A step of a model: weights, a forward pass and its gradient.

    Parameters
    ----------
    name
        By default the class's name in snake case, numbered from the second one on.
    dtype
        Of the weights: float16, float32 (the default) or float64.
    trainable
        False keeps optimizers away from every weight of the layer.

    Raises
    ------
    TypeError
        `dtype` is not one of the three, `name` no string, or `trainable` neither True nor False.
    """

    supports_masking: ClassVar[bool] = False

    def __init__(
        self, name: str | None = None, dtype: str | None = None, trainable: bool = True
    ) -> None:
        floats = "float16, float32 or float64"
        self.dtype = as_dtype("float32" if dtype is None else dtype, "f", floats)
        if self.dtype.itemsize > 8:
            raise TypeError(f"dtype must be {floats}: received {shown(dtype)}.")
        self.trainable = switch("trainable", trainable)
        self.name = _new_name(type(self)) if name is None else as_name(name)
        self.built = False
        # Where initializers without a seed of their own get one; a seeded model sets it.
        self.rng: np.random.Generator | None = None
        self._weights: dict[str, Variable] = {}
        # The first values of weights that are read from a file instead of being initialized.
        self._stored: Mapping[str, NDArray[Any]] | None = None

    def build(self, input_shape: Shape | None = None) -> None:
        """Create the weights, once; `__call__` does it at the first call.

        Parameters
        ----------
        input_shape
            Shape of the inputs. Layers whose weights do not depend on it need none.
        """
        self.built = True

    def add_weight(
        self,
        shape: Shape = (),
        initializer: Any = None,
        dtype: str | np.dtype[Any] | None = None,
        trainable: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        name: str = "variable",
    ) -> Variable:
        """Create a weight, let its initializer fill it, and enter it in the layer's list.

        Parameters
        ----------
        shape
            Of the weight; `()` is a single number.
        initializer
            Object, name or configuration. By default `glorot_uniform` for floats and
            `zeros` for integers, as in Keras.
        dtype
            By default the layer's.
        trainable
            False: kept and saved, but not changed by optimizers.
        regularizer, constraint
            Object, name or configuration.
        name
            Unique in the layer.

        Returns
        -------
        Variable
            The weight, with its first value.

        Raises
        ------
        TypeError
            A shape, a dtype or a name that is none.
        ValueError
            An unknown name, a weight added twice, a length below 0, or an initializer that
            returns another shape.
        MemoryError
            There is no room for so large a weight.
        """
        if self.built and as_name(name) in self._weights:
            raise ValueError(f"layer {self.name} has a weight named {shown(name)} already.")
        shape = as_shape("shape", shape)
        dtype = self.dtype if dtype is None else as_dtype(dtype)
        if initializer is None:
            initializer = "glorot_uniform" if dtype.kind == "f" else "zeros"
        if self._stored is None:
            fill = initializers.seeded(initializers.get(initializer), self.rng)
            value = np.asarray(fill(shape, dtype), dtype)
        else:
            value = self._stored_value(name, dtype)
        if value.shape != shape:
            raise ValueError(
                f"the initializer of {name} must return shape {shape}: received {value.shape}."
            )
        variable = Variable(
            value, name, trainable, regularizers.get(regularizer), constraints.get(constraint)
        )
        self._weights[name] = variable
        return variable

    def _stored_value(self, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
        assert self._stored is not None
        value = self._stored.get(name)
        if value is None or value.dtype != dtype:
            raise ValueError(
                f"layer {self.name} needs an array of {dtype} for its weight {name}: "
                f"received {None if value is None else value.dtype}."
            )
        return value

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

    def __call__(self, inputs: ArrayLike, mask: Mask | None = None) -> Floats:
        """Build if need be, then run `call`.

        Raises
        ------
        IndexError, TypeError, ValueError
            As `call`. A layer that was not built before is not built afterwards.
        """
        if self.built:
            return self.call(inputs, mask)
        shape = inputs.shape if hasattr(inputs, "shape") else rectangle(inputs).shape
        with self._undone_by_a_failure():
            self.build(shape)
            return self.call(inputs, mask)

    @contextmanager
    def _undone_by_a_failure(self) -> Iterator[None]:
        """Let inputs that will not do leave no weights of their width, and no draws, behind."""
        before = {**vars(self), "_weights": dict(self._weights)}
        try:
            with undrawn(self.rng):
                yield
        except BaseException:
            vars(self).clear()
            vars(self).update(before)
            raise

    def call(self, inputs: Any, mask: Mask | None = None) -> Floats:
        """Compute the outputs; subclasses say how."""
        raise NotImplementedError

    def backward(self, gradient: Floats) -> Floats | IndexedSlices:
        """Send the gradient of the outputs of the last call back through the layer.

        Adds to the `gradient` of each trainable weight and returns the gradient of the
        inputs.
        """
        raise NotImplementedError

    def _gradient_of(self, gradient: Any, expected: Shape) -> NDArray[Any]:
        """Return the gradient of the last outputs, if it has their shape."""
        array = as_numbers("gradient", gradient)
        if array.shape != expected:
            raise ValueError(
                f"layer {self.name}: the gradient must have the shape of the last outputs, "
                f"{expected}: received {array.shape}."
            )
        return array

    def compute_mask(self, inputs: Any, mask: Mask | None = None) -> Mask | None:
        """Say which positions of the outputs are padding; by default those of the inputs."""
        return mask

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the outputs without computing them; by default the inputs'."""
        return tuple(input_shape)

    @property
    def weights(self) -> list[Variable]:
        """All weights, in the order in which they were added."""
        return list(self._weights.values())

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights an optimizer may change: none when the layer is frozen."""
        return [w for w in self.weights if w.trainable] if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights an optimizer leaves alone."""
        return [w for w in self.weights if not (w.trainable and self.trainable)]

    @property
    def losses(self) -> list[float]:
        """One penalty for each trainable weight with a regularizer, from `build` on."""
        return [w.regularizer(w.value) for w in self.trainable_weights if w.regularizer]

    def count_params(self) -> int:
        """Count the numbers in all weights.

        Raises
        ------
        ValueError
            The layer is not built, so nobody knows yet.
        """
        if not self.built:
            raise ValueError(f"layer {self.name} has no weights yet: call build or the layer.")
        return sum(int(np.prod(w.shape)) for w in self.weights)

    def get_weights(self) -> list[NDArray[Any]]:
        """Return copies of all weights, in the order of `weights`."""
        return [w.value.copy() for w in self.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Replace all weights, or, when one does not fit, none.

        Raises
        ------
        TypeError
            No list of arrays, or something in it that is no number.
        ValueError
            Another number of arrays than weights, or another shape.
        """
        assign_all(self.name, self.weights, weights)

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


def _new_name(cls: type) -> str:
    base = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
    _names_given[base] += 1
    nth = _names_given[base] - 1
    return f"{base}_{nth}" if nth else base
