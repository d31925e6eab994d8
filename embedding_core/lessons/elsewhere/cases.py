"""A case: one question to a layer, and how it is asked."""

from collections.abc import Callable
from dataclasses import dataclass

from embedding_core.lessons.elsewhere.layer import Adapter


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
    """

    id: str
    question: str
    ask: Callable[[Adapter], str]
