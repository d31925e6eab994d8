"""`make elsewhere`: what its files pin, and what its tool reads in them."""

import re

import pytest

from embedding_core.ground.recording import Seen, read, write
from embedding_core.lessons.elsewhere.exports.ways import WAYS
from embedding_core.lessons.elsewhere.libraries import WHERE
from embedding_core.lessons.elsewhere.recording import record
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
        library
        for path in FILES
        for line in elsewhere.noted(path.read_text("utf-8"), "probe")
        for library in line
    ]
    assert sorted(named) == sorted(WHERE)


def test_notes_are_read_from_comments_and_nothing_else():
    text = "# A sentence.\n# probe: a b\n# npm: c@1\nprobe==1\n# probe: d\n"
    assert elsewhere.noted(text, "probe") == [["a", "b"], ["d"]]
    assert elsewhere.noted(text, "npm") == [["c@1"]]
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


@pytest.fixture
def place(monkeypatch, tmp_path):
    """Let the tool work in a folder of its own, with three files."""
    pins = tmp_path / "pins"
    pins.mkdir()
    for name in ("a", "b", "c"):
        (pins / f"{name}.txt").write_text("# probe: numpy\n", "utf-8")
    monkeypatch.setattr(elsewhere, "PINS", pins)
    monkeypatch.setattr(elsewhere, "PLACE", tmp_path / "made")
    monkeypatch.setattr(elsewhere, "DONE", tmp_path / "made" / "done.txt")
    monkeypatch.setattr(elsewhere.signal, "signal", lambda *_: None)
    return tmp_path / "made"


def asking(monkeypatch, failing=()):
    """Let nothing be asked but written down; return what was."""
    asked = []

    def ask(name):
        asked.append(name)
        return ["probe it"] if name in failing else []

    monkeypatch.setattr(elsewhere, "ask", ask)
    return asked


def test_what_fails_is_reported_beside_the_others_and_ends_with_status_1(
    capsys, monkeypatch, place
):
    asked = asking(monkeypatch, failing="b")
    assert elsewhere.main([]) == 1
    assert asked == ["a", "b", "c"]
    report = capsys.readouterr().out.partition("In all:\n")[2].splitlines()
    assert [line.split()[:2] for line in report[:3]] == [
        ["a", "recorded,"],
        ["b", "FAILED:"],
        ["c", "recorded,"],
    ]
    assert "probe it" in report[1]
    assert "NAMES=--rest" in report[3]


def test_the_rest_is_what_did_not_end_well(monkeypatch, place):
    asking(monkeypatch, failing="b")
    elsewhere.main([])
    asked = asking(monkeypatch)
    assert elsewhere.main(["--rest"]) == 0
    assert asked == ["b"]
    asking(monkeypatch, failing="a")
    elsewhere.main(["a"])
    assert elsewhere.chosen(["--rest"]) == ["a"]
    assert elsewhere.chosen([]) == ["a", "b", "c"]
    assert elsewhere.chosen(["--rest"]) == ["a", "b", "c"]  # a new round has begun


def test_after_a_stop_the_report_says_what_was_not_asked_and_the_rest_goes_on(
    capsys, monkeypatch, place
):
    def ask(name):
        if name == "b":
            raise KeyboardInterrupt
        return []

    monkeypatch.setattr(elsewhere, "ask", ask)
    with pytest.raises(KeyboardInterrupt):
        elsewhere.main([])
    report = capsys.readouterr().out.partition("In all:\n")[2]
    assert [line.split() for line in report.splitlines()[1:3]] == [
        ["b", "not", "asked"],
        ["c", "not", "asked"],
    ]
    assert report.endswith("To go on with the others: make elsewhere NAMES=--rest\n")
    assert elsewhere.chosen(["--rest"]) == ["b", "c"]


def test_an_unknown_name_is_answered_by_those_there_are(place):
    with pytest.raises(ValueError, match=r"no elsewhere/d.txt; there are: a, b, c\."):
        elsewhere.main(["d"])


@pytest.mark.parametrize("ends", [True, False, KeyboardInterrupt])
def test_an_environment_is_removed_whatever_comes_of_it(ends, monkeypatch, place):
    def run(*command, **environment):
        (place / "a" / "bin").mkdir(parents=True, exist_ok=True)
        if ends is KeyboardInterrupt and "pip" in command:
            raise ends
        return ends

    monkeypatch.setattr(elsewhere, "run", run)
    monkeypatch.delenv("KEEP", raising=False)
    if ends is KeyboardInterrupt:
        with pytest.raises(KeyboardInterrupt):
            elsewhere.ask("a")
    else:
        assert elsewhere.ask("a") == ([] if ends else ["a.txt cannot be installed"])
    assert not (place / "a").exists()


def test_every_way_out_of_keras_has_one_environment():
    run = [line for path in FILES for line in elsewhere.noted(path.read_text("utf-8"), "run")]
    exports = [words[1] for words in run if words[0].endswith(".exports")]
    assert sorted(exports) == sorted(WAYS)
    pins = {path.stem: path.read_text("utf-8").splitlines() for path in FILES}
    for environment, ways in WAYS.items():
        here = {line.partition("==")[0] for line in pins[f"exports-{environment}"] if "==" in line}
        for way in ways.values():
            assert {name for name in way.packages if "npm:" not in name} <= here, way.name
