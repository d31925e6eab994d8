"""What all optimizers share: the count of steps, and the order in which a step happens.

Keras's `Optimizer` in miniature. A step merges the gradients of repeated ids, clips, decays the
weights, updates, and applies constraints, in this order.

Differences from Keras: the gradients of repeated ids are *added up before* anything else is done
with them, so a table and the same weights in a `Dense` layer train alike (Keras 3 hands its
optimizers the unmerged rows). For such a gradient the result is the dense one and the cost that
of the rows touched; `dense_because` says when it is not. A variable that is given twice is refused
(Keras moves it twice).

A step is whole. What it makes of all variables, of all that is remembered about them and of
`iterations` is worked out aside and then put in its place by `whole.make`. An exception, Ctrl-C
too, on whatever line it comes, leaves everything as it was before `apply`, or as it is after it.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np

from embedding_core.ground._types import Floats
from embedding_core.ground.compiled import count_step
from embedding_core.ground.whole import Deed, alone, make
from embedding_core.ops import IndexedSlices
from embedding_core.optimizers import gradients
from embedding_core.optimizers.bringing import memory_of
from embedding_core.optimizers.clipping import clipped
from embedding_core.optimizers.gradients import Gradient, variables_of
from embedding_core.optimizers.memory import Rest
from embedding_core.optimizers.pairs import InPairs
from embedding_core.optimizers.state import Remembering
from embedding_core.variable import Variable

Slots = Sequence[Floats] | Floats
"""What is remembered about a variable or some rows of it, arrays of the same shape."""

Moved = Sequence[Floats]
"""What a step makes of weights and slots, new arrays, the weights first."""


class Optimizer(Remembering, InPairs):
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

    @alone
    def apply(
        self,
        grads: Sequence[Gradient | None],
        trainable_variables: Sequence[Variable] | None = None,
    ) -> None:
        """Make one step. Neither reads nor clears the variables' own `gradient`.

        A step that is cut off, by Ctrl-C or any other exception, is made whole or not at all:
        weights and slots of all variables and `iterations`, densely or by rows, in memory or in
        a file. (A process that is killed leaves a file as `scale.disk.table` says.)

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
            shape, a variable that is given twice, or one the optimizer was not built for.
            Nothing is changed.
        TypeError
            Gradients that hold no numbers, or variables that are none. Nothing is changed.
        """
        given = trainable_variables
        variables = self._variables if given is None else variables_of(given)
        checked = gradients.check(grads, variables, self._variables if self.built else None)
        pairs = zip(checked, variables, strict=True)
        ready = [(gradients.prepared(g, v), v) for g, v in pairs if g is not None]
        limited = clipped([gradient for gradient, _ in ready], self)
        if not self.built:
            self.build(variables)
        learning_rate = self.learning_rate
        deeds: list[Deed] = [partial(setattr, self, "iterations", self.iterations + 1)]
        for gradient, (_, variable) in zip(limited, ready, strict=True):
            deeds += self.changes(gradient, variable, learning_rate)
        make(deeds)
        count_step()

    def changes(self, gradient: Gradient, variable: Variable, learning_rate: float) -> list[Deed]:
        """Work out what a step makes of one variable: of the rows in slices (merged), or of all.

        Returns
        -------
        list
            What has to be done for the step to be made. Until then nothing is changed.
        """
        memory = self._memories[self.index_of(variable)]
        step_size = self.step_size(learning_rate)
        if isinstance(gradient, IndexedSlices):
            if self.dense_because(variable) is None:
                rows = gradient.indices
                block = memory.begin(variable, rows)
                moved = self.move(block[0], block[1:], gradient.values, step_size)
                return memory.ending(rows, moved, step_size)
            gradient = gradient.dense()
        value = variable.value  # reading it settles every row that was owed a step
        if self.weight_decay:
            value = value * (1 - self.weight_decay * learning_rate)
        value, *slots = self.move(value, memory.slots, gradient, step_size)
        if variable.constraint is not None:
            value = np.array(variable.constraint(value))  # it may keep what it returns
        value = variable.fitting(value)
        if not value.flags.writeable:
            value = value.copy()  # a step that leaves the weights as they are
        return variable.moving(value) + memory.replacing(slots)

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

    def move(self, value: Floats, slots: Slots, gradient: Floats, step_size: float) -> Moved:
        """Work out one step of a whole variable or of some rows; subclasses say how.

        Parameters
        ----------
        value
            The weights, of any shape.
        slots
            What is remembered about them, arrays of the same shape.
        gradient
            Same shape.
        step_size
            What `step_size` returned for this step.

        Returns
        -------
        sequence of numpy.ndarray
            The new weights and the new slots. What was given is not changed. A step is best
            added, not subtracted: NumPy then puts the sum where the step stood.
        """
        raise NotImplementedError
