"""Learning rates that change with the number of steps made.

Keras's `LearningRateSchedule`. An optimizer calls the schedule with its `iterations`, the
number of steps made before this one: the first step uses `schedule(0)`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from embedding_core.ground import configurable
from embedding_core.ground._types import Config
from embedding_core.ground.checks import as_name, not_negative, positive_or_none, shown, switch
from embedding_core.ground.configurable import Configurable


class LearningRateSchedule(Configurable):
    """A function from the number of steps made to the learning rate of the next one."""

    def __call__(self, step: int) -> float:
        """Return the learning rate, a finite number >= 0."""
        raise NotImplementedError


Rate = float | LearningRateSchedule | Config | Callable[[], float]
"""What an optimizer takes as its learning rate; a schedule also by its configuration."""


@dataclass(frozen=True)
class ExponentialDecay(LearningRateSchedule):
    """Multiply the learning rate by `decay_rate` every `decay_steps` steps.

    Keras's `ExponentialDecay`, computed in float64 (Keras computes in float32).

    Parameters
    ----------
    initial_learning_rate
        The learning rate of the first step, >= 0.
    decay_steps
        Steps after which the learning rate has been multiplied once, > 0.
    decay_rate
        The factor, > 0.
    staircase
        True changes the rate once in `decay_steps` steps instead of a little at each.
    name
        Kept for the configuration.

    Raises
    ------
    TypeError
        Not a number, `staircase` neither True nor False, or a name that is no string.
    ValueError
        A number outside its range.
    """

    initial_learning_rate: float
    decay_steps: float
    decay_rate: float
    staircase: bool = False
    name: str = "ExponentialDecay"

    def __post_init__(self) -> None:
        as_name(self.name)
        not_negative("initial_learning_rate", self.initial_learning_rate)
        for name in ("decay_steps", "decay_rate"):
            if positive_or_none(name, getattr(self, name)) is None:
                raise ValueError(f"{name} must be a finite number > 0: received None.")
        switch("staircase", self.staircase)

    def __call__(self, step: int) -> float:
        """Return `initial_learning_rate * decay_rate ** (step / decay_steps)`.

        Parameters
        ----------
        step
            Number of steps made before this one.

        Returns
        -------
        float
            The learning rate of this step.

        Raises
        ------
        TypeError
            The step is no number.
        ValueError
            It is negative, or so large that the learning rate is beyond all floats.
        """
        times = not_negative("step", step) / self.decay_steps
        if self.staircase:
            times = float(np.floor(times))
        try:
            return float(self.initial_learning_rate * self.decay_rate**times)
        except OverflowError as error:
            raise ValueError(f"{self} has no learning rate for step {shown(step)}.") from error


_KNOWN: dict[str, type] = {"ExponentialDecay": ExponentialDecay}


def get(identifier: Any) -> LearningRateSchedule:
    """Find a schedule by configuration or object (see `configurable.find`).

    Raises
    ------
    TypeError
        Neither a schedule nor a configuration of one.
    ValueError
        A class that is not known here.
    """
    found = configurable.find("learning-rate schedule", _KNOWN, identifier)
    if not isinstance(found, LearningRateSchedule):
        raise TypeError(
            "learning_rate must be a number or a LearningRateSchedule: received "
            f"{shown(identifier)}."
        )
    return found
