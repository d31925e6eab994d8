"""The adapters are of one shape, short, and import their library when it is asked."""

import importlib
from pathlib import Path

import pytest

from embedding_core.lessons.elsewhere import CASES, Adapter, libraries
from embedding_core.lessons.elsewhere.libraries import WHERE
from tools.path import lines_of_code

FOLDER = Path(libraries.__file__).parent
MODULES = sorted(set(WHERE.values()))
LAYER = ("look_up", "gradient", "step", "table")


@pytest.mark.parametrize("module", MODULES)
def test_an_adapter_has_at_most_sixty_lines_of_code(module):
    assert lines_of_code((FOLDER / f"{module}.py").read_text("utf-8")) <= 60


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.mjs")), ids=lambda path: path.stem)
def test_a_half_that_is_in_javascript_has_at_most_sixty_lines_too(path):
    lines = path.read_text("utf-8").splitlines()
    assert len([line for line in lines if line.strip() and not line.startswith("//")]) <= 60


@pytest.mark.parametrize("module", MODULES)
def test_an_adapter_loads_without_its_library_and_is_of_the_shape(module):
    found = importlib.import_module(f"{libraries.__name__}.{module}").ADAPTERS
    assert set(found) == {library for library, where in WHERE.items() if where == module}
    for each in found.values():
        assert isinstance(each, Adapter)
        assert each.packages
        kind = getattr(each.make, "func", each.make)  # what a `partial` has inside
        assert all(callable(getattr(kind, method)) for method in LAYER)
        assert set(each.undefined) <= {case.id for case in CASES}
        assert all(each.undefined.values())  # each says where


def test_no_module_stands_beside_the_adapters_that_nobody_asks():
    helpers = {"__init__", "functional", "node"}
    assert {path.stem for path in FOLDER.glob("*.py")} == set(MODULES) | helpers
