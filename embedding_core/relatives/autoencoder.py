"""A linear autoencoder: one matrix down to few numbers, one matrix back, and a loss of its own.

It is what the asker of the thread took the embedding layer for. For input x (a row of m numbers)
it computes codes x E (D numbers) and gives back x E B; it learns E and B so that what it gives
back is near x. Baldi and Hornik (1989): the best of them project onto the principal subspace,
which a singular value decomposition would also find. None is used here.
"""

import warnings
from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground.checks import as_seed, not_negative, positive_int
from embedding_core.initializers import Orthogonal
from embedding_core.relatives.matrices import as_matrix

Rows = NDArray[np.float64]
"""A matrix of numbers."""


class LinearAutoencoder:
    """Learn to give back its input through `output_dim` numbers.

    Parameters
    ----------
    output_dim
        Numbers of the code, D.
    seed
        Of the first encoder.

    Attributes
    ----------
    encoder
        Shape (m, D), its columns at right angles and of length 1; `None` before `fit`.
        The code of a row of counts is the sum of the encoder's rows of the words counted: for
        text, the encoder is an embedding table.
    history
        What share of the data was lost, before each step of the last `fit`.

    Raises
    ------
    ValueError
        `output_dim` is not a positive integer, or `seed` negative.
    TypeError
        A seed that is no whole number.
    """

    def __init__(self, output_dim: int, seed: int | None = None) -> None:
        self.output_dim = positive_int("output_dim", output_dim)
        self.seed = as_seed(seed)
        self.encoder: Rows | None = None
        self.history: list[float] = []

    @property
    def decoder(self) -> Rows:
        """The way back, shape (D, m), is the encoder transposed, which `fit` finds to be best."""
        return self._fitted().T

    def fit(self, x: Any, steps: int = 2000, tolerance: float = 1e-5) -> None:
        """Make the squared loss as small as it can be, anew.

        The loss is quadratic in each matrix alone, so each can go at once to where its own
        gradient is zero. The best decoder for an encoder E has rows that span those of
        (x E)' x. The best encoder for a decoder with rows at right angles, of length 1, is its
        transpose. The two together are one step: multiply, then make the columns orthonormal.

        Parameters
        ----------
        x
            Shape (n, m), finite numbers: an array, or a SciPy sparse matrix, which stays one.
        steps
            At most so many.
        tolerance
            The steps end when the part of (x'x) E that leaves E's space is so small, compared
            with the smallest variance inside. The sine of the angle to the principal subspace
            is then at most `tolerance` / (1 - q²), where q < 1 is the ratio of the first
            singular value left out to the last one kept.

        Raises
        ------
        TypeError, ValueError
            Data that are no matrix of finite numbers, are all zero, or have fewer rows or
            columns than the code has numbers; `steps` that is no positive integer, a negative
            tolerance. A former fit stays.

        Warns
        -----
        RuntimeWarning
            The tolerance was not reached.
        """
        data = _checked(x, self.output_dim)
        positive_int("steps", steps)
        tolerance = not_negative("tolerance", tolerance)
        first = Orthogonal(seed=self.seed)((data.shape[1], self.output_dim), np.float64)
        encoder = np.asarray(first, np.float64)
        total = _squares(data)
        history = []
        for _ in range(steps):
            onward = np.asarray(data.T @ (data @ encoder))
            inside = encoder.T @ onward
            history.append(float(1 - np.trace(inside) / total))
            leaving = np.linalg.norm(onward - encoder @ inside)
            kept = np.diag(inside)
            # Below the second limit there is only rounding.
            if leaving <= max(tolerance * kept.min(), 1e-14 * kept.max()):
                break
            encoder = np.linalg.qr(onward)[0]
        else:
            warnings.warn(
                f"{steps} steps did not reach tolerance={tolerance}: the singular values at the "
                "border are nearly equal. Allow more steps, or another output_dim.",
                RuntimeWarning,
                stacklevel=2,
            )
        self.encoder, self.history = encoder, history

    def encode(self, x: Any) -> Rows:
        """Compute the codes, shape (n, D).

        Raises
        ------
        TypeError, ValueError
            Not fitted, or data that are no finite matrix of as many columns as those of `fit`.
        """
        encoder = self._fitted()
        data = _checked(x)
        if data.shape[1] != len(encoder):
            raise ValueError(
                f"the autoencoder was fitted to {len(encoder)} columns: received {data.shape[1]}."
            )
        return np.asarray(data @ encoder)

    def decode(self, codes: ArrayLike) -> Rows:
        """Compute what is given back for codes of shape (n, D), shape (n, m).

        Raises
        ------
        TypeError, ValueError
            Not fitted, or codes that are no finite matrix of D columns.
        """
        decoder = self.decoder
        data = _checked(codes)
        if data.shape[1] != self.output_dim:
            raise ValueError(
                f"codes must have {self.output_dim} columns: received shape {data.shape}."
            )
        return np.asarray(data @ decoder)

    def lost(self, x: Any) -> float:
        """Measure the loss: the share of the squares of x that is not given back, 0 to 1.

        Raises
        ------
        TypeError, ValueError
            As `encode`; `ValueError` also for data that are all zero.
        """
        codes = self.encode(x)
        # With orthonormal columns what is kept has the codes' length; no (n, m) array is made.
        return float(1 - np.square(codes).sum() / _squares(_checked(x)))

    def _fitted(self) -> Rows:
        if self.encoder is None:
            raise ValueError("the autoencoder has learned nothing yet: call fit first.")
        return self.encoder


def largest_angle(a: ArrayLike, b: ArrayLike) -> float:
    """Measure how far two subspaces are apart, in radians.

    Parameters
    ----------
    a, b
        Shape (m, D): each spans a subspace by its columns.

    Returns
    -------
    float
        The largest principal angle: 0 when they are the same, π/2 when a direction of one is
        at right angles to all of the other.

    Raises
    ------
    TypeError, ValueError
        Something else than two matrices of finite numbers, with equally many rows.
    """
    one, other = as_matrix(a), as_matrix(b)
    if len(one) != len(other):
        raise ValueError(f"a and b must have equally many rows: {one.shape} and {other.shape}.")
    return float(scipy.linalg.subspace_angles(one, other).max())


def _checked(x: Any, least: int = 1) -> Any:
    """Return x as a float64 matrix, dense or sparse, of at least so many rows and columns."""
    data = as_matrix(x)
    if min(data.shape) < least:
        raise ValueError(
            f"output_dim={least} needs at least as many rows and columns: received shape "
            f"{data.shape}. Take a smaller output_dim."
        )
    return data


def _squares(data: Any) -> float:
    numbers = data.data if scipy.sparse.issparse(data) else data
    total = float(np.square(numbers).sum())
    if total == 0:
        raise ValueError("x holds nothing but zeros: there is nothing to give back.")
    return total
