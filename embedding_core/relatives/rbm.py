"""A restricted Boltzmann machine: units that are on or off by chance, and no loss to descend.

Smolensky (1986) called it harmonium. It gives every pair of a visible row v and a hidden row h,
both of zeros and ones, the energy -(v·a + h·b + v W h), and makes pairs of low energy likely.
The gradient of the likelihood of the data needs samples from the machine itself, which take
forever; contrastive divergence (Hinton 2002) takes a few steps from the data instead, persistent
contrastive divergence (Tieleman 2008) goes on from the samples of the step before.
"""

from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from embedding_core.activations import sigmoid
from embedding_core.batches import batches
from embedding_core.ground.checks import as_seed, as_shape, positive_int, switch
from embedding_core.initializers import RandomNormal, Zeros
from embedding_core.optimizers import SGD
from embedding_core.relatives.matrices import as_matrix
from embedding_core.variable import Variable

Rows = NDArray[np.float64]
MOST_ENUMERATED = 20
"""Units whose states can be counted through (2²⁰ is about a million)."""


class RBM:
    """A restricted Boltzmann machine of Bernoulli units.

    Parameters
    ----------
    visible, hidden
        Numbers of units, V and H.
    steps
        Gibbs steps k of each estimate: CD-k.
    persistent
        Go on from the last samples (PCD) and not from the data (CD).
    learning_rate
        Of plain gradient steps.
    seed
        Decides the first weights, the order of the rows, and every sample.

    Attributes
    ----------
    kernel
        Variable of shape (V, H), small normal draws at first.
    visible_bias, hidden_bias
        Variables of shape (V,) and (H,), zero at first. An embedding layer has no such thing.

    Raises
    ------
    ValueError
        A size that is not a positive integer, a negative learning rate, or a negative seed.
    TypeError
        A learning rate or seed that is no number, or `persistent` that is neither True nor False.
    MemoryError
        There is no room for the kernel.
    """

    def __init__(
        self,
        visible: int,
        hidden: int,
        steps: int = 1,
        persistent: bool = False,
        learning_rate: float = 0.1,
        seed: int | None = None,
    ) -> None:
        V, H = positive_int("visible", visible), positive_int("hidden", hidden)
        self.steps = positive_int("steps", steps)
        self.persistent = switch("persistent", persistent)
        self.optimizer = SGD(learning_rate)
        self._rng = np.random.default_rng(as_seed(seed))
        draw = RandomNormal(stddev=0.01, seed=int(self._rng.integers(2**31)))
        self.kernel = Variable(draw(as_shape("kernel", (V, H)), np.float64), "kernel")
        self.visible_bias = Variable(Zeros()((V,), np.float64), "visible_bias")
        self.hidden_bias = Variable(Zeros()((H,), np.float64), "hidden_bias")
        self._chains: Rows | None = None

    def fit(self, x: Any, epochs: int = 10, batch_size: int = 10) -> None:
        """Make the data more likely; a second call goes on.

        Parameters
        ----------
        x
            Shape (n, V), zeros and ones: an array or a SciPy sparse matrix.
        epochs
            How often each row is seen, in a new order each time.
        batch_size
            Rows for each step, and chains of PCD.

        Raises
        ------
        TypeError, ValueError
            Data that are no matrix of zeros and ones with V columns and a row at least, or
            numbers that are no positive integers. Nothing has been trained then.
        """
        data = self._checked(x)
        for name, value in (("epochs", epochs), ("batch_size", batch_size)):
            positive_int(name, value)
        for _ in range(epochs):
            for batch in batches(self._rng.permutation(len(data)), batch_size):
                self._step(data[batch])

    def _step(self, v: Rows) -> None:
        # d log p / dW is what the data do, v h', less what the machine does by itself.
        up = self.hidden(v)
        if self.persistent:
            if self._chains is None or len(self._chains) < len(v):
                self._chains = self._sample(np.full(v.shape, 0.5))
            down = chains = self.gibbs(self._chains, self.steps)
            self._chains = chains
        else:
            down = self.gibbs(v, self.steps)
        up_down = self.hidden(down)
        n, m = len(v), len(down)
        kernel = down.T @ up_down / m - v.T @ up / n
        visible = down.mean(axis=0) - v.mean(axis=0)
        hidden = up_down.mean(axis=0) - up.mean(axis=0)
        self.optimizer.apply(
            [kernel, visible, hidden], [self.kernel, self.visible_bias, self.hidden_bias]
        )

    def hidden(self, v: Rows) -> Rows:
        """Return the chance of each hidden unit to be on, from rows (n, V) to (n, H)."""
        return np.asarray(sigmoid(v @ self.kernel.value + self.hidden_bias.value))

    def visible(self, h: Rows) -> Rows:
        """Return the chance of each visible unit to be on, from rows (n, H) to (n, V)."""
        return np.asarray(sigmoid(h @ self.kernel.value.T + self.visible_bias.value))

    def gibbs(self, v: Rows, steps: int = 1) -> Rows:
        """Draw hidden units for visible ones and visible ones for these, so many times."""
        for _ in range(steps):
            v = self._sample(self.visible(self._sample(self.hidden(v))))
        return v

    def _sample(self, chance: Rows) -> Rows:
        return np.asarray(self._rng.random(chance.shape) < chance, np.float64)

    def free_energy(self, x: Any) -> Rows:
        """Return -log of the weight of each row, all hidden rows summed up, shape (n,).

        Raises
        ------
        TypeError, ValueError
            As `fit`, about x.
        """
        return self._free_energy(self._checked(x))

    def _free_energy(self, v: Rows) -> Rows:
        inside = v @ self.kernel.value + self.hidden_bias.value
        return np.asarray(-v @ self.visible_bias.value - np.logaddexp(0, inside).sum(axis=1))

    def log_partition(self) -> float:
        """Return the log of what all weights add up to, by counting through one side's states.

        Raises
        ------
        ValueError
            Both sides have more than 20 units: nobody can count through their states.
        """
        V, H = self.kernel.shape
        if min(V, H) > MOST_ENUMERATED:
            raise ValueError(
                f"the exact likelihood counts through the states of {min(V, H)} units, at most "
                f"{MOST_ENUMERATED} can be: take fewer hidden units."
            )
        states = np.indices((2,) * min(V, H)).reshape(min(V, H), -1).T.astype(np.float64)
        if V <= H:
            return float(scipy.special.logsumexp(-self._free_energy(states)))
        inside = states @ self.kernel.value.T + self.visible_bias.value
        summed = states @ self.hidden_bias.value + np.logaddexp(0, inside).sum(axis=1)
        return float(scipy.special.logsumexp(summed))

    def log_likelihood(self, x: Any) -> float:
        """Return the mean log-probability of the rows, exactly, in nats.

        Raises
        ------
        TypeError, ValueError
            As `fit`, about x, and as `log_partition`.
        """
        return float(-self.free_energy(x).mean() - self.log_partition())

    def _checked(self, x: Any) -> Rows:
        """Return x as a float64 array of zeros and ones with V columns."""
        matrix = as_matrix(x)
        data = matrix.toarray() if scipy.sparse.issparse(matrix) else matrix
        V = self.kernel.shape[0]
        if data.shape[1] != V:
            raise ValueError(
                f"x must have {V} columns, one for each visible unit: received shape {data.shape}."
            )
        bad = (data != 0) & (data != 1)
        if bad.any():
            raise ValueError(
                f"x must hold zeros and ones: received {data[bad].flat[0]}. Write x > 0 for "
                "counts, x > 0.5 for shares."
            )
        return np.asarray(data)
