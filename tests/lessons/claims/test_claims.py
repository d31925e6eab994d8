"""The ledger as data, its verdicts' arithmetic, and how it is shown. Needs no Keras."""

import dataclasses
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from embedding_core import __main__ as command
from embedding_core.lessons.claims import (
    LEDGER,
    Claim,
    Finding,
    Observation,
    Outcome,
    Verdict,
    VerdictError,
    claim,
    contradictions,
    opponents,
    page,
    rows,
    run,
)
from embedding_core.lessons.claims.findings import at_least, at_most, conclude, equal
from embedding_core.lessons.claims.thread import QUESTION
from embedding_core.lessons.claims.words import neighbours_alike, texts_of_two_topics

COUNT = 48  # claims; a new one adds one
YES, NO = equal("a", 1, 1), equal("b", 1, 2)


def entry(evidence, verdict=Verdict.TRUE, **changed):
    made = Claim("C99", "It flies", (QUESTION,), verdict, "It has wings.", 4, evidence)
    return dataclasses.replace(made, **changed)


def test_the_ledger_holds_each_claim_once_and_in_order():
    numbers = [f"C{n}" for n in range(1, COUNT + 1)]
    assert [one.id for one in LEDGER] == numbers, "a new claim: COUNT above is one more"
    assert len({one.statement for one in LEDGER}) == len(LEDGER)


@pytest.mark.parametrize("one", LEDGER, ids=lambda one: one.id)
def test_an_entry_is_complete(one):
    assert isinstance(one.verdict, Verdict)
    assert 2 <= one.chapter <= 13
    assert one.statement[0].isupper() or one.statement.startswith("gather")
    assert not one.statement.endswith(".")
    assert one.reason.endswith(".")


def test_a_claim_is_found_by_its_id():
    assert claim("C17") is claim("c17") is LEDGER[16]
    for unknown in (f"C{COUNT + 1}", "17", ""):
        with pytest.raises(ValueError, match=f"'{unknown}': the ledger holds C1 to C{COUNT}"):
            claim(unknown)


def test_claims_contradict_each_other_in_both_directions():
    pairs = [(a.id, b.id) for a, b in contradictions()]
    assert ("C1", "C2") in pairs
    assert ("C17", "C30") in pairs, "written on the other side"
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert pairs == sorted(pairs, key=lambda pair: (int(pair[0][1:]), int(pair[1][1:])))
    for a, b in pairs:
        assert claim(a) in opponents(b)
        assert claim(b) in opponents(a)
    assert claim("C2") in opponents("c40")
    assert opponents("C20") == ()


def test_two_claims_that_are_plainly_true_do_not_contradict_each_other():
    both = [(a.id, b.id) for a, b in contradictions() if a.verdict is b.verdict is Verdict.TRUE]
    assert both == []


@pytest.mark.parametrize(
    ("observations", "verdict"),
    [
        ([YES], Verdict.TRUE),
        ([YES, YES], Verdict.TRUE),
        ([NO], Verdict.FALSE),
        ([NO, NO], Verdict.FALSE),
        ([YES, NO], Verdict.HALF_TRUE),
        ([NO, YES, YES], Verdict.HALF_TRUE),
    ],
)
def test_the_observations_decide(observations, verdict):
    assert conclude(*observations).verdict is verdict
    depends = conclude(*observations, mixed=Verdict.IT_DEPENDS).verdict
    assert depends is (Verdict.IT_DEPENDS if verdict is Verdict.HALF_TRUE else verdict)


def test_nothing_follows_from_nothing():
    with pytest.raises(ValueError, match="no observation"):
        conclude()


def test_an_observation_holds_at_its_threshold():
    assert at_least("x", 3, 3).holds
    assert not at_least("x", 2, 3).holds
    assert at_most("x", 3, 3).holds
    assert not at_most("x", 4, 3).holds
    assert not at_most("x", float("nan"), 3).holds
    assert equal("x", np.int64(3), 3).holds is True


@pytest.mark.parametrize(
    ("measured", "shown"),
    [
        (16000, "16,000"),
        (0.0831104, "0.08311"),
        ((5, 2), "5 × 2"),
        ([(5, 2)], "5 × 2"),
        ([4, 3], "4, 3"),
        ([], "none"),
        (True, "yes"),
        (False, "no"),
        (None, "None"),
        ("an error", "an error"),
    ],
)
def test_measured_values_are_written_for_readers(measured, shown):
    assert equal("x", measured, "y").shown == shown


def test_a_finding_lists_what_was_measured_and_what_was_claimed():
    finding = conclude(at_least("rows", 3, 5), equal("shape", (5, 2), (5, 2)))
    assert finding.measured == (3, (5, 2))
    assert finding.threshold == ("at least 5", "5 × 2")
    assert finding.shown == "rows: 3 (claimed: at least 5); shape: 5 × 2 (claimed: 5 × 2)"


def test_check_returns_what_was_found_or_fails():
    assert entry(lambda: conclude(YES)).check().measured == (1,)
    with pytest.raises(VerdictError, match=r"C99 \(It flies\) should be true and is found .*false"):
        entry(lambda: conclude(NO)).check()


def test_check_hands_on_what_is_altered():
    one = entry(lambda wings=2: conclude(equal("wings", wings, 2)))
    assert one.check()
    assert one.find(wings=0).verdict is Verdict.FALSE


def test_every_verdict_has_evidence_and_an_opinion_has_none():
    with pytest.raises(ValueError, match="C99 is true and has no evidence"):
        entry(None)
    with pytest.raises(ValueError, match="C99 is opinion and has evidence"):
        entry(lambda: conclude(YES), Verdict.OPINION)
    assert entry(None, Verdict.OPINION).check() == Finding(Verdict.OPINION, ())
    assert entry(None, Verdict.OPINION).check().shown == "nothing to measure"


def test_run_goes_on_after_a_check_that_fails():
    def broken():
        raise KeyError("no such layer")

    claims = [entry(lambda: conclude(NO)), entry(broken), entry(lambda: conclude(YES))]
    wrong, stopped, fine = run(claims)
    assert (wrong.holds, stopped.holds, fine.holds) == (False, False, True)
    assert wrong.shown.startswith("VerdictError: C99")
    assert stopped.shown == "KeyError: 'no such layer'"
    assert fine.shown == "a: 1 (claimed: 1)"


def test_the_page_shows_an_entry_with_its_target_links_and_observations():
    seen = Finding(Verdict.TRUE, (Observation("multiplications", 0, "at most 9", True),))
    text = page([Outcome(claim("C17"), seen)], {9: "09_cost.ipynb"})._repr_markdown_()
    assert text.startswith('<a id="c17"></a>**C17** ')
    assert "**C17** *The layer saves computation* (answer 2, +21). **True.**" in text
    assert claim("C17").reason in text
    assert "[Chapter 9](09_cost.ipynb) settles it." in text
    assert 'It contradicts <a href="#c30">C30</a>.' in text
    assert "- multiplications: **0**; claimed: at most 9" in text


def test_the_page_says_when_a_chapter_is_not_written_and_when_a_check_failed():
    text = page(run([entry(lambda: conclude(NO), id="C22")]), {})._repr_markdown_()
    assert "Chapter 4, which is not written yet, will say more." in text
    assert "](" not in text
    assert "**The check failed.**" in text
    assert "- VerdictError: C22 (It flies) should be true" in text


def test_the_page_does_not_offer_a_measurement_for_an_opinion():
    text = page(run([claim("C22")]), {})._repr_markdown_()
    assert "**Opinion.**" in text
    assert "- " not in text


def test_rows_fit_the_terminal_and_keep_numbers_whole():
    finding = conclude(*(at_most("distance after some training", 1e-5, 1e-5) for _ in range(9)))
    for width in (60, 100, 200):
        shown = rows(Outcome(claim("C36"), finding), width)
        assert max(map(len, shown.splitlines())) <= width
        assert shown.count("1e-05") == 18
        assert re.match(r"C36 +true +ch\. 12 +With enough data", shown)
    assert rows(Outcome(claim("C36"), finding), 1), "a terminal that is no terminal"
    assert "FAILED" in rows(Outcome(claim("C36"), None, "broken"), 80)


def test_the_command_prints_the_claims_that_are_named(capsys):
    assert command.main(["claims", "C29", "c22"]) == 0
    shown = capsys.readouterr().out
    assert re.findall(r"^C\d+", shown, re.MULTILINE) == ["C29", "C22"]
    assert "numbers spoiled by an infinity in another row: 6" in " ".join(shown.split())
    assert shown.endswith("2 of 2 verdicts hold.\n")


def test_the_command_runs_all_claims_when_none_is_named(capsys, monkeypatch):
    monkeypatch.setattr(Claim, "find", lambda self: Finding(self.verdict, ()))
    assert command.main(["claims"]) == 0
    assert capsys.readouterr().out.endswith(f"{COUNT} of {COUNT} verdicts hold.\n")


def test_the_command_fails_when_a_claim_does(capsys, monkeypatch):
    monkeypatch.setattr(Claim, "find", lambda self: conclude(NO))
    assert command.main(["claims", "C17", "C24"]) == 1
    shown = capsys.readouterr().out
    assert "C17  FAILED" in shown
    assert "should be true and is found to be false" in " ".join(shown.split())
    assert shown.endswith("1 of 2 verdicts hold.\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["claims", f"C{COUNT + 1}"], f"no claim 'C{COUNT + 1}': the ledger holds C1 to C{COUNT}"),
        (["claim"], "invalid choice: 'claim'"),
        ([], "required: COMMAND"),
    ],
)
def test_the_command_refuses_what_it_does_not_know(arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "promised"), [([], "claims"), (["claims"], f"C1 to C{COUNT}")]
)
def test_the_command_explains_itself(arguments, promised, capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main([*arguments, "--help"])
    assert stopped.value.code == 0
    assert promised in capsys.readouterr().out


@pytest.mark.long
def test_the_command_from_a_shell():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "embedding_core", "claims", "C29"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "half true" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("arguments", [["claims", "C29", "C22"], ["--help"], ["claims", "--help"]])
def test_the_command_ends_quietly_when_nobody_reads_on(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "embedding_core", *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": ""},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_invented_texts_keep_to_their_topic():
    texts, topics = texts_of_two_topics(count=6, length=40, words=4)
    assert texts.shape == (6, 40)
    assert topics.tolist() == [0, 0, 0, 1, 1, 1]
    assert [sorted(set(text)) for text in texts.tolist()] == 3 * [[0, 1]] + 3 * [[2, 3]]


def test_neighbours_are_found_by_angle():
    vectors = [[1, 0], [9, 1], [0, 1], [1, 9]]
    assert neighbours_alike(vectors, [0, 0, 1, 1]) == 1.0
    assert neighbours_alike(vectors, [0, 1, 0, 1]) == 0.0
    assert neighbours_alike(np.zeros((2, 2)), [0, 1]) == 0.0
