"""What a commit needs: lint, format, types, and the unit tests of what has changed.

    python -m tools.check

What has changed is what git sees between the last commit and the files as they are, new files
too. The tests lie as the package does, so a file's name leads to them.
"""

import subprocess
import sys
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
# Beside Keras, or beside the built site: `make test` runs these, they take minutes.
SLOW = ("tests/oracle", "tests/site")
OF_THE_PACKAGE = "tests/house/test_package.py"  # who imports whom
# What judges text, without a kernel and without a built site.
KOREAN = "tests/house/test_korean.py"
OF_A_CHAPTER = [
    *(
        f"tests/notebooks/test_{name}.py"
        for name in ("hygiene", "claims_in_chapters", "folding", "predictions", "reading_time")
    ),
    KOREAN,
]
OF_A_KIND = {
    ".ipynb": OF_A_CHAPTER,
    ".po": [KOREAN],
    "_toc.yml": ["tests/notebooks/test_hygiene.py", KOREAN],
    ".md": ["tests/house/test_papers.py", OF_THE_PACKAGE],
}
# Beside chapters: the pages, and the scripts of live figures.
TRANSLATED = (".md", ".js")
LINT = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy", "--strict", "embedding_core"),
)


def changed(root: Path = ROOT) -> list[str]:
    """List the files that differ from the last commit, new ones too, and not those removed."""
    names: set[str] = set()
    for command in (
        ("diff", "--name-only", "--diff-filter=d", "--relative", "HEAD"),
        ("ls-files", "--others", "--exclude-standard"),
    ):
        git = ("git", "-c", "core.quotePath=off", *command)
        done = subprocess.run(git, cwd=root, capture_output=True, text=True, check=True)
        names |= {*done.stdout.splitlines()}
    return sorted(names)


def unit_tests(name: str, root: Path = ROOT) -> list[str]:
    """Return the unit tests of a file: the test of its name, else those of the nearest folder."""
    path = PurePosixPath(name)
    if name.startswith(SLOW):
        return []
    if path.parts[0] == "tests":
        return [name] if path.name.startswith("test_") else []
    home = {"embedding_core": "tests", "tools": "tests/house"}.get(path.parts[0])
    if home is None or path.suffix != ".py":
        kinds = (kind for kind in OF_A_KIND if name.endswith(kind))
        of_its_kind = [test for kind in kinds for test in OF_A_KIND[kind]]
        return of_its_kind + [KOREAN] * (name.startswith("book/") and path.suffix in TRANSLATED)
    folder = PurePosixPath(home, *path.parts[1:-1])
    of_its_name = [folder / f"test_{path.stem}.py", folder / path.stem]
    around = [
        at for at in (folder, *folder.parents) if len(at.parts) > len(PurePosixPath(home).parts)
    ]
    found = [str(test) for test in [*of_its_name, *around] if (root / test).exists()]
    return found[:1] + [OF_THE_PACKAGE] * (path.parts[0] == "embedding_core")


def main() -> int:
    """Run the checks, all of them; return how many found something."""
    names = changed()
    tests = sorted({test for name in names for test in unit_tests(name)})
    commands = [*LINT, *[("pytest", "-q", "-p", "no:nbval", *tests)] * bool(tests)]
    failed = 0
    for command in commands:
        print(" ".join(command), flush=True)
        failed += subprocess.run([sys.executable, "-m", *command], cwd=ROOT).returncode != 0
    without = [name for name in names if name.endswith(".py") and not unit_tests(name)]
    if without:
        print(f"Without a unit test here, so `make test` has to say: {', '.join(without)}")
    print("What was asked fails: see above." if failed else "Ready to commit.")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main()))
