"""What the cells' outputs and the pages are made from, and whether it has changed since.

    python -m tools.inputs

ends with 0 where the site in `_build/html` is as its sources are, and with 1 where it is not.

jupyter-cache knows a notebook by its code cells alone, and would show a cell's old output after a
change of the package or of the pinned set. A checksum, not a date: it notices a deleted file, and
a fresh checkout does not fool it.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

BUILD = Path("_build")
# What decides a cell's output without standing in its notebook; and what decides the pages.
CELLS = ("embedding_core", "constraints.txt", "tools/results.py", f"{sys.prefix}/pyvenv.cfg")
SITE = (
    *CELLS,
    "book",
    "locale",
    "tools/build.py",
    "tools/edition.py",
    "_config.yml",
    "_toc.yml",
)
# What programs note for themselves among the sources.
NOTES = {"__pycache__", ".ipynb_checkpoints", ".ruff_cache"}


def files(*names: str) -> Iterator[Path]:
    """Yield each file that is named or lies in a folder that is named, in a settled order."""
    for name in names:
        for file in sorted(Path(name).rglob("*")) if Path(name).is_dir() else [Path(name)]:
            if file.is_file() and not NOTES & {*file.parts}:
                yield file


def checksums(*names: str) -> str:
    """Return a line for each file: its checksum and its name."""
    return "".join(
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.as_posix()}\n"
        for file in files(*names)
    )


def drop_stale_results(build: Path = BUILD) -> None:
    """Forget what cells printed when the code was another, or the set of chapters (the ledger)."""
    chapters = "".join(f"{path.as_posix()}\n" for path in sorted(Path("book").glob("*.ipynb")))
    now, note = checksums(*CELLS) + chapters, build / "code.inputs"
    if not note.exists() or note.read_text("utf-8") != now:
        shutil.rmtree(build / ".jupyter_cache", ignore_errors=True)
        build.mkdir(parents=True, exist_ok=True)
        note.write_text(now, "utf-8")


def site_is_fresh() -> bool:
    """Say whether the pages are those of the sources as they are now."""
    note = BUILD / "site.inputs"
    return note.exists() and note.read_text("utf-8") == checksums(*SITE)


if __name__ == "__main__":
    sys.exit(not site_is_fresh())
