"""A broken book does not build: `make book`, with the book's own settings, on small books."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from bs4 import BeautifulSoup
from contents import ROOT
from nbformat import v4

TOC = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/01_chapter\n"
SHARED = ["Makefile", "_config.yml", "constraints.txt", "requirements.txt", "pyproject.toml"]


@pytest.fixture
def small_book(tmp_path):
    """A whole small book of one chapter."""
    for name in SHARED:
        shutil.copy2(ROOT / name, tmp_path)
    for name in (
        "book/_ext",
        "book/_extra",
        "book/_inv",
        "book/_static",
        "book/_templates",
        "tools",
    ):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "book/index.md").write_text("# Book\n\nOne chapter.\n")
    (tmp_path / "book/references.bib").write_text("")
    (tmp_path / "embedding_core").mkdir()
    (tmp_path / "embedding_core/ops.py").write_text("one = 1\n")
    chapter("1 + 1", tmp_path)


@pytest.fixture
def make(small_book, tmp_path):
    """Its `make`, in this environment."""

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


def chapter(code, folder, prose="Text.", name="01_chapter"):
    cells = [v4.new_markdown_cell(f"# Chapter {name}\n\n{prose}"), v4.new_code_cell(code)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(v4.new_notebook(cells=cells, metadata=metadata), folder / f"book/{name}.ipynb")


def test_a_sound_book_builds_with_launch_links_where_there_is_a_repository(make, tmp_path):
    chapter("import matplotlib.pyplot as plt\nplt.plot([1, 0, 1]);", tmp_path)
    config = (tmp_path / "_config.yml").read_text()
    setting = 'repository_url: ""'
    assert config.count(setting) == 1
    address = "https://github.com/somebody/book"
    (tmp_path / "_config.yml").write_text(config.replace(setting, f"repository_url: {address}"))
    done = make("book")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "_build/html/index.html").exists()
    assert f"file://{tmp_path}/_build/html/index.html" in done.stdout
    page = (tmp_path / "_build/html/book/01_chapter.html").read_text("utf-8")
    for link in (
        "https://mybinder.org/v2/gh/somebody/book/main?urlpath=lab/tree/book/01_chapter.ipynb",
        "https://colab.research.google.com/github/somebody/book/blob/main/book/01_chapter.ipynb",
    ):
        assert f'href="{link}"' in page
    assert re.search(r'<img [^>]*src="[^"]*\.svg"', page), "the figure is no vector"
    for cache in ("__pycache__", ".ipynb_checkpoints", ".ruff_cache"):
        (tmp_path / "book" / cache).mkdir()
        (tmp_path / "book" / cache / "kept").touch()
    assert "is built" not in make("up-to-date").stdout, "tools keep their own notes in the folders"


def test_without_make_too_a_change_of_the_code_is_shown(tmp_path, small_book):
    """By the README's command, twice: what a cell printed before the change must not come back."""
    readme = (ROOT / "README.md").read_text("utf-8")
    plain = re.search(r"^\.venv/bin/python (-m tools\.build .*)$", readme, re.M)[1]
    chapter("print(open('../embedding_core/ops.py').read())", tmp_path)
    for code in ("answer = 41", "answer = 42"):
        (tmp_path / "embedding_core/ops.py").write_text(code)
        command = [sys.executable, *plain.split()]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        page = BeautifulSoup(
            (tmp_path / "_build/html/book/01_chapter.html").read_text("utf-8"), "html.parser"
        )
        assert page.select_one(".cell_output").get_text().strip() == code


# A chapter's code and prose, and the warning that its fault must raise.
FAULTS = {
    "02_cell": ("1 / 0", "Text.", "Executing notebook failed"),
    "03_stderr": ("import sys; print('noise', file=sys.stderr)", "Text.", "stderr was found"),
    "04_reference": ("1", "See {numref}`no-such-figure`.", "no-such-figure"),
    "05_name": ("1", "See {func}`embedding_core.no_such_function`.", "no_such_function"),
    "06_source": ("1", "See {cite:t}`nobody1999`.", "nobody1999"),
    "07_gone": (None, None, "07_gone"),
    "08_formula": ("1", r"There is no $\nosuchsign$.", "KaTeX cannot draw"),
}


def test_a_broken_book_does_not_build(make, tmp_path):
    """Every warning is an error; each fault raises one; the second time no fewer.

    Sphinx alone would not warn again about a page it has read before.
    """
    contents = (tmp_path / "_toc.yml").read_text()
    for name, (code, prose, _) in FAULTS.items():
        contents += f"  - file: book/{name}\n"
        if code:
            chapter(code, tmp_path, prose, name)
    (tmp_path / "_toc.yml").write_text(contents)
    for _ in range(2):
        done = make("book")
        assert done.returncode != 0, done.stdout
        warnings = [line for line in done.stdout.splitlines() if "WARNING" in line]
        for name, (_, _, trace) in FAULTS.items():
            assert any(name in line and trace in line for line in warnings), (name, warnings)
        assert "ZeroDivisionError" in done.stdout
