"""The ids that the benchmarks look up."""

from functools import cache

import numpy as np


@cache
def zipf(num_rows, shape):
    """Draw ids as words are distributed (Zipf, exponent 1), the frequent ones anywhere."""
    rng = np.random.default_rng(0)
    share = 1 / np.arange(1, num_rows + 1)
    ranks = rng.choice(num_rows, size=shape, p=share / share.sum())
    return rng.permutation(num_rows)[ranks]
