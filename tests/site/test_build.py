"""A broken book does not build: `make book`, with the book's own settings, on small books."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
from contents import ROOT
from nbformat import v4

TOC = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/01_chapter\n"
SHARED = ["Makefile", "_config.yml", "constraints.txt", "requirements.txt", "pyproject.toml"]


@pytest.fixture
def make(tmp_path):
    """A whole small book and its `make`, in this environment."""
    for name in SHARED:
        shutil.copy2(ROOT / name, tmp_path)
    for name in ("_ext", "_inv", "_static"):
        shutil.copytree(ROOT / "book" / name, tmp_path / "book" / name)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "book/index.md").write_text("# Book\n\nOne chapter.\n")
    (tmp_path / "book/references.bib").write_text("")
    (tmp_path / "embedding_core").mkdir()
    (tmp_path / "embedding_core/ops.py").write_text("one = 1\n")
    chapter("1 + 1", tmp_path)

    def make(target):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        ready = f"{sys.prefix}/package"  # the environment is this one: leave it as it is
        command = ["make", "-o", ready, f"VENV={sys.prefix}", target]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return make


def chapter(code, folder, prose="Text."):
    cells = [v4.new_markdown_cell(f"# Chapter\n\n{prose}"), v4.new_code_cell(code)]
    nbformat.write(v4.new_notebook(cells=cells), folder / "book/01_chapter.ipynb")


def test_a_sound_book_builds(make, tmp_path):
    done = make("book")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "_build/html/index.html").exists()
    assert f"file://{tmp_path}/_build/html/index.html" in done.stdout


def break_cell(folder):
    chapter("1 / 0", folder)
    return "ZeroDivisionError"


def write_to_stderr(folder):
    chapter("import sys; print('noise', file=sys.stderr)", folder)
    return "stderr was found"


def remove_page(folder):
    (folder / "book/01_chapter.ipynb").unlink()
    return "01_chapter"


def break_reference(folder):
    chapter("1 + 1", folder, "See {numref}`no-such-figure`.")
    return "no-such-figure"


def break_name(folder):
    chapter("1 + 1", folder, "See {func}`embedding_core.no_such_function`.")
    return "no_such_function"


def forget_source(folder):
    chapter("1 + 1", folder, "See {cite:t}`nobody1999`.")
    return "nobody1999"


FAULTS = [break_cell, write_to_stderr, remove_page, break_reference, break_name, forget_source]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_broken_book_does_not_build(make, tmp_path, fault):
    trace = fault(tmp_path)
    done = make("book")
    assert done.returncode != 0, done.stdout
    assert trace in done.stdout


def test_a_broken_book_does_not_build_the_second_time_either(make, tmp_path):
    """Sphinx alone would not warn again about a page it has read before."""
    break_reference(tmp_path)
    assert [make("book").returncode for _ in range(2)] == [2, 2]


def test_a_change_of_the_code_drops_the_kept_results(make, tmp_path):
    kept = tmp_path / "_build/.jupyter_cache"
    make("stale-cache")
    kept.mkdir()
    make("stale-cache")
    assert kept.exists(), "nothing had changed"
    for name in ("embedding_core/ops.py", "constraints.txt"):
        path = tmp_path / name
        path.write_text(path.read_text() + "\n# changed\n")
        make("stale-cache")
        assert not kept.exists(), name
        kept.mkdir()
