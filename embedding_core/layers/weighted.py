"""What a layer and a model have in common: weights that can be listed, read and replaced.

Keras gives both the same names. Difference: `set_weights` changes all weights or, when one of
them does not fit, none.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.layers.weights import assign_all
from embedding_core.variable import Variable


class Weighted:
    """Something with weights; subclasses say which."""

    built: bool

    @property
    def weights(self) -> list[Variable]:
        """All weights, in the order in which they were added."""
        raise NotImplementedError

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights an optimizer may change."""
        raise NotImplementedError

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights an optimizer leaves alone."""
        trained = {id(weight) for weight in self.trainable_weights}
        return [weight for weight in self.weights if id(weight) not in trained]

    @property
    def variables(self) -> list[Variable]:
        """The same as `weights`, since nothing here has a state that is no weight."""
        return self.weights

    @property
    def trainable_variables(self) -> list[Variable]:
        """The same as `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """The same as `non_trainable_weights`."""
        return self.non_trainable_weights

    def count_params(self) -> int:
        """Count the numbers in all weights.

        Raises
        ------
        ValueError
            It is not built, so nobody knows yet.
        """
        if not self.built:
            raise ValueError(f"{_name(self)} has no weights yet: build it, or call it once.")
        return sum(int(np.prod(weight.shape)) for weight in self.weights)

    def get_weights(self) -> list[NDArray[Any]]:
        """Return copies of all weights, in the order of `weights`."""
        return [weight.value.copy() for weight in self.weights]

    def set_weights(self, weights: Sequence[ArrayLike]) -> None:
        """Replace all weights, or, when one does not fit, none.

        Raises
        ------
        TypeError
            No list of arrays, or something in it that is no number.
        ValueError
            Another number of arrays than weights, or another shape.
        """
        assign_all(_name(self), self.weights, weights)


def _name(owner: Weighted) -> str:
    return getattr(owner, "name", "the model")
