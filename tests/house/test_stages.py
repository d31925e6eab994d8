"""`make test` runs stages two at a time, and says at its end how long each took."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
STAGES = re.search(r"^STAGES := (.*)", MAKEFILE, re.M)[1].split()


@pytest.fixture
def make_test(tmp_path):
    """Run `make test` where every stage is a stand-in with a recipe of the test's."""

    def make_test(**recipes):
        recipe = re.search(r"^STAGES :=.*?\n\n", MAKEFILE, re.M | re.S)[0]
        head = MAKEFILE[: MAKEFILE.index("help:  ##")]
        stages = "".join(
            f"{stage}:\n\t@echo 'this is $@'; {recipes.get(stage, 'true')}\n" for stage in STAGES
        )
        (tmp_path / "Makefile").write_text(f"{head}\n{recipe}\n$(VENV)/package:\n\t@true\n{stages}")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
        return subprocess.run(
            ["make", "test", f"VENV={sys.prefix}"],
            cwd=tmp_path,
            env=environment | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )

    return make_test


def test_all_stages_run_and_their_times_stand_at_the_end(make_test):
    done = make_test()
    assert done.returncode == 0, done.stderr
    assert sorted(re.findall(r"this is (\w+)", done.stdout)) == sorted(STAGES)
    *lines, last = done.stdout.splitlines()[-len(STAGES) - 1 :]
    assert last == "All checks passed."
    assert sorted(line.split()[0] for line in lines) == sorted(STAGES)
    assert all(re.fullmatch(r"\w+ +\d+ s  passed", line) for line in lines)


def test_two_run_at_a_time_and_what_each_says_stays_together(make_test):
    """The first waits for a sign of the second, and the second for one of the first."""
    one, other = STAGES[:2]
    done = make_test(
        **{
            one: "touch one; until [ -e other ]; do sleep 0.02; done; echo the end",
            other: "until [ -e one ]; do sleep 0.02; done; touch other",
        }
    )
    assert done.returncode == 0, done.stderr
    assert f"{one}:\nthis is {one}\nthe end\n" in done.stdout


def test_after_a_failure_no_stage_begins_and_the_other_is_stopped_whole(make_test, tmp_path):
    one, other = STAGES[:2]
    asleep = "sleep 600 & echo $$! > asleep; wait"
    done = make_test(**{one: asleep, other: "until [ -s asleep ]; do sleep 0.02; done; false"})
    assert done.returncode != 0
    assert "All checks passed" not in done.stdout
    assert set(re.findall(r"this is (\w+)", done.stdout)) == {one, other}
    assert [line.split()[0::3] for line in done.stdout.splitlines()[-2:]] == [
        [other, "FAILED"],
        [one, "stopped"],
    ]
    process = Path("/proc", (tmp_path / "asleep").read_text().strip(), "stat")
    assert not process.exists() or process.read_text().rpartition(") ")[2][0] == "Z"
