"""The thread's posts and votes, who contradicts whom, and how right each post was."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import rankdata

from embedding_core.lessons.claims import LEDGER, Verdict, claim, contradictions
from embedding_core.lessons.claims.quarrels import quarrels
from embedding_core.lessons.claims.said import as_markdown, by_post
from embedding_core.lessons.claims.thread import (
    ANSWER_1,
    ANSWER_2,
    QUESTION,
    THREAD,
    YANNIS,
    Post,
)
from embedding_core.lessons.claims.truth import Score, rank_correlation, scores


def test_the_thread_is_as_it_stands():
    main = [(post.name, post.votes) for post in THREAD if post.under is None]
    assert main == [
        ("the question", 97),
        ("answer 1", 67),
        ("answer 2", 21),
        ("answer 3", 4),
        ("answer 4", 1),
    ]
    comments = [(p.under.name, p.author, p.votes) for p in THREAD if p.under]
    assert comments == [
        ("the question", "gokul_uf", 7),
        ("the question", "Outcast", 1),
        ("the question", "Daniel Möller", 3),
        ("answer 1", "Lorrit", 3),
        ("answer 1", "sietschie", 3),
        ("answer 1", "Lorrit", 3),
        ("answer 1", "Lorrit", 4),
        ("answer 1", "Daniel Möller", 2),
        ("answer 3", "yannis", 0),
        ("answer 3", "Daniel Möller", 0),
        ("answer 3", "Daniel Möller", 0),
    ]
    assert len({post.name for post in THREAD}) == len(THREAD)


def test_a_comment_stands_behind_what_it_is_under():
    latest = None
    for post in THREAD:
        assert post.under in (None, latest)
        latest = post if post.under is None else latest


def test_a_post_is_cited_with_its_votes():
    assert ANSWER_1.cited == "answer 1, +67"
    assert YANNIS.cited == "yannis under answer 3, +0"
    both = replace(claim("C1"), posts=(ANSWER_2, YANNIS))
    assert both.who == "answer 2, +21; yannis under answer 3, +0"
    assert both.votes == 21


def test_every_claim_has_its_place_and_every_post_a_claim():
    for entry in LEDGER:
        places = [THREAD.index(post) for post in entry.posts]
        assert places == sorted(set(places)) != [], entry.id
    assert all(by_post(LEDGER).values())


def test_claims_are_sorted_by_the_posts_that_make_them():
    said = by_post(LEDGER)
    assert tuple(said) == THREAD
    for post, claims in said.items():
        assert claims == [entry for entry in LEDGER if post in entry.posts]
    assert claim("C2") in said[ANSWER_1]
    assert claim("C2") in said[YANNIS]


def test_the_lists_tell_every_claim_once_and_no_verdict():
    text = as_markdown(by_post(LEDGER))
    for entry in LEDGER:
        assert text.count(f"- **{entry.id}** {entry.statement}") == 1
        assert entry.reason not in text
    assert "**The question, +97**\n\n- **C24** The layer is an autoencoder\n" in text
    assert "- again C2\n" in text[text.index("yannis") :]


def numbered(*ids):
    return [replace(LEDGER[0], id=f"C{n}", statement=f"statement {n}") for n in ids]


def test_quarrels_have_two_sides_and_nobody_contradicts_their_own():
    a, b, c, d, e = numbered(1, 2, 3, 4, 5)
    found = quarrels([(c, b), (b, d), (e, a)])
    assert found == [([a], [e]), ([b], [c, d])]
    assert quarrels([]) == []


def test_a_ring_of_three_has_no_two_sides():
    a, b, c = numbered(1, 2, 3)
    with pytest.raises(ValueError, match=r"two sides: received C\d and C\d"):
        quarrels([(a, b), (b, c), (c, a)])


def test_the_ledgers_contradictions_make_quarrels_of_two_sides():
    for one, other in contradictions():
        sides = [
            ((one in left) - (one in right), (other in left) - (other in right))
            for left, right in quarrels(contradictions())
        ]
        assert {(-1, 1), (1, -1)} & set(sides)


def made(*verdicts, post=QUESTION):
    return [
        replace(
            LEDGER[0],
            id=f"C{n}",
            posts=(post,),
            verdict=verdict,
            evidence=None if verdict is Verdict.OPINION else LEDGER[0].evidence,
        )
        for n, verdict in enumerate(verdicts, 1)
    ]


def test_a_post_is_scored_by_its_verdicts_and_opinions_do_not_count():
    claims = made(
        Verdict.TRUE, Verdict.HALF_TRUE, Verdict.IT_DEPENDS, Verdict.FALSE, Verdict.OPINION
    )
    (score,) = scores(claims)
    assert (score.right, score.partly, score.wrong, score.claims) == (1, 2, 1, 4)
    assert (score.share(0), score.share(), score.share(1)) == (0.25, 0.5, 0.75)
    assert scores(made(Verdict.OPINION)) == []


def test_the_ledgers_posts_are_scored_in_the_threads_order():
    posts = [score.post for score in scores()]
    assert posts == [post for post in THREAD if post in posts]
    assert {post.author for post in THREAD if post not in posts} == {"sietschie"}
    for score in scores():
        verdicts = [c.verdict for c in LEDGER if score.post in c.posts]
        worth = {"true": 1, "half true": 0.5, "it depends": 0.5, "false": 0}
        checked = [worth[v] for v in verdicts if v != "opinion"]
        assert score.share() == pytest.approx(np.mean(checked))


def four(*shares, votes=(9, 5, 3, 1)):
    """Posts of ten claims each, of which so many are right."""
    return [
        Score(Post(f"answer {k}", n), right, 0, 10 - right)
        for k, (n, right) in enumerate(zip(votes, shares, strict=True))
    ]


@pytest.mark.parametrize(
    ("shares", "rho"), [((9, 7, 5, 3), 1.0), ((3, 5, 7, 9), -1.0), ((9, 5, 7, 3), 0.8)]
)
def test_the_rank_correlation_is_spearmans_with_an_exact_p(shares, rho):
    found = rank_correlation(four(*shares))
    assert found.rho == pytest.approx(rho)
    # By hand: one minus six times the squared differences of the ranks over n(n² - 1).
    ranks = rankdata(shares)
    by_hand = [
        1 - 6 * sum((a - b) ** 2 for a, b in zip(order, ranks, strict=True)) / 60
        for order in permutations((4, 3, 2, 1))
    ]
    extreme = min(sum(r >= rho - 1e-9 for r in by_hand), sum(r <= rho + 1e-9 for r in by_hand))
    assert found.p == pytest.approx(2 * extreme / 24)
    assert found.posts == 4


def test_its_ranges_leave_one_out_and_weigh_halves():
    found = rank_correlation(four(9, 5, 7, 3))
    assert found.without_one == pytest.approx((0.5, 1.0))
    assert found.halves == pytest.approx((0.8, 0.8))
    partly = [Score(Post("answer 9", 20), 0, 10, 0), *four(3, 5, 7, 9)]
    low, high = rank_correlation(partly).halves
    assert low == pytest.approx(-1.0), "counted as nothing it is last"
    assert high == pytest.approx(0.0), "counted as one it is first"


@pytest.mark.parametrize(
    "scored",
    [four(1, 2, 3, 4)[:3], four(5, 5, 5, 5), four(1, 2, 3, 4, votes=(2, 2, 2, 2))],
)
def test_nothing_is_correlated_where_nothing_can_be_ordered(scored):
    with pytest.raises(ValueError, match="four posts or more that differ in votes and in truth"):
        rank_correlation(scored)
