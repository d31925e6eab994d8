"""How long something takes: every way in turn, again and again, and on which machine.

A single time says little, and a time without its machine says less. The rounds are interleaved,
so that a neighbour who keeps the machine busy for a second slows every way and favours none.
"""

import os
import platform
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import scipy

from embedding_core.ground.checks import expect, number, shown

_CPU_INFO = Path("/proc/cpuinfo")


@dataclass(frozen=True)
class Timing:
    """What one way took, round after round.

    Parameters
    ----------
    seconds
        One number for each round, in the order of the rounds.

    Raises
    ------
    TypeError
        Something else than a tuple of numbers.
    ValueError
        No round at all.
    """

    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        expect("seconds", self.seconds, tuple, "a tuple of numbers")
        if not self.seconds:
            raise ValueError("a timing needs at least one round: received no seconds, ().")
        for one in self.seconds:
            number("a round's seconds", one)

    @property
    def median(self) -> float:
        """The middle round, in seconds; half of the rounds took longer."""
        return statistics.median(self.seconds)

    @property
    def low(self) -> float:
        """The quickest round, in seconds."""
        return min(self.seconds)

    @property
    def high(self) -> float:
        """The slowest round, in seconds."""
        return max(self.seconds)

    def __str__(self) -> str:
        """Write the median in milliseconds, and the quickest and slowest round behind it."""
        low, middle, high = (f"{1e3 * s:.3g}" for s in (self.low, self.median, self.high))
        return f"{middle} ms ({low} to {high})"


def measure(ways: Mapping[str, Callable[[], object]], repeats: int = 7) -> dict[str, Timing]:
    """Time several ways side by side.

    Parameters
    ----------
    ways
        By name, what to call. A way should take well over a microsecond, the price of a call.
    repeats
        Number of rounds. In each round every way is called once, in the order given.

    Returns
    -------
    dict
        By name, the times. Each way has been called once before, uncounted, and what it returns
        is freed after the clock has stopped.

    Raises
    ------
    ValueError
        `repeats` is no positive integer.
    TypeError
        `ways` is no dictionary of what can be called.
    """
    if type(repeats) is not int or repeats < 1:
        raise ValueError(f"repeats must be a whole number from 1 on: received {shown(repeats)}.")
    expect("ways", ways, Mapping, "a dictionary of functions")
    for name, way in ways.items():
        expect(f"the way {name!r:.60}", way, Callable, "a function")  # type: ignore[arg-type]
    for way in ways.values():
        way()
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(repeats):
        for name, way in ways.items():
            start = perf_counter()
            result = way()
            seconds[name].append(perf_counter() - start)
            del result
    return {name: Timing(tuple(rounds)) for name, rounds in seconds.items()}


def machine() -> str:
    """Say what the times were taken on: the processor, its cores, and the libraries' versions.

    Returns
    -------
    str
        One line. It holds no name of a host or of a user, and no path.
    """
    return (
        f"{_processor()}, {_cores()} core(s); Python {platform.python_version()}, "
        f"NumPy {np.__version__}, SciPy {scipy.__version__}"
    )


def _processor() -> str:
    """Linux knows the model's name, other systems at least the family's."""
    if _CPU_INFO.exists():
        for line in _CPU_INFO.read_text("utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name" and value.strip():
                return value.strip()
    return platform.processor() or platform.machine() or "an unnamed processor"


def _cores() -> int:
    """Count the cores that this process may use, which can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
