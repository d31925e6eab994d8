"""`make test` says at its end how long each stage took, also when one fails."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STAGES = ["lint", "types", "unit", "kernels", "oracle", "site", "chapters"]


@pytest.fixture
def make_test(tmp_path):
    """Run `make test` where every stage is a stand-in, and some fail."""

    def make_test(failing=()):
        makefile = (ROOT / "Makefile").read_text()
        recipe = re.search(r"^STAGES :=.*?\n\n", makefile, re.M | re.S)[0]
        head = makefile[: makefile.index("help:  ##")]
        stages = "".join(
            f"{stage}:\n\t@echo 'this is {stage}'; {'false' if stage in failing else 'true'}\n"
            for stage in STAGES
        )
        (tmp_path / "Makefile").write_text(f"{head}\n{recipe}\n$(VENV)/package:\n\t@true\n{stages}")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        return subprocess.run(
            ["make", "test"], cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    return make_test


def test_the_stages_run_in_order_and_their_times_stand_at_the_end(make_test):
    done = make_test()
    assert done.returncode == 0, done.stderr
    assert re.findall(r"this is (\w+)", done.stdout) == STAGES
    *lines, last = done.stdout.splitlines()[-len(STAGES) - 1 :]
    assert last == "All checks passed."
    assert [line.split()[0] for line in lines] == STAGES
    assert all(re.fullmatch(r"\w+ +\d+ s  passed", line) for line in lines)


def test_the_first_stage_that_fails_is_the_last_and_is_named(make_test):
    done = make_test(failing=("unit", "site"))
    assert done.returncode != 0
    assert "All checks passed" not in done.stdout
    assert re.findall(r"this is (\w+)", done.stdout) == STAGES[:3]
    lines = done.stdout.splitlines()[-3:]
    assert [line.split()[0::3] for line in lines] == [
        ["lint", "passed"],
        ["types", "passed"],
        ["unit", "FAILED"],
    ]
