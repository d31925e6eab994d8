"""Exceptions where nobody expects them: on any line of the package, one after the other."""

import sys
from collections import Counter
from contextlib import contextmanager

from embedding_core.ground import whole

PACKAGE = "embedding_core"
ELSEWHERE = ("archive.py", "files.py")  # these write into files and know no variable


class Cut(KeyboardInterrupt):
    """Ctrl-C, told from one that a person presses."""


def nobody(frame):
    """Spare no frame."""
    return False


@contextmanager
def traced(on_call):
    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield
    finally:
        sys.settrace(before)


def places(run, spared=nobody):
    """List the places that a run comes by inside the package, in order.

    A place is a line at its first visit or at its second: outside a loop, and between two of its
    rounds. Left out are the frames that are `spared`.
    """
    found, visits = [], Counter()

    def in_line(frame, event, arg):
        if event == "line":
            line = frame.f_code, frame.f_lineno
            visits[line] += 1
            if visits[line] <= 2:
                found.append((*line, visits[line]))
        return in_line

    def on_call(frame, event, arg):
        file = frame.f_code.co_filename
        ours = PACKAGE in file and not file.endswith(ELSEWHERE)
        return in_line if ours and not spared(frame) else None

    with traced(on_call):
        run()
    return found


def cut_off(run, place, spared=nobody):
    """Raise where a run comes by a place; say whether it did. Other functions are not slowed."""
    code, number, visits = place

    def in_line(frame, event, arg):
        nonlocal visits
        if event == "line" and frame.f_lineno == number:
            visits -= 1
            if visits == 0:
                raise Cut
        return in_line

    def on_call(frame, event, arg):
        return in_line if frame.f_code is code and not spared(frame) else None

    try:
        with traced(on_call):
            run()
    except Cut:
        return True
    return False


def everywhere(make, run, step=1, spared=nobody):
    """Make a thing and run it, cut off at its first place, then anew at its second, and so on.

    Yields the thing, after a look that others are not locked out. `step=3` is every third place.
    """
    run(make())  # what happens once in a process has happened
    thing = make()
    found = places(lambda: run(thing), spared)
    assert len(found) > 5, "hardly a line was traced"
    for place in found[::step]:
        thing = make()
        assert cut_off(lambda: run(thing), place, spared), place  # noqa: B023
        assert not whole._LOCK._is_owned(), f"{place} leaves the lock shut"
        yield thing
