"""Let Keras's own unit tests judge the package, and print how each of their files came out.

    python tools/upstream.py             # prints the table; says what is not as it was
    python tools/upstream.py --accept    # and writes the list and the page anew

The tests are those of the installed Keras; `tests/upstream/run.py` runs them. How each ended is
kept by name in `tests/upstream/placed.json`, so that nothing that passed fails unnoticed and no
test of a newer Keras stays without a place. Why a test fails, or what it needs that no error names,
is written by hand in `tests/upstream/reasons.py`.
"""

import json
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "book" / "_upstream.md"
PLACED = ROOT / "tests" / "upstream" / "placed.json"

# By file and test: how it ended ("passed", "reworded", "failed" or "outside"), and why.
Ended = dict[str, dict[str, list[str]]]


def run() -> Ended:
    """Run the tests in a process of their own, and return how they ended."""
    script = ROOT / "tests" / "upstream" / "run.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    ended: Ended = json.loads(done.stdout)
    return ended


def with_reasons(ended: Ended, outside: dict[str, str], failed: dict[str, str]) -> Ended:
    """Give every test that did not pass the reason that is written for it, if there is one.

    Parameters
    ----------
    ended
        As `run` returns it.
    outside
        What a test needs, by a pattern of `file: test`: such a test is no failure.
    failed
        Why a test fails, by the same kind of pattern.

    Returns
    -------
    Ended
        The same, with these reasons; a failure without one keeps the error, marked by "?".
    """
    placed: Ended = {}
    for file, tests in ended.items():
        placed[file] = {}
        for name, (outcome, why) in tests.items():
            if outcome == "failed":
                outcome, why = _placed(f"{file}: {name}", why, outside, failed)
            placed[file][name] = [outcome, why]
    return placed


def _placed(test: str, error: str, outside: dict[str, str], failed: dict[str, str]) -> list[str]:
    for outcome, reasons in (("outside", outside), ("failed", failed)):
        pattern = _first(test, reasons)
        if pattern is not None:
            return [outcome, reasons[pattern]]
    return ["failed", f"? {error}"]


def unused(ended: Ended, reasons: dict[str, str]) -> list[str]:
    """Return the patterns that are the first to fit for no failing test."""
    used = {
        _first(f"{file}: {name}", reasons)
        for file, tests in ended.items()
        for name, (outcome, _) in tests.items()
        if outcome == "failed"
    }
    return [pattern for pattern in reasons if pattern not in used]


def _first(test: str, reasons: dict[str, str]) -> str | None:
    return next((pattern for pattern in reasons if fnmatchcase(test, pattern)), None)


def differences(placed: Ended, now: Ended) -> list[str]:
    """Say of each test whose end is not the one that is written down what it was and is."""
    said = []
    for file in sorted(placed | now):
        before, after = placed.get(file, {}), now.get(file, {})
        for name in sorted(before | after):
            was, is_ = before.get(name), after.get(name)
            if was != is_:
                said.append(f"{file}: {name}: {_in_words(was)}; now {_in_words(is_)}")
    return said


def _in_words(end: list[str] | None) -> str:
    return "not placed" if end is None else " ".join(filter(None, end))[:200]


def table(placed: Ended) -> str:
    """Write the table, and under it the tests that fail, in Markdown."""
    rows = [
        "| Keras's tests of | tests | passed | failed | outside | what those outside need |",
        "|---|---|---|---|---|---|",
    ]
    total: Counter[str] = Counter()
    for file, tests in placed.items():
        count = Counter(outcome for outcome, _ in tests.values())
        needs = Counter(why for outcome, why in tests.values() if outcome == "outside")
        named = ", ".join(f"{_name(why)} ({n})" for why, n in needs.most_common())
        rows.append(f"| {file} | {_counts(count)} | {named} |")
        total += count
    rows.append(f"| all | {_counts(total)} | |")
    rows.append("\nThese belong to names that are here, and fail:\n")
    rows += ["| the test | why |", "|---|---|"]
    for file, tests in placed.items():
        for name, (outcome, why) in tests.items():
            if outcome == "failed":
                rows.append(f"| {file}: {name.split('.')[-1]} | {why} |")
    return "\n".join(rows) + "\n"


def _counts(count: Counter[str]) -> str:
    passed = count["passed"] + count["reworded"]
    reworded = f" ({count['reworded']} by the class)" if count["reworded"] else ""
    return f"{count.total()} | {passed}{reworded} | {count['failed']} | {count['outside']}"


def _name(why: str) -> str:
    return why if " " in why else f"`{why}`"


def main(arguments: list[str]) -> int:
    """Print the table; return 1 when something is not as it is written down."""
    sys.path.insert(0, str(PLACED.parent))
    import reasons

    ended = run()
    now = with_reasons(ended, reasons.OUTSIDE, reasons.FAILED)
    print(table(now))
    if arguments == ["--accept"]:
        PLACED.write_text(dumped(now), "utf-8")
        PAGE.write_text(table(now), "utf-8")
    changed = differences(json.loads(PLACED.read_text("utf-8")), now)
    print("\n".join(changed) or "Every test ended as it is written down.")
    return 1 if changed else 0


def dumped(placed: Any) -> str:
    """Write the list as JSON, one test a line."""
    files = []
    for file, tests in placed.items():
        lines = (f"    {json.dumps(name)}: {json.dumps(end)}" for name, end in tests.items())
        files.append(f"  {json.dumps(file)}: {{\n" + ",\n".join(lines) + "\n  }")
    return "{\n" + ",\n".join(files) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
