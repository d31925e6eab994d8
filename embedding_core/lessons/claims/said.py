"""Which post of the thread says what."""

from collections.abc import Iterable, Mapping, Sequence

from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.thread import THREAD, Post


def by_post(claims: Iterable[Claim]) -> dict[Post, list[Claim]]:
    """Sort claims by the posts that make them.

    Parameters
    ----------
    claims : iterable of Claim
        For example the whole `LEDGER`.

    Returns
    -------
    dict of Post to list of Claim
        For each post of `THREAD`, in its order, what it claims, in the order given. What two
        posts claim is in both lists.
    """
    entries = list(claims)
    return {post: [entry for entry in entries if post in entry.posts] for post in THREAD}


def as_markdown(said: Mapping[Post, Sequence[Claim]]) -> str:
    """Write claims as lists beneath the post that made them, without their verdicts.

    Parameters
    ----------
    said : mapping of Post to sequence of Claim
        As `by_post` sorts them.

    Returns
    -------
    str
        Markdown. A claim that an earlier post has made is named there by its number alone.
    """
    lines: list[str] = []
    told: set[str] = set()
    for post, claims in said.items():
        new = [entry for entry in claims if entry.id not in told]
        again = [entry.id for entry in claims if entry.id in told]
        title = post.cited if post.author else post.cited[0].upper() + post.cited[1:]
        lines += [f"**{title}**", ""]
        lines += [f"- **{entry.id}** {entry.statement}" for entry in new]
        lines += [f"- again {', '.join(again)}"] * bool(again) + [""]
        told |= {entry.id for entry in new}
    return "\n".join(lines)
