"""Where the numbers of a new weight come from.

Names, arguments, defaults and distributions are Keras's. The random stream is NumPy's, so a
seed repeats here but does not give Keras's numbers. Without a seed each call draws anew
(Keras draws a seed when the initializer is made and repeats it from then on).
"""

from typing import Any

import numpy as np

from embedding_core.ground import configurable
from embedding_core.ground._types import Initializer
from embedding_core.initializers.drawn import RandomNormal, RandomUniform, TruncatedNormal
from embedding_core.initializers.fixed import Constant, Given, Identity, Ones, Zeros
from embedding_core.initializers.orthogonal import Orthogonal
from embedding_core.initializers.scaling import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    VarianceScaling,
    fans,
)

__all__ = [
    "Constant",
    "Given",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "fans",
    "get",
    "seeded",
]

_KNOWN: dict[str, type] = {
    "constant": Constant,
    "zero": Zeros,
    "zeros": Zeros,
    "one": Ones,
    "ones": Ones,
    "uniform": RandomUniform,
    "random_uniform": RandomUniform,
    "normal": RandomNormal,
    "random_normal": RandomNormal,
    "truncated_normal": TruncatedNormal,
    "variance_scaling": VarianceScaling,
    "glorot_uniform": GlorotUniform,
    "glorot_normal": GlorotNormal,
    "he_uniform": HeUniform,
    "he_normal": HeNormal,
    "lecun_uniform": LecunUniform,
    "lecun_normal": LecunNormal,
    "orthogonal": Orthogonal,
    "identity": Identity,
}
_KNOWN |= {cls.__name__: cls for cls in _KNOWN.values()}
_KNOWN |= {"OrthogonalInitializer": Orthogonal, "IdentityInitializer": Identity}


def get(identifier: Any) -> Initializer:
    """Find an initializer by name, configuration or object (see `configurable.find`).

    An array stands for itself: it becomes `Given`.

    Raises
    ------
    TypeError, ValueError
        As `configurable.find`; an array that holds no numbers.
    """
    if isinstance(identifier, np.ndarray):
        return Given(identifier)
    found: Initializer = configurable.find("initializer", _KNOWN, identifier)
    return found


def seeded(initializer: Initializer, rng: np.random.Generator | None) -> Initializer:
    """Return the initializer with a seed drawn from `rng`, if it wants one and has none."""
    if rng is None or getattr(initializer, "seed", 0) is not None:
        return initializer
    config = {**initializer.get_config(), "seed": int(rng.integers(2**32))}  # type: ignore[attr-defined]
    return type(initializer).from_config(config)  # type: ignore[attr-defined, no-any-return]
