"""What all optimizers share: the count of steps, and the order in which a step happens.

Keras's `Optimizer` in miniature. A step merges the gradients of repeated ids, clips, decays the
weights, updates, and applies constraints, in this order.

Differences from Keras: the gradients of repeated ids are *added up before* anything else is done
with them, so a table and the same weights in a `Dense` layer train alike (Keras 3 hands its
optimizers the unmerged rows). For such a gradient the result is the dense one and the cost that
of the rows touched; `dense_because` says when it is not.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Floats
from embedding_core.ground.checks import as_list, as_numbers, expect
from embedding_core.ops import IndexedSlices
from embedding_core.optimizers import clipping, gradients
from embedding_core.optimizers.gradients import Gradient
from embedding_core.optimizers.memory import Memory, Rest, memory_of
from embedding_core.optimizers.options import Options
from embedding_core.variable import Variable


class Optimizer(Options):
    """Turns gradients into changes of variables.

    Parameters
    ----------
    *args, **kwargs
        As `Options`: `learning_rate`, `weight_decay`, `clipnorm`, `clipvalue`,
        `global_clipnorm`, `name`.

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

    def build(self, variables: Sequence[Variable]) -> None:
        """Take charge of the variables: make room for what is remembered about each.

        Raises
        ------
        TypeError
            Something else than a list of variables.
        ValueError
            A variable brings a memory of its own that does not serve this optimizer.
        MemoryError
            There is no room. The optimizer is as it was.
        """
        ours = variables_of(variables)
        first = self.first_slots()
        memories = [memory_of(v, first, self.rest_of(v), self.dense_because(v)) for v in ours]
        self._variables, self._memories, self.built = ours, memories, True

    def apply(
        self,
        grads: Sequence[Gradient | None],
        trainable_variables: Sequence[Variable] | None = None,
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
        TypeError
            Gradients that hold no numbers, or variables that are none. Nothing is changed.
        """
        given = trainable_variables
        variables = self._variables if given is None else variables_of(given)
        checked = gradients.check(grads, variables, self._variables if self.built else None)
        pairs = zip(checked, variables, strict=True)
        ready = [(gradients.prepared(g, v), v) for g, v in pairs if g is not None]
        clipped = self._clipped([gradient for gradient, _ in ready])
        if not self.built:
            self.build(variables)
        learning_rate = self.learning_rate
        for gradient, (_, variable) in zip(clipped, ready, strict=True):
            if self.weight_decay:
                variable.assign(variable.value * (1 - self.weight_decay * learning_rate))
            self.update_step(gradient, variable, learning_rate)
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable.value))
        self.iterations += 1

    def _clipped(self, grads: list[Gradient]) -> list[Gradient]:
        if self.clipnorm is not None:
            return [clipping.by_norm(gradient, self.clipnorm) for gradient in grads]
        if self.clipvalue is not None:
            return [clipping.by_value(gradient, self.clipvalue) for gradient in grads]
        if self.global_clipnorm is not None:
            return clipping.by_global_norm(grads, self.global_clipnorm)
        return grads

    def update_step(self, gradient: Gradient, variable: Variable, learning_rate: float) -> None:
        """Change one variable: the rows that slices (merged) name, or all of it."""
        memory = self._memories[self.index_of(variable)]
        step_size = self.step_size(learning_rate)
        if isinstance(gradient, IndexedSlices):
            if self.dense_because(variable) is None:
                rows = gradient.indices
                block = memory.begin(variable, rows, step_size)
                self.move(block[0], block[1:], gradient.values, step_size)
                memory.write(rows, block)
                return
            gradient = gradient.dense()
        value = variable.value.copy()  # reading it settles every row that was owed a step
        self.move(value, memory.slots, gradient, step_size)
        variable.assign(value)

    def dense_because(self, variable: Variable) -> str | None:
        """Say why each step updates the whole variable, or `None` if the touched rows will do.

        Parameters
        ----------
        variable
            A table whose gradient comes from look-ups.

        Returns
        -------
        str or None
            The end of a sentence that begins "every row is updated at each step, because".
        """
        if 0 in variable.shape:
            return "the table is empty"
        if variable.regularizer is not None:
            return "its regularizer has a gradient for every row"
        if variable.constraint is not None:
            return "its constraint is applied to every row"
        if self.weight_decay:
            return f"weight_decay={self.weight_decay} shrinks every row"
        return None

    def step_size(self, learning_rate: float) -> float:
        """Return what `move` multiplies by: the learning rate, unless a subclass corrects it."""
        return learning_rate

    def first_slots(self) -> list[float]:
        """Return the value that each slot, an array of a variable's shape, begins with."""
        return []

    def rest_of(self, variable: Variable) -> Rest | None:
        """Return what steps without a gradient do to a row of the variable, if anything."""
        return None

    def move(
        self,
        value: NDArray[Any],
        slots: Sequence[NDArray[Any]] | NDArray[Any],
        gradient: Floats,
        step_size: float,
    ) -> None:
        """Make one step in place, on a whole variable or on some rows; subclasses say how.

        Parameters
        ----------
        value
            The weights, of any shape.
        slots
            What is remembered about them, arrays of the same shape.
        gradient
            Same shape; it is not changed.
        step_size
            What `step_size` returned for this step.
        """
        raise NotImplementedError

    def index_of(self, variable: Variable) -> int:
        """Return the variable's place in the list given to `build`."""
        return next(i for i, known in enumerate(self._variables) if known is variable)

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
        self.iterations = int(store["iterations"])
        for i, memory in enumerate(self._memories):
            for j, slot in enumerate(memory.slots):
                slot[...] = store[f"{i}/{j}"]


def variables_of(given: Any) -> list[Variable]:
    """Return a list of variables.

    Raises
    ------
    TypeError
        Anything else.
    """
    variables = as_list("variables", given, "variables")
    for one in variables:
        expect("one of the variables", one, Variable, "a Variable")
    return variables


def _kind(name: str, array: Any) -> str:
    kind = as_numbers(f"the array {name}", array)
    return f"{kind.dtype} {kind.shape}"
