"""tools/check.py: what changed, and which tests that asks for."""

import subprocess

import pytest

from tools import check


@pytest.mark.parametrize(
    ("name", "tests"),
    [
        ("embedding_core/variable.py", ["tests/test_variable.py", check.OF_THE_PACKAGE]),
        ("embedding_core/layers/dense.py", ["tests/layers/test_dense.py", check.OF_THE_PACKAGE]),
        ("embedding_core/layers/__init__.py", ["tests/layers", check.OF_THE_PACKAGE]),
        ("embedding_core/model.py", ["tests/model", check.OF_THE_PACKAGE]),
        ("embedding_core/scale/disk/table.py", ["tests/scale/disk", check.OF_THE_PACKAGE]),
        ("embedding_core/__init__.py", [check.OF_THE_PACKAGE]),
        ("tools/check.py", ["tests/house/test_check.py"]),
        ("tests/layers/test_dense.py", ["tests/layers/test_dense.py"]),
        ("tests/helpers.py", []),
        ("tests/oracle/test_legacy.py", []),
        ("book/07_gradient.ipynb", check.OF_A_KIND[".ipynb"]),
        ("CONTRIBUTING.md", check.OF_A_KIND[".md"]),
        ("book/glossary.md", [*check.OF_A_KIND[".md"], check.KOREAN]),
        ("book/_static/live/live.js", [check.KOREAN]),
        ("locale/ko/LC_MESSAGES/book/glossary.po", [check.KOREAN]),
        ("_toc.yml", ["tests/notebooks/test_hygiene.py", check.KOREAN]),
        ("book/_static/lookup.svg", []),
    ],
)
def test_a_file_leads_to_its_tests(name, tests):
    found = check.unit_tests(name)
    if name == "embedding_core/scale/disk/table.py":  # a test of its own, or its folder's
        assert found[0].startswith("tests/scale/disk")
    else:
        assert found == tests
    assert all((check.ROOT / test).exists() for test in found)


def test_a_chapter_leads_to_every_test_that_judges_its_text_without_running_it():
    """The others of `tests/notebooks` start kernels; a new one has to be told apart here."""
    running = {"test_notebooks_tool", "test_results"}
    files = (check.ROOT / "tests/notebooks").glob("test_*.py")
    judging = {f"tests/notebooks/{file.name}" for file in files if file.stem not in running}
    assert {*check.unit_tests("book/07_gradient.ipynb")} == judging | {check.KOREAN}


def test_most_modules_have_tests_that_are_found():
    names = [path.relative_to(check.ROOT) for path in check.ROOT.glob("embedding_core/**/*.py")]
    found = [check.unit_tests(name.as_posix()) for name in names]
    assert sum(tests != [check.OF_THE_PACKAGE] for tests in found) > 0.8 * len(found)


@pytest.fixture
def repository(tmp_path):
    def git(*command):
        who = ("-c", "user.name=me", "-c", "user.email=me@here")
        subprocess.run(["git", *who, *command], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    for name in ("kept", "edited", "staged", "gone"):
        (tmp_path / name).write_text("one")
    (tmp_path / ".gitignore").write_text("ignored\n")
    git("add", ".")
    git("commit", "-m", "first")
    for name in ("edited", "staged", "new", "ignored", "naïve name"):
        (tmp_path / name).write_text("two")
    git("add", "staged")
    (tmp_path / "gone").unlink()
    return tmp_path


def test_what_changed_is_edited_staged_and_new_files(repository):
    assert check.changed(repository) == ["edited", "naïve name", "new", "staged"]


@pytest.mark.parametrize("codes", [[0, 0, 0, 0], [0, 1, 0, 1]])
def test_all_is_run_and_each_fault_counts(monkeypatch, codes, capsys):
    ran = []

    def run(command, **_):
        ran.append(command[2:])
        return subprocess.CompletedProcess(command, codes[len(ran) - 1])

    monkeypatch.setattr(check, "changed", lambda: ["tools/path.py", "embedding_core/ops.py"])
    monkeypatch.setattr(check.subprocess, "run", run)
    assert check.main() == sum(codes)
    assert [tuple(command) for command in ran[:3]] == [*check.LINT]
    assert "tests/test_ops.py" in ran[3]
    assert ("Ready to commit." in capsys.readouterr().out) == (sum(codes) == 0)
