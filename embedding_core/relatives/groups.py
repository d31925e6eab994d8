"""Pairs of ids in groups, so that those that lie side by side share their rows.

The neighbours of a word are those of the next word too, but for one; the words of a text share the
text. So a stretch of pairs names few ids, each of them many times. Written as a small table, with
its first ids along one side and its second ids along the other, all its dot products are one matrix
product, and so are the gradients of either side.
"""

import numpy as np

from embedding_core.ground._types import Ids
from embedding_core.ids import distinct


def in_runs(size: int, length: int, rng: np.random.Generator) -> Ids:
    """Put places in random order, but keep together those that lie side by side.

    Parameters
    ----------
    size
        Number of places n.
    length
        Of a run: so many places stay together, in their order.
    rng
        Draws the order of the runs.

    Returns
    -------
    numpy.ndarray
        Shape (n,): each of 0 to n - 1, once.
    """
    runs = rng.permutation(-(-size // length))
    places = (runs[:, None] * length + np.arange(length)).ravel()
    return places[places < size]


def tabulated(first: Ids, second: Ids, length: int) -> tuple[Ids, Ids, Ids]:
    """Cut pairs into groups, and write each group as a table of counts.

    Parameters
    ----------
    first, second
        Shape (n,), n > 0: the pairs.
    length
        How many pairs a group has; the last one may have fewer.

    Returns
    -------
    ones
        Shape (g, m): the different first ids of each of g groups. A list that is shorter than
        the longest ends in repetitions, which no pair asks for.
    others
        Shape (g, k): likewise the different second ids.
    counts
        Shape (g, k, m): how many pairs of the group have this second id and this first one.
    """
    group = np.arange(first.size) // length
    (ones, one), (others, other) = _listed(first, group), _listed(second, group)
    shape = (*others.shape, ones.shape[1])
    cell = np.ravel_multi_index((group, other, one), shape)
    return ones, others, np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)


def _listed(ids: Ids, group: Ids) -> tuple[Ids, Ids]:
    """List the different ids of each group, and say where in its list each id stands."""
    span = ids.max() + 1
    known, position = distinct(group * span + ids)
    starts = np.searchsorted(known, np.arange(group[-1] + 2) * span)
    last = np.diff(starts)[:, None] - 1
    place = starts[:-1, None] + np.minimum(np.arange(last.max() + 1), last)
    return known[place] % span, position - starts[group]
