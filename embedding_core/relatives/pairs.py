"""Texts as one row of places: which words stay, and which places are neighbours."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedding_core.ground._types import Floats, Ids
from embedding_core.ground.checks import as_list, as_numbers, shown
from embedding_core.ids import check_ids

Texts = Sequence[ArrayLike] | NDArray[Any]
"""Sequences of ids, of any lengths; a padded array is one too, if the padding is skipped."""

# Words whose pairs are made, and put in random order, at a time.
_STRETCH = 50_000


def joined(texts: Texts, num_rows: int, skip: Collection[int]) -> tuple[Ids, Ids]:
    """Write texts end to end, without the ids in `skip`.

    Parameters
    ----------
    texts
        Each a sequence of ids in [0, num_rows).
    num_rows
        Number of ids V.
    skip
        Ids to take out.

    Returns
    -------
    ids, text
        Shape (n,): the words of all texts, and the number of the text that each stands in.

    Raises
    ------
    IndexError, TypeError
        As `ids.check_ids`; `TypeError` also for no list of texts, or no list of ids to skip.
    ValueError
        A text that is no sequence of ids.
    """
    out = as_numbers("skip", as_list("skip", skip, "ids"))
    rows = [check_ids(text, num_rows) for text in as_list("texts", texts, "sequences of ids")]
    for place, row in enumerate(rows):
        if row.ndim != 1:
            raise ValueError(
                f"each text must be a sequence of ids: text {place} has shape {row.shape}, "
                f"{shown(texts[place])}. "
                "Give a list of lists, even for a single text."
            )
    ids = np.concatenate([*rows, np.empty(0, np.intp)])
    text = np.repeat(np.arange(len(rows)), [row.size for row in rows])
    kept = ~np.isin(ids, out)
    return ids[kept], text[kept]


def refuse_one_word(ids: Ids, texts: Texts) -> None:
    """Refuse texts of one word, or none, before anything is drawn for them.

    Raises
    ------
    ValueError
        There are not two different ids.
    """
    if not (ids[1:] != ids[:-1]).any():
        raise ValueError(
            "negative sampling needs at least two different ids in the texts, or there is no "
            f"negative to draw: received {np.unique(ids).size} in {shown(texts)}. Give more text, "
            "or count rare words in."
        )


def kept_share(counts: Ids, subsample: float) -> Floats:
    """Return the chance of each id to stay in the text.

    Parameters
    ----------
    counts
        Shape (V,): how often each id occurs.
    subsample
        The share t of the text from which on an id is thinned out; 0 keeps all.

    Returns
    -------
    numpy.ndarray
        Shape (V,): √(t / f) + t / f for an id whose share is f, at most 1. This is the rule of
        the word2vec program; the paper's has the first term alone and another sense of t.
    """
    if not subsample:
        return np.ones(counts.size)
    rarity = subsample * counts.sum() / np.maximum(counts, 1)
    share: Floats = np.minimum(np.sqrt(rarity) + rarity, 1.0)
    return share


def stretches(length: int, words: int) -> Iterator[tuple[int, int, int]]:
    """Cut a row of places into pieces of about equal length.

    Parameters
    ----------
    length
        Number of places n.
    words
        How many words the n places stand for, those left out included.

    Yields
    ------
    tuple of int
        Start and stop of a piece, and its share of `words`.
    """
    pieces = max(1, -(-length // _STRETCH))
    for piece in range(pieces):
        (start, first), (stop, last) = (
            (length * at // pieces, words * at // pieces) for at in (piece, piece + 1)
        )
        yield start, stop, last - first


def neighbours(text: Ids, reach: Ids, start: int, stop: int) -> tuple[Ids, Ids]:
    """Find all pairs of places that are neighbours.

    Parameters
    ----------
    text
        Shape (n,): the number of the text that each place belongs to, ascending.
    reach
        Shape (n,): how far a place looks to either side.
    start, stop
        The places in [start, stop) look; those beyond may be seen.

    Returns
    -------
    at, near
        Places that look and places that they see, each pair once.
    """
    looking = np.arange(start, stop)
    farthest = min(int(reach[start:stop].max(initial=0)), text.size - 1)
    steps = np.concatenate([np.arange(-farthest, 0), np.arange(1, farthest + 1)])
    seen = looking[:, None] + steps
    near = (abs(steps) <= reach[start:stop, None]) & (seen >= 0) & (seen < text.size)
    near &= text.take(seen, mode="clip") == text[start:stop, None]
    return np.repeat(looking, near.sum(axis=1)), seen[near]
