"""What is reported while a model trains, and changes nothing: state, result, forgetting."""

import re
from typing import Any

from numpy.typing import DTypeLike

from embedding_core.ground._types import Config
from embedding_core.ground.checks import as_dtype, as_name
from embedding_core.ground.configurable import Configurable


class Metric(Configurable):
    """Base of all metrics; to write one, write `update_state`, `result` and `reset_state`.

    Parameters
    ----------
    dtype
        Of the result. None is float64, in which all sums are kept (Keras: float32, in which a
        count stops at 16,777,216).
    name
        Under which it is reported; by default the class's name in snake case.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.

    Notes
    -----
    Keras's class of that name. Keras finds a mask on the predictions; here arrays carry none, and
    it is handed over as `mask`.
    """

    def __init__(self, dtype: DTypeLike | None = None, name: str | None = None) -> None:
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(self).__name__).lower()
        self.name = snake if name is None else as_name(name)
        self._dtype = None if dtype is None else as_dtype(dtype, "f", "one of floats").name

    @property
    def dtype(self) -> str:
        """Of the result."""
        return self._dtype or "float64"

    @property
    def variables(self) -> list[float]:
        """What is kept between two updates."""
        return []

    def update_state(self, *args: Any, **kwargs: Any) -> None:
        """Take in a batch."""
        raise NotImplementedError(f"{type(self).__name__} must have a method update_state.")

    def result(self) -> Any:
        """Return what was measured since the last `reset_state`."""
        raise NotImplementedError(f"{type(self).__name__} must have a method result.")

    def reset_state(self) -> None:
        """Forget everything."""
        raise NotImplementedError(f"{type(self).__name__} must have a method reset_state.")

    def get_config(self) -> Config:
        """Return the constructor's arguments; `dtype` as it was chosen."""
        return super().get_config() | {"dtype": self._dtype}

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Take in a batch, and return what was measured so far.

        Raises
        ------
        TypeError, ValueError
            As `update_state`.
        """
        self.update_state(*args, **kwargs)
        return self.result()
