"""What an entry of the ledger is: a statement of the thread, its verdict, and its evidence."""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from embedding_core.lessons.claims.findings import Evidence, Finding, Verdict
from embedding_core.lessons.claims.thread import Post


class VerdictError(AssertionError):
    """The evidence no longer gives the verdict that the ledger holds."""


@dataclass(frozen=True)
class Claim:
    """One statement of the thread, retold.

    Attributes
    ----------
    id
        "C1", "C2" and so on.
    statement
        What is claimed.
    posts
        Where the thread claims it, from the top of the page to its end.
    verdict
        What the evidence says.
    reason
        Why, in a sentence.
    chapter
        The number of the chapter that settles it.
    evidence
        Runs and measures; None for an opinion, which nothing can check.
    contradicts
        Ids of claims that cannot be held beside this one. Written on one side only:
        `opponents` knows both.

    Raises
    ------
    ValueError
        A verdict without evidence, or an opinion with some.
    """

    id: str
    statement: str
    posts: tuple[Post, ...]
    verdict: Verdict
    reason: str
    chapter: int
    evidence: Evidence | None = None
    contradicts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.verdict is Verdict.OPINION) is not (self.evidence is None):
            raise ValueError(
                f"{self.id} is {self.verdict} and has {'no ' * (self.evidence is None)}evidence: "
                "every verdict needs some, and an opinion can have none."
            )

    @property
    def number(self) -> int:
        """Its place in the ledger, 17 for "C17"."""
        return int(self.id[1:])

    @property
    def who(self) -> str:
        """The posts that claim it and their votes, as in "answer 2, +21; answer 3, +4"."""
        return "; ".join(post.cited for post in self.posts)

    @property
    def votes(self) -> int:
        """The votes of all posts that claim it, together."""
        return sum(post.votes for post in self.posts)

    def find(self, **altered: Any) -> Finding:
        """Run the evidence and return what it says, whatever the ledger says.

        Parameters
        ----------
        **altered
            Handed to the evidence in place of what it examines by default.

        Returns
        -------
        Finding
            For an opinion one without observations.
        """
        if self.evidence is None:
            return Finding(Verdict.OPINION, ())
        return self.evidence(**altered)

    def check(self, **altered: Any) -> Finding:
        """Run the evidence and compare its verdict with the ledger's.

        Parameters
        ----------
        **altered
            Handed to the evidence in place of what it examines by default.

        Returns
        -------
        Finding
            What was measured; its verdict is the claim's.

        Raises
        ------
        VerdictError
            The evidence says otherwise. The message names the claim, both verdicts, what was
            measured, and the installed Keras.
        """
        finding = self.find(**altered)
        if finding.verdict is not self.verdict:
            raise VerdictError(
                f"{self.id} ({self.statement}) should be {self.verdict} and is found to be "
                f"{finding.verdict}. {finding.shown}. Keras {version('keras')}."
            )
        return finding
