"""How far predictions are from numbers."""

from numpy.typing import DTypeLike

from embedding_core.losses.functions import mean_absolute_error, mean_squared_error
from embedding_core.metrics.accuracy import Share


class MeanSquaredError(Share):
    """The mean of the squared differences. Keras's metric of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    """

    def __init__(self, name: str = "mean_squared_error", dtype: DTypeLike | None = None) -> None:
        super().__init__(mean_squared_error, name, dtype)


class MeanAbsoluteError(Share):
    """The mean of the differences without their signs. Keras's metric of that name.

    Parameters
    ----------
    name
        Under which it is reported.
    dtype
        Of the result, see `Metric`.

    Raises
    ------
    TypeError
        A name that is no string, or a dtype that is none of floats.
    """

    def __init__(self, name: str = "mean_absolute_error", dtype: DTypeLike | None = None) -> None:
        super().__init__(mean_absolute_error, name, dtype)
