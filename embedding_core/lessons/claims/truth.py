"""How right each post was, and whether votes went to those who were: counted from the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import permutation_test, spearmanr

from embedding_core.lessons.claims.entry import Claim
from embedding_core.lessons.claims.findings import Verdict
from embedding_core.lessons.claims.ledger import LEDGER
from embedding_core.lessons.claims.said import by_post
from embedding_core.lessons.claims.thread import Post

PLAIN = {Verdict.TRUE: 1.0, Verdict.FALSE: 0.0}


@dataclass(frozen=True)
class Score:
    """How right a post was in what can be checked of it.

    Attributes
    ----------
    post
        Which post.
    right, partly, wrong
        How many of its claims are true; half true, or true under a condition; and false.
        Opinions count nowhere.
    """

    post: Post
    right: int
    partly: int
    wrong: int

    @property
    def claims(self) -> int:
        """How many claims were counted."""
        return self.right + self.partly + self.wrong

    def share(self, half: float = 0.5) -> float:
        """Return how much of its claims is right, from 0 to 1.

        Parameters
        ----------
        half
            What a claim counts that is partly right, from 0, as if it were false, to 1.
        """
        return (self.right + half * self.partly) / self.claims


def scores(claims: Iterable[Claim] = LEDGER) -> list[Score]:
    """Score every post that says something that can be checked.

    Parameters
    ----------
    claims
        Entries of the ledger, by default all.

    Returns
    -------
    list of Score
        In the thread's order. A post with nothing but opinions has no score.
    """
    found = []
    for post, said in by_post(claims).items():
        verdicts = [entry.verdict for entry in said if entry.verdict is not Verdict.OPINION]
        right, wrong = verdicts.count(Verdict.TRUE), verdicts.count(Verdict.FALSE)
        if verdicts:
            found.append(Score(post, right, len(verdicts) - right - wrong, wrong))
    return found


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rank correlation of votes and truth, and how little to build on it.

    Attributes
    ----------
    posts
        How many posts were compared.
    rho
        1 when more votes always meant more truth, -1 when they always meant less.
    p
        How often votes that were dealt out to these posts by chance are at least as far from 0,
        on either side.
    without_one
        The smallest and the largest `rho` when any one post is left out.
    halves
        The smallest and the largest `rho` when what is partly right counts 0, a half, or 1.
    """

    posts: int
    rho: float
    p: float
    without_one: tuple[float, float]
    halves: tuple[float, float]


def rank_correlation(scored: Sequence[Score]) -> RankCorrelation:
    """Correlate the order by votes with the order by truth.

    Parameters
    ----------
    scored
        At least four posts, from `scores`.

    Returns
    -------
    RankCorrelation
        `p` goes through all orders of up to seven posts, and through 5,000 random ones of more.

    Raises
    ------
    ValueError
        Fewer posts than four, or all with the same votes or the same share: nothing to order.
    """
    votes = np.array([score.post.votes for score in scored], float)
    shares = {half: np.array([s.share(half) for s in scored]) for half in (0.0, 0.5, 1.0)}
    if len(scored) < 4 or any(len(set(x)) < 2 for x in (votes, shares[0.5])):
        raise ValueError(
            f"a rank correlation needs four posts or more that differ in votes and in truth: "
            f"received {len(scored)} with votes {votes.astype(int).tolist()}."
        )

    def rho(x: np.ndarray, half: float = 0.5) -> float:
        return _spearman(x, shares[half])

    p = permutation_test(
        (votes,), rho, permutation_type="pairings", n_resamples=5040, rng=np.random.default_rng(0)
    ).pvalue
    kept = [np.arange(len(votes)) != k for k in range(len(votes))]
    without = [_spearman(votes[rest], shares[0.5][rest]) for rest in kept]
    halves = [rho(votes, half) for half in shares]
    return RankCorrelation(len(votes), rho(votes), float(p), _range(without), _range(halves))


def _spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Return the rank correlation; NaN where one side does not vary, which orders nothing."""
    if len(set(x)) < 2 or len(set(y)) < 2:
        return float("nan")
    return float(spearmanr(x, y).statistic)


def _range(values: Sequence[float]) -> tuple[float, float]:
    return float(np.nanmin(values)), float(np.nanmax(values))
