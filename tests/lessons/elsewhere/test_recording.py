"""The recording of libraries: sorted by answer, told in words, and complete."""

from dataclasses import replace

import pytest

from embedding_core.ground.recording import Seen, differences
from embedding_core.lessons.elsewhere import CASES
from embedding_core.lessons.elsewhere.libraries import WHERE, adapter
from embedding_core.lessons.elsewhere.recording import ask, by_answer, read, record, told

SEEN = Seen("NumPy", {"numpy": "1.0"}, "Linux", "2026-01-02", {c.id: "row 1" for c in CASES})


def test_a_library_is_recorded_in_its_place_and_the_others_stay(tmp_path):
    path = tmp_path / "seen.json"
    for library in ("a-gpu", "thinc", "numpy"):
        record(library, SEEN, path)
    assert list(read(path)) == ["numpy", "thinc", "a-gpu"]


def test_a_library_that_is_not_there_is_not_asked(monkeypatch):
    monkeypatch.setenv("NODE_PACKAGES", "/nowhere")
    with pytest.raises(ModuleNotFoundError, match=r"TensorFlow\.js needs npm:@tensorflow/tfjs"):
        ask(adapter("tensorflow-js"))


def test_libraries_are_sorted_by_their_answers():
    other = replace(SEEN, answers={**SEEN.answers, "id V": "zeros"})
    libraries = {"a": SEEN, "b": other, "c": SEEN}
    assert by_answer(libraries, "id V") == {"row 1": ["a", "c"], "zeros": ["b"]}
    assert told(libraries, "id V") == "id V:\n  row 1: a, c\n  zeros: b"


@pytest.mark.parametrize("library", ["numpy", "embedding_core"])
def test_what_is_asked_here_is_what_the_book_has_recorded(library):
    assert differences(read()[library], ask(adapter(library))) == {}


def test_the_books_recording_has_every_library_and_every_case_with_version_and_day():
    recorded = read()
    assert [library for library in recorded if library in WHERE] == list(WHERE)
    cases = [case.id for case in CASES]
    for library, seen in recorded.items():
        assert list(seen.answers) == cases, library
        assert "no answer" not in seen.answers.values()
        assert seen.versions
        assert all(version[0].isdigit() for version in seen.versions.values())
        assert seen.platform
        assert len(seen.date) == len("2026-01-02")
        undefined = {case for case, answer in seen.answers.items() if answer == "undefined"}
        assert undefined == set(seen.undefined)
