"""The first values of any row, without those of the rows before it.

An initializer draws a table from its first row to its last. A row of a huge table must be able to
begin whenever somebody asks for it first, and always with the same numbers. So its numbers are
taken from a place in a random sequence that its id decides.

The sequence is SplitMix64's (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number
Generators*, OOPSLA 2014): number k is a mixture of the bits of seed + (k + 1) · γ, so that it can
be entered anywhere.
"""

import numpy as np
from numpy.typing import DTypeLike, NDArray

from embedding_core.ground._types import Floats, Ids

_GAMMA = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio, made odd
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def splitmix64(seed: int, places: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the numbers that stand at these places of a seed's sequence.

    Parameters
    ----------
    seed
        In [0, 2**64).
    places
        Counted from 0, any shape.

    Returns
    -------
    numpy.ndarray
        The shape of `places`.
    """
    bits = places * _GAMMA  # uint64 wraps, which is wanted
    bits += np.uint64((seed + int(_GAMMA)) % 2**64)
    bits ^= bits >> np.uint64(30)
    bits *= _FIRST
    bits ^= bits >> np.uint64(27)
    bits *= _SECOND
    bits ^= bits >> np.uint64(31)
    return bits


def first_rows(seed: int, ids: Ids, width: int, limit: float, dtype: DTypeLike) -> Floats:
    """Return the first values of some rows, evenly drawn from [-limit, limit).

    Parameters
    ----------
    seed
        In [0, 2**64).
    ids
        Shape (n,), not negative.
    width
        Numbers in a row, D.
    limit
        Keras's "uniform" has 0.05.
    dtype
        Of the result; the draws are float32, on a grid of 2**24 values.

    Returns
    -------
    numpy.ndarray
        Shape (n, D). A row depends on the seed, its id and D, and on nothing else.
    """
    pairs = -(-width // 2)  # one 64-bit number makes two 32-bit ones
    first, further = ids.astype(np.uint64) * np.uint64(pairs), np.arange(pairs, dtype=np.uint64)
    places: NDArray[np.uint64] = np.add(first[:, None], further)
    # "<": the lower half comes first, whatever the processor's own order is.
    halves = splitmix64(seed, places).astype("<u8", copy=False).view("<i4")
    signed = (halves[:, :width] >> 8).astype(np.float32)  # 24 bits: exact in float32
    return (signed * np.float32(limit / 2**23)).astype(dtype, copy=False)
