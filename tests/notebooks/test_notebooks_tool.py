"""tools/notebooks.py, on notebooks made for the purpose."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

ROOT = Path(__file__).parents[2]
TOOL = (sys.executable, "-m", "tools.notebooks")


@pytest.fixture
def run(tmp_path):
    def run(*cells):
        path = tmp_path / "chapter.ipynb"
        nbformat.write(v4.new_notebook(cells=list(cells)), path)
        before = path.read_bytes()
        environment = os.environ | {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        command = [*TOOL, str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
        return done, before, path

    return run


def test_it_saves_outputs_but_those_tagged(run):
    shown = v4.new_code_cell("import os\nos.path.basename(os.getcwd())")
    cleared = v4.new_code_cell("print('theirs')", metadata={"tags": ["installed-source"]})
    done, _, path = run(shown, cleared)
    assert done.returncode == 0, done.stderr
    assert "without encryption" not in done.stderr, "nobody else reads what a kernel says"
    first, second = nbformat.read(path, as_version=4).cells
    assert first.outputs[0].data["text/plain"] == repr(path.parent.name), (
        "it runs in its own folder"
    )
    assert first.metadata == {}, "no timestamps"
    assert (second.execution_count, second.outputs) == (2, [])


def test_a_failing_cell_fails_and_leaves_the_file(run):
    done, before, path = run(v4.new_code_cell("1 / 0"))
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert path.read_bytes() == before


def test_a_second_run_changes_nothing(run):
    _, _, path = run(v4.new_code_cell("print('one')\nprint('two', flush=True)"))
    first = path.read_bytes()
    subprocess.run([*TOOL, str(path)], cwd=ROOT, check=True)
    assert path.read_bytes() == first


def test_the_tools_do_without_the_grammars_of_addresses_and_a_notebook_is_checked_all_the_same():
    code = (
        "import tools.notebooks, sys, nbformat; print('lark' in sys.modules);"
        "nbformat.validate({'cells': [], 'metadata': 3, 'nbformat': 4, 'nbformat_minor': 5})"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "False\n"
    assert "3 is not of type 'object'" in done.stderr
