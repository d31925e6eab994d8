"""All claims of the thread, in order."""

from embedding_core.lessons.claims import (
    building,
    cost,
    equivalence,
    ids,
    kinds,
    lookup,
    meaning,
    pretraining,
    products,
    shape,
    text,
    votes,
)
from embedding_core.lessons.claims.entry import Claim

_THEMES = (
    building,
    cost,
    equivalence,
    ids,
    kinds,
    lookup,
    meaning,
    pretraining,
    products,
    shape,
    text,
    votes,
)
LEDGER: tuple[Claim, ...] = tuple(
    sorted((entry for theme in _THEMES for entry in theme.CLAIMS), key=lambda c: c.number)
)
_BY_ID = {entry.id: entry for entry in LEDGER}


def claim(id: str) -> Claim:
    """Return the claim of that id.

    Parameters
    ----------
    id : str
        "C1", "C2" and so on; a small letter will do.

    Returns
    -------
    Claim
        The entry of the ledger.

    Raises
    ------
    ValueError
        The ledger has no such claim.
    """
    if id.upper() not in _BY_ID:
        raise ValueError(f"no claim {id!r}: the ledger holds {LEDGER[0].id} to {LEDGER[-1].id}.")
    return _BY_ID[id.upper()]


def contradictions() -> tuple[tuple[Claim, Claim], ...]:
    """Return all pairs of claims that cannot both be held, each pair once, in order."""
    pairs = {frozenset((entry, claim(other))) for entry in LEDGER for other in entry.contradicts}
    ordered = [sorted(pair, key=lambda c: c.number) for pair in pairs]
    return tuple((a, b) for a, b in sorted(ordered, key=lambda p: (p[0].number, p[1].number)))


def opponents(id: str) -> tuple[Claim, ...]:
    """Return the claims that contradict a claim, whichever side wrote it down."""
    entry = claim(id)
    return tuple(b if a == entry else a for a, b in contradictions() if entry in (a, b))
