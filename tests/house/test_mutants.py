"""`make mutants`: what its settings name is there, and plain forms are what it breaks."""

import ast
import importlib.util
import subprocess
import tomllib
from pathlib import Path

import pytest

from embedding_core.ground import kernels
from tools import mutants

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mutmut"]
NAMED = [
    *SETTINGS["only_mutate"],
    *SETTINGS["also_copy"],
    *SETTINGS["pytest_add_cli_args_test_selection"],
    *(a.partition("=")[2] for a in SETTINGS["pytest_add_cli_args"] if a.startswith("--ignore=")),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutants") / "copy"
    mutants.prepare(folder)
    return folder


@pytest.mark.parametrize("path", NAMED)
def test_what_mutmut_is_told_to_read_is_in_the_copy(copy, path):
    """Pytest ends with status 4 at the first path that is missing, and mutmut with it."""
    assert any(copy.glob(path)), f"pyproject.toml names {path} for mutmut, and nothing is there"


def test_mutmut_sees_all_functions_but_those_of_a_property_that_can_be_set(copy):
    seen, passed_over = set(), set()
    for path in (path for files in SETTINGS["only_mutate"] for path in copy.glob(files)):
        source = path.read_text("utf-8") if path.suffix == ".py" else ""
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
                hidden = decorators - {"classmethod", "staticmethod"}
                (passed_over if hidden else seen).add(node.name)
    of_texts = {"compare", "numbered", "weigh"}
    assert seen >= {form.__name__ for form in kernels.ALL} - of_texts
    assert passed_over - seen == {"learning_rate"}


def test_what_is_decorated_below_does_the_same_but_for_what_is_kept_from_call_to_call():
    source = """
from contextlib import nullcontext as alone
from functools import lru_cache

@lru_cache
def once():
    return []

@alone
def nine():
    return 9

class Pair:
    @property
    def sum(self):
        return 3

    @property
    def one(self):
        return 1

    @one.setter
    def one(self, value):
        pass
"""
    told = {}
    for text in (source, mutants.decorated_below(source)):
        exec(text, names := {})
        made = names["Pair"]()
        made.one = 5
        with names["nine"] as nine:
            told[text.count("@")] = nine(), made.sum, made.one, names["once"]() is names["once"]()
    assert told == {5: (9, 3, 1, True), 2: (9, 3, 1, False)}


def test_no_compiled_form_is_loaded_in_the_copy(copy):
    path = copy / "embedding_core" / "ground" / "compiled.py"
    spec = importlib.util.spec_from_file_location("compiled_in_the_copy", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.load() is False


def test_a_copy_made_anew_forgets_removed_files_and_keeps_what_mutmut_has_made(tmp_path):
    copy = tmp_path / "copy"
    kept, removed = copy / "mutants" / "kept.meta", copy / "tests" / "test_removed.py"
    for path in (kept, removed):
        path.parent.mkdir(parents=True)
        path.touch()
    mutants.prepare(copy)
    assert kept.exists()
    assert not removed.exists()


def test_the_report_lists_who_is_left_and_counts_by_part():
    told = mutants.fates("""
    embedding_core.ops.x_gather__mutmut_1: killed
    embedding_core.ops.x_gather__mutmut_2: survived
    embedding_core.layers.dense.xǁDenseǁcall__mutmut_1: killed
    embedding_core.layers.dense.xǁDenseǁcall__mutmut_2: killed
    embedding_core.optimizers.x_get__mutmut_1: not checked
""")
    assert mutants.report(told).splitlines() == [
        "ops.x_gather__mutmut_2: survived",
        "optimizers.x_get__mutmut_1: not checked",
        "ops: 50.00% of the mutants tried are killed (1 killed, 1 survived)",
        "layers: 100.00% of the mutants tried are killed (2 killed)",
        "optimizers: 100.00% of the mutants tried are killed (1 not checked)",
        "all: 75.00% of the mutants tried are killed (3 killed, 1 survived, 1 not checked)",
    ]


@pytest.mark.parametrize(("survivors", "status"), [(5, 0), (6, 1)])
def test_the_command_fails_when_too_few_are_killed(monkeypatch, tmp_path, survivors, status):
    fates = ["survived"] * survivors + ["killed"] * (100 - survivors)
    results = "".join(f"    embedding_core.ops.x__mutmut_{i}: {f}\n" for i, f in enumerate(fates))
    asked = []

    def run(command, cwd, **_):
        asked.append((command[1:4], cwd))
        return subprocess.CompletedProcess(command, 0, results)

    monkeypatch.setattr(mutants, "COPY", tmp_path)
    monkeypatch.setattr(subprocess, "run", run)
    assert mutants.main() == status
    assert asked == [(["-m", "mutmut", verb], tmp_path) for verb in ("run", "results")]


def test_the_limit_is_the_one_that_the_page_on_testing_names():
    page = (ROOT / "book" / "testing.md").read_text("utf-8")
    assert f"fails when fewer than {mutants.LEAST:.0%} of the faults".replace("%", " %") in page
