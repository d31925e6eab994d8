"""A ballot: the reader votes on claims, and then sees the thread's votes and the verdicts."""

import re
from dataclasses import dataclass
from html import escape

from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Verdict
from embedding_core.lessons.claims.ledger import claim

# Shows and counts without a script, so that a vote stays on the reader's page and nowhere else.
_STYLE = """
.ballot { counter-reset: cast agree; }
.ballot fieldset { border: 1px solid; border-radius: 4px; margin: 0 0 1em; padding: 0 0.8em 0.6em; }
.ballot legend { float: none; width: auto; font-size: inherit; margin: 0; padding: 0 0.3em; }
.ballot label { display: inline-block; margin: 0.3em 1em 0 0; }
.ballot p { margin: 0.5em 0 0; }
.ballot .verdict, .ballot .tally { display: none; }
.ballot fieldset:has(:checked) .verdict, .ballot:has(:checked) .tally { display: block; }
.ballot input:checked { counter-increment: cast; }
.ballot input.agrees:checked { counter-increment: cast agree; }
.ballot .tally::after { content: counter(agree) " of " counter(cast) "."; }
"""


@dataclass(frozen=True)
class Ballot:
    """Claims to vote on, shown as such in a notebook and on a page of the book.

    Attributes
    ----------
    claims
        In the order in which they are asked.
    """

    claims: tuple[Claim, ...]

    def __repr__(self) -> str:
        return f"a ballot on {', '.join(entry.id for entry in self.claims)}"

    def _repr_html_(self) -> str:
        asked = "\n".join(_asked(entry) for entry in self.claims)
        tally = '<p class="tally">Your votes that agree with the ledger: </p>'
        return f'<div class="ballot"><style>{_STYLE}</style>\n{asked}\n{tally}\n</div>'


def ballot(*ids: str) -> Ballot:
    """Make a ballot.

    Parameters
    ----------
    *ids
        Of claims that the ledger holds.

    Returns
    -------
    Ballot
        Each claim with a button for each verdict. A vote shows what the thread's votes say and
        what the ledger says; before it, neither can be seen.

    Raises
    ------
    ValueError
        An id that the ledger does not hold, one that is named twice, or none at all.
    """
    claims = tuple(claim(id) for id in ids)
    if not claims or len(set(claims)) < len(claims):
        raise ValueError(f"a ballot needs at least one claim, and each once: received {ids!r}.")
    return Ballot(claims)


def _asked(entry: Claim) -> str:
    buttons = "\n".join(_button(entry, verdict) for verdict in Verdict)
    return (
        f"<fieldset><legend><strong>{entry.id}</strong> {escape(entry.statement)}</legend>\n"
        f'{buttons}\n<p class="verdict">The thread: {entry.votes} votes for posts that say so. '
        f"The ledger: <strong>{entry.verdict}</strong>. {_code(entry.reason)}</p></fieldset>"
    )


def _button(entry: Claim, verdict: Verdict) -> str:
    agrees = ' class="agrees"' if verdict is entry.verdict else ""
    name = f"ballot-{entry.id.lower()}"
    return f'<label><input type="radio" name="{name}"{agrees}> {verdict}</label>'


def _code(text: str) -> str:
    return re.sub("`(.+?)`", r"<code>\1</code>", escape(text))
