"""tools/results.py and tools/compare.py, on chapters made for the purpose."""

import os
import re
import shutil
import subprocess
import sys
import time
import warnings
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat import v4
from traitlets.config import Config

from tools import compare, notebooks, results, warm

ROOT = Path(__file__).parents[2]
IGNORED = {"tags": ["nbval-ignore-output"]}
RAISES = {"tags": ["raises-exception"]}


@pytest.fixture
def book(tmp_path):
    """The folders of a small book."""
    for folder in ("book", "embedding_core"):
        (tmp_path / folder).mkdir()
    (tmp_path / "embedding_core/ops.py").write_text("one = 1\n")
    return tmp_path


@pytest.fixture
def python(book):
    def python(*arguments):
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # but nbval they load for seconds
        }
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=book,
            env=environment,
            capture_output=True,
            text=True,
            timeout=notebooks.TIMEOUT - 30,  # no cell has run into its own
        )

    return python


def write(book, name, *cells):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(**cell) for cell in cells])
    nbformat.write(notebook, book / "book" / f"{name}.ipynb")


MEETING = """
import time
import warnings
from pathlib import Path
Path("{mine}").touch()
while not Path("{other}").exists():
    time.sleep(0.01)
"""
MEASURING = """
import time
import warnings
from pathlib import Path
start = time.perf_counter()
open("alone", "x").close()
time.sleep(0.3)
Path("alone").unlink()
"""
PLAIN = """
import time
import warnings
from pathlib import Path
time.sleep(0.05)
assert not Path("alone").exists()
"""
DEAD = "import os\nos._exit(1)"


def test_chapters_run_side_by_side_cells_that_measure_alone_and_a_dead_kernel_is_named(
    book, python
):
    """Two that wait for each other end; beside a cell that measures one would meet its file."""
    both = [{"source": MEETING.format(mine=a, other=b)} for a, b in ("cd", "dc")]
    write(book, "04_plain", both[0], *12 * [{"source": PLAIN}], {"source": MEASURING})
    write(book, "05_measures", both[1], *4 * [{"source": MEASURING}])
    write(book, "06_dead", {"source": DEAD})
    write(book, "08_there", {"source": MEETING.format(mine="b", other="a")})
    write(book, "09_here", {"source": MEETING.format(mine="a", other="b")})  # these begin
    done = python("tools.results")
    assert done.returncode == 1
    assert set(re.findall(r"^book/(\w+).ipynb was run", done.stdout, re.M)) == {
        "04_plain",
        "05_measures",
        "08_there",
        "09_here",
    }
    assert re.findall(r"^book/(\w+).ipynb: DeadKernelError", done.stderr, re.M) == ["06_dead"]


def test_what_is_done_meanwhile_has_a_kernels_place(book, monkeypatch):
    """A cell runs beside it, and one that measures waits for its end."""
    monkeypatch.chdir(book)
    monkeypatch.setenv("IPYTHONDIR", "of its own, until the test ends")
    measuring = "from time import perf_counter\nperf_counter()\nopen('ended').close()"
    write(book, "01_both", {"source": "open('begun', 'x').close()"}, {"source": measuring})

    def meanwhile():
        for _ in range(6000):  # a minute
            time.sleep(0.01)
            if Path("book/begun").exists():
                break
        time.sleep(1)
        Path("book/ended").touch()

    assert results.fill(book / "_build", meanwhile) == 0


FORK = """
import os, sys  # and later import keras
import imported
assert imported.by == os.getppid(), "not a fork of the process that has imported it"
assert os.path.basename(os.getcwd()) == "book"
assert os.environ["SAID"] == "to the kernels"
assert os.getpgid(0) == os.getpid(), "no group of its own"
assert os.path.dirname(os.getcwd()) not in sys.path, "it finds what a reader's does not"
"""


def test_where_a_chapter_imports_keras_all_begin_as_forks_of_what_has_it(book, monkeypatch, capsys):
    monkeypatch.chdir(book)
    monkeypatch.setattr(sys, "path", [str(book), *sys.path])
    monkeypatch.setattr(warm, "IMPORTS", ["imported"])
    (book / "imported.py").write_text("import os\nby = os.getpid()")
    (book / "book/imported.py").write_text("raise ImportError('not imported before')")
    for name, value in {"IPYTHONDIR": "of its own", "SAID": "to the kernels"}.items():
        monkeypatch.setenv(name, value)
    write(book, "01_fork", {"source": FORK})
    write(book, "02_dead", {"source": FORK}, {"source": DEAD})
    write(book, "03_fails", {"source": FORK}, {"source": "1 / 0"})
    write(book, "04_plain", {"source": FORK.replace("keras", "what there is")})
    assert results.fill(book / "_build") == 2
    said = capsys.readouterr()
    done = ["04_plain", "01_fork"]
    assert re.findall(r"^book/(\w+).ipynb was run", said.out, re.M) == done
    found = re.findall(r"^book/(\w+).ipynb: (\w+)", said.err, re.M)
    assert found == [("03_fails", "CellExecutionError"), ("02_dead", "DeadKernelError")]


def test_of_all_warnings_a_kernel_passes_over_one():
    said = ["invalid value encountered in matmul", "invalid value encountered in divide"]
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        exec(results.PROFILE, {"get_config": Config})
        for text in said:
            warnings.warn(text, RuntimeWarning, stacklevel=1)
    assert [str(warning.message) for warning in seen] == said[1:]


def test_a_chapter_runs_once_and_again_when_the_code_has_changed(book, python):
    write(book, "01_read", {"source": "print(open('../embedding_core/ops.py').read())"})
    assert "was run" in python("tools.results").stdout
    assert "was run" not in python("tools.results").stdout
    (book / "embedding_core/ops.py").write_text("one = 2\n")
    assert "was run" in python("tools.results").stdout


def stream(text):
    return [v4.new_output("stream", name="stdout", text=text)]


# What a cell does, what is saved of it, and whether nbval finds fault.
CELLS = {
    "right": ({"source": "print(1, flush=True)\nprint(2)", "outputs": stream("1\n2\n")}, "passed"),
    "other": ({"source": "print(1)", "outputs": stream("2\n")}, "failed"),
    "more": ({"source": "2", "outputs": []}, "failed"),
    "less": ({"source": "None", "outputs": stream("2\n")}, "failed"),
    "ignored": ({"source": "print(3)", "outputs": stream("2\n"), "metadata": IGNORED}, "passed"),
    "error": (
        {
            "source": "1 / 0",
            "metadata": RAISES,
            "outputs": [
                v4.new_output("error", ename="ZeroDivisionError", evalue="division by zero")
            ],
        },
        "passed",
    ),
    "vector": (
        {
            "source": "from IPython.display import SVG, display\n"
            "display(SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'))",
            "outputs": [
                v4.new_output(
                    "display_data",
                    data={
                        "image/svg+xml": "<svg/>",
                        "text/plain": "<IPython.core.display.SVG object>",
                    },
                )
            ],
        },
        "failed",
    ),
}


def test_each_cell_is_compared_by_the_rules_of_nbval(book, python):
    """As nbval itself judges the same notebook, running it."""
    for cell, _ in CELLS.values():
        cell["execution_count"] = 1
    write(book, "01_cells", *(cell for cell, _ in CELLS.values()))
    assert python("tools.results").returncode == 0
    expected = {f"Cell {n}": verdict for n, (_, verdict) in enumerate(CELLS.values())}
    for way in (("-p", "tools.compare"), ("-p", "tools", "--nbval")):
        done = python("pytest", *way, "-p", "nbval.plugin", "-v", "--color=no", "book")
        found = re.findall(r"::(Cell \d+) (PASSED|FAILED) ", done.stdout)
        assert {cell: verdict.lower() for cell, verdict in found} == expected, done.stdout


def test_a_chapter_that_was_not_run_passes_no_comparison(book, python):
    write(book, "01_cells", {"source": "1", "metadata": IGNORED})
    done = python("pytest", "-p", "tools.compare", "-p", "nbval.plugin", "-q", "book")
    assert "01_cells.ipynb was not run" in done.stdout
    assert "passed" not in done.stdout


def test_a_figure_counts_as_the_pixels_that_are_saved_of_it_and_another_drawing_does_not():
    for text, kind in (
        ("<Figure size 640x480 with 1 Axes>", "image/png"),
        ("<SVG>", "image/svg+xml"),
    ):
        data = {"image/svg+xml": "<svg/>", "text/plain": text}
        output = compare.as_saved(v4.new_output("display_data", data=data))
        assert output.data == {kind: "<svg/>", "text/plain": text}


def test_the_places_that_limit_a_cells_time_agree(book, python):
    """A kernel that hangs is given up after this; nbval alone would wait for half an hour."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert settings["execute"]["timeout"] == notebooks.TIMEOUT
    shutil.copy(ROOT / "book/conftest.py", book / "book")
    (book / "book/test_it.py").write_text(
        "def test_it(request): print(request.config.option.nbval_cell_timeout)"
    )
    done = python("pytest", "-p", "tools", "-p", "nbval.plugin", "-q", "-s", "book/test_it.py")
    assert done.stdout.startswith(f"{notebooks.TIMEOUT}\n")
