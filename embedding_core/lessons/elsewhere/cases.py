"""A case: one question to a layer, how it is asked, and what to think of the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from embedding_core.lessons.elsewhere.layer import Adapter

UNDEFINED = "undefined"

# What an answer can be; `figures.elsewhere` has a sign for each.
KINDS = ("right", "refused", "marked", "own", "other", UNDEFINED, "not offered")


@dataclass(frozen=True)
class Case:
    """A question that every library can be asked.

    Attributes
    ----------
    id
        Short, for tables and recordings.
    question
        A sentence for readers; T is a table of four rows (10 i, 10 i + 1).
    ask
        Asks an adapter, and returns the answer in words.
    right
        The one answer that arithmetic allows, "refused" where there is none, or `None` where a
        library may choose.
    """

    id: str
    question: str
    ask: Callable[[Adapter], str]
    right: str | None = None

    def kind(self, seen: str) -> str:
        """Say what an answer is worth.

        Parameters
        ----------
        seen
            What came of the case, in words.

        Returns
        -------
        str
            One of `KINDS`: "right"; "refused", by an error; "marked", that is NaN or zeros, which
            can be noticed; "own", a choice where a library has one; "other", a row or number that
            looks like an answer and is none; "undefined"; "not offered".
        """
        if seen in (UNDEFINED, "not offered"):
            return seen
        if seen.startswith("raises "):
            return "refused"
        if self.right is None:
            return "own"
        if seen == self.right:
            return "right"
        return "marked" if seen in ("NaN", "zeros", "no row") else "other"
