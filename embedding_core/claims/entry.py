"""What an entry of the ledger is: a statement of the thread, its verdict, and its evidence."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a claim when it was run."""

    TRUE = "true"
    FALSE = "false"
    HALF_TRUE = "half true"
    IT_DEPENDS = "it depends"
    OPINION = "opinion"


@dataclass(frozen=True)
class Claim:
    """One statement of the thread, retold.

    Attributes
    ----------
    id
        "C1" to "C38".
    statement
        What is claimed.
    who
        Who claimed it.
    verdict
        What the evidence says.
    reason
        Why, in a sentence.
    chapter
        The number of the chapter that settles it.
    contradicts
        Ids of claims that cannot be held beside this one. Written on one side only:
        `opponents` knows both.
    """

    id: str
    statement: str
    who: str
    verdict: Verdict
    reason: str
    chapter: int
    contradicts: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """Its place in the ledger: 17 for "C17"."""
        return int(self.id[1:])
