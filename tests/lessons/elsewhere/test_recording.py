"""The recording is read, written and compared; the one in the book has its shape."""

from dataclasses import replace

import pytest

from embedding_core.lessons.elsewhere import CASES
from embedding_core.lessons.elsewhere.libraries import WHERE, adapter
from embedding_core.lessons.elsewhere.recording import (
    Seen,
    by_answer,
    differences,
    read,
    record,
    told,
    write,
)

SEEN = Seen("NumPy", {"numpy": "1.0"}, "Linux", "2026-01-02", {c.id: "row 1" for c in CASES})


def test_what_is_written_is_read_again(tmp_path):
    both = {"numpy": SEEN, "other": replace(SEEN, undefined={"id V": "its manual"})}
    write(both, tmp_path / "seen.json")
    assert read(tmp_path / "seen.json") == both


def test_a_library_is_recorded_in_its_place_and_the_others_stay(tmp_path):
    path = tmp_path / "seen.json"
    for library in ("a-gpu", "thinc", "numpy"):
        record(library, SEEN, path)
    record("thinc", replace(SEEN, name="thinc"), path)
    assert list(read(path)) == ["numpy", "thinc", "a-gpu"]
    assert [seen.name for seen in read(path).values()] == ["NumPy", "thinc", "NumPy"]


def test_what_differs_is_named_and_nothing_else():
    now = replace(SEEN, answers={**SEEN.answers, "id V": "zeros"})
    assert differences(SEEN, now) == {"id V": ("row 1", "zeros")}
    assert differences(SEEN, SEEN) == {}


def test_a_case_that_was_not_recorded_differs():
    before = replace(SEEN, answers={c.id: "row 1" for c in CASES[1:]})
    assert differences(before, SEEN) == {CASES[0].id: ("not recorded", "row 1")}


def test_libraries_are_sorted_by_their_answers():
    other = replace(SEEN, answers={**SEEN.answers, "id V": "zeros"})
    libraries = {"a": SEEN, "b": other, "c": SEEN}
    assert by_answer(libraries, "id V") == {"row 1": ["a", "c"], "zeros": ["b"]}
    assert told(libraries, "id V") == "id V:\n  row 1: a, c\n  zeros: b"


@pytest.mark.parametrize("text", ["[]", '{"numpy": 3}', '{"numpy": {"name": 1}}', "{"])
def test_another_file_is_no_recording(tmp_path, text):
    path = tmp_path / "seen.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="no recording of libraries"):
        read(path)


@pytest.mark.parametrize("library", ["numpy", "embedding_core"])
def test_what_is_asked_here_is_what_the_book_has_recorded(library):
    assert differences(read()[library], Seen.of(adapter(library))) == {}


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
