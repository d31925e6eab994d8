"""What an optimizer remembers, and how it is saved and read back."""

from collections.abc import Mapping
from functools import partial
from operator import setitem
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground.checks import as_numbers, expect
from embedding_core.ground.whole import Deed, alone, make
from embedding_core.optimizers.memory import Memory
from embedding_core.optimizers.options import Options
from embedding_core.variable import Variable


class Remembering(Options):
    """Options, and beside them the variables in charge, each with its memory.

    Parameters
    ----------
    *args, **kwargs
        As `Options`.

    Attributes
    ----------
    built
        Whether it has been put in charge of variables.

    Raises
    ------
    TypeError, ValueError
        As `Options`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.built = False
        self._variables: list[Variable] = []
        self._memories: list[Memory] = []

    @property
    def variables(self) -> list[Variable]:
        """What is remembered, as Keras lists it, in copies, which `load_own_variables` can replace.

        The number of steps; the learning rate, unless a schedule or a function decides it; then
        the slots of each variable that the optimizer is in charge of.
        """
        store: dict[str, NDArray[Any]] = {}
        self.save_own_variables(store)
        rate = self._learning_rate
        rates = [] if callable(rate) else [Variable(rate, "learning_rate")]
        steps, *slots = (Variable(array, name) for name, array in store.items())
        return [steps, *rates, *slots]

    def index_of(self, variable: Variable) -> int:
        """Return the variable's place in the list given to `build`."""
        return next(i for i, known in enumerate(self._variables) if known is variable)

    @alone
    def save_own_variables(self, store: dict[str, NDArray[Any]]) -> None:
        """Write down the steps made and all slots, with no row owed a step.

        Parameters
        ----------
        store
            Filled with copies: "iterations", and "0/0", "0/1", ... for the slots of variable 0.
        """
        store["iterations"] = np.array(self.iterations)
        for i, memory in enumerate(self._memories):
            memory.settle()
            store |= {f"{i}/{j}": slot.copy() for j, slot in enumerate(memory.slots)}

    @alone
    def load_own_variables(self, store: Mapping[str, NDArray[Any]]) -> None:
        """Read back what `save_own_variables` wrote.

        Parameters
        ----------
        store
            Written by an optimizer of the same class, built with variables of the same shapes.

        Raises
        ------
        ValueError
            Other entries, shapes or dtypes than this optimizer has, for example because it is
            not built yet; a negative number of steps. Nothing is changed.
        TypeError
            No dictionary of arrays.
        """
        expect("store", store, Mapping, "a dictionary of arrays")
        here: dict[str, NDArray[Any]] = {}
        self.save_own_variables(here)
        expected, received = (
            {name: _kind(name, array) for name, array in d.items()} for d in (here, store)
        )
        if received != expected:
            raise ValueError(
                f"{self.name} remembers these arrays: {expected}; received "
                f"{f'{received}':.800}. Build it with the same variables first."
            )
        if store["iterations"] < 0:
            raise ValueError(f"iterations must be at least 0: received {store['iterations']}.")
        deeds: list[Deed] = [partial(setattr, self, "iterations", int(store["iterations"]))]
        for i, memory in enumerate(self._memories):
            for j, slot in enumerate(memory.slots):
                deeds.append(partial(setitem, slot, ..., store[f"{i}/{j}"]))
        make(deeds)


def _kind(name: str, array: Any) -> str:
    kind = as_numbers(f"the array {name}", array)
    return f"{kind.dtype} {kind.shape}"
