"""How the package is built: who imports whom, and what a plain import must not load."""

import ast
import itertools
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import embedding_core

ROOT = Path(embedding_core.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
CONTRIBUTING = ROOT.parent / "CONTRIBUTING.md"

# A module imports from lower floors or from its own room; four of the rooms are wings.
FLOORS = {
    "ground": 0,
    "ids": 1,
    "ops": 1,
    "activations": 2,
    "batches": 2,
    "callbacks": 2,
    "constraints": 2,
    "datasets": 2,
    "initializers": 2,
    "losses": 2,
    "metrics": 2,
    "regularizers": 2,
    "text": 2,
    "utils": 2,
    "variable": 2,
    "feeding": 3,
    "layers": 3,
    "optimizers": 3,
    "model": 4,
    "saving": 4,
    "stack": 4,
    "for_keras": 5,
    "keras_bridge": 5,
    "keras_files": 5,
    "relatives": 5,
    "scale": 5,
    "lessons": 6,
    "__main__": 7,
}
# The operations check their ids, a variable keeps its rules, a metric reads labels as a loss
# does, a model is a stack of layers, which saves itself, and the import of Keras is made quiet
# in one place.
NEIGHBOURS = {
    ("ops", "ids"),
    ("variable", "constraints"),
    ("variable", "regularizers"),
    ("metrics", "losses"),
    ("model", "stack"),
    ("stack", "saving"),
    ("for_keras", "keras_bridge"),
}
ALLOWED_OUTSIDE = {"numpy", "scipy", "tqdm"}
ONLY_BELOW_A_FUNCTION = {"keras", "tensorflow", "tf_keras", "jax", "torch"}
# Other people's libraries, which the probe asks.
ONLY_BELOW_A_FUNCTION |= {"equinox", "flax", "haiku", "optax"}
ONLY_BELOW_A_FUNCTION |= {"keras_rs", "mlx", "paddle", "thinc", "tinygrad"}
# The optional extra "compiled", loaded by the steps of a training and never by an import.
NUMBA = (("ground", "compiled"), "numba.njit")
WITH_KERAS = ("for_keras", "keras_bridge.", "lessons.elsewhere.", "scale.cluster.")
BY_THEIR_USERS = ("for_keras", "__main__")  # whoever else imports for_keras loads Keras with it


def parts_of(path):
    """Name a module as the path inside the package: ("layers", "dense")."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def imports_of(path):
    """List (dotted name, inside a function) of all that a module imports."""
    tree = ast.parse(path.read_text("utf-8"))
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node in inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the floor"
            found += [(f"{node.module}.{alias.name}", node in inside) for alias in node.names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_module_imports_only_from_lower_floors_or_its_own_room(path):
    own = parts_of(path)
    if not own:
        return  # the package itself shows what the floors hold
    assert own[0] in FLOORS, f"{own[0]} has no floor yet"
    for name, _ in imports_of(path):
        if not name.startswith("embedding_core."):
            continue
        other = name.split(".")[1]
        assert other in FLOORS, f"{path} imports {name}"
        fine = other == own[0] or FLOORS[other] < FLOORS[own[0]] or (own[0], other) in NEIGHBOURS
        assert fine, f"{'.'.join(own)} on floor {FLOORS[own[0]]} imports {name}"


@pytest.mark.long
def test_the_exceptions_among_neighbours_are_still_needed_and_go_one_way():
    used = set()
    for path in MODULES:
        for name, _ in imports_of(path):
            if parts_of(path) and name.startswith("embedding_core."):
                used.add((parts_of(path)[0], name.split(".")[1]))
    assert used >= NEIGHBOURS
    assert not {(other, one) for one, other in NEIGHBOURS} & used


@pytest.mark.long
def test_no_module_imports_in_a_circle():
    modules = {".".join(parts_of(path)): path for path in MODULES if parts_of(path)}
    graph = {}
    for module, path in modules.items():
        named = {name.removeprefix("embedding_core.") for name, _ in imports_of(path)}
        graph[module] = {
            name if name in modules else name.rpartition(".")[0] for name in named
        } & set(modules)
    TopologicalSorter(graph).prepare()  # a circle is a CycleError that names its modules


def test_the_drawing_in_contributing_shows_the_floors():
    drawing = re.search(r"```text\nfloor\n(.+?)```", CONTRIBUTING.read_text("utf-8"), re.DOTALL)[1]
    drawn, floor = {}, None
    for line in filter(None, drawing.splitlines()):
        number, *modules = line.split() if re.match(r" *-?\d", line) else [floor, *line.split()]
        floor = int(number)
        drawn |= dict.fromkeys(modules, floor)
    assert drawn == FLOORS
    assert {parts_of(path)[0] for path in MODULES if parts_of(path)} == set(FLOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_keras_is_imported_by_the_wings_that_ask_it_alone_and_inside_functions(path):
    for name, inside_a_function in imports_of(path):
        if name.split(".")[0] in ONLY_BELOW_A_FUNCTION:
            where = ".".join(parts_of(path))
            assert where.startswith(WITH_KERAS), f"{path} imports {name}"
            # for_keras is made of subclasses of Keras's classes, and is imported for their sake.
            late = inside_a_function or where.startswith("for_keras")
            assert late, f"{path} imports {name} when it is imported"
        if name.startswith("embedding_core.for_keras"):
            assert parts_of(path)[0] in BY_THEIR_USERS, f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_up_to_floor_four_only_the_declared_dependencies_are_imported(path):
    own = parts_of(path)
    if own and FLOORS[own[0]] > 4:
        return
    for name, _ in imports_of(path):
        top = name.split(".")[0]
        known = ALLOWED_OUTSIDE | {"embedding_core"} | sys.stdlib_module_names
        assert top in known or (own, name) == NUMBA, f"{path} imports {name}"


LOADED = """
import sys
import {module}
heavy = ("keras", "tensorflow", "tf_keras", "matplotlib", "pandas", "sklearn", "torch", "IPython")
heavy += ("numba",)
print(*(name for name in heavy if name in sys.modules))
"""


@pytest.mark.parametrize(
    "module", ["embedding_core", "embedding_core.text", "embedding_core.datasets"]
)
def test_importing_the_package_loads_nothing_heavy(module):
    code = LOADED.format(module=module)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
    assert done.stderr == ""


def test_the_package_shows_exactly_what_it_lists():
    assert len(set(embedding_core.__all__)) == len(embedding_core.__all__)
    for name in embedding_core.__all__:
        assert getattr(embedding_core, name).__doc__, f"{name} has no docstring"
    public = {
        name
        for name, thing in vars(embedding_core).items()
        if not name.startswith("_") and not hasattr(thing, "__path__") and callable(thing)
    }
    assert public == set(embedding_core.__all__)


def test_the_version_is_the_one_that_is_installed_from_the_project_file():
    project = (ROOT.parent / "pyproject.toml").read_text("utf-8")
    assert re.search(r'^version = "(.+)"$', project, re.M)[1] == embedding_core.__version__


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


def described_values(tree):
    """List the docstrings of a module's properties, and of what it and its classes assign."""
    for node in ast.walk(tree):
        decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
        if any(isinstance(by, ast.Name) and by.id == "property" for by in decorators):
            yield ast.get_docstring(node) or ""
        if isinstance(node, (ast.Module, ast.ClassDef)):
            for value, text in itertools.pairwise(node.body):
                said = isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
                if said and isinstance(value, (ast.Assign, ast.AnnAssign)):
                    yield str(text.value.value)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_what_a_value_is_comes_without_a_colon(path):
    """Sphinx's napoleon takes what stands before one for the value's type."""
    for text in described_values(ast.parse(path.read_text("utf-8"))):
        assert not re.search(r":(?=\s)", text.partition("\n")[0]), text


def test_the_types_are_announced():
    assert (ROOT / "py.typed").exists()
