"""Say how many of mutmut's mutants the tests have killed.

    mutmut run; mutmut export-cicd-stats; python tools/mutants.py

A mutant is the code with one small fault. It is killed when a test fails, and survives when none
does. Those that ran out of time, or that no test reaches, do not count as killed.
"""

import json
from collections.abc import Mapping
from pathlib import Path

STATS = Path("mutants/mutmut-cicd-stats.json")


def summary(stats: Mapping[str, int]) -> str:
    """Write one line: how many were killed, of how many that were tried, and what the rest did."""
    kinds = ["killed", "survived", "timeout", "no_tests", "suspicious", "segfault", "skipped"]
    counts = {kind: stats[kind] for kind in kinds}
    tried = sum(counts.values())
    share = f"{counts['killed'] / tried:.1%}" if tried else "none"
    parts = [f"{kind.replace('_', ' ')} {n}" for kind, n in counts.items() if n or kind == "killed"]
    return f"{tried} of {stats['total']} mutants tried: {', '.join(parts)}. Killed: {share}."


if __name__ == "__main__":
    print(summary(json.loads(STATS.read_text())))
