"""How long the series in `decay_sums` has to be, and what it is made of."""

from functools import lru_cache

import numpy as np

from embedding_core.ground._types import Floats

# With a longer memory of past gradients than this, the dense update is the simpler thing.
_LONGEST_WINDOW = 4096


@lru_cache
def number_of_terms(beta_1: float, beta_2: float, tolerance: float) -> int:
    """Return how many terms of the series are needed, or 0 when it cannot be used.

    Parameters
    ----------
    beta_1, beta_2
        Adam's decay rates, in [0, 1).
    tolerance
        Largest error of the series, in units of the step size.

    Returns
    -------
    int
        1 to 12; 0 when more would be needed, or the sums would have to reach too far back.
    """
    if beta_1**_LONGEST_WINDOW > 1e-16:
        return 0
    decay, shrink = decay_and_shrink(beta_1, beta_2)
    enough = (n for n in range(1, 13) if (decay * (-shrink) ** n).sum() <= tolerance)
    return next(enough, 0)


def decay_and_shrink(beta_1: float, beta_2: float) -> tuple[Floats, Floats]:
    """Return b1^j and q^j - 1 for every j that matters, oldest step first.

    Parameters
    ----------
    beta_1, beta_2
        Adam's decay rates, in [0, 1).

    Returns
    -------
    tuple of numpy.ndarray
        Both of shape (window,), float64.
    """
    window = 1 if beta_1 == 0 else int(np.ceil(np.log(1e-16) / np.log(beta_1)))
    age = np.arange(window, 0, -1)
    return beta_1**age, beta_2 ** (age / 2) - 1
