"""Ask every library in an environment of its own, and record what it does: `make elsewhere`.

    python -m tools.elsewhere               the environments of all files elsewhere/*.txt
    python -m tools.elsewhere NAME ...      those of elsewhere/NAME.txt
    python -m tools.elsewhere --rest        what did not end well since all were asked for
    python -m tools.elsewhere --merge FILE  what another machine recorded, a GPU's

A file in elsewhere/ pins an environment. Its comments say what pip need not know: `# probe:` the
libraries that it is for, `# npm:` packages of Node, `# run:` a module to run, with its arguments.
The environments are large: each is removed after its use, unless the environment variable KEEP is
set.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from embedding_core.ground.recording import read
from embedding_core.lessons.elsewhere.recording import record

ROOT = Path(__file__).parents[1]
PINS = ROOT / "elsewhere"
PLACE = ROOT / "_build" / "elsewhere"
DONE = PLACE / "done.txt"
SECONDS = 1200  # for one command


def noted(text: str, what: str) -> list[list[str]]:
    """List the lines that a file notes in comments under a name, as words."""
    return [line.split() for line in re.findall(rf"^# {what}: (.+)$", text, re.M)]


def run(*command: str | Path, **environment: str) -> bool:
    """Run a command in the repository, and say whether it ended well."""
    try:
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def ask(name: str) -> list[str]:
    """Make an environment, ask its libraries, remove it, and return what failed."""
    place = PLACE / name
    try:
        return _ask((PINS / f"{name}.txt"), place)
    finally:  # also when somebody stops it
        if "KEEP" not in os.environ:
            shutil.rmtree(place, ignore_errors=True)


def _ask(pins: Path, place: Path) -> list[str]:
    text, python = pins.read_text("utf-8"), place / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-compile", "--disable-pip-version-check"]
    made = run(sys.executable, "-m", "venv", "--clear", place)
    made = made and run(*pip, "-r", pins) and run(*pip, "--no-deps", "-e", ".")
    for packages in noted(text, "npm") if made else []:
        made = run("npm", "install", "--silent", "--no-audit", "--prefix", place, *packages)
    if not made:
        return [f"{pins.name} cannot be installed"]
    libraries = [library for line in noted(text, "probe") for library in line]
    commands = [["embedding_core", "probe", library, "--record"] for library in libraries]
    commands += noted(text, "run")
    more = {"NODE_PACKAGES": str(place), "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    return [" ".join(some) for some in commands if not run(python, "-m", *some, **more)]


def ask_all(names: list[str]) -> bool:
    """Ask in one environment after the other, and report; say whether all ended well."""
    report: dict[str, str] = {}
    try:
        for name in names:
            start = time.monotonic()
            print(f"elsewhere/{name}.txt", flush=True)
            failed = ask(name)
            took = f"{time.monotonic() - start:.0f} s"
            report[name] = f"FAILED: {', '.join(failed)}" if failed else f"recorded, {took}"
            print(f"    {report[name]}", flush=True)
            note(name, done=not failed)
    finally:
        print("\nIn all:")
        for name in names:
            print(f"{name:22} {report.get(name, 'not asked')}")
        if not all(report.get(name, "").startswith("recorded") for name in names):
            print("To go on with the others: make elsewhere NAMES=--rest")
    return all(said.startswith("recorded") for said in report.values())


def note(name: str, done: bool) -> None:
    """Write down that an environment has ended well, or that it has not."""
    others = [other for other in ended_well() if other != name]
    DONE.write_text("\n".join([*others, name] if done else others), "utf-8")


def ended_well() -> list[str]:
    """List the environments that have ended well since all were asked for."""
    return DONE.read_text("utf-8").split() if DONE.exists() else []


def chosen(arguments: list[str]) -> list[str]:
    """List the environments that are asked for.

    Raises
    ------
    ValueError
        There is no such file.
    """
    every = sorted(path.stem for path in PINS.glob("*.txt"))
    if arguments == ["--rest"]:
        return [name for name in every if name not in ended_well()]
    if unknown := [name for name in arguments if name not in every]:
        raise ValueError(f"no elsewhere/{unknown[0]}.txt; there are: {', '.join(every)}.")
    if not arguments:
        shutil.rmtree(PLACE, ignore_errors=True)
    return arguments or every


def main(arguments: list[str]) -> int:
    """Ask the libraries of the files named, or of all, or take a recording in."""
    if arguments[:1] == ["--merge"]:
        for library, seen in read(arguments[1]).items():
            record(library, seen)
        return 0
    # Whoever is told to end removes what it has made first, as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    names = chosen(arguments)
    PLACE.mkdir(parents=True, exist_ok=True)
    return 0 if ask_all(names) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
