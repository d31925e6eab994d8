"""What all optimizers share: the count of steps, and the order in which a step happens.

Keras's `Optimizer` in miniature. A step merges the gradients of repeated ids, clips, decays the
weights, updates, and applies constraints, in this order.

Differences from Keras: the gradients of repeated ids are *added up before* anything else is done
with them, so a table and the same weights in a `Dense` layer train alike (Keras 3 hands its
optimizers the unmerged rows). For such a gradient the result is the dense one and the cost that
of the rows touched; `dense_because` says when it is not. Clipping limits must be > 0 (Keras reads
0 as no limit). What Keras has beyond these options is refused by name.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from embedding_core._types import Config, Floats
from embedding_core.configurable import serialize
from embedding_core.ops import IndexedSlices
from embedding_core.optimizers import arguments, clipping, schedules
from embedding_core.optimizers.memory import Memory, Rest
from embedding_core.variable import Variable

Gradient = Floats | IndexedSlices | None


class Optimizer:
    """Turns gradients into changes of variables.

    Parameters
    ----------
    learning_rate
        How far a step goes: a number >= 0, which may be set between steps, or a
        `LearningRateSchedule`, which is asked at each step with `iterations`.
    weight_decay
        Before each update every number of every variable loses this share of itself, times
        the learning rate; `None` for none.
    clipnorm, clipvalue, global_clipnorm
        Limits for the gradients, at most one of them: for the length of each variable's
        gradient, for each number, for the length of all gradients together; > 0.
    name
        By default the class's name in lower case.
    **kwargs
        Keras's other options, which must be off.

    Raises
    ------
    TypeError
        An argument of another type.
    ValueError
        A number outside its range, two ways of clipping, or an option that is not offered.
    """

    off_in_keras: ClassVar[Mapping[str, Any]] = arguments.OFF_IN_KERAS

    def __init__(
        self,
        learning_rate: Any,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        arguments.refuse(type(self).__name__, kwargs, self.off_in_keras)
        limits = {"clipnorm": clipnorm, "clipvalue": clipvalue, "global_clipnorm": global_clipnorm}
        if sum(limit is not None for limit in limits.values()) > 1:
            raise ValueError(f"at most one of {', '.join(limits)} may be given: received {limits}.")
        self.learning_rate = learning_rate
        self.weight_decay = (
            None if weight_decay is None else arguments.not_negative("weight_decay", weight_decay)
        )
        self.clipnorm = arguments.positive_or_none("clipnorm", clipnorm)
        self.clipvalue = arguments.positive_or_none("clipvalue", clipvalue)
        self.global_clipnorm = arguments.positive_or_none("global_clipnorm", global_clipnorm)
        self.name = type(self).__name__.lower() if name is None else name
        self.iterations = 0
        self.built = False
        self._variables: list[Variable] = []
        self._memories: list[Memory] = []

    @property
    def learning_rate(self) -> Any:
        """How far the next step goes, a float: a schedule is evaluated at `iterations`."""
        if isinstance(self._learning_rate, schedules.LearningRateSchedule):
            return self._learning_rate(self.iterations)
        return self._learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if isinstance(value, (schedules.LearningRateSchedule, dict)) or callable(value):
            self._learning_rate: float | schedules.LearningRateSchedule = schedules.get(value)
        elif isinstance(getattr(self, "_learning_rate", 0.0), schedules.LearningRateSchedule):
            raise TypeError(
                f"{self.name} was given a schedule, which decides the learning rate: received "
                f"{value!r}. Set another schedule, or make the optimizer with a number."
            )
        else:
            self._learning_rate = arguments.not_negative("learning_rate", value)

    def build(self, variables: Sequence[Variable]) -> None:
        """Take charge of the variables: make room for what is remembered about each."""
        self._variables = list(variables)
        first = self.first_slots()
        self._memories = [Memory(v, first, self.rest_of(v)) for v in variables]
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
        pairs = zip(grads, variables, strict=True)
        ready = [(_prepared(g, v), v) for g, v in pairs if g is not None]
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

    def _clipped(self, gradients: list[clipping.Gradient]) -> list[clipping.Gradient]:
        if self.clipnorm is not None:
            return [clipping.by_norm(gradient, self.clipnorm) for gradient in gradients]
        if self.clipvalue is not None:
            return [clipping.by_value(gradient, self.clipvalue) for gradient in gradients]
        if self.global_clipnorm is not None:
            return clipping.by_global_norm(gradients, self.global_clipnorm)
        return gradients

    def update_step(
        self, gradient: Floats | IndexedSlices, variable: Variable, learning_rate: float
    ) -> None:
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

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold."""
        rate = self._learning_rate
        is_schedule = isinstance(rate, schedules.LearningRateSchedule)
        return {
            "name": self.name,
            "learning_rate": serialize(rate) if is_schedule else rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm,
            "clipvalue": self.clipvalue,
        }

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """Build an optimizer from `get_config`'s dictionary, or Keras's, with no steps made."""
        return cls(**config)


def _prepared(gradient: Floats | IndexedSlices, variable: Variable) -> clipping.Gradient:
    """Merge slices, and bring the numbers to the variable's dtype."""
    if isinstance(gradient, IndexedSlices):
        merged = gradient.merged()
        if merged.values.dtype == variable.dtype:
            return merged
        return IndexedSlices(
            merged.values.astype(variable.dtype), merged.indices, merged.dense_shape
        )
    return np.asarray(gradient, variable.dtype)
