"""`make elsewhere`: what its files pin, and what its tool reads in them."""

import re

import pytest

from embedding_core.lessons.elsewhere.libraries import WHERE
from embedding_core.lessons.elsewhere.recording import Seen, read, record, write
from tools import elsewhere

FILES = sorted(elsewhere.PINS.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_environment_is_pinned_and_names_no_machine(path):
    lines = path.read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    for pin in pins:
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z]+\])?==[0-9][\w.]*(; .+)?", pin), pin
    assert not any(re.search(r"://|@ |/home|/work|/tmp", line) for line in lines)


def test_every_library_has_one_environment():
    named = [
        library for path in FILES for library in elsewhere.noted(path.read_text("utf-8"), "probe")
    ]
    assert sorted(named) == sorted(WHERE)


def test_notes_are_read_from_comments_and_nothing_else():
    text = "# A sentence.\n# probe: a b\n# npm: c@1\nprobe==1\n# probe: d\n"
    assert elsewhere.noted(text, "probe") == ["a", "b", "d"]
    assert elsewhere.noted(text, "npm") == ["c@1"]
    assert elsewhere.noted(text, "run") == []


def test_what_another_machine_saw_is_taken_in_and_nothing_is_lost(monkeypatch, tmp_path):
    seen = Seen("Somebody's", {"a": "1"}, "a card", "2026-01-02", {"id V": "NaN"})
    write({"torch-gpu": seen}, tmp_path / "gpu.json")
    write({"numpy": seen}, tmp_path / "here.json")
    monkeypatch.setattr(
        elsewhere, "record", lambda library, new: record(library, new, tmp_path / "here.json")
    )
    assert elsewhere.main(["--merge", str(tmp_path / "gpu.json")]) == 0
    assert list(read(tmp_path / "here.json")) == ["numpy", "torch-gpu"]


def test_what_fails_is_named_and_ends_with_status_1(capsys, monkeypatch):
    monkeypatch.setattr(elsewhere, "ask", lambda pins: [f"{pins.name} cannot be installed"])
    assert elsewhere.main(["numpy"]) == 1
    assert "FAILED: numpy.txt cannot be installed" in capsys.readouterr().out
