"""What all optimizers share: the count of steps, and the order in which a step happens.

Keras's `Optimizer` in miniature. Difference: the gradients of repeated ids are *added up
before* anything else is done with them, so a table and the same weights in a `Dense` layer
train alike. Keras 3 hands its optimizers the unmerged rows.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np

from embedding_core._types import Config, Floats
from embedding_core.ops import IndexedSlices
from embedding_core.variable import Variable

Gradient = Floats | IndexedSlices | None


class Optimizer:
    """Turns gradients into changes of variables.

    Parameters
    ----------
    learning_rate
        How far a step goes; a positive number, and it may be set between steps.

    Raises
    ------
    ValueError
        A learning rate that is not a finite number >= 0.
    """

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.iterations = 0
        self._variables: list[Variable] = []
        self.built = False

    @property
    def learning_rate(self) -> float:
        """How far a step goes."""
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        self._learning_rate = not_negative("learning_rate", value)

    def build(self, variables: Sequence[Variable]) -> None:
        """Take charge of the variables: make room for what is remembered about each."""
        self._variables = list(variables)
        self.built = True

    def apply(
        self, grads: Sequence[Gradient], trainable_variables: Sequence[Variable] | None = None
    ) -> None:
        """Make one step. Neither reads nor clears the variables' own `gradient`.

        Parameters
        ----------
        grads
            One gradient for each variable, aligned; `None` leaves its variable alone.
        trainable_variables
            The variables; by default those of `build`. The first call builds.

        Raises
        ------
        ValueError
            As many gradients as do not match, no gradient at all, a gradient of another
            shape, or a variable the optimizer was not built for. Nothing is changed.
        """
        variables = self._variables if trainable_variables is None else list(trainable_variables)
        self._check(grads, variables)
        if not self.built:
            self.build(variables)
        for gradient, variable in zip(grads, variables, strict=True):
            if gradient is None:
                continue
            if isinstance(gradient, IndexedSlices):
                gradient = gradient.merged()
            else:
                gradient = np.asarray(gradient, variable.dtype)
            self.update_step(gradient, variable, self.learning_rate)
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable.value))
        self.iterations += 1

    def _check(self, grads: Sequence[Gradient], variables: Sequence[Variable]) -> None:
        if len(grads) != len(variables):
            raise ValueError(f"received {len(grads)} gradients for {len(variables)} variables.")
        if all(gradient is None for gradient in grads):
            raise ValueError(
                "no gradient for any variable: run backward before apply, and let at least one "
                "layer be trainable."
            )
        for gradient, variable in zip(grads, variables, strict=True):
            if self.built and not any(variable is known for known in self._variables):
                raise ValueError(
                    f"{variable.name} is unknown to this optimizer: build it with all variables."
                )
            if gradient is None:
                continue
            if isinstance(gradient, IndexedSlices):
                shape = gradient.dense_shape
            else:
                shape = np.shape(gradient)
            if shape != variable.shape:
                raise ValueError(
                    f"the gradient of {variable.name} must have shape {variable.shape}: "
                    f"received {shape}."
                )

    def update_step(
        self, gradient: Floats | IndexedSlices, variable: Variable, learning_rate: float
    ) -> None:
        """Change one variable; subclasses say how. Slices come merged."""
        raise NotImplementedError

    def index_of(self, variable: Variable) -> int:
        """Return the variable's place in the list given to `build`."""
        return next(i for i, known in enumerate(self._variables) if known is variable)

    def __getstate__(self) -> dict[str, Any]:
        """Copy or pickle with no row owed a step: reading a variable settles it."""
        for variable in self._variables:
            _ = variable.value
        return self.__dict__.copy()

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        return {"learning_rate": self.learning_rate}

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """Build an optimizer from `get_config`'s dictionary, with no steps made."""
        return cls(**config)


def not_negative(name: str, value: Any) -> float:
    """Return a number >= 0 as a float, or say what it should have been.

    Raises
    ------
    ValueError
        Negative, infinite or not a number.
    """
    if not 0 <= value < np.inf:
        raise ValueError(f"{name} must be a finite number >= 0: received {value!r}.")
    return float(value)


def fraction(name: str, value: Any) -> float:
    """Return a decay rate in [0, 1), or say what it should have been.

    Raises
    ------
    ValueError
        Outside [0, 1).
    """
    if not 0 <= value < 1:
        raise ValueError(f"{name} must lie in [0, 1): received {value!r}.")
    return float(value)
