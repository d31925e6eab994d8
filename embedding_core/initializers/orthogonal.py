"""First values with no direction in common: a random rotation."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from embedding_core.ground._types import Floats, Shape
from embedding_core.ground.checks import as_seed, finite
from embedding_core.ground.configurable import Configurable


@dataclass(frozen=True)
class Orthogonal(Configurable):
    """Rows, or columns if there are fewer of them, of length `gain` at right angles.

    Parameters
    ----------
    gain
        Length of each.
    seed
        Repeats the draw.

    Raises
    ------
    TypeError, ValueError
        A gain that is no finite number, or a seed that is no whole number from 0 on.

    Notes
    -----
    Saxe, McClelland and Ganguli (2014). The matrix Q of a QR decomposition of normal draws,
    with the signs that make every rotation equally likely.
    """

    gain: float = 1.0
    seed: int | None = None

    def __post_init__(self) -> None:
        finite("gain", self.gain)
        as_seed(self.seed)

    def __call__(self, shape: Shape, dtype: DTypeLike = "float32") -> Floats:
        """Return the matrix; of more axes, all but the last are the rows of one.

        Raises
        ------
        ValueError
            The weight has fewer than two axes.
        """
        if len(shape) < 2:
            raise ValueError(f"Orthogonal needs two axes or more: received shape {shape}.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        tall = (max(rows, columns), min(rows, columns))
        q, r = np.linalg.qr(np.random.default_rng(self.seed).standard_normal(tall))
        q *= np.where(np.diag(r) < 0, -1.0, 1.0)
        matrix = q if tall == (rows, columns) else q.T
        return np.asarray(self.gain * matrix, dtype, order="C").reshape(shape)
