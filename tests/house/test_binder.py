"""What Binder is to install exists, and is what `make` installs.

Binder's own program, repo2docker, is not run. It copies the repository, installs
`.binder/requirements.txt` with the Python of `.binder/runtime.txt`, and then runs
`.binder/postBuild` from the top of the repository.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
BINDER = ROOT / ".binder"


def test_binder_installs_the_set_that_make_installs():
    lines = (BINDER / "requirements.txt").read_text().splitlines()
    named = [shlex.split(line, comments=True) for line in lines]
    found = {option: (BINDER / file).resolve() for option, file in filter(None, named)}
    assert found == {"-r": ROOT / "requirements.txt", "-c": ROOT / "constraints.txt"}
    assert all(file.is_file() for file in found.values())


@pytest.mark.long
def test_pip_reads_it_and_finds_nothing_missing_here():
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-index", "--no-deps"]
    done = subprocess.run(
        [*command, "-r", ".binder/requirements.txt"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_its_python_is_one_the_package_and_ci_take():
    version = re.fullmatch(r"python-(3\.\d+)", (BINDER / "runtime.txt").read_text().strip())[1]
    project = (ROOT / "pyproject.toml").read_text()
    wanted = re.search(r'^requires-python = "([^"]+)"', project, re.MULTILINE)[1]
    assert version in SpecifierSet(wanted)
    workflows = (ROOT / ".github" / "workflows").glob("*.yml")
    assert any(f'python-version: "{version}"' in file.read_text() for file in workflows)


def test_the_last_step_can_be_run_and_installs_this_package():
    script = BINDER / "postBuild"
    assert script.stat().st_mode & 0o111, "Binder runs it as a program"
    first, *rest = script.read_text().splitlines()
    assert first == "#!/bin/sh"
    command = shlex.split(next(line for line in rest if not line.startswith("#")))
    assert command[:5] == ["exec", "python", "-m", "pip", "install"]
    assert command[-2:] == ["-e", "."]
    assert (ROOT / "pyproject.toml").is_file(), "what -e . installs"
    needs = (ROOT / "requirements.txt").read_text()
    assert "--no-build-isolation" in command
    assert re.search(r"^setuptools", needs, re.MULTILINE), "and what builds it"
