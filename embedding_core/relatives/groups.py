"""Pairs of ids in groups, so that those that lie side by side share their rows.

The neighbours of a word are those of the next word too, but for one; the words of a text share the
text. So a stretch of pairs names few ids, each of them many times. Written as a small table, with
its first ids along one side and its second ids along the other, all its dot products are one matrix
product, and so are the gradients of either side. The places of a text are known, so that nothing
has to be sorted or looked for: the table of a few words in a row is a band.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedding_core.ground._types import Ids

# Words in a row whose pairs are a group, and runs of words of one text in a group.
_IN_A_ROW = 24
_RUNS = 16
# Words of one text that stay together: more of them in a step would move its row too far.
_OF_ONE_TEXT = 8


@dataclass(frozen=True, eq=False)
class Groups:
    """Pairs of ids, as g tables that say which first id is paired with which second one.

    Parameters
    ----------
    first
        Shape (g, m): the first ids of each group.
    second
        Shape (g, k): its second ids. Ids may repeat, and may be in no pair.
    paired
        Shape (g, k, m), true where this second id and this first one are a pair.
    """

    first: Ids
    second: Ids
    paired: NDArray[np.bool_]

    def taken(self, some: Ids) -> "Groups":
        """Return some of the groups, by their numbers, shape (n,)."""
        return Groups(self.first[some], self.second[some], self.paired[some])


def windows(ids: Ids, text: Ids, reach: Ids, start: int, stop: int, most: int) -> Groups:
    """Pair words with their neighbours, some words in a row for each group.

    Parameters
    ----------
    ids, text
        Shape (n,): the words, and the number of the text that each stands in, ascending.
    reach
        Shape (n,): how far a place looks to either side.
    start, stop
        The places in [start, stop) look; those beyond may be seen.
    most
        How many pairs a group may have.

    Returns
    -------
    Groups
        The pairs of `pairs.neighbours`, each once.
    """
    farthest = max(1, min(int(reach[start:stop].max(initial=0)), ids.size - 1))
    length = int(np.clip(most // (2 * farthest), 1, _IN_A_ROW))
    begin = np.arange(start, stop, length)[:, None]
    at, seen = begin + np.arange(length), begin + np.arange(-farthest, length + farthest)
    steps = abs(np.arange(-farthest, length + farthest)[:, None] - np.arange(length))
    looks, there = at < stop, (seen >= 0) & (seen < ids.size)
    near = np.where(looks, reach.take(at, mode="clip"), 0)
    paired = (steps > 0) & (steps <= near[:, None])
    paired &= there[:, :, None]
    paired &= text.take(seen, mode="clip")[:, :, None] == text.take(at, mode="clip")[:, None]
    first, second = ids.take(at, mode="clip"), ids.take(seen, mode="clip")
    return _parted(Groups(first, second, paired), -(-paired.shape[1] // most))


def runs(ids: Ids, text: Ids) -> tuple[Ids, Ids, NDArray[np.bool_]]:
    """Cut texts into runs of a few words.

    Parameters
    ----------
    ids, text
        Shape (n,): the words, and the number of the text that each stands in, ascending.

    Returns
    -------
    of
        Shape (r,): the text of each run.
    words
        Shape (r, 8): its words.
    known
        Shape (r, 8): false where the run is shorter, at the end of a text.
    """
    sizes = np.bincount(text)
    whole = -(-sizes // _OF_ONE_TEXT)
    place = np.arange(ids.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    run = np.repeat(np.cumsum(whole) - whole, sizes) + place // _OF_ONE_TEXT
    words = np.zeros((int(whole.sum()), _OF_ONE_TEXT), np.intp)
    known = np.zeros(words.shape, bool)
    words[run, place % _OF_ONE_TEXT], known[run, place % _OF_ONE_TEXT] = ids, True
    return np.repeat(np.arange(sizes.size), whole), words, known


def of_texts(of: Ids, words: Ids, known: NDArray[np.bool_], most: int) -> Groups:
    """Pair texts with the words of their runs, some runs for each group.

    Parameters
    ----------
    of, words, known
        As `runs` returns them, in any order.
    most
        How many pairs a group may have.

    Returns
    -------
    Groups
        Each text with each word of its runs.
    """
    count = int(np.clip(most // _OF_ONE_TEXT, 1, _RUNS))
    missing = -of.size % count
    of = np.pad(of, (0, missing)).reshape(-1, count)
    words = np.pad(words, ((0, missing), (0, 0))).reshape(-1, count * _OF_ONE_TEXT)
    known = np.pad(known, ((0, missing), (0, 0))).reshape(*words.shape, 1)
    own = np.repeat(np.eye(count, dtype=bool), _OF_ONE_TEXT, axis=0)
    return _parted(Groups(of, words, known & own), -(-_OF_ONE_TEXT // most))


def _parted(groups: Groups, parts: int) -> Groups:
    """Deal the second ids of each group out to several groups, where one has too many pairs."""
    if parts == 1:
        return groups
    first, second, paired = groups.first, groups.second, groups.paired
    part = np.arange(second.shape[1]) % parts == np.arange(parts)[:, None]
    dealt = paired[:, None] & part[:, :, None]
    return Groups(
        np.repeat(first, parts, axis=0),
        np.repeat(second, parts, axis=0),
        dealt.reshape(-1, *paired.shape[1:]),
    )
