"""A table of what was fuzzed, under the tests' own report."""

from collections import Counter

import pytest

_COUNTS = pytest.StashKey[dict[str, Counter]]()


@pytest.fixture
def counts(request):
    """Count for each callable how its cases ended."""
    return request.config.stash.setdefault(_COUNTS, {})


def pytest_terminal_summary(terminalreporter, config):
    counts = config.stash.get(_COUNTS, {})
    if not counts:
        return
    total = Counter()
    for ended in counts.values():
        total += ended
    if config.get_verbosity() > 0:
        terminalreporter.section("cases with bad and odd input, by callable")
        for name, ended in sorted(counts.items()):
            terminalreporter.line(f"{name:<48}{_line(ended)}")
    terminalreporter.line(f"fuzzed: {len(counts)} callables, {_line(total)}".replace("  ", " "))


def _line(ended):
    return f"{ended.total():6} cases, {ended['refused']:6} refused, {ended['done']:6} worked"
