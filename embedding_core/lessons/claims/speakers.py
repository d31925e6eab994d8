"""Who spoke in the thread: the four voices that the map of chapter 1 tells apart."""

from collections.abc import Iterable, Mapping, Sequence

from embedding_core.lessons.claims.entry import Claim

QUESTION, FIRST, OTHERS, COMMENTS = VOICES = (
    "the question",
    "the first answer",
    "the other answers",
    "the comments",
)


def voice(claim: Claim) -> str:
    """Name the voice that a claim belongs to.

    Parameters
    ----------
    claim : Claim
        An entry of the ledger.

    Returns
    -------
    str
        One of `VOICES`: whoever is named first. What several answers say, and the source that
        one of them quotes, belongs to the other answers.
    """
    if claim.who == QUESTION:
        return QUESTION
    if claim.who.startswith(FIRST):
        return FIRST
    return COMMENTS if claim.who.startswith("a comment") else OTHERS


def by_voice(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Sort claims by who made them.

    Parameters
    ----------
    claims : iterable of Claim
        For example the whole `LEDGER`.

    Returns
    -------
    dict of str to list of Claim
        The claims of each of `VOICES`, in the order given.
    """
    sorted_out: dict[str, list[Claim]] = {name: [] for name in VOICES}
    for entry in claims:
        sorted_out[voice(entry)].append(entry)
    return sorted_out


def as_markdown(voices: Mapping[str, Sequence[Claim]]) -> str:
    """Write claims as lists beneath whoever made them, without their verdicts.

    Parameters
    ----------
    voices : mapping of str to sequence of Claim
        As `by_voice` sorts them.

    Returns
    -------
    str
        Markdown. Who exactly made a claim is added where the heading does not say it.
    """
    lines = []
    for name, claims in voices.items():
        lines += [f"**{name[0].upper()}{name[1:]}**", ""]
        for entry in claims:
            who = "" if entry.who in (name, "a comment") else f" *({entry.who})*"
            lines.append(f"- **{entry.id}** {entry.statement}{who}")
        lines.append("")
    return "\n".join(lines)
