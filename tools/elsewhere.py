"""Ask every library in an environment of its own, and record what it does: `make elsewhere`.

    python -m tools.elsewhere [NAME ...]        the environments elsewhere/NAME.txt, or all
    python -m tools.elsewhere --merge FILE      what another machine recorded, a GPU's

A file in elsewhere/ pins an environment. Its comments say what pip need not know: `# probe:` the
libraries that it is for, `# npm:` packages of Node, `# run:` a module to run. The environments are
large: each is removed after its use, unless the environment variable KEEP is set.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

from embedding_core.lessons.elsewhere.recording import read, record

ROOT = Path(__file__).parents[1]
PINS = ROOT / "elsewhere"
PLACE = ROOT / "_build" / "elsewhere"
SECONDS = 1200  # for one command


def noted(text: str, what: str) -> list[str]:
    """List what a file notes in comments under a name."""
    return [word for line in re.findall(rf"^# {what}: (.+)$", text, re.M) for word in line.split()]


def run(*command: str | Path, **environment: str) -> bool:
    """Run a command in the repository, and say whether it ended well."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def ask(pins: Path) -> list[str]:
    """Make the environment of a file, ask its libraries, and return what failed."""
    text, place = pins.read_text("utf-8"), PLACE / pins.stem
    venv.create(place, clear=True, with_pip=True)
    python = place / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    made = run(*pip, "-r", pins) and run(*pip, "--no-deps", "-e", ".")
    if made and (packages := noted(text, "npm")):
        made = run("npm", "install", "--silent", "--no-audit", "--prefix", place, *packages)
    if not made:
        return [f"{pins.name} cannot be installed"]
    probes = [["embedding_core", "probe", name, "--record"] for name in noted(text, "probe")]
    commands = probes + [[module] for module in noted(text, "run")]
    more = {"NODE_PACKAGES": str(place), "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    failed = [" ".join(some) for some in commands if not run(python, "-m", *some, **more)]
    if "KEEP" not in os.environ:
        shutil.rmtree(place)
    return failed


def main(arguments: list[str]) -> int:
    """Ask the libraries of the files named, or of all, or take a recording in."""
    if arguments[:1] == ["--merge"]:
        for library, seen in read(arguments[1]).items():
            record(library, seen)
        return 0
    names = arguments or sorted(path.stem for path in PINS.glob("*.txt"))
    failed = []
    for name in names:
        start = time.monotonic()
        print(f"elsewhere/{name}.txt", flush=True)
        failed += ask(PINS / f"{name}.txt")
        print(f"    {time.monotonic() - start:.0f} s", flush=True)
    print(*(f"FAILED: {what}" for what in failed), sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
