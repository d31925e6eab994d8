"""Keras's own unit tests, run on the package: see tools/upstream.py."""

import json
import subprocess
import sys

import pytest
import reasons
from files import FILES

from tools import upstream

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def ended():
    return upstream.run()


@pytest.fixture(scope="module")
def now(ended):
    return upstream.with_reasons(ended, reasons.OUTSIDE, reasons.FAILED)


@pytest.fixture(scope="module")
def placed():
    return json.loads(upstream.PLACED.read_text("utf-8"))


@pytest.mark.parametrize("file", FILES)
def test_each_test_of_keras_ends_as_it_is_written_down(file, placed, now):
    # Also a test that passes now and did not: then run `tools/upstream.py --accept`.
    assert upstream.differences({file: placed.get(file, {})}, {file: now[file]}) == []


def test_each_failure_has_its_reason(now):
    failed = [
        f"{file}: {name}"
        for file, tests in now.items()
        for name, (outcome, why) in tests.items()
        if outcome == "failed" and why.startswith("?")
    ]
    assert failed == []


def test_each_reason_is_of_a_test_that_fails(ended):
    assert upstream.unused(ended, reasons.OUTSIDE | reasons.FAILED) == []


def test_the_table_in_the_book_is_that_of_the_list(placed):
    assert upstream.PAGE.read_text("utf-8") == upstream.table(placed)


def test_a_fault_in_the_package_fails_keras_own_test_of_it(placed):
    fault = (
        "import embedding_core; embedding_core.constraints.NonNeg.__call__ = lambda self, w: w;"
        "import files; files.FILES = ('constraints/constraints',); import run; run.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", fault],
        cwd=upstream.PLACED.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    said = upstream.differences(placed, placed | json.loads(done.stdout))
    assert [line.split(".")[1].split(":")[0] for line in said] == [
        "test_non_neg",
        "test_non_neg_zeroes_negatives",
    ]


def test_what_ended_otherwise_is_told():
    before = {"a": {"C.one": ["passed", ""], "C.two": ["outside", "x.Y"]}}
    after = {
        "a": {"C.one": ["failed", "wrong"], "C.two": ["outside", "x.Y"], "C.new": ["passed", ""]}
    }
    assert upstream.differences(before, before) == []
    assert upstream.differences(before, after) == [
        "a: C.new: not placed; now passed",
        "a: C.one: passed; now failed wrong",
    ]
    assert upstream.differences(after, before)[0] == "a: C.new: passed; now not placed"


def test_a_reason_is_given_to_failures_alone_and_one_without_is_marked():
    ended = {"a": {f"C.{name}": [name, "E"] for name in ("passed", "outside", "failed")}}
    ended["a"]["C.other"] = ["failed", "Error: 1"]
    placed = upstream.with_reasons(ended, {"a: C.fail*": "x.Y"}, {"*.passed": "why"})
    assert placed["a"]["C.passed"] == ["passed", "E"]
    assert placed["a"]["C.outside"] == ["outside", "E"]
    assert placed["a"]["C.failed"] == ["outside", "x.Y"]
    assert placed["a"]["C.other"] == ["failed", "? Error: 1"]
    assert upstream.unused(ended, {"a: C.fail*": "x.Y", "*.passed": "why"}) == ["*.passed"]


def test_the_table_counts_and_names_what_fails():
    rows = upstream.table(
        {"a": {"C.x": ["passed", ""], "C.y": ["reworded", ""], "C.z": ["outside", "q.R"]}}
        | {"b": {"C.v": ["failed", "why not"]}}
    ).splitlines()
    assert "| a | 3 | 2 (1 by the class) | 0 | 1 | `q.R` (1) |" in rows
    assert "| all | 4 | 2 (1 by the class) | 1 | 1 | |" in rows
    assert rows[-1] == "| b: v | why not |"
