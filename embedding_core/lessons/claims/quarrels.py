"""Claims that contradict each other, sorted into quarrels of two sides."""

from collections.abc import Sequence

from embedding_core.lessons.claims.entry import Claim

Quarrel = tuple[list[Claim], list[Claim]]


def quarrels(contradictions: Sequence[tuple[Claim, Claim]]) -> list[Quarrel]:
    """Sort claims that contradict each other into quarrels of two sides.

    Parameters
    ----------
    contradictions
        Pairs of claims that cannot both be held.

    Returns
    -------
    list of (list, list)
        For each quarrel its two sides; nobody contradicts a claim of the same side. Claims are
        in order, quarrels in the order of their first claims, which are on the first side.

    Raises
    ------
    ValueError
        Three claims in a ring, or five: such a quarrel has no two sides.
    """
    both_ways = [*contradictions, *((b, a) for a, b in contradictions)]
    claims = sorted({a.id: a for a, _ in both_ways}.values(), key=lambda c: c.number)
    side: dict[str, int] = {}
    found: list[Quarrel] = []
    for first in claims:
        if first.id in side:
            continue
        side[first.id], together = 0, [first]
        for claim in together:  # grows while it is walked
            for other in (b for a, b in both_ways if a.id == claim.id):
                if other.id not in side:
                    side[other.id] = 1 - side[claim.id]
                    together.append(other)
                elif side[other.id] == side[claim.id]:
                    raise ValueError(
                        f"a quarrel must have two sides: received {claim.id} and {other.id}, which "
                        "contradict each other and stand on one side of a third claim."
                    )
        together.sort(key=lambda c: c.number)
        one, two = ([c for c in together if side[c.id] == k] for k in (0, 1))
        found.append((one, two))
    return found
