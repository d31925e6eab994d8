"""A reader's votes on the claims, laid beside the ledger's verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass

from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Verdict
from embedding_core.lessons.claims.ledger import claim

NO_VOTE = "?"


@dataclass(frozen=True)
class Compared:
    """One vote and the verdict on the same claim.

    Attributes
    ----------
    claim
        What was voted on.
    vote
        The verdict the reader expects; `None` for no vote.
    """

    claim: Claim
    vote: Verdict | None

    @property
    def agrees(self) -> bool:
        """Whether the vote is the verdict."""
        return self.vote == self.claim.verdict

    def __str__(self) -> str:
        vote = NO_VOTE if self.vote is None else self.vote
        return f"{self.claim.id:4}you: {vote:12}ledger: {self.claim.verdict}"


def compare(votes: Mapping[str, str]) -> list[Compared]:
    """Compare votes with the ledger.

    Parameters
    ----------
    votes
        By id of the claim: "true", "false", "half true", "it depends", "opinion", or "?" for
        no vote. Capitals and small letters are the same.

    Returns
    -------
    list of Compared
        In the order of the votes.

    Raises
    ------
    ValueError
        An id that the ledger does not hold, or a vote that is not one of these words.
    """
    return [Compared(claim(id), _verdict(id, vote)) for id, vote in votes.items()]


def _verdict(id: str, vote: str) -> Verdict | None:
    word = str(vote).strip().lower()
    if word == NO_VOTE:
        return None
    if word not in [*Verdict]:
        words = ", ".join(repr(str(verdict)) for verdict in Verdict)
        raise ValueError(f"your vote on {id} must be one of {words} or '?': received {vote!r}.")
    return Verdict(word)
