"""Changes that are made whole or not at all, whoever else reads and whatever interrupts.

Ctrl-C may come between any two lines, and another thread between any two instructions. So what
changes several things is worked out aside, and then *decided*, by one assignment. From there on it
counts as made: whoever is interrupted at it makes it from its beginning, and if that is cut off
too, whoever comes next does. Making it twice is making it once, because each deed says what a
thing becomes and not by how much it changes. Databases call this a redo log.
"""

import functools
import os
import threading
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

Deed = Callable[[], object]
"""Part of a change. It may be done twice or once, to the same end, and reads no variable."""

P = ParamSpec("P")
R = TypeVar("R")

# One lock for everything: it is held shortly, nobody waits for a second one while he holds it,
# and what is copied or pickled holds none.
_LOCK = threading.RLock()
_decided: Sequence[Deed] = ()

if hasattr(os, "register_at_fork"):  # a child process must not inherit a lock that nobody opens
    os.register_at_fork(
        before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release
    )


def alone(function: Callable[P, R]) -> Callable[P, R]:
    """Let one thread at a time run a function, after what was decided before it has been made."""

    @functools.wraps(function)
    def one_at_a_time(*args: P.args, **kwargs: P.kwargs) -> R:
        # In one line: so there is none on which an exception would leave the lock shut.
        with _LOCK: _finish(); return function(*args, **kwargs)  # noqa: E701, E702  # fmt: skip

    return one_at_a_time


@alone
def make(deeds: Sequence[Deed]) -> None:
    """Do all of the deeds; whatever interrupts, do all or none."""
    global _decided
    try:
        _decided = deeds
        _finish()
    except BaseException:
        _finish()
        raise


def finish() -> None:
    """Make what was decided and then cut off, if there is such a thing."""
    if _decided:
        make(())  # which begins with it


def _finish() -> None:
    global _decided
    for deed in _decided:
        deed()
    _decided = ()
