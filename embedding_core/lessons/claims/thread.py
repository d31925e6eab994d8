"""The thread as it stands: its question, its four answers, the comments under them, their votes.

Stack Overflow question 38189713, "What is an embedding in Keras?", licensed CC BY-SA 3.0. The
statements are retold in our own words, from a copy that a machine had translated into Korean;
votes are those of that copy. It names who commented, and not who asked or answered: the page does.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Post:
    """The question, an answer, or a comment under one of them.

    Attributes
    ----------
    name
        How the book cites it.
    votes
        As the page counts them; 0 where it shows no number beside a comment.
    author
        Who wrote a comment; empty for the question and the answers.
    under
        What a comment stands under; None for the question and the answers.
    """

    name: str
    votes: int
    author: str = ""
    under: "Post | None" = None

    @property
    def cited(self) -> str:
        """Name and votes, as in "answer 1, +67"."""
        return f"{self.name}, +{self.votes}"


def _comment(author: str, under: Post, votes: int, which: str = "") -> Post:
    said = f"{author}'s {which} comment" if which else author
    return Post(f"{said} under {under.name}", votes, author, under)


QUESTION = Post("the question", 97)
ANSWER_1, ANSWER_2, ANSWER_3, ANSWER_4 = (
    Post(f"answer {place}", votes) for place, votes in ((1, 67), (2, 21), (3, 4), (4, 1))
)
GOKUL_UF = _comment("gokul_uf", QUESTION, 7)
OUTCAST = _comment("Outcast", QUESTION, 1)
MOLLER_ON_THE_QUESTION = _comment("Daniel Möller", QUESTION, 3)
LORRIT_1 = _comment("Lorrit", ANSWER_1, 3, "first")
SIETSCHIE = _comment("sietschie", ANSWER_1, 3)
LORRIT_2 = _comment("Lorrit", ANSWER_1, 3, "second")
LORRIT_3 = _comment("Lorrit", ANSWER_1, 4, "third")
MOLLER_ON_ANSWER_1 = _comment("Daniel Möller", ANSWER_1, 2)
YANNIS = _comment("yannis", ANSWER_3, 0)
MOLLER_ON_ANSWER_3 = _comment("Daniel Möller", ANSWER_3, 0, "first")
MOLLER_AGAIN = _comment("Daniel Möller", ANSWER_3, 0, "second")

THREAD: tuple[Post, ...] = (
    QUESTION,
    GOKUL_UF,
    OUTCAST,
    MOLLER_ON_THE_QUESTION,
    ANSWER_1,
    LORRIT_1,
    SIETSCHIE,
    LORRIT_2,
    LORRIT_3,
    MOLLER_ON_ANSWER_1,
    ANSWER_2,
    ANSWER_3,
    YANNIS,
    MOLLER_ON_ANSWER_3,
    MOLLER_AGAIN,
    ANSWER_4,
)
"""Every post, from the top of the page to its end."""
