"""What running the evidence of a claim gives: observations, and the verdict they lead to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What became of a claim when it was run."""

    TRUE = "true"
    FALSE = "false"
    HALF_TRUE = "half true"
    IT_DEPENDS = "it depends"
    OPINION = "opinion"


@dataclass(frozen=True)
class Observation:
    """One thing that was measured, and what the claim needs it to be.

    Attributes
    ----------
    what
        What was measured.
    measured
        What came out.
    threshold
        What must come out if the claim is right, in words.
    holds
        Whether it did: True speaks for the claim, False against it.
    """

    what: str
    measured: Any
    threshold: str
    holds: bool

    @property
    def shown(self) -> str:
        """What came out, as a reader would write it."""
        return plain(self.measured)

    def __str__(self) -> str:
        return f"{self.what}: {self.shown} (claimed: {self.threshold})"


def equal(what: str, measured: Any, claimed: Any) -> Observation:
    """Observe something that the claim says is this and nothing else."""
    return Observation(what, measured, plain(claimed), bool(measured == claimed))


def at_least(what: str, measured: float, claimed: float) -> Observation:
    """Observe a number that the claim says is this large, or larger."""
    return Observation(what, measured, f"at least {plain(claimed)}", bool(measured >= claimed))


def at_most(what: str, measured: float, claimed: float) -> Observation:
    """Observe a number that the claim says is this small, or smaller."""
    return Observation(what, measured, f"at most {plain(claimed)}", bool(measured <= claimed))


@dataclass(frozen=True)
class Finding:
    """What the evidence says: a verdict, and the observations that it follows from.

    Attributes
    ----------
    verdict
        What follows from the observations.
    observations
        In the order they were made; none under an opinion.
    """

    verdict: Verdict
    observations: tuple[Observation, ...]

    @property
    def measured(self) -> tuple[Any, ...]:
        """What came out, one value for each observation."""
        return tuple(seen.measured for seen in self.observations)

    @property
    def threshold(self) -> tuple[str, ...]:
        """What had to come out if the claim is right, one for each observation."""
        return tuple(seen.threshold for seen in self.observations)

    @property
    def shown(self) -> str:
        """All of it on one line."""
        return "; ".join(map(str, self.observations)) or "nothing to measure"


def conclude(*observations: Observation, mixed: Verdict = Verdict.HALF_TRUE) -> Finding:
    """Let the observations decide.

    Parameters
    ----------
    *observations
        At least one.
    mixed
        The verdict when some hold and some do not: half true, or it depends where the same
        thing was measured under several conditions.

    Returns
    -------
    Finding
        True when all hold, false when none does, and `mixed` in between.

    Raises
    ------
    ValueError
        No observation: nothing follows from nothing.
    """
    if not observations:
        raise ValueError("no observation: evidence must measure something.")
    held = sum(seen.holds for seen in observations)
    if held == len(observations):
        verdict = Verdict.TRUE
    elif held == 0:
        verdict = Verdict.FALSE
    else:
        verdict = mixed
    return Finding(verdict, observations)


Evidence = Callable[..., Finding]
"""Measures what it is given, by default what the claim is about."""


def plain(value: Any) -> str:
    """Write a measured value so that a reader need not count digits."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, tuple) and value and all(type(n) is int for n in value):
        return " × ".join(f"{n:,}" for n in value)
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value) or "none"
    return {"True": "yes", "False": "no"}.get(str(value), str(value))
