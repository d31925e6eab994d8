"""ground/recording.py: what is written is read again, added to, and compared."""

from dataclasses import replace

import numpy as np
import pytest

from embedding_core.ground.recording import Seen, Subject, add, differences, read, write

SEEN = Seen("NumPy", {"numpy": "1.0"}, "Linux", "2026-01-02", {"id 4": "row 1", "id 5": "zeros"})


def test_what_is_written_is_read_again(tmp_path):
    nested = replace(SEEN, answers={"ids": {"4": "error"}})
    both = {"numpy": SEEN, "other": replace(SEEN, undefined={"id 4": "its manual"}), "n": nested}
    write(both, tmp_path / "seen.json")
    assert read(tmp_path / "seen.json") == both


def test_what_is_added_stands_in_its_place_and_the_others_stay(tmp_path):
    path = tmp_path / "folder" / "seen.json"
    for key in ("a-gpu", "thinc", "numpy"):
        add({key: SEEN}, path, ["numpy", "thinc", "torch"])
    add({"thinc": replace(SEEN, name="thinc")}, path, ["numpy", "thinc", "torch"])
    assert list(read(path)) == ["numpy", "thinc", "a-gpu"]
    assert [seen.name for seen in read(path).values()] == ["NumPy", "thinc", "NumPy"]


def test_what_differs_is_named_and_nothing_else():
    now = replace(SEEN, answers={**SEEN.answers, "id 4": "zeros"})
    assert differences(SEEN, now) == {"id 4": ("row 1", "zeros")}
    assert differences(SEEN, SEEN) == {}


def test_a_case_that_only_one_of_them_has_differs():
    before = replace(SEEN, answers={"id 5": "zeros"})
    assert differences(before, SEEN) == {"id 4": ("not recorded", "row 1")}
    assert differences(SEEN, before) == {"id 4": ("row 1", "not asked")}


@pytest.mark.parametrize("text", ["[]", '{"numpy": 3}', '{"numpy": {"name": 1}}', "{"])
def test_another_file_is_no_recording(tmp_path, text):
    path = tmp_path / "seen.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match="no recording of libraries"):
        read(path)


def test_a_subject_says_what_it_has_seen_with_the_versions_that_are_installed():
    subject = Subject("Numbers", ("numpy",), undefined={"id 9": "its manual"})
    seen = subject.seen({"id 4": "row 1"})
    assert seen.versions == {"numpy": np.__version__}
    assert (seen.name, seen.answers) == ("Numbers", {"id 4": "row 1"})
    assert seen.undefined == {"id 9": "its manual"}
    assert str(seen).startswith(f"numpy {np.__version__}, ")
    assert str(seen).endswith(seen.date)


def test_a_package_of_nodes_is_looked_up_in_its_own_file(monkeypatch, tmp_path):
    package = tmp_path / "node_modules" / "@some" / "thing"
    package.mkdir(parents=True)
    (package / "package.json").write_text('{"version": "4.22.0"}', "utf-8")
    monkeypatch.setenv("NODE_PACKAGES", str(tmp_path))
    assert Subject("A", ("npm:@some/thing",)).versions() == {"@some/thing": "4.22.0"}


@pytest.mark.parametrize("package", ["nobody-has-this", "npm:nobody-has-this"])
def test_what_is_not_installed_is_named(package):
    with pytest.raises(ModuleNotFoundError, match=f"A needs {package}, and not all are installed"):
        Subject("A", (package,)).versions()
