"""How far Adam moves a row in any number of steps without a gradient, in one go."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Floats
from embedding_core.ground.compiled import compiled
from embedding_core.optimizers.series import decay_and_shrink, number_of_terms

# Steps for which there is room at first; it doubles.
_FIRST_COLUMNS = 1024


class DecaySums:
    r"""The sums that tell how far Adam moves a row in steps without a gradient.

    A row last touched at step t, with moments m and v, is moved by k more steps by::

        sum over j = 1 ... k of  a(t+j) b1^j m / (q^j s + e),
        with s = sqrt(v) and q = sqrt(b2)

    where a(t) is the step size with its bias correction, b1 and b2 are the decay rates and e
    is epsilon. With u = s / (s + e) the denominator is (s + e) (1 + u (q^j - 1)), and 1 over it
    is a geometric series in (q^j - 1), which is small as long as b1^j is not::

        m / (s + e)  times the sum over n of  (-u)^n S_n,
        S_n  =  sum over j of  a(t+j) b1^j (q^j - 1)^n

    The S_n depend on steps and not on rows. This class keeps them for every step t that a row
    may have been touched last, and moves them on with one vectorised addition a step. So it
    grows by a column a step, until `Memory` has settled all rows and calls `restart`.

    Parameters
    ----------
    beta_1, beta_2
        Adam's decay rates, in [0, 1).
    epsilon
        Adam's, > 0.
    tolerance
        Largest error of the series, in units of the step size.

    Attributes
    ----------
    terms
        Number of terms N, see `series`.
    """

    def __init__(self, beta_1: float, beta_2: float, epsilon: float, tolerance: float) -> None:
        self.terms = number_of_terms(beta_1, beta_2, tolerance)
        self._betas, self._epsilon = (beta_1, beta_2), epsilon
        decay, shrink = decay_and_shrink(beta_1, beta_2)
        self._added = np.array([decay * shrink**n for n in range(self.terms)])
        self.restart()

    def restart(self) -> None:
        """Forget all steps: every row has been settled, and the clock stands at 0."""
        self._sums = np.zeros((self.terms, _FIRST_COLUMNS))
        self._fades = self._fades_of(_FIRST_COLUMNS)

    def _fades_of(self, steps: int) -> NDArray[np.float64]:
        """Say what is left of either moment after 0, 1, ... steps."""
        return np.asarray(np.array(self._betas)[:, None] ** np.arange(steps))

    def advance(self, clock: int, step_size: float) -> None:
        """Add what the step that makes the clock show `clock` does to rows without gradient.

        A step that was noted is not noted again: the sum of rows that lack it alone is 0 before.
        """
        if clock >= self._sums.shape[1]:
            self._fades = self._fades_of(2 * clock)
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)], axis=1)
        if self._sums[0, clock - 1]:
            return
        window = min(clock, self._added.shape[1])
        self._sums[:, clock - window : clock] += step_size * self._added[:, -window:]

    def displacement(self, m: Floats, v: Floats, last: NDArray[np.int64]) -> Floats:
        """Return how far rows with these moments, last touched then, have moved since."""
        return _displaced(m, v, self._sums.take(last, axis=1), self._epsilon)

    def make_up(self, block: NDArray[Any], last: NDArray[np.int64], clock: int) -> None:
        """Move rows (weights, m, v) in place from the steps `last` to the step `clock`."""
        made_up(block, last, clock - last, self._sums, self._fades, self._epsilon)


@compiled
def made_up(
    block: Floats,
    last: NDArray[np.int64],
    missed: NDArray[np.int64],
    sums: Floats,
    fades: Floats,
    epsilon: float,
) -> None:
    """Move rows in place by what the sums say of them, and let their moments fade.

    Parameters
    ----------
    block
        Shape (3, n, D): weights, m and v.
    last, missed
        Shape (n,): the step that touched a row last, and how many followed.
    sums, fades
        Of `DecaySums`, by steps.
    epsilon
        Adam's.
    """
    value, m, v = block
    value -= _displaced(m, v, sums.take(last, axis=1), epsilon)
    for moment, fade in zip((m, v), fades.take(missed, axis=1).astype(m.dtype), strict=True):
        moment *= fade[:, None]


def _displaced(m: Floats, v: Floats, sums: Floats, epsilon: float) -> Floats:
    bottom = np.sqrt(v)
    bottom += epsilon
    ratio = 1 - epsilon / bottom  # s / (s + e), for an infinite s too
    total = np.zeros_like(m)
    for term in sums.astype(m.dtype)[::-1]:
        total *= ratio
        np.subtract(term[:, None], total, out=total)
    total *= m
    total /= bottom
    return total
