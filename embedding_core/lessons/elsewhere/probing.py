"""All cases, and one library after the other asked about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from embedding_core.lessons.elsewhere import gradients, lookups, training
from embedding_core.lessons.elsewhere.cases import UNDEFINED, Case
from embedding_core.lessons.elsewhere.layer import Adapter
from embedding_core.lessons.elsewhere.words import answer

CASES: tuple[Case, ...] = (*lookups.CASES, *gradients.CASES, *training.CASES)


@dataclass(frozen=True)
class Answer:
    """What one library did with one case.

    Attributes
    ----------
    case
        Its id.
    seen
        In words, see `words`; "undefined" when the case was not run, because the library reads
        or writes memory outside the table.
    """

    case: str
    seen: str


def probe(adapter: Adapter, cases: Sequence[Case] = CASES) -> Iterator[Answer]:
    """Ask a library about the cases.

    Parameters
    ----------
    adapter
        See `libraries`.
    cases
        By default all.

    Yields
    ------
    Answer
        One for each case, in their order. A case that the adapter lists as undefined is not run.
    """
    for case in cases:
        if case.id in adapter.undefined:
            yield Answer(case.id, UNDEFINED)
        else:
            yield Answer(case.id, answer(partial(case.ask, adapter)))
