"""Adam for the rows that were looked up, and for no other: cheap, and something else.

TensorFlow Addons' `LazyAdam` (Keras 3 has none). It is here for contrast: what most people
take for "Adam, but sparse" learns something else than Adam, which this package's `Adam` does not.
"""

from embedding_core.optimizers.adam import Adam
from embedding_core.optimizers.optimizer import Optimizer
from embedding_core.variable import Variable


class LazyAdam(Adam):
    """Adam that lets rows rest, moments and all, while nobody looks them up.

    **It computes something else than Adam.** A row without a gradient keeps its running means
    as they are, as if the step had not happened, and does not move. Words that are rare so step
    on with old means as if these were fresh. Given a gradient that is an array, it is Adam. A step
    that is cut off is made whole or not at all, as Adam's.

    Parameters are those of `Adam`.

    Raises
    ------
    TypeError, ValueError
        As `Adam`.
    """

    def rest_of(self, variable: Variable) -> None:
        """Do nothing to a row without a gradient."""
        return

    def dense_because(self, variable: Variable) -> str | None:
        """Say why each step updates the whole variable (see `Optimizer.dense_because`)."""
        return Optimizer.dense_because(self, variable)
