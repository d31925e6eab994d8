"""The claims that a chapter settles are the ledger's, word for word."""

import json
import re
from pathlib import Path

import pytest

from embedding_core.lessons.claims import LEDGER

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = {int(path.stem[:2]): path for path in sorted(BOOK.glob("[0-9][0-9]_*.ipynb"))}
BOX = re.compile(r":::\{admonition\} In the thread\n:class: claim\n(.*?)\n:::", re.DOTALL)
ENTRY = re.compile(
    r"\*\*(?P<id>C\d+)\*\* \*(?P<statement>.+?)\* \((?P<who>[^()]+)\)\. "
    r"\*\*(?P<verdict>[A-Z][a-z ]+)\.\*\* (?P<why>.+)",
    re.DOTALL,
)


def boxes(path):
    """The text of each claims box of a chapter."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    assert text.count(":class: claim") == len(BOX.findall(text)), "a box in another form"
    return BOX.findall(text)


def entries(path):
    """Each claim of a chapter's boxes, as the groups of ENTRY; a box holds nothing else."""
    paragraphs = [p for box in boxes(path) for p in re.split(r"\n{2,}", box.strip())]
    found = [(paragraph, ENTRY.fullmatch(paragraph)) for paragraph in paragraphs]
    assert [paragraph for paragraph, entry in found if entry is None] == []
    return [entry for _, entry in found]


@pytest.fixture(params=CHAPTERS, ids=lambda number: CHAPTERS[number].stem)
def number(request):
    return request.param


def test_a_chapter_settles_the_claims_that_the_ledger_gives_it(number):
    settled = [entry["id"] for entry in entries(CHAPTERS[number])]
    promised = [claim.id for claim in LEDGER if claim.chapter == number]
    assert len(settled) == len({*settled})
    assert {*promised} - {*settled} == set(), "no entry in the chapter's box"
    assert {*settled} - {*promised} == set(), "the ledger gives it to another chapter"


def test_its_statements_sources_and_verdicts_are_the_ledgers(number):
    known = {claim.id: claim for claim in LEDGER}
    for entry in entries(CHAPTERS[number]):
        claim = known[entry["id"]]
        written = {"statement": claim.statement, "who": claim.who}
        written["verdict"] = claim.verdict.capitalize()
        assert {name: entry[name] for name in written} == written, entry["id"]


def test_it_says_in_a_sentence_why(number):
    for entry in entries(CHAPTERS[number]):
        assert entry["why"].strip().endswith("."), entry["id"]


def test_some_chapters_have_claims():
    """The checks above check something."""
    assert sum(len(entries(path)) for path in CHAPTERS.values()) >= 20


@pytest.mark.parametrize(
    "box",
    [
        "**It is a table** (two answers). **True.** Seen.",
        "**C1** *It is a table* (two answers). **True**",
        "**C1** It is a table (two answers). **True.** Seen.",
    ],
)
def test_a_claim_in_another_form_is_noticed(box, tmp_path):
    source = f":::{{admonition}} In the thread\n:class: claim\n{box}\n:::"
    path = tmp_path / "chapter.ipynb"
    path.write_text(json.dumps({"cells": [{"cell_type": "markdown", "source": [source]}]}))
    with pytest.raises(AssertionError):
        entries(path)


def test_the_table_of_the_first_chapter_sends_readers_where_the_ledger_does():
    """One row for each chapter: part of the quarrel | statements, "C7 to C12" too | chapter."""
    row = re.compile(r"\|[^|\n]+\|((?: (?:to )?C\d+,?)+) \| \[\d+\]\((\d\d)_\w+\.ipynb\) \|")
    cells = json.loads(CHAPTERS[1].read_text("utf-8"))["cells"]
    found = row.findall("\n".join("".join(cell["source"]) for cell in cells))
    table = {}
    for statements, chapter in found:
        table[int(chapter)] = listed = set()
        for first, _, last in re.findall(r"C(\d+)( to C(\d+))?", statements):
            listed |= {*range(int(first), int(last or first) + 1)}
    assert len(table) == len(found)
    assert table == {
        number: {claim.number for claim in LEDGER if claim.chapter == number}
        for number in {claim.chapter for claim in LEDGER}
    }
