"""The ballot shows what it asks, hides what it knows, and counts a vote where it should."""

import re
from html.parser import HTMLParser

import pytest

from embedding_core.lessons.claims import LEDGER, Verdict, claim
from embedding_core.lessons.claims.ballot import ballot

IDS = ("C31", "C2", "c24")


class Fieldsets(HTMLParser):
    """Of each fieldset: its legend, what stands beside its buttons, and what a vote shows."""

    def __init__(self):
        super().__init__()
        self.found, self.place = [], None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "fieldset":
            self.found.append({"legend": "", "buttons": [], "verdict": ""})
        elif tag == "input":
            self.found[-1]["buttons"].append((attributes["name"], attributes.get("class"), ""))
            self.place = "button"
        elif tag in ("legend", "p"):
            self.place = attributes.get("class", tag)

    def handle_endtag(self, tag):
        if tag in ("legend", "p", "label"):
            self.place = None

    def handle_data(self, data):
        if self.place == "button":
            *name, _ = self.found[-1]["buttons"][-1]
            self.found[-1]["buttons"][-1] = (*name, data.strip())
        elif self.place in ("legend", "verdict"):
            self.found[-1][self.place] += data


def fieldsets(*ids):
    parser = Fieldsets()
    parser.feed(ballot(*ids)._repr_html_())
    return parser.found


def test_each_claim_is_asked_with_a_button_for_each_verdict():
    for entry, asked in zip(map(claim, IDS), fieldsets(*IDS), strict=True):
        assert asked["legend"] == f"{entry.id} {entry.statement}"
        assert [word for *_, word in asked["buttons"]] == [*Verdict]
        assert len({name for name, *_ in asked["buttons"]}) == 1, "one vote for each claim"
    names = {asked["buttons"][0][0] for asked in fieldsets(*IDS)}
    assert len(names) == len(IDS), "and the votes do not push each other out"


def test_a_vote_agrees_when_it_is_the_verdict_and_only_then():
    for entry, asked in zip(LEDGER, fieldsets(*(c.id for c in LEDGER)), strict=True):
        agreeing = [word for _, kind, word in asked["buttons"] if kind == "agrees"]
        assert agreeing == [entry.verdict]


def test_a_vote_shows_the_threads_votes_and_the_ledgers_verdict():
    (asked,) = fieldsets("C5")
    assert asked["verdict"].startswith("The thread: 70 votes")
    assert f"The ledger: {claim('C5').verdict}." in asked["verdict"]
    assert asked["verdict"].endswith(claim("C5").reason)


def test_verdicts_and_tally_are_hidden_until_there_is_a_vote():
    html = ballot(*IDS)._repr_html_()
    assert re.search(r"\.ballot \.verdict, \.ballot \.tally \{ display: none; \}", html)
    assert "fieldset:has(:checked) .verdict" in html
    assert "checked>" not in html, "nobody has voted yet"
    assert "?" not in re.sub(r"<style>.*</style>", "", html, flags=re.DOTALL)


def test_what_html_would_take_for_markup_is_escaped_and_code_is_marked():
    html = ballot("C14")._repr_html_()
    assert "<code>take</code>" in html
    assert "`" not in html


def test_without_html_it_names_its_claims():
    assert repr(ballot(*IDS)) == "a ballot on C31, C2, C24"


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (("C99",), "no claim 'C99'"),
        ((), "at least one claim"),
        (("C1", "c1"), r"each once: received \('C1', 'c1'\)"),
    ],
)
def test_a_ballot_on_nothing_is_refused(ids, message):
    with pytest.raises(ValueError, match=message):
        ballot(*ids)
