"""Votes beside verdicts, and who said what, against the ledger's entries."""

from dataclasses import replace

import pytest

from embedding_core.lessons.claims import LEDGER, Verdict, claim
from embedding_core.lessons.claims.ballot import compare
from embedding_core.lessons.claims.speakers import VOICES, as_markdown, by_voice, voice


def test_a_vote_agrees_when_it_is_the_verdict_and_only_then():
    for entry in LEDGER:
        for verdict in Verdict:
            (compared,) = compare({entry.id: str(verdict)})
            assert compared.agrees is (verdict is entry.verdict)
            assert compared.claim is entry


def test_no_vote_never_agrees():
    (compared,) = compare({"C1": "?"})
    assert compared.vote is None
    assert not compared.agrees


def test_votes_keep_their_order_and_forgive_capitals_and_spaces():
    compared = compare({"c31": " Half TRUE ", "C2": "opinion"})
    assert [c.claim.id for c in compared] == ["C31", "C2"]
    assert [c.vote for c in compared] == [Verdict.HALF_TRUE, Verdict.OPINION]


def test_a_line_shows_vote_and_verdict():
    text = str(compare({"C24": "true"})[0])
    assert text.startswith("C24 you: true")
    assert text.endswith(f"ledger: {claim('C24').verdict}")
    assert "you: ? " in str(compare({"C24": "?"})[0])


@pytest.mark.parametrize("vote", ["yes", "", None, "half-true"])
def test_a_vote_that_is_no_verdict_is_refused_with_those_that_are(vote):
    with pytest.raises(ValueError, match=r"vote on C2 must be one of 'true', .*'opinion' or '\?'"):
        compare({"C1": "true", "C2": vote})


def test_an_unknown_claim_is_refused():
    with pytest.raises(ValueError, match="no claim 'C99'"):
        compare({"C99": "true"})


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("the question", "the question"),
        ("the first answer", "the first answer"),
        ("the first answer and a comment", "the first answer"),
        ("a comment", "the comments"),
        ("a comment and Keras's old documentation", "the comments"),
        ("two of the four answers", "the other answers"),
        ("the source it quotes", "the other answers"),
    ],
)
def test_a_claim_belongs_to_whoever_is_named_first(who, expected):
    assert voice(replace(LEDGER[0], who=who)) == expected


def test_every_claim_has_one_voice():
    voices = by_voice(LEDGER)
    assert tuple(voices) == VOICES
    assert sorted((c for group in voices.values() for c in group), key=lambda c: c.number) == [
        *LEDGER
    ]
    assert all(voices.values())


def test_the_lists_name_every_claim_once_and_no_verdict():
    text = as_markdown(by_voice(LEDGER))
    for entry in LEDGER:
        assert text.count(f"- **{entry.id}** {entry.statement}") == 1
        assert entry.reason not in text
    assert text.count("- **") == len(LEDGER)
    assert "**The question**\n\n- **C24** The layer is an autoencoder\n" in text
    assert "table *(two of the four answers)*\n" in text
