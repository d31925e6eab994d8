"""Gradients handed over in pairs with their variables, as in a training loop of one's own."""

import warnings
from collections.abc import Iterable, Sequence
from typing import Any

from embedding_core.ground.checks import as_list, shown
from embedding_core.optimizers.gradients import Gradient
from embedding_core.variable import Variable


class InPairs:
    """Keras's older way to make a step."""

    def apply(
        self,
        grads: Sequence[Gradient | None],
        trainable_variables: Sequence[Variable] | None = None,
    ) -> None:
        """Make one step."""
        raise NotImplementedError

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Gradient | None, Variable]]) -> None:
        """Make one step, as `apply` does.

        Parameters
        ----------
        grads_and_vars
            Pairs of a gradient and its variable, for example from `zip`. A variable whose gradient
            is `None` is left alone, with a warning.

        Raises
        ------
        TypeError
            No list of pairs, or as `apply`. Nothing is changed.
        ValueError
            As `apply`.
        """
        pairs = [_pair(one) for one in as_list("grads_and_vars", grads_and_vars, "pairs")]
        without = [variable for gradient, variable in pairs if gradient is None]
        self.apply([gradient for gradient, _ in pairs], [variable for _, variable in pairs])
        if without:
            warnings.warn(
                f"no gradient for {', '.join(shown(v) for v in without)}: left alone. "
                "Did the loss depend on it?",
                stacklevel=2,
            )


def _pair(one: Any) -> tuple[Any, Any]:
    if not isinstance(one, (tuple, list)) or len(one) != 2:
        raise TypeError(
            f"grads_and_vars must hold pairs of a gradient and a variable: received {shown(one)}."
        )
    return one[0], one[1]
