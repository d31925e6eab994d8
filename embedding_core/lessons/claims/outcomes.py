"""Run many claims, and show them: as a page of the book, or in a terminal."""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Finding
from embedding_core.lessons.claims.ledger import LEDGER, opponents


@dataclass(frozen=True)
class Outcome:
    """A claim that was run.

    Attributes
    ----------
    claim
        The entry.
    finding
        What was measured; None when the check failed.
    problem
        Why it failed; empty when it holds.
    """

    claim: Claim
    finding: Finding | None
    problem: str = ""

    @property
    def holds(self) -> bool:
        """Whether the evidence gave the ledger's verdict."""
        return not self.problem

    @property
    def shown(self) -> str:
        """What was measured, or what went wrong, on one line."""
        return self.finding.shown if self.finding else self.problem


def run(claims: Iterable[Claim] = LEDGER) -> Iterator[Outcome]:
    """Check claims one after the other; a check that fails does not stop the rest.

    Parameters
    ----------
    claims
        Entries of the ledger, by default all.

    Yields
    ------
    Outcome
        One for each claim, as soon as it was run.
    """
    for entry in claims:
        try:
            yield Outcome(entry, entry.check())
        except Exception as error:  # a check that cannot run has not shown anything either
            yield Outcome(entry, None, f"{type(error).__name__}: {error}")


@dataclass(frozen=True)
class Page:
    """A page of Markdown, shown as such in a notebook."""

    text: str = field(repr=False)

    def _repr_markdown_(self) -> str:
        return self.text


def page(outcomes: Iterable[Outcome], chapters: Mapping[int, str]) -> Page:
    """Write outcomes as a page of the book, with a target for each claim (`c17`).

    Parameters
    ----------
    outcomes
        From `run`.
    chapters
        Where each chapter is, by number; a chapter without an entry is not written yet.

    Returns
    -------
    Page
        Markdown.
    """
    return Page("\n\n".join(_entry(outcome, chapters) for outcome in outcomes) + "\n")


def _entry(outcome: Outcome, chapters: Mapping[int, str]) -> str:
    entry = outcome.claim
    verdict = entry.verdict.capitalize() if outcome.holds else "The check failed"
    chapter = f"chapter {entry.chapter}"
    if entry.chapter in chapters:
        settled = f"[{chapter.capitalize()}]({chapters[entry.chapter]}) settles it."
    else:
        settled = f"{chapter.capitalize()}, which is not written yet, will say more."
    lines = [
        f'<a id="{_target(entry)}"></a>**{entry.id}** *{entry.statement}* ({entry.who}). '
        f"**{verdict}.** {entry.reason} {settled}{_contradicted(entry)}",
        "",
    ]
    if outcome.finding is None:
        lines.append(f"- {outcome.problem}")
    else:
        lines += [
            f"- {seen.what}: **{seen.shown}**; claimed: {seen.threshold}"
            for seen in outcome.finding.observations
        ]
    return "\n".join(lines)


def _target(entry: Claim) -> str:
    return entry.id.lower()


def _contradicted(entry: Claim) -> str:
    # HTML, because Sphinx would look for a target of its own kind behind a Markdown link.
    links = [f'<a href="#{_target(other)}">{other.id}</a>' for other in opponents(entry.id)]
    return f" It contradicts {', '.join(links)}." if links else ""


def rows(outcome: Outcome, width: int) -> str:
    """Write an outcome for a terminal: id, verdict, chapter, statement, posts, measurements.

    Parameters
    ----------
    outcome
        From `run`.
    width
        Columns of the terminal.
    """
    entry = outcome.claim
    verdict = entry.verdict if outcome.holds else "FAILED"
    head = f"{entry.id:4} {verdict:10} ch. {entry.chapter:<3} "
    width = max(width, len(head) + 20)
    indent = " " * len(head)
    return "\n".join(
        _wrapped(f"{entry.statement} ({entry.who})", width, head)
        + _wrapped(outcome.shown, width, indent)
    )


def _wrapped(text: str, width: int, first: str) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=" " * len(first))
