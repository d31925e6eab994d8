"""Say how much of the package the tests run, and list what they do not.

    pytest --cov ...; coverage json -o report.json; python tools/uncovered.py report.json

The parts that are nothing without Keras are counted apart: their tests are in `tests/oracle`.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

NEED_KERAS = (
    "embedding_core/for_keras/",
    "embedding_core/keras_bridge/",
    "embedding_core/scale/cluster/",
)
LEAST = {"lines": 97, "branches": 93}
_KEYS = {
    "lines": ("covered_lines", "num_statements"),
    "branches": ("covered_branches", "num_branches"),
}

Files = Mapping[str, Mapping[str, Any]]


def shares(files: Files) -> dict[str, float]:
    """Return the percentages of lines and of branches that were run."""
    total = {}
    for kind, keys in _KEYS.items():
        covered, known = (sum(f["summary"][key] for f in files.values()) for key in keys)
        total[kind] = 100 * covered / known if known else 100.0
    return total


def left(files: Files) -> Iterable[str]:
    """List what was not run: lines, and ways from one line to another; -1 leaves the function."""
    for name, file in sorted(files.items()):
        lines = [str(line) for line in file["missing_lines"]]
        ways = [
            f"{start} to {stop}"
            for start, stop in file["missing_branches"]
            if start not in file["missing_lines"] and stop not in file["missing_lines"]
        ]
        if lines or ways:
            yield f"  {name}: {', '.join(lines + ways)}"


def report(title: str, files: Files) -> bool:
    """Print the figures and what is left; tell whether it is enough."""
    found = shares(files)
    figures = ", ".join(f"{value:.1f} % of {kind}" for kind, value in found.items())
    print(f"{title}: {figures}, {len(files)} files. Left:")
    print("\n".join(left(files)) or "  nothing")
    return all(found[kind] >= least for kind, least in LEAST.items())


def main(path: str) -> int:
    """Report the package, without and with the parts that need Keras."""
    files: Files = json.loads(Path(path).read_text("utf-8"))["files"]
    alone = {n: f for n, f in files.items() if not n.startswith(NEED_KERAS)}
    enough = report("The package", alone)
    with_keras = {n: f for n, f in files.items() if n not in alone}
    report("What needs Keras", with_keras)
    if not enough:
        print(f"Too little: the package needs {LEAST} in percent.", file=sys.stderr)
    return not enough


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
