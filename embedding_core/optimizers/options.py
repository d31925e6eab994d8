"""What every optimizer can be told: learning rate, weight decay, limits for gradients.

Differences from Keras: limits must be > 0 (Keras reads 0 as no limit), a function that gives the
learning rate has no configuration, and options that this package does not compute are refused by
name (see `arguments`).
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from embedding_core.ground._types import Config
from embedding_core.ground.checks import as_name, not_negative, positive_or_none, shown
from embedding_core.ground.configurable import build, serialize
from embedding_core.optimizers import arguments, schedules


class Options:
    """Learning rate, weight decay, clipping and name, checked and written down.

    Parameters
    ----------
    learning_rate
        How far a step goes: a number >= 0, which may be set between steps; a
        `LearningRateSchedule`, which is asked at each step with `iterations`; or a function
        without arguments, which is called at each step.
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
        learning_rate: schedules.Rate,
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
            None if weight_decay is None else not_negative("weight_decay", weight_decay)
        )
        self.clipnorm = positive_or_none("clipnorm", clipnorm)
        self.clipvalue = positive_or_none("clipvalue", clipvalue)
        self.global_clipnorm = positive_or_none("global_clipnorm", global_clipnorm)
        self.name = type(self).__name__.lower() if name is None else as_name(name)
        self.iterations = 0

    @property
    def learning_rate(self) -> float:
        """How far the next step goes, a float; a schedule is evaluated at `iterations`."""
        rate = self._learning_rate
        if isinstance(rate, schedules.LearningRateSchedule):
            return rate(self.iterations)
        if callable(rate):
            return not_negative("what the learning_rate function returns", rate())
        return rate

    @learning_rate.setter
    def learning_rate(self, value: schedules.Rate) -> None:
        if isinstance(value, (schedules.LearningRateSchedule, dict)):
            self._learning_rate: float | schedules.LearningRateSchedule | Callable[[], float]
            self._learning_rate = schedules.get(value)
        elif callable(value) and not isinstance(value, type):
            self._learning_rate = value
        elif isinstance(getattr(self, "_learning_rate", 0.0), schedules.LearningRateSchedule):
            raise TypeError(
                f"{self.name} was given a schedule, which decides the learning rate: received "
                f"{shown(value)}. Set another schedule, or make the optimizer with a number."
            )
        else:
            self._learning_rate = not_negative("learning_rate", value)

    def get_config(self) -> Config:
        """Return the constructor's arguments as a dictionary that JSON can hold.

        Raises
        ------
        ValueError
            The learning rate is a function, which cannot be written down.
        """
        rate = self._learning_rate
        names = arguments.of(type(self), Options)
        return {name: getattr(self, name) for name in names if hasattr(self, name)} | {
            "learning_rate": serialize(rate) if callable(rate) else rate
        }

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """Build an optimizer from `get_config`'s dictionary, or Keras's, with no steps made.

        Raises
        ------
        TypeError, ValueError
            As `configurable.build`.
        """
        return build(cls, config)
