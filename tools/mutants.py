"""Break the core on purpose, a small fault at a time, and list the faults that no test noticed.

    python -m tools.mutants    # two at a time; goes on where it was stopped
    python -m tools.mutants 8

A mutant is the code with one small fault. It is killed when a test fails, and survives when none
does. Those that ran out of time, or that no test reaches, do not count as killed. The command fails
when fewer than 95 % are killed; some of the rest change nothing that anybody could see.

mutmut makes and tries them; pyproject.toml says of which files and with which tests. It passes over
a function under a decorator, and a fault in a plain form shows nowhere while the compiled one runs.
So it works on a copy, `_build/mutants`, in which decorators are put on below the functions and
numba cannot be imported. That both forms give the same is for tests/ground/test_compiled.py to say.
"""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPY = ROOT / "_build" / "mutants"
COPIED = ("embedding_core", "tests", "tools", "pyproject.toml")
LEAST = 0.95
MOVED = ("alone", "compiled", "contextmanager", "lru_cache", "property")


def prepare(copy: Path) -> None:
    """Copy what mutmut reads; what it has made in the same folder before stays."""
    copy.mkdir(parents=True, exist_ok=True)
    for source in (ROOT / name for name in COPIED):
        if source.is_file():
            shutil.copy2(source, copy)
            continue
        shutil.rmtree(copy / source.name, ignore_errors=True)
        shutil.copytree(source, copy / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = tomllib.loads((copy / "pyproject.toml").read_text("utf-8"))
    for files in settings["tool"]["mutmut"]["only_mutate"]:
        for path in copy.glob(files):
            if path.suffix == ".py":
                path.write_text(decorated_below(path.read_text("utf-8")), "utf-8")
    compiled = copy / "embedding_core" / "ground" / "compiled.py"
    text = compiled.read_text("utf-8")
    compiled.write_text(text.replace("from numba import njit", "raise ImportError"), "utf-8")


def decorated_below(source: str) -> str:
    """Write `@alone` over a method as `Class.method = alone(Class.method)` at the end of the file.

    So with all decorators in `MOVED`, but for a property that can be set. `@lru_cache` is left out:
    what was worked out before would stand in for the mutant.
    """
    lines, tree, end = source.splitlines(), ast.parse(source), []
    for owner in [tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))]:
        functions = [node for node in owner.body if isinstance(node, ast.FunctionDef)]
        names = Counter(function.name for function in functions)
        for function in functions:
            decorators = [ast.unparse(decorator) for decorator in function.decorator_list]
            if len(decorators) == names[function.name] == 1 and decorators[0] in MOVED:
                lines[function.decorator_list[0].lineno - 1] = ""
                name = f"{owner.name}.{function.name}" if owner is not tree else function.name
                if decorators[0] != "lru_cache":
                    end.append(f"{name} = {decorators[0]}({name})")
    return "\n".join([*lines, *end, ""])


def fates(results: str) -> dict[str, str]:
    """Read what `mutmut results --all true` prints: each mutant, and what became of it."""
    return dict(re.findall(r"^ +embedding_core\.(\S+): (.+)$", results, re.M))


def report(told: Mapping[str, str]) -> str:
    """List the mutants that were not killed, and count all of them, part by part."""
    lines = [f"{name}: {fate}" for name, fate in told.items() if fate != "killed"]
    for part in [*dict.fromkeys(name.split(".")[0] for name in told), "all"]:
        mine = {name: fate for name, fate in told.items() if part in (name.split(".")[0], "all")}
        counts = ", ".join(f"{n} {fate}" for fate, n in Counter(mine.values()).most_common())
        lines.append(f"{part}: {killed(mine):.2%} of the mutants tried are killed ({counts})")
    return "\n".join(lines)


def killed(told: Mapping[str, str]) -> float:
    """Return the share of the mutants tried that were killed; 1 where none was tried."""
    tried = [fate for fate in told.values() if fate != "not checked"]
    return tried.count("killed") / len(tried) if tried else 1.0


def main(workers: str = "2") -> int:
    """Try all mutants and print the report; return 1 when too few are killed."""
    prepare(COPY)
    mutmut = [sys.executable, "-m", "mutmut"]
    subprocess.run([*mutmut, "run", "--max-children", workers], cwd=COPY, check=True)
    results = [*mutmut, "results", "--all", "true"]
    done = subprocess.run(results, cwd=COPY, check=True, stdout=subprocess.PIPE, text=True)
    told = fates(done.stdout)
    print(report(told))
    return int(killed(told) < LEAST)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
